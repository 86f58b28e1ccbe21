"""The result of a run of a scenario, and whether it passes. Pure."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

#: Kinds of findings of `projections.verify` that mean that something is there twice; all others: that it is not there.
TWICE = frozenset({"duplicate", "conflict"})
#: So many scenarios at least say something of all kinds of faults.
KINDS = 10


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The promises of a scenario: seconds from the fault, and counts of `projections.verify`."""

    middle_s: float = 1.0  # detection, at the median of all kinds of faults
    told_middle_s: float = 2.0  # a message to somebody outside, at the median of all kinds of faults
    told_s: float = 5.0
    told_patiently_s: float = 10.0  # with the patience of an installation
    detected_s: float = 5.0
    healed_s: float = 30.0
    answered_s: float = 5.0
    lost: int = 0
    duplicated: int = 0


class Course(Protocol):
    """How one fault went, in seconds; see `Outcome`, whose names they are."""

    @property
    def detected_s(self) -> float | None: ...
    @property
    def healed_s(self) -> float | None: ...
    @property
    def untold_s(self) -> float: ...
    @property
    def silent(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of one scenario.

    `injected_s` is counted from the start of the load, all other times from the fault. `signs` are the ways in which
    the system itself said that something is wrong, with when each first did. `slowest_s` is the longest that an
    approved plan waited for its tasks, `untold_s` the longest that one did after the fault and before the first sign,
    `answered_s` the longest that an approval was asked for until it was accepted.
    """

    scenario: str
    seed: int
    injected_s: float
    signs: Mapping[str, float]
    healed_s: float | None
    slowest_s: float
    plans: int
    repeats: int
    counts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    findings: Mapping[str, float] = field(default_factory=dict)  # of the health report, and when each was first made
    silent: bool = False  # whether a system that says nothing of this fault is right, as long as nobody waits
    untold_s: float = 0.0
    answered_s: float = 0.0
    refuses: bool = False  # whether what answers is itself broken
    told: Mapping[str, float] = field(default_factory=dict)  # people outside, of what, and when first
    over: int = 0  # alerts of which they were told that they are over
    way: Mapping[str, float] = field(default_factory=dict)  # of the first message, step by step
    causes: tuple[str, ...] = ()  # the kinds of what they were told
    expected: frozenset[str] | None = frozenset()  # those that name the fault; None: nobody need be told of it
    passes: bool = False  # whether nobody need be told, though somebody may be
    about: tuple[str, ...] = ()  # processes, one of which every message has to name
    proof_s: float | None = None  # when who listens outside for the alert engine's proof of life took it for gone
    proves: bool = False  # whether that has to be noticed
    patient: bool = False  # whether it was told with the patience of an installation
    strikes: bool = False  # whether the fault comes several times: what was over may be told again then
    waits_s: float = 0.0  # so long the system waits on purpose before it takes the fault for one
    again: int = 0  # alerts that are one that came before, and was told to be over
    histories: int = 0  # plans of which all that clients saw was checked

    @property
    def detected_s(self) -> float | None:
        """Return when the system first said that something is wrong."""
        return min(self.signs.values(), default=None)

    @property
    def detected_by(self) -> str:
        return min(self.signs, key=lambda sign: self.signs[sign], default="")

    @property
    def told_s(self) -> float | None:
        """Return when somebody outside first knew of it: by a message, or as the proof of life stopped."""
        proofs = [self.proof_s] if self.proves and self.proof_s is not None else []
        return min([*self.told.values(), *proofs], default=None)

    @property
    def lost(self) -> int:
        return sum(number for kind, number in self.counts.items() if kind not in TWICE)

    @property
    def duplicated(self) -> int:
        return sum(number for kind, number in self.counts.items() if kind in TWICE)


def failures(outcome: Outcome, thresholds: Thresholds) -> list[str]:
    """Return why this is not good enough; nothing where it is."""
    found = [*outcome.problems, *untimely(outcome, thresholds)]
    if outcome.lost > thresholds.lost:
        found.append(f"{outcome.lost} lost")
    if outcome.duplicated > thresholds.duplicated:
        found.append(f"{outcome.duplicated} duplicated")
    within_s = outcome.waits_s + (thresholds.told_patiently_s if outcome.patient else thresholds.told_s)
    if outcome.told_s is not None and outcome.told_s >= within_s:
        found.append(f"told after {outcome.told_s:.2f} s, not within {within_s:.0f} s")
    if outcome.proves and outcome.proof_s is None:
        found.append("the proof of life did not stop: who listens for it outside was not told")
    if (alerts := len(outcome.told) - (outcome.again if outcome.strikes else 0)) > 1:
        found.append(f"told as {alerts} alerts, not as one: {'; '.join(outcome.told)}")
    found += mistold(outcome)
    return found + unanswered(outcome.answered_s, thresholds, refuses=outcome.refuses)


def mistold(outcome: Outcome) -> list[str]:
    """Return what is wrong with the messages to people: another cause, another process, or no message at all."""
    if outcome.expected is None:
        return [f"told of {cause}, of which nobody need be told" for cause in outcome.causes]
    found = [f"told of {cause}, which is not the cause" for cause in outcome.causes if cause not in outcome.expected]
    found += [f"told of another process: {title}" for title in outcome.told if not names(title, outcome.about)]
    if not outcome.told and not outcome.passes:
        found.append(f"nobody was told; expected: {' or '.join(sorted(outcome.expected))}")
    return found


def names(title: str, processes: Sequence[str]) -> bool:
    """Say whether a message is about one of these processes; if none are named, every message is."""
    return not processes or any(
        re.search(rf"^No {re.escape(one)} |\b[Tt]he {re.escape(one)} \d", title) for one in processes
    )


def unanswered(answered_s: float, thresholds: Thresholds, *, refuses: bool) -> list[str]:
    """Return whether an approval was answered too late. `refuses`: what answers was itself among what was broken."""
    within_s = thresholds.healed_s if refuses else thresholds.answered_s
    if answered_s < within_s:
        return []
    return [f"an approval was answered after {answered_s:.1f} s, not within {within_s:.0f} s"]


def in_the_middle(outcomes: Sequence[Outcome]) -> float | None:
    """Return the median of the times to the first sign, of all runs; None where none has one."""
    return statistics.median(found) if (found := [o.detected_s for o in outcomes if o.detected_s is not None]) else None


def told_in_the_middle(outcomes: Sequence[Outcome]) -> float | None:
    """Return the median of the times to the first message, of all runs of which somebody was told."""
    return statistics.median(told) if (told := [o.told_s for o in outcomes if o.told_s is not None]) else None


def slow_to_see(outcomes: Sequence[Outcome], thresholds: Thresholds) -> list[str]:
    """Return whether the system is too slow to see faults of all kinds. A few kinds say nothing of the others."""
    outcomes = [o for o in outcomes if not o.patient]
    if len({o.scenario for o in outcomes}) < KINDS:
        return []
    return [
        f"{what} after {middle:.2f} s at the median of all runs, not within {limit_s:.0f} s"
        for what, middle, limit_s in (
            ("detected", in_the_middle(outcomes), thresholds.middle_s),
            ("told", told_in_the_middle(outcomes), thresholds.told_middle_s),
        )
        if middle is not None and middle >= limit_s
    ]


def untimely(course: Course, thresholds: Thresholds) -> list[str]:
    """Return which promises of time were not kept, for the faults of drills and of a soak alike."""
    found: list[str] = []
    if course.silent:
        # what makes nobody wait has nothing to be told of, and who waits begins to wait later than the fault
        if course.untold_s >= thresholds.detected_s:
            found.append(f"a plan waited for {course.untold_s:.1f} s before the system said anything")
    elif course.detected_s is None:
        found.append("the system never said that something is wrong")
    elif course.detected_s >= thresholds.detected_s:
        found.append(f"detected after {course.detected_s:.2f} s, not within {thresholds.detected_s:.0f} s")
    if course.healed_s is None:
        found.append("did not heal")
    elif course.healed_s >= thresholds.healed_s:
        found.append(f"healed after {course.healed_s:.1f} s, not within {thresholds.healed_s:.0f} s")
    return found
