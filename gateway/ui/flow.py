"""Computes the picture of the flow of plans: who passes what to whom, how much a minute, and what waits between them.

The alert engine measures the minutes, the watchdog the backlogs; heartbeats tell what each process handles a minute,
and its assignment. What nobody reports is unknown, and never drawn as 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import ngettext
from gateway.ui.words import system_words
from gateway.verdict.finding import Verdict
from gateway.verdict.kinds import Kind
from gateway.verdict.words.speech import ranges
from projections.reads.history import Minute
from projections.reads.operations import Operations
from projections.reads.processes import Group, Process
from schemas.topics import AGENTS, ANALYSIS, RETRY_PUMP

#: Beyond this age a minute's counts are no present rate.
FRESH: Final = timedelta(minutes=3)
#: Seconds without progress after which a backlog has a tone of its own.
STILL_S: Final = 5.0
#: Topics by a part of their names.
LANES: Final = "analysis.work."
RETRIES: Final = ".retry."
LETTERS: Final = ".dlq"


@dataclass(frozen=True, slots=True)
class Node:
    """A part of the flow. `said` is its state in words, "" where it has none."""

    key: str
    title: str
    said: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow from one part to another. `rate` (a minute) and `waits` are None if unknown.

    `measured`: which of the two exist for this arrow. `still_s`: the seconds without progress in what waits.
    `written`: the rate is that of the last whole minute that the alert engine wrote down (`Flow.minute`); others are
    of the last 60 s, by heartbeats.
    """

    source: str
    target: str
    what: str
    rate: float | None
    waits: int | None
    measured: tuple[str, ...]
    still_s: float = 0.0
    written: bool = False

    @property
    def key(self) -> str:
        return f"{self.source}-{self.target}"

    @property
    def tone(self) -> str:
        return "retry" if self.waits and self.still_s >= STILL_S else "run" if self.waits or self.rate else "off"


@dataclass(frozen=True, slots=True)
class Assignment:
    """The partitions of a topic that a process reads, in short: 0-5 7."""

    process: Process
    topic: str
    partitions: str


@dataclass(frozen=True, slots=True)
class Flow:
    nodes: dict[str, Node]
    arrows: tuple[Arrow, ...]
    groups: Sequence[Group]
    assignments: tuple[Assignment, ...]
    minute: datetime | None


def flow(verdict: Verdict, minutes: Sequence[Minute]) -> Flow:
    """Return the present flow, in the reader's language. `minutes`: the latest stored ones."""
    operations = verdict.snapshot.operations
    last = minutes[-1] if minutes and verdict.as_of - minutes[-1].at < FRESH else None
    return Flow(
        {node.key: node for node in _nodes(verdict, operations)},
        tuple(_arrows(verdict, operations, last)),
        operations.groups,
        tuple(_assignments(operations.processes)),
        last.at if last else None,
    )


def _nodes(verdict: Verdict, running: Operations) -> Iterator[Node]:
    yield Node("people", _("People"), "", "off", "user")
    for role in ("gateway", "worker", "runner", "projections", "pump"):
        yield _process_node(role, [p for p in running.processes if p.role == role])
    if verdict.has(Kind.BROKER_AWAY):
        yield Node("log", _("The log"), _("does not answer"), "fail", "cross-circle")
    elif running.groups:
        yield Node("log", _("The log"), _("answers"), "done", "check-circle")
    else:
        yield Node("log", _("The log"), _("unknown"), "off", "info")
    yield Node("lanes", _("Lanes of analyses"), "", "off", "list")
    yield Node("tables", _("Read models"), "", "off", "overview")
    letters = verdict.snapshot.overview.aside.letters.count if verdict.snapshot.overview else 0
    said = ngettext("%(n)s undecided", "%(n)s undecided", letters)
    yield Node("letters", _("Dead letters"), said, "fail" if letters else "done", "inbox")


def _process_node(role: str, found: Sequence[Process]) -> Node:
    well = sum(process.well for process in found)
    title = system_words.role(role)
    if not any(process.connected for process in found):
        return Node(role, title, _("none running"), "fail", "cross-circle")
    if well < len(found):
        return Node(role, title, _("%(well)s of %(all)s well", well=well, all=len(found)), "retry", "alert")
    return Node(role, title, ngettext("%(n)s running", "%(n)s running", well), "done", "check-circle")


def _arrows(verdict: Verdict, running: Operations, last: Minute | None) -> Iterator[Arrow]:
    overview = verdict.snapshot.overview
    groups = {group.name: group for group in running.groups}
    both, rate = ("rate", "waits"), ("rate",)
    pace = partial(_pace, running.processes)
    came = None if last is None or last.plans_in is None or last.approvals is None else last.plans_in + last.approvals
    yield Arrow("people", "gateway", _("uploads and approvals"), came, None, rate, written=True)
    outbox = overview.outbox if overview else None
    yield Arrow(
        "gateway", "log", _("events from the outbox"), pace("gateway"), outbox.waiting if outbox else None, both,
        outbox.oldest_seconds if outbox else 0.0,
    )  # fmt: skip
    yield Arrow("log", "worker", _("uploads and approvals"), came, *_lag(groups.get(AGENTS), both), written=True)
    made = None if last is None else last.phase1_made
    yield Arrow("worker", "log", _("Phase 1 and its tasks"), made, None, rate, written=True)
    yield Arrow("worker", "lanes", _("channels to analyse"), pace("worker", to=LANES), None, rate)
    yield Arrow("lanes", "runner", _("channels to analyse"), pace("runner"), *_lag(groups.get(ANALYSIS), both))
    yield Arrow("runner", "log", _("results, through the outbox"), pace("runner"), None, rate)
    behind, projected = overview.projection if overview else None, pace("projections")
    yield Arrow(
        "log", "projections", _("all events"), projected, behind.behind if behind else None, both,
        behind.oldest_seconds if behind else 0.0,
    )  # fmt: skip
    yield Arrow("projections", "tables", _("rows"), projected, None, rate)
    aside = overview.aside if overview else None
    yield Arrow(
        "worker", "pump", _("records to try again"), pace("worker", "runner", to=RETRIES),
        aside.retrying.count if aside else None, both, aside.retrying.overdue_seconds if aside else 0.0,
    )  # fmt: skip
    yield Arrow("pump", "worker", _("records whose turn it is"), pace("pump"), *_lag(groups.get(RETRY_PUMP), both))
    yield Arrow(
        "worker", "letters", _("records that nobody can handle"), pace("worker", "runner", to=LETTERS),
        aside.letters.count if aside else None, both,
    )  # fmt: skip


def _pace(processes: Sequence[Process], *roles: str, to: str = "") -> float | None:
    """Return the sum of what the processes of these roles handle a minute, or send to such topics.

    None if none runs, or one of them does not report it, as it has not run for a minute yet.
    """
    told = [_of_one(p.progress.get("per_minute"), to) for p in processes if p.role in roles and p.connected]
    known = [one for one in told if one is not None]
    return sum(known) if known and len(known) == len(told) else None


def _of_one(paces: Any, to: str) -> float | None:
    if not isinstance(paces, dict):
        return None
    handled: float | None = paces.get("handled")
    if not to or handled is None:
        return handled
    # a topic without a record is not reported, and in the first minute nothing is known
    sent: list[float | None] = [pace for topic, pace in (paces.get("sent") or {}).items() if to in topic]
    known = [pace for pace in sent if pace is not None]
    return sum(known) if len(known) == len(sent) else None


def _lag(group: Group | None, measured: tuple[str, ...]) -> tuple[int | None, tuple[str, ...], float]:
    if group is None:
        return None, measured, 0.0
    return group.behind, measured, max((p.still_seconds for p in group.partitions), default=0.0)


def _assignments(processes: Sequence[Process]) -> Iterator[Assignment]:
    for process in processes:
        holds = process.progress.get("holds")
        if not process.connected or not isinstance(holds, dict):
            continue
        for topic, numbers in sorted(holds.items()):
            if numbers:
                yield Assignment(process, topic, ranges(numbers))
