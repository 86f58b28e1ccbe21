"""Is it well: for load balancers, for Prometheus, for people."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Final

import asyncpg
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.door import Operation, resource
from gateway.metrics import CONTENT_TYPE
from gateway.routes.answers import json_answer
from gateway.services import PROBE_S, Services
from gateway.shapes.system import (
    Alive,
    BrokerHealth,
    DatabaseHealth,
    Health,
    ProjectionHealth,
    Readiness,
    WaitingShape,
)
from projections.reads import overview

#: From here on, waiting is a finding. Seconds.
OUTBOX_LATE_S: Final = 5.0
PROJECTION_LATE_S: Final = 5.0
PHASE1_LATE_S: Final = 5.0
ANALYSIS_LATE_S: Final = 180.0
_AWAY: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


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
    try:
        async with asyncio.timeout(PROBE_S):
            seen = await overview.read(services.pool)
    except _AWAY:
        seen = None
    database = DatabaseHealth(reachable=seen is not None, seconds=round(time.perf_counter() - began, 4))
    publishing = services.publishing
    state = publishing.state()
    broker = BrokerHealth(
        reachable={"publishing": True, "failing": False}.get(state),
        relay=state,
        failing_seconds=round(publishing.failing_seconds(), 3),
        outbox_waiting=seen.outbox.waiting if seen else 0,
        outbox_oldest_seconds=seen.outbox.oldest_seconds if seen else 0.0,
    )
    findings = _findings(broker, seen)
    return Health(
        status="down" if seen is None else "degraded" if findings else "ok",
        findings=findings,
        database=database,
        broker=broker,
        projection=ProjectionHealth.model_validate(seen.projection) if seen else None,
        plans=_waiting(seen.plans) if seen else {},
        tasks=_waiting(seen.tasks) if seen else {},
        plans_without_phase1=WaitingShape.model_validate(seen.plans_without_phase1) if seen else None,
        live=services.live.connected,
        at=datetime.now(UTC),
    )


def _waiting(by_status: dict[str, overview.Waiting]) -> dict[str, WaitingShape]:
    return {status: WaitingShape.model_validate(waiting) for status, waiting in by_status.items()}


def _findings(broker: BrokerHealth, seen: overview.Overview | None) -> list[str]:
    if seen is None:
        return ["The database does not answer. Nothing can be read or decided until it does."]
    findings = []
    if broker.relay == "failing":
        findings.append(
            f"Nothing could be published for {broker.failing_seconds:.0f} s: the broker or the schema registry does not"
            " answer. Commands are taken and wait in the outbox."
        )
    if broker.relay == "off":
        findings.append("No broker is configured. Commands are taken and wait in the outbox.")
    if seen.outbox.oldest_seconds > OUTBOX_LATE_S:
        findings.append(
            f"{seen.outbox.waiting} commands wait in the outbox, the oldest for {seen.outbox.oldest_seconds:.0f} s."
        )
    if seen.projection.oldest_seconds > PROJECTION_LATE_S:
        findings.append(
            f"What is shown is behind by {seen.projection.behind} events, the oldest published"
            f" {seen.projection.oldest_seconds:.0f} s ago."
        )
    late = seen.plans_without_phase1
    if late.count and late.oldest_seconds > PHASE1_LATE_S:
        findings.append(f"{late.count} approved plans have no Phase 1, the oldest for {late.oldest_seconds:.0f} s.")
    analyzing = seen.plans.get("analyzing")
    if analyzing is not None and analyzing.oldest_seconds > ANALYSIS_LATE_S:
        findings.append(f"{analyzing.count} plans are being analysed, the oldest for {analyzing.oldest_seconds:.0f} s.")
    return findings


async def metrics(request: Request) -> Response:
    """Give Prometheus the gateway's metrics."""
    services: Services = request.state.services
    gauges = services.metrics
    try:
        async with asyncio.timeout(PROBE_S):
            outbox = await overview.outbox(services.pool)
        gauges.outbox_waiting.set(outbox.waiting)
        gauges.outbox_oldest.set(outbox.oldest_seconds)
        gauges.database_up.set(1)
    except _AWAY:
        gauges.database_up.set(0)
    gauges.broker_up.set(0 if services.publishing.state() in ("failing", "starting", "off") else 1)
    return Response(gauges.exposition(), headers={"Content-Type": CONTENT_TYPE})
