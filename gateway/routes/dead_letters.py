"""Dead letters: groups by cause, list, read, edit, dry run, replay, discard."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.commands.deciding import expected_version, idempotency_key
from gateway.http.door import Operation, resource
from gateway.operations import discarding, letters
from gateway.operations.json_diff import differences
from gateway.problems.problem import not_found
from gateway.routes.answers import json_answer
from gateway.routes.refusals import OF_AN_ACTION
from gateway.routes.retries import refuse_single, result_shapes, results_answer
from gateway.shapes.dead_letters import (
    CauseList,
    DiscardResults,
    DiscardWanted,
    DryRunWanted,
    JobDetailShape,
    JobList,
    JobQuery,
    JobShape,
    LetterDetailShape,
    LetterEdit,
    LetterEdited,
    LetterPage,
    LetterQuery,
    LetterSelection,
    OutlookList,
    ReplayOne,
    ReplayWanted,
)
from gateway.shapes.retries import RecordResults
from projections.dead_letters import reads as dead_letters
from projections.reads import letter_counts, letter_steps, replays
from projections.reads.letter_filter import LetterFilter
from projections.timeline import reads as timeline

#: Events of the plan that are shown around a letter.
HISTORY = 200


def routes() -> list[BaseRoute]:
    job = "/api/dead-letters/jobs"
    return [
        resource("/api/dead-letters", GET=Operation(find, Role.VIEWER, "reads", LetterPage, errors=("invalid",))),
        resource(
            "/api/dead-letters/groups", GET=Operation(groups, Role.VIEWER, "reads", CauseList, errors=("invalid",))
        ),
        resource(
            "/api/dead-letters/dry-run", POST=Operation(dry_run, Role.VIEWER, "reads", OutlookList, 200, OF_AN_ACTION)
        ),
        resource(
            "/api/dead-letters/replay",
            POST=Operation(replay, Role.OPERATOR, "commands", JobShape, 202, OF_AN_ACTION),
        ),
        resource(
            "/api/dead-letters/discard",
            POST=Operation(discard, Role.OPERATOR, "commands", DiscardResults, 200, OF_AN_ACTION),
        ),
        resource(job, GET=Operation(all_jobs, Role.VIEWER, "reads", JobList)),
        resource(
            job + "/{job_id}",
            GET=Operation(read_job, Role.VIEWER, "reads", JobDetailShape, errors=("not-found", "invalid")),
            DELETE=Operation(cancel, Role.OPERATOR, "commands", None, 204, ("not-found", "wrong-status")),
        ),
        resource(
            "/api/dead-letters/{record_id}/replay",
            POST=Operation(replay_one, Role.OPERATOR, "commands", RecordResults, 200, OF_AN_ACTION),
        ),
        resource(
            "/api/dead-letters/{record_id}",
            GET=Operation(read, Role.VIEWER, "reads", LetterDetailShape, errors=("not-found",)),
            PATCH=Operation(
                edit, Role.OPERATOR, "commands", LetterEdited, 200, (*OF_AN_ACTION, "version-mismatch", "unavailable")
            ),
        ),
    ]


async def find(request: Request, query: LetterQuery) -> Response:
    """List dead letters, newest first, with filters, search and pages."""
    page = await dead_letters.find(
        request.state.services.shown,
        filter_of(query),
        sort=query.sort,
        cursor=query.cursor,
        limit=query.limit,
        count=query.total,
    )
    return json_answer(LetterPage.model_validate(page))


async def groups(request: Request, query: LetterQuery) -> Response:
    """Group dead letters by cause, with counts and the trend of the last 24 hours."""
    pool = request.state.services.shown
    found = await letter_counts.causes(pool, filter_of(query))
    return json_answer(CauseList.model_validate({"items": found, "states": await letter_counts.counts(pool)}))


async def read(request: Request, record_id: str) -> Response:
    """Read a dead letter: cause, headers and the history of its plan; operators see payload, edit and stack, too."""
    letter = await letters.read(request, record_id)
    return json_answer(await detail_shape(request, letter), 200, {"ETag": f'"{letter.version}"'})


async def detail_shape(request: Request, letter: dead_letters.LetterDetail) -> LetterDetailShape:
    history: list[Any] = []
    if letter.plan_id is not None:
        history = (await timeline.of_plan(request.state.services.shown, letter.plan_id, limit=HISTORY)).items
    steps = await letter_steps.of_letter(request.state.services.shown, letter.record_id)
    fields = {name: getattr(letter, name) for name in letter.__dataclass_fields__ if name != "value"}
    return LetterDetailShape.model_validate(
        {
            **fields,
            "value_base64": None if letter.value is None else base64.b64encode(letter.value).decode(),
            "differences": [] if letter.edit is None else differences(letter.data or {}, letter.edit),
            "history": history,
            "tried": steps.items,
            "tried_before": steps.more,
            "withheld": not letters.sees_contents(request.state.principal),
            "trace_url": request.state.services.settings.trace_page(letter.trace_id),
        }
    )


async def edit(request: Request, record_id: str, body: LetterEdit) -> Response:
    """Keep another payload for the next replay, checked against its schema. If-Match guards against a lost update."""
    expect = expected_version(request)
    edited = await letters.edit(request, record_id, body.payload, body.type, body.reason, expect=expect)
    return json_answer(LetterEdited.model_validate(edited), 200, {"ETag": f'"{edited.version}"'})


async def dry_run(request: Request, body: DryRunWanted) -> Response:
    """Say what a replay would do, without doing it. `total` counts all, `items` are the first of them."""
    chosen = _named(body) if body.selection is None else filter_of(body.selection)
    total, found = await letters.dry_run(request, chosen, force=body.force)
    return json_answer(OutlookList.model_validate({"total": total, "items": found}))


async def replay(request: Request, body: ReplayWanted) -> Response:
    """Send many dead letters again, at a capped rate, 100,000 at most. Restarts do not end it; Location shows it."""
    selection = body.selection
    ids = _named(body) if selection is None else await letters.to_replay(request, filter_of(selection))
    asked = body.model_dump(mode="json", by_alias=True, include={"record_ids", "selection"}, exclude_none=True)
    key = idempotency_key(request)
    job_id = await letters.start_replay(request, ids, asked, rate=body.rate, force=body.force, key=key)
    made = await replays.job(request.state.services.shown, job_id)
    assert made is not None
    return json_answer(job_shape(made), 202, {"Location": f"/api/dead-letters/jobs/{job_id}"})


async def replay_one(request: Request, record_id: str, body: ReplayOne) -> Response:
    """Send a dead letter again, at once, to the group that could not handle it."""
    return results_answer([await letters.replay_one(request, record_id, force=body.force)])


async def discard(request: Request, body: DiscardWanted) -> Response:
    """Give dead letters up for good, with a reason. Their bytes are kept.

    One request takes as many of a selection as it has time for, 10,000 at most: ask again with `nextAfter` as `after`
    until it is null.
    """
    if body.selection is None:
        results = await discarding.discard(request, _named(body), body.reason)
        refuse_single(results)
        done = discarding.Discarded(results, 0, None)
    else:
        done = await discarding.discard_fitting(request, filter_of(body.selection), body.reason, body.after)
    return json_answer(
        DiscardResults(
            results=result_shapes(done.results),
            total=len(done.results) + done.left,
            left=done.left,
            next_after=done.after,
        )
    )


async def all_jobs(request: Request) -> Response:
    """List the last replays of many."""
    found = await replays.jobs(request.state.services.shown)
    return json_answer(JobList(items=[job_shape(j) for j in found]))


async def read_job(request: Request, job_id: UUID, query: JobQuery) -> Response:
    """Read how far a replay is, and what became of each letter."""
    pool = request.state.services.shown
    found = await replays.job(pool, job_id)
    if found is None:
        raise not_found("replay", job_id)
    items = await replays.job_items(pool, job_id, query.after, query.limit)
    following = query.after + len(items)
    return json_answer(
        JobDetailShape.model_validate(
            {
                **job_shape(found).model_dump(),
                "items": items,
                "next_after": following if following < found.total else None,
            }
        )
    )


async def cancel(request: Request, job_id: UUID) -> Response:
    """Cancel a replay job. Letters that it has sent stay sent."""
    await letters.cancel_replay(request, job_id)
    return Response(status_code=204)


def job_shape(found: replays.Job) -> JobShape:
    fields = {name: getattr(found, name) for name in found.__dataclass_fields__}
    return JobShape.model_validate({**fields, "done": sum(found.outcomes.values())})


def filter_of(query: LetterQuery | LetterSelection) -> LetterFilter:
    return LetterFilter(
        query.state,
        query.group,
        query.code,
        query.type,
        query.fingerprint,
        query.plan,
        query.since,
        query.until,
        query.q,
    )


def _named(body: DryRunWanted | ReplayWanted | DiscardWanted) -> list[str]:
    return list(dict.fromkeys(body.record_ids or ()))
