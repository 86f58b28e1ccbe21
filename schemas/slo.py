"""What the system promises, and how it is counted: each objective once, for projections, API, pages, alerts. Pure."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Measure(StrEnum):
    """A quantity counted by the hour: events, by duration if they have one, or seconds."""

    UPLOADED = "uploaded"
    APPROVED = "approved"
    QUEUE = "queue"
    PHASE1 = "phase1"
    STALLED = "stalled"
    RECOVERED = "recovered"
    ESCALATED = "escalated"
    TASK_FAILED = "task-failed"
    COMPLETED = "completed"
    TASK_COMPLETED = "task-completed"
    CHANNEL_ANALYZED = "channel-analyzed"
    CHANNEL_FAILED = "channel-failed"
    # of the time, in seconds, as the alert engine saw it
    SEEN = "seen"
    DOWN = "down"


#: Times are counted up to these many milliseconds, each bound included. Whoever adds one rebuilds the read models.
BOUNDS_MS: Final = (
    *(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000),
    *(10_000, 30_000, 60_000, 300_000, 1_800_000, 7_200_000),
)
#: The bound of what took longer than all of them.
BEYOND_MS: Final = 2_147_483_647
#: The bound of what is counted only, and has no time.
NO_TIME: Final = 0

#: Counts by bound.
Counts = Mapping[int, int]


class Kind(StrEnum):
    """How an objective is told: a share within a time, none at all, or a share of the time."""

    WITHIN = "within"
    NONE = "none"
    UPTIME = "uptime"


@dataclass(frozen=True, slots=True)
class Objective:
    """One promise: at least `share` of what the measure `of` counts is good.

    With times, an event is good within `limit_ms`. With `bad`, what that measure counts is not good.
    """

    name: str
    kind: Kind
    share: float
    title: str
    measured: str
    of: Measure | None = None
    limit_ms: int = NO_TIME
    bad: Measure | None = None

    @property
    def budget(self) -> float:
        """Return the share that may be bad."""
        return 1.0 - self.share

    @property
    def least(self) -> int:
        """Return the smallest count that is judged: the budget allows a single bad one among so many.

        With fewer, one bad event would break the promise, and one may be chance.
        """
        return math.ceil(round(1 / self.budget, 6)) if self.budget else 1


OBJECTIVES: Final = (
    Objective(
        "phase1",
        Kind.WITHIN,
        0.99,
        "Phase 1 within 5 s",
        "From the approval until the log has the plan's Phase 1, attempts and waits included. It counts for the hour of"
        " the approval.",
        Measure.PHASE1,
        5000,
    ),
    Objective(
        "queue",
        Kind.WITHIN,
        0.999,
        "A worker begins within 100 ms",
        "From the approval until a worker takes it up; first attempts only. It counts for the hour of the approval.",
        Measure.QUEUE,
        100,
    ),
    Objective(
        "detection",
        Kind.WITHIN,
        0.95,
        "A stalled plan is found within 1 s",
        "From the missed deadline until the watchdog has found it.",
        Measure.STALLED,
        1000,
    ),
    Objective(
        "recovery",
        Kind.WITHIN,
        0.95,
        "A stalled plan moves again within 30 s",
        "From the missed deadline until the plan moves. One that has not moved yet is not counted: it is a finding.",
        Measure.RECOVERED,
        30_000,
    ),
    Objective(
        "stalled",
        Kind.NONE,
        1.0,
        "No plan stalls",
        "Each time that a plan missed its deadline, beside the plans that were uploaded in the same time.",
        Measure.UPLOADED,
        bad=Measure.STALLED,
    ),
    Objective(
        "availability",
        Kind.UPTIME,
        0.999,
        "The system can be used",
        "Of the seconds in which the alert engine looked, those in which a gateway was there and the database answered"
        " and stored commands. No event tells them: a rebuild leaves them as they are.",
        Measure.SEEN,
        bad=Measure.DOWN,
    ),
)
OBJECTIVE: Final[Mapping[str, Objective]] = {objective.name: objective for objective in OBJECTIVES}
#: The objectives whose budget can be spent, and so go too fast.
BURNING: Final = tuple(objective for objective in OBJECTIVES if objective.share < 1)
#: The measures that have a limit: what took longer is kept with its plan.
LIMITS: Final[Mapping[Measure, int]] = {o.of: o.limit_ms for o in OBJECTIVES if o.of is not None and o.limit_ms}


@dataclass(frozen=True, slots=True)
class Burn:
    """When a budget is spent too fast: `rate` times as fast as it would last for 30 days.

    Over the clock hour that goes on and the `hours` before it, with the last bad one at most `still_s` seconds ago.
    """

    hours: int
    rate: float
    still_s: int


#: 2 % of the budget of 30 days in an hour, 5 % in six; 10 % in a day, or in three.
BURNS: Final = (Burn(1, 14.4, 300), Burn(6, 6.0, 1800), Burn(24, 3.0, 7200), Burn(72, 1.0, 21_600))
#: Bad ones up to this number are no trend: where little happens, one is more than a whole budget.
LEAST_BAD: Final = 3
#: A budget is told of so many days.
DAYS: Final = 30
#: The windows that are shown, in hours, by their names.
WINDOWS: Final[Mapping[str, int]] = {"1h": 1, "6h": 6, "1d": 24, "3d": 72, "30d": 720}


def bound_of(micros: int) -> int:
    """Return the bound in milliseconds under which a time is counted; clocks that disagree make it no less than 0."""
    place = bisect_left(BOUNDS_MS, micros / 1000)
    return BOUNDS_MS[place] if place < len(BOUNDS_MS) else BEYOND_MS


def within(counts: Counts, limit_ms: int) -> int:
    """Return how many took no longer than a limit, which is one of the bounds."""
    return sum(n for bound, n in counts.items() if bound <= limit_ms)


def at_most(counts: Counts, share: float) -> int | None:
    """Return the bound that this share did not pass, BEYOND_MS where it passed all, None where nothing was counted."""
    left = share * sum(counts.values())
    if left <= 0:
        return None
    for bound in sorted(counts):
        left -= counts[bound]
        if left <= 1e-9:  # a share of a whole number is not exact
            return bound
    return BEYOND_MS


def burn_rate(objective: Objective, bad: float, total: float, hours: int) -> float | None:
    """Return how many times faster than allowed the budget is spent; None where nothing was measured or none is.

    The budget of the time is one of 30 days, however new the system is: it is spent over the whole window, and not over
    the minutes since it was set up.
    """
    of = max(total, hours * 3600.0) if objective.kind is Kind.UPTIME else total
    return bad / of / objective.budget if total and objective.share < 1 else None
