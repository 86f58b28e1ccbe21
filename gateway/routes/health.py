"""Health: for load balancers, Prometheus and people, all from the same verdict."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.operations.health import report
from gateway.routes.answers import json_answer
from gateway.services.services import Services
from gateway.shapes.system import Alive, Health, Readiness
from gateway.verdict.finding import Verdict
from gateway.verdict.kinds import TRAITS, Kind
from gateway.verdict.words.headline import headline
from projections.reads import agent_spend, tried
from schemas.lifecycle import OF
from schemas.process.database_away import DATABASE_FAILS

MINUTE_S: Final = 60.0


def routes() -> list[BaseRoute]:
    return [
        resource("/health/live", GET=Operation(live, None, None, Alive)),
        resource("/health/ready", GET=Operation(ready, None, None, Readiness, errors=("unavailable",))),
        resource("/api/system/health", GET=Operation(system, Role.VIEWER, "reads", Health)),
        resource("/metrics", GET=Operation(metrics, Role.VIEWER, "reads", media="text/plain")),
    ]


async def live(_request: Request) -> Response:
    """Say that the process answers. It asks no server."""
    return json_answer(Alive())


async def ready(request: Request) -> Response:
    """Say whether the gateway can serve; 503 while its database does not answer at all.

    Where the database takes connections and what is asked hangs, the report says so, and this gateway is as ready as
    any other.
    """
    services: Services = request.state.services
    verdict = await services.verdicts.of_database()
    if verdict is not None:
        answer = Readiness(status="not ready", database=False, finding=headline(verdict).text)
        return json_answer(answer, 503, {"Retry-After": "2"})
    return json_answer(Readiness(status="ready", database=True))


async def system(request: Request) -> Response:
    """Report the health of the system, with every finding in words. The HTTP status is always 200: `status` tells."""
    return json_answer(await report(request.state.services))


async def metrics(request: Request) -> Response:
    """Give Prometheus the gateway's metrics."""
    services: Services = request.state.services
    _gauge(services, await services.verdicts.now())
    await _gauge_agents(services)
    await _gauge_attempts(services)
    page, content_type = services.metrics.exposition(request.headers.get("accept", ""))
    return Response(page, headers={"Content-Type": content_type, "Vary": "Accept"})


async def _gauge_attempts(services: Services) -> None:
    services.metrics.failed_attempts.clear()
    try:
        failed = await tried.failed_within(services.pool, MINUTE_S)
    except DATABASE_FAILS:
        return  # marketplace_database_up says so
    for type_, n in failed.items():
        services.metrics.failed_attempts.labels(type_).set(n)


async def _gauge_agents(services: Services) -> None:
    services.metrics.forget_agents()
    try:
        spent = await agent_spend.of_this_month(services.pool)
    except DATABASE_FAILS:
        return  # marketplace_database_up says so
    for one in spent:
        services.metrics.agent(
            one.agent,
            calls=one.calls,
            asked=one.input_tokens,
            answered=one.output_tokens,
            seconds=one.seconds,
            cost=None if one.unpriced else one.cost,
        )


def _gauge(services: Services, verdict: Verdict) -> None:
    gauges, overview = services.metrics, verdict.snapshot.overview
    for kind in Kind:
        traits = TRAITS[kind]
        gauges.findings.labels(kind, traits.severity, traits.scope, traits.effect).set(
            sum(finding.kind is kind for finding in verdict.findings)
        )
    gauges.database_up.set(overview is not None)
    reaches = verdict.snapshot.reaches_broker
    gauges.broker_up.up = reaches and not verdict.has(Kind.BROKER_AWAY)
    if overview is None:
        gauges.unknown()
        return
    for what, found in (("plan", overview.plans), ("task", overview.tasks)):
        for status in OF[what].going:
            oldest = found.get(status)
            gauges.oldest.labels(what, status).set(oldest.oldest_seconds if oldest else 0.0)
    gauges.agent_answers.clear()
    for one in overview.answers:
        gauges.agent_answers.labels(one.agent, "unusable").set(one.unusable)
        gauges.agent_answers.labels(one.agent, "usable").set(one.given - one.unusable)
    runs = verdict.snapshot.operations
    gauges.breakers({b.name: b.state for b in runs.breakers if not b.name.startswith("plan:")})
    gauges.stalled.labels("recovering").set(sum(stall.count for stall in runs.stalls) - runs.escalated)
    gauges.stalled.labels("escalated").set(runs.escalated)
    gauges.outbox_waiting.set(overview.outbox.waiting)
    gauges.outbox_oldest.set(overview.outbox.oldest_seconds)
    gauges.outbox_set_aside.set(overview.outbox.set_aside)
    gauges.dead_letters.labels("open").set(overview.aside.letters.open)
    gauges.dead_letters.labels("blocked").set(overview.aside.letters.blocked)
    gauges.dead_letters_oldest.set(overview.aside.letters.oldest_seconds)
    gauges.retries_waiting.set(overview.aside.retrying.count)
    gauges.retries_overdue.set(overview.aside.retrying.overdue_seconds)
