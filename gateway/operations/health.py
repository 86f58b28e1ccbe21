"""The health report of the API: the verdict, and the figures that it was made of."""

from __future__ import annotations

from typing import Final, Literal

from gateway.operations.queue import queue_of
from gateway.services.services import Services
from gateway.shapes.operations import (
    BreakerShape,
    DrainingShape,
    FlagShape,
    GroupShape,
    InHandShape,
    ProcessShape,
    StalledShape,
)
from gateway.shapes.system import (
    BrokerHealth,
    DatabaseHealth,
    FindingShape,
    Health,
    ProjectionHealth,
    RetryingShape,
    ShareShape,
    UndecidedShape,
    WaitingShape,
)
from gateway.verdict import runbooks
from gateway.verdict.failing import Share, shares
from gateway.verdict.finding import Finding, Verdict
from gateway.verdict.kinds import Kind
from gateway.verdict.running import unheard
from gateway.verdict.snapshot import Snapshot
from gateway.verdict.traits import Effect
from gateway.verdict.words.findings import say
from gateway.verdict.words.headline import headline
from projections.reads.draining import Draining, draining
from projections.reads.overview import Waiting

_STATUS: Final[dict[Effect | None, Literal["ok", "degraded", "down"]]] = {
    None: "ok",
    Effect.DEGRADED: "degraded",
    Effect.DOWN: "down",
}


async def report(services: Services) -> Health:
    """Return the health report, whether or not the database answers."""
    return report_of(await services.seen_verdict(now=True), live=services.live.connected)


def report_of(verdict: Verdict, *, live: bool) -> Health:
    """Return the health report: a verdict and the figures that it judges."""
    snapshot, overview, runs = verdict.snapshot, verdict.snapshot.overview, verdict.snapshot.operations
    wrong, notices = [say(f) for f in verdict.wrong], [say(f) for f in verdict.notices]
    return Health(
        status=_STATUS[verdict.status],
        headline=headline(verdict).line,
        verdict=[shape(finding) for finding in verdict.findings],
        findings=[said.whole for said in wrong],
        recommendations=list(dict.fromkeys(said.advice for said in wrong)),
        notices=[said.whole for said in notices],
        notice_recommendations=list(dict.fromkeys(said.advice for said in notices)),
        database=DatabaseHealth(reachable=snapshot.database == "answers", seconds=snapshot.database_s),
        broker=_broker(verdict, snapshot),
        projection=ProjectionHealth.model_validate(overview.projection) if overview else None,
        plans=_waiting(overview.plans) if overview else {},
        tasks=_waiting(overview.tasks) if overview else {},
        plans_without_phase1=WaitingShape.model_validate(overview.plans_without_phase1) if overview else None,
        queue=queue_of(verdict),
        failing=[_share(one) for one in shares(snapshot, overview)],
        dead_letters=UndecidedShape.model_validate(overview.aside.letters) if overview else None,
        retrying=RetryingShape.model_validate(overview.aside.retrying) if overview else None,
        live=live,
        degraded_mode=verdict.has(Kind.BROKER_AWAY),
        processes=[ProcessShape.model_validate(p) for p in runs.processes],
        groups=[GroupShape.model_validate(g) for g in runs.groups],
        breakers=[BreakerShape.model_validate(b) for b in runs.not_closed],
        flags=[FlagShape.model_validate(f) for f in runs.flags],
        draining=_draining(draining(runs, verdict.as_of)),
        stalled=[StalledShape.model_validate(s) for s in runs.stalled],
        stalled_by_cause=runs.stalled_by_cause,
        escalated=runs.escalated,
        recovered_today=runs.recovered_today,
        alerts_unheard=unheard(runs.engines),
        at=verdict.as_of,
    )


def _share(one: Share) -> ShareShape:
    return ShareShape(
        of=one.limit.of,
        ended=one.ended,
        failed=one.failed,
        share=one.known,
        limit=one.limit.share,
        least=one.limit.least,
        within_seconds=one.limit.within_s,
    )


def _draining(found: Draining) -> DrainingShape:
    in_hand = [
        InHandShape(source=p.source, role=p.role, host=p.host, pid=p.pid, records=one.records)
        for one in found.in_hand
        for p in (one.process,)
    ]
    return DrainingShape(state=found.state, since=found.since, by=found.by, reason=found.reason, in_hand=in_hand)


def shape(finding: Finding) -> FindingShape:
    """Return a finding in the form of the API."""
    said, traits = say(finding), finding.traits
    told = {
        "kind": finding.kind,
        "effect": traits.effect,
        "severity": traits.severity,
        "scope": traits.scope,
        "part": traits.part,
        "subject": finding.subject,
        "values": dict(finding.values),
        "since": finding.since,
        "text": said.text,
        "evidence": said.evidence,
        "advice": said.advice,
        "runbook": runbooks.source(traits.runbook),
    }
    return FindingShape.model_validate(told)


def _broker(verdict: Verdict, snapshot: Snapshot) -> BrokerHealth:
    outbox = snapshot.overview.outbox if snapshot.overview else None
    away = verdict.has(Kind.BROKER_AWAY, Kind.RELAY_FAILING)
    return BrokerHealth(
        reachable=False if away else snapshot.reaches_broker,
        relay=snapshot.relay,
        failing_seconds=round(snapshot.relay_failing_s, 3),
        outbox_waiting=outbox.waiting if outbox else 0,
        outbox_oldest_seconds=outbox.oldest_seconds if outbox else 0.0,
        outbox_set_aside=outbox.set_aside if outbox else 0,
    )


def _waiting(by_status: dict[str, Waiting]) -> dict[str, WaitingShape]:
    return {status: WaitingShape.model_validate(waiting) for status, waiting in by_status.items()}
