"""Operators' actions on dead letters: edit and replay one, and predict the outcome of a replay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import orjson
from starlette.requests import Request

from gateway.access.roles import Principal, Role
from gateway.access.scopes import KeyScope
from gateway.audit.texts import text
from gateway.audit.writing import Entry, Telling, audited
from gateway.operations.json_diff import Difference, differences
from gateway.operations.retrying import Result, sending_again
from gateway.problems.problem import Problem, invalid, not_found, unavailable
from gateway.services.services import Services
from projections.dead_letters import reads as dead_letters
from projections.reads import outlook
from projections.reads.letter_filter import LetterFilter
from projections.reads.written import shown
from schemas import headers as h
from schemas.belief import sign
from schemas.events import derive_id
from schemas.wire import Invalid, from_record

#: The most letters that one replay may select; more are refused.
MOST_REPLAYED: Final = 100_000
#: The letters of a selection whose outcome a dry run predicts; it counts all of them.
DRY_RUN: Final = 200


@dataclass(frozen=True, slots=True)
class Edited:
    """`version` is that of the decisions about the letter, for If-Match."""

    record_id: str
    version: int
    type: str
    differences: list[Difference]


async def letter_of(request: Request, record_id: str) -> dead_letters.LetterDetail:
    """Return one letter. Raises Problem 404."""
    found = await dead_letters.get(request.state.services.reader, record_id)
    if found is None:
        raise not_found("dead letter", f"'{record_id[:120]}'")
    return found


def sees_contents(principal: Principal) -> bool:
    """Return whether a caller may see a letter's contents: whoever may edit and replay it may."""
    return principal.may(Role.OPERATOR, KeyScope.OPERATE)


async def read(request: Request, record_id: str) -> dead_letters.LetterDetail:
    """Return one letter with its bytes, and record the reading in the audit. Raises Problem 404.

    The payload may be sent again, so what people wrote in it stays encrypted. A caller who may not see the contents
    gets the letter without bytes, data and edit.
    """
    letter = await letter_of(request, record_id)
    services: Services = request.state.services
    if sees_contents(request.state.principal):
        await services.readings.tell(request, Entry("letter.read", "letter", record_id, letter.plan_id))
    else:
        letter = replace(letter, value=None, data=None, edit=None, stack="")
    told = {name: getattr(letter, name) for name in ("message", "reason", "given_up_reason")}
    return replace(letter, **(await shown(services.reader, [told]))[0])


async def edit(
    request: Request, record_id: str, payload: dict[str, Any], type_: str, reason: str, *, expect: int | None
) -> Edited:
    """Store another payload for the next replay. `expect`: the version that the caller has seen; None takes any.

    Raises Problem 404, 409, 412, 422, and 503 without a registry.
    """
    services: Services = request.state.services
    letter = await letter_of(request, record_id)
    type_ = type_ or letter.type
    value, headers = _encoded(services, letter, payload, type_)
    reason = await text(request, reason)
    async with audited(request) as telling:
        connection = telling.db
        # locked, so that the event tells the differences from the latest edit, even one of a moment ago
        before = await connection.fetchval("select edit_data from flow.dead_lock($1)", record_id)
        sent_until_now = letter.data if before is None else orjson.loads(before)
        changed = [d.path for d in differences(sent_until_now or {}, payload)]
        raw = await connection.fetchval(
            "select flow.dead_edit($1, $2, $3::jsonb, $4, $5::jsonb, $6, $7, $8, $9)",
            record_id,
            type_,
            orjson.dumps(payload).decode(),
            value,
            orjson.dumps(h.to_json(headers)).decode(),
            reason,
            expect,
            request.state.principal.name,
            changed,
        )
        said = orjson.loads(raw)
        # only the fields' names: their contents are in the letter, which not everybody may read for ever
        told = {"type": type_, "changed": changed}
        telling.tell(
            Entry(
                "letter.edit", "letter", record_id, letter.plan_id, said["outcome"], {"type": letter.type}, told, reason
            )
        )
    services.publishing.wake()
    problem = _refusal(said)
    if problem is not None:
        raise problem
    return Edited(record_id, said["version"], type_, differences(letter.data or {}, payload))


def _encoded(
    services: Services, letter: dead_letters.LetterDetail, payload: dict[str, Any], type_: str
) -> tuple[bytes, h.Headers]:
    """Return bytes and headers of an edited payload. Raises Problem 422, and 503 while no schema ids are known."""
    codec = services.publishing.codec
    if codec is None:
        raise unavailable("The schema registry does not answer, so a payload cannot be encoded.", retry_after=5)
    try:
        event = from_record(type_, dict(payload))
    except KeyError as missing:
        raise invalid((f"payload.{missing.args[0]}", "is missing")) from None
    if letter.key and event.correlation_id != letter.key:
        raise invalid(("payload.correlation_id", f"the record belongs to {letter.key}: its order is kept by that key"))
    try:
        value = codec.encode(letter.topic, event)
        traceparent = next((v for n, v in letter.headers if n == h.TRACEPARENT and isinstance(v, str)), None)
        failed = [(n, v.encode()) for n, v in letter.headers if n == h.FAILED_SPAN and isinstance(v, str)]
        # whoever edits an event vouches for it: it is signed as one of our own
        key = event.correlation_id.encode()
        headers = sign(services.settings.signing.own, letter.topic, key, type_, value, h.for_event(event, traceparent))
    except Invalid as error:
        raise invalid(("payload", str(error))) from None
    except (TypeError, ValueError, OverflowError, AttributeError) as error:
        raise invalid(("payload", f"does not fit the schema of {type_}: {error}")) from None
    return value, [*headers, *failed]


async def replay_one(request: Request, record_id: str, *, force: bool) -> Result:
    """Send a letter again to the consumer group that could not handle it."""
    state = request.state
    try:
        async with sending_again(request, [record_id]) as telling:
            raw = await telling.db.fetchval(
                "select flow.dead_replay($1, $2, $3, $4)", record_id, force, state.principal.name, state.request_id
            )
            outcome = _outcome(orjson.loads(raw))
            telling.tell(Entry("letter.replay", "letter", record_id, None, outcome, None, {"force": force}))
    except (asyncpg.DataError, asyncpg.ProgramLimitExceededError):
        return result_of({"record_id": record_id, "outcome": "failed"})
    return result_of(orjson.loads(raw))


async def start_replay(
    request: Request, ids: Sequence[str], asked: dict[str, Any], *, rate: float, force: bool, key: str | None
) -> UUID:
    """Begin a replay of many letters; return its job. A `key` that the same caller repeats returns the same job."""
    state = request.state
    if not ids:
        raise Problem("not-found", "No dead letter fits.")
    job_id = UUID(derive_id(f"{state.principal.caller}|{key}", "deadletter.replay")) if key else uuid4()
    async with audited(request) as telling:
        connection = telling.db
        made = await connection.fetchval(
            "insert into flow.replay_job (job_id, actor, request_id, selection, force, rate, total, traceparent)"
            " values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8) on conflict do nothing returning job_id",
            job_id,
            state.principal.name,
            state.request_id,
            orjson.dumps(asked).decode(),
            force,
            rate,
            len(ids),
            state.traceparent,
        )
        if made is not None:
            await connection.execute(
                "insert into flow.replay_item (job_id, position, record_id)"
                " select $1, n - 1, id from unnest($2::text[]) with ordinality i (id, n)",
                job_id,
                list(ids),
            )
            await _audit(telling, request, "deadletter.replay", str(job_id))
            after = {"letters": len(ids), "force": force, "rate": rate}
            telling.tell(Entry("replay.start", "replay", str(job_id), after=after))
    return job_id


async def cancel_replay(request: Request, job_id: UUID) -> None:
    """Cancel a replay job; letters that it has sent stay sent. Raises Problem 404, 409."""
    async with audited(request) as telling:
        connection = telling.db
        state = await connection.fetchval("select state from flow.replay_job where job_id = $1 for update", job_id)
        if state is None:
            raise not_found("replay", job_id)
        if state == "done":
            raise Problem("wrong-status", "Every letter of it has had its turn.", currentStatus=state)
        if state == "running":
            await connection.execute(
                "update flow.replay_job set state = 'cancelled', ended_at = now() where job_id = $1", job_id
            )
            await _audit(telling, request, "deadletter.replay.cancel", str(job_id))
            stated = {"state": "running"}, {"state": "cancelled"}
            telling.tell(Entry("replay.cancel", "replay", str(job_id), None, "accepted", *stated))


async def dry_run(
    request: Request, chosen: Sequence[str] | LetterFilter, *, force: bool = False
) -> tuple[int, list[outlook.Outlook]]:
    """Return how many letters a selection has, and what a replay would do with the first of them, oldest first."""
    pool = request.state.services.reader
    if isinstance(chosen, LetterFilter):
        ids: Sequence[str] = (await dead_letters.ids(pool, chosen, DRY_RUN)).items
        total = len(ids) if len(ids) < DRY_RUN else await dead_letters.count(pool, chosen)
    else:
        ids, total = chosen, len(chosen)
    return total, await outlook.of(pool, ids[:DRY_RUN], force=force)


async def to_replay(request: Request, wanted: LetterFilter) -> list[str]:
    """Return the letters that fit, oldest first. Raises Problem 422 for more than one replay takes."""
    pool = request.state.services.pool
    page = await dead_letters.ids(pool, wanted, MOST_REPLAYED)
    if page.next_cursor is not None:
        fit = await dead_letters.count(pool, wanted)
        raise invalid(("selection", f"{fit} dead letters fit, and one replay takes {MOST_REPLAYED} at most: narrow it"))
    return page.items


async def _audit(telling: Telling, request: Request, command: str, target: str) -> None:
    state = request.state
    await telling.db.execute(
        "select flow.audit('dead-letters', $1, $2, 'accepted', $3, $4)",
        command,
        target,
        state.request_id,
        state.principal.name,
    )


def result_of(said: dict[str, Any]) -> Result:
    """Return the outcome of an action on a letter, from the database's answer."""
    return Result(said["record_id"], _outcome(said), _refusal(said))


def _outcome(said: dict[str, Any]) -> str:
    return outlook.BLOCKED if said["outcome"] == outlook.STORED_BLOCKED else str(said["outcome"])


def _refusal(said: dict[str, Any]) -> Problem | None:
    """Return why nothing was done; None if it was done, now or before."""
    status = _outcome(said)
    match status:
        case "not_found":
            return not_found("dead letter", f"'{said['record_id'][:120]}'")
        case "unread":
            detail = (
                f"The group '{said['group'][:120]}' reads nothing from '{said['topic'][:120]}', where the record says"
                " that it came from: nobody would get it. Discard it; its bytes are kept."
            )
            return Problem("wrong-status", detail, currentStatus=status)
        case "failed":
            detail = (
                "What its headers say cannot be counted on, so it cannot be sent again. Discard it; its bytes are kept."
            )
            return Problem("wrong-status", detail, currentStatus=status)
        case "discarded":
            return Problem(
                "wrong-status", "The letter was discarded; force replays it all the same.", currentStatus=status
            )
        case "replayed":
            detail = "Its last replay has not come back: it is on its way or was handled. Force replays it once more."
            return Problem("wrong-status", detail, currentStatus=status)
        case outlook.BLOCKED:
            detail = "It came back three times: find the cause first, edit it, or use force."
            return Problem("wrong-status", detail, currentStatus=status)
        case "version_mismatch":
            return Problem(
                "version-mismatch", "Somebody has decided about this letter since you read it.", version=said["version"]
            )
    return None
