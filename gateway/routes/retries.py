"""Records that wait for another attempt: list, retry now, give up."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.operations import retrying
from gateway.problems.problem import not_found
from gateway.routes.answers import json_answer
from gateway.routes.refusals import OF_AN_ACTION
from gateway.shapes.problem import ProblemShape
from gateway.shapes.retries import (
    GiveUp,
    RecordResult,
    RecordResults,
    RetryChoice,
    RetryPage,
    RetryQuery,
    RetryShape,
)
from projections.reads import retries


def routes() -> list[BaseRoute]:
    return [
        resource("/api/retries", GET=Operation(find, Role.VIEWER, "reads", RetryPage, errors=("invalid",))),
        resource("/api/retries/now", POST=Operation(now, Role.OPERATOR, "commands", RecordResults, 200, OF_AN_ACTION)),
        resource(
            "/api/retries/give-up",
            POST=Operation(give_up, Role.OPERATOR, "commands", RecordResults, 200, OF_AN_ACTION),
        ),
        resource(
            "/api/retries/{record_id}", GET=Operation(read, Role.VIEWER, "reads", RetryShape, errors=("not-found",))
        ),
    ]


async def find(request: Request, query: RetryQuery) -> Response:
    """List records that wait for another attempt, the next one first."""
    wanted = retries.RetryFilter(query.state, query.group, query.code, query.type, query.plan, query.q)
    page = await retries.find(
        request.state.services.shown,
        wanted,
        sort=query.sort,
        cursor=query.cursor,
        limit=query.limit,
        count=query.total,
    )
    return json_answer(RetryPage.model_validate(page))


async def read(request: Request, record_id: str) -> Response:
    """Read one record that waits or has waited: its state, its error, its next attempt."""
    found = await retries.get(request.state.services.shown, record_id)
    if found is None:
        raise not_found("waiting record", f"'{record_id[:120]}'")
    return json_answer(RetryShape.model_validate(found))


async def now(request: Request, body: RetryChoice) -> Response:
    """Retry records now. One that waits behind another is refused: 409 if it is the only one."""
    return results_answer(await retrying.retry_now(request, body.record_ids))


async def give_up(request: Request, body: GiveUp) -> Response:
    """Make dead letters of waiting records. What waits behind them goes on."""
    return results_answer(await retrying.give_up(request, body.record_ids, body.reason))


def results_answer(results: Sequence[retrying.Result]) -> Response:
    """Answer with a result for each record; a single refusal is the answer itself."""
    refuse_single(results)
    return json_answer(RecordResults(results=result_shapes(results)))


def refuse_single(results: Sequence[retrying.Result]) -> None:
    """Raise the refusal of the only record that was asked for."""
    if len(results) == 1 and results[0].problem is not None:
        raise results[0].problem


def result_shapes(results: Sequence[retrying.Result]) -> list[RecordResult]:
    return [
        RecordResult(
            record_id=r.record_id,
            outcome=r.outcome,
            problem=None if r.problem is None else ProblemShape.model_validate(r.problem.body()),
        )
        for r in results
    ]
