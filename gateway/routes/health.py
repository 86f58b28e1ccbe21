"""Is it well: for load balancers, for Prometheus, for people."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.metrics import CONTENT_TYPE
from gateway.operations.findings import find, notices
from gateway.routes.answers import json_answer
from gateway.services import PROBE_S, Services
from gateway.shapes.operations import BreakerShape, FlagShape, GroupShape, ProcessShape, StuckShape
from gateway.shapes.system import (
    Alive,
    BrokerHealth,
    DatabaseHealth,
    Health,
    ProjectionHealth,
    Readiness,
    RetryingShape,
    UndecidedShape,
    WaitingShape,
)
from projections.reads import operations, overview
from schemas.process.database_away import DATABASE_FAILS

#: So long a command that could not be stored is told of: one that can does not prove that the next one can, too.
REFUSED_S: Final = 3.0


def routes() -> list[BaseRoute]:
    return [
        resource("/health/live", GET=Operation(live, None, None, Alive)),
        resource("/health/ready", GET=Operation(ready, None, None, Readiness, errors=("unavailable",))),
        resource("/api/system/health", GET=Operation(system, Role.VIEWER, "reads", Health)),
        resource("/metrics", GET=Operation(metrics, Role.VIEWER, "reads", media="text/plain")),
    ]


async def live(_request: Request) -> Response:
    """Say that the process answers. Asks nobody else."""
    return json_answer(Alive())


async def ready(request: Request) -> Response:
    """Say whether the gateway can serve; 503 while its database does not answer."""
    services: Services = request.state.services
    if not await services.probe.database():
        return json_answer(Readiness(status="not ready", database=False), 503, {"Retry-After": "2"})
    return json_answer(Readiness(status="ready", database=True))


async def system(request: Request) -> Response:
    """Report how everything is, with what is wrong in words. Always 200: `status` says."""
    return json_answer(await report(request.state.services))


async def report(services: Services) -> Health:
    """Return the health report, with the database there or not."""
    began = time.perf_counter()
    seen: overview.Overview | None = None
    running: operations.Operations | None = None
    try:
        async with asyncio.timeout(PROBE_S):
            seen = await overview.read(services.pool)
            running = await operations.read(services.pool)
    except DATABASE_FAILS:
        seen = None
    database = DatabaseHealth(reachable=seen is not None, seconds=round(time.perf_counter() - began, 4))
    publishing = services.publishing
    state = publishing.state()
    broker = BrokerHealth(
        reachable=publishing.reaches_broker(),
        relay=state,
        failing_seconds=round(publishing.failing_seconds(), 3),
        outbox_waiting=seen.outbox.waiting if seen else 0,
        outbox_oldest_seconds=seen.outbox.oldest_seconds if seen else 0.0,
        outbox_held=seen.outbox.held if seen else 0,
    )
    at, why = services.commands.refused or (0.0, "")
    findings = find(broker, seen, running, why if at and time.monotonic() - at < REFUSED_S else "")
    asked = notices(seen)
    running = running or operations.Operations()
    return Health(
        status="down" if seen is None else "degraded" if findings else "ok",
        findings=[finding.text for finding in findings],
        recommendations=list(dict.fromkeys(f.recommendation for f in findings if f.recommendation)),
        notices=[notice.text for notice in asked],
        notice_recommendations=[notice.recommendation for notice in asked],
        database=database,
        broker=broker,
        projection=ProjectionHealth.model_validate(seen.projection) if seen else None,
        plans=_waiting(seen.plans) if seen else {},
        tasks=_waiting(seen.tasks) if seen else {},
        plans_without_phase1=WaitingShape.model_validate(seen.plans_without_phase1) if seen else None,
        dead_letters=UndecidedShape.model_validate(seen.aside.letters) if seen else None,
        retrying=RetryingShape.model_validate(seen.aside.retrying) if seen else None,
        live=services.live.connected,
        degraded_mode=running.broker_away,
        processes=[ProcessShape.model_validate(p) for p in running.processes],
        groups=[GroupShape.model_validate(g) for g in running.groups],
        breakers=[BreakerShape.model_validate(b) for b in running.not_closed],
        flags=[FlagShape.model_validate(f) for f in running.flags],
        stuck=[StuckShape.model_validate(s) for s in running.stuck],
        stuck_by_cause=running.stuck_by_cause,
        escalated=running.escalated,
        recovered_today=running.recovered_today,
        at=datetime.now(UTC),
    )


def _waiting(by_status: dict[str, overview.Waiting]) -> dict[str, WaitingShape]:
    return {status: WaitingShape.model_validate(waiting) for status, waiting in by_status.items()}


async def metrics(request: Request) -> Response:
    """Give Prometheus the gateway's metrics."""
    services: Services = request.state.services
    gauges = services.metrics
    try:
        async with asyncio.timeout(PROBE_S):
            outbox, aside = await overview.outbox_and_aside(services.pool)
        gauges.outbox_waiting.set(outbox.waiting)
        gauges.outbox_oldest.set(outbox.oldest_seconds)
        gauges.outbox_held.set(outbox.held)
        gauges.dead_letters.labels("open").set(aside.letters.open)
        gauges.dead_letters.labels("parked").set(aside.letters.parked)
        gauges.dead_letters_oldest.set(aside.letters.oldest_seconds)
        gauges.retries_waiting.set(aside.retrying.count)
        gauges.retries_overdue.set(aside.retrying.overdue_seconds)
        gauges.database_up.set(1)
    except DATABASE_FAILS:
        gauges.database_up.set(0)
    gauges.broker_up.up = services.publishing.reaches_broker()
    return Response(gauges.exposition(), headers={"Content-Type": CONTENT_TYPE})
