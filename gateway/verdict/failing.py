"""Findings when too large a share of recent work failed. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor
from typing import Final, Literal

from gateway.verdict.finding import Finding, Scalar
from gateway.verdict.kinds import TRAITS, Kind
from gateway.verdict.snapshot import Snapshot
from gateway.verdict.words import terms
from projections.reads.ended import LATELY_S
from projections.reads.overview import Ended, Overview
from schemas.channels import channel_name


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on the share that failed. `least`: how many must have ended before the share is judged.

    `share`: so much of them is a finding.
    """

    of: Literal["analyses", "phase1", "tasks", "requests"]
    kind: Kind
    least: int
    share: float
    within_s: float


#: A share of 0.29 in binary, a hundred times, is a little less than 29.
_BINARY: Final = 1e-6
#: Requests are counted by the gateways, within so long.
ANSWERED_S: Final = 300.0
#: So many of an agent's latest answers, and such a share of them, are a finding.
UNUSABLE_LEAST: Final = 5
UNUSABLE_SHARE: Final = 0.5
ANALYSES: Final = Limit("analyses", Kind.FAILING_OFTEN, 10, 0.5, LATELY_S)
PHASE1: Final = Limit("phase1", Kind.PHASE1_FAILING, 10, 0.2, LATELY_S)
TASKS: Final = Limit("tasks", Kind.TASKS_FAILING, 10, 0.5, LATELY_S)
REQUESTS: Final = Limit("requests", Kind.REQUESTS_FAILING, 50, 0.05, ANSWERED_S)


@dataclass(frozen=True, slots=True)
class Share:
    """How many ended within the time of `limit`, and how many of them failed; `ended` None where nobody counts."""

    limit: Limit
    ended: int | None
    failed: int = 0

    @property
    def known(self) -> float | None:
        """Return the share that failed; None where too few have ended to say, or nobody counts."""
        return None if self.ended is None or self.ended < self.limit.least else self.failed / self.ended

    @property
    def too_many(self) -> bool:
        return self.known is not None and self.known >= self.limit.share


def shares(snapshot: Snapshot, overview: Overview | None) -> tuple[Share, ...]:
    """Return all shares that are judged; what could not be read is not known."""
    of: dict[Limit, Ended | None] = {ANALYSES: None, PHASE1: None, TASKS: None}
    if overview is not None:
        of = {ANALYSES: overview.analysed, PHASE1: overview.phase1_made, TASKS: overview.tasks_ended}
    answered = snapshot.operations.answers
    counted = [Share(limit, None) if one is None else Share(limit, one.ended, one.failed) for limit, one in of.items()]
    return (*counted, Share(REQUESTS, *(answered or (None,))))


def failing(snapshot: Snapshot, overview: Overview) -> Iterator[Finding]:
    """Return a finding for each share that is too high."""
    yield from unusable(overview)
    for one in shares(snapshot, overview):
        if one.known is not None and one.too_many:
            values: dict[str, Scalar] = {"count": one.failed, "all": one.ended or 0, "share": percent(one.known)}
            within = {"within": one.limit.within_s} if "within" in TRAITS[one.limit.kind].values else {}
            yield Finding(one.limit.kind, values | within)


def unusable(overview: Overview) -> Iterator[Finding]:
    """Return a finding for each agent most of whose latest answers cannot be used."""
    for one in overview.answers:
        if one.unusable >= UNUSABLE_LEAST and one.unusable >= UNUSABLE_SHARE * one.given:
            values: dict[str, Scalar] = {
                "count": one.unusable,
                "all": one.given,
                "share": percent(one.unusable / one.given),
                "name": one.agent.removeprefix("agent:"),
                "channel": channel_name(one.channel),
                "instead": terms.RULES if one.by_rules else terms.OTHER_AGENT,
                "reason": one.reason,
            }
            yield Finding(Kind.AGENT_UNUSABLE, values, one.since, one.agent)


def percent(share: float) -> str:
    """Say a share in whole percents, never rounded up: 29 of 100 are 29 %, 199 of 200 are 99 %."""
    return f"{floor(share * 100 + _BINARY)} %"
