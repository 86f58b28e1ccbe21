"""Why a plan waits too long, and what helps. Pure: a snapshot -> a cause with its evidence and an action.

The causes and actions are documented in docs/resilience.md; a test holds this file to that table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from schemas.causes import DEAF, PAUSED, Action, Cause, advice
from schemas.flags import Flag
from schemas.topics import AGENTS, ANALYSIS, PROJECTIONS
from streams.watchdog.consumption import MOVING_S, STILL_S, reader_of, stillness
from streams.watchdog.holding_back import concerning, on_our_account
from streams.watchdog.passed import made_before
from streams.watchdog.settings import Patience
from streams.watchdog.snapshot import System, Wait

#: STILL_S while a batch is under way, which a database or a broker may keep for as long as a statement has.
BATCH_S: Final = 75.0
#: If the broker's last answer is so old, in seconds, nobody is taken for deaf: it is asked once a second, and what
#: stands still may wait for it. It counts as away only later.
UNANSWERED_S: Final = 2.0
#: What was handed on may take so long to be seen.
ON_ITS_WAY_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`cause` None: all is well, the plan waits in a backlog while all moves. `evidence` is for people and the log."""

    cause: Cause | None
    action: Action = "wait"
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def recommendation(self) -> str:
        if self.cause is None:
            return ""
        text, values = advice(self.cause, self.evidence)
        return text % values if values else text


BUSY: Final = Diagnosis(None)


def diagnose(wait: Wait, system: System, patience: Patience) -> Diagnosis:
    """Return why this plan waits, judged along the way that its work takes: outbox, log, worker, read model."""
    judged = on_our_account(wait, system, patience)
    found = _on_the_way_in(wait, system) or (
        _phase1(wait, system, patience)
        if wait.kind == "phase1"
        else _analysis(judged, system, patience, resumed=judged != wait)
    )
    if found.cause in DEAF:
        found = _deaf(found, system, patience)
    # a pause that somebody wanted is no backlog: what waits is given its time from its end
    if found.cause is None and min(judged.waited_s, system.resumed_s) > patience.busy_s:
        found = Diagnosis("queue-behind" if _waits_in_backlog(wait, system) else "output-missing", _again(wait, system))
    if found.cause is None:
        return found
    return Diagnosis(found.cause, found.action, {**_common(wait, system), **found.evidence})


def _deaf(found: Diagnosis, system: System, patience: Patience) -> Diagnosis:
    """Judge a process that handles nothing: it is deaf only if it was to take something, and could."""
    if system.resumed_s < patience.deaf_s:
        return BUSY  # it was told to take nothing until a moment ago
    if system.broker_silent_s >= UNANSWERED_S:
        return Diagnosis("broker-away", found.action, {**found.evidence, **_silence(system)})
    return found


def _silence(system: System) -> dict[str, str]:
    return {"broker_away_s": f"{max(system.broker_away_s, system.broker_silent_s):.1f}"}


def _waits_in_backlog(wait: Wait, system: System) -> bool:
    """Say whether a record of a plan may still be among those that wait for the agents or the runners."""
    places = [(AGENTS, *wait.found_at[:2])] if wait.found_at else []
    places += [(ANALYSIS, *wait.lane)] if wait.lane and wait.kind != "phase1" else []
    return not wait.concluded and any(place in system.still for place in places)


def _again(wait: Wait, system: System) -> Action:
    if wait.concluded:
        return "wait"
    if wait.kind == "phase1":
        return "make-phase1"
    goes_on = wait.attempts and wait.missing and not concerning(system.held_back, wait, system)
    return "fail-channels" if goes_on else "request-again"


def _on_the_way_in(wait: Wait, system: System) -> Diagnosis | None:  # noqa: PLR0911 - the first cause that fits
    """Judge what lies before the worker: is the cause in the log at all, and does anybody take from it."""
    instead: Action = "make-phase1" if wait.kind == "phase1" and not wait.concluded else "wait"
    if wait.set_aside is not None:
        number = {} if wait.set_aside_seq is None else {"outbox_seq": str(wait.set_aside_seq)}
        return Diagnosis("event-held", "wait", {"held": wait.set_aside, **number})
    if wait.published is False or (wait.concluded and not wait.conclusion_published):
        if system.broker_away_s > 0:
            return Diagnosis("broker-away", instead, {"broker_away_s": f"{system.broker_away_s:.1f}"})
        if not system.role("gateway").living:
            return Diagnosis("relay-gone", instead)
        if system.relay_still_s < MOVING_S:
            return BUSY
        return Diagnosis("relay-stuck", instead, {"relay_still_s": f"{system.relay_still_s:.1f}"})
    if Flag.QUEUE_PROCESSING in system.off and not wait.concluded:
        return Diagnosis(PAUSED, "wait")
    if (wait.found_at is None or wait.concluded) and system.broker_away_s > 0:
        # it reached the log and nobody can read it there
        return Diagnosis("broker-away", instead, {"broker_away_s": f"{system.broker_away_s:.1f}"})
    if wait.concluded and wait.unshown is not None:
        return Diagnosis("dead-lettered", "wait", {"error": wait.unshown, "group": PROJECTIONS})
    if wait.found_at is None or wait.concluded:
        late = _projections(wait, system)
        if wait.concluded or late.cause is not None:
            return late
    return None


def _projections(wait: Wait, system: System) -> Diagnosis:
    role = system.role("projections")
    evidence = {"projections_still_s": f"{system.projections_still_s:.1f}", "projections_frozen": str(role.frozen)}
    if system.projections_still_s < MOVING_S and role.living:
        if role.still_assigned and wait.late_s > ON_ITS_WAY_S:
            # the others move, and may have nothing of this plan: it waits in a partition that the frozen one keeps
            return Diagnosis("projections-behind", "wait", evidence)
        return BUSY
    if not role.living:
        return Diagnosis("projections-gone", "wait", evidence)
    # A frozen process is another matter (it is killed at once); one that is only slow would be slower after a restart.
    # A batch under way has limits of its own; begun again in the middle of it, it would begin again and again.
    stalled = min(wait.late_s, system.projections_still_s) > (BATCH_S if role.busy else STILL_S)
    return Diagnosis("projections-behind", "restart-projections" if stalled else "wait", evidence)


def _phase1(wait: Wait, system: System, patience: Patience) -> Diagnosis:
    """Judge an approval that is in the log. Whatever holds the worker up: the same rules make the same events here."""
    if wait.dead_letter is not None:
        return _given_up(wait, "make-phase1", {})
    if wait.parked is not None:
        return Diagnosis("record-parked", "make-phase1", {"parked": wait.parked})
    if not system.role("worker").living:
        return Diagnosis("worker-gone", "make-phase1")
    place = wait.found_at
    done = None if place is None else system.done.get((AGENTS, place[0], place[1]))
    if place is not None and done is not None and done > place[2]:
        # the worker has seen to it: what came of it is on its way, or lost
        if wait.late_s < ON_ITS_WAY_S:
            return BUSY
        end = made_before(system.passed.get(place[:2], ()), place[2])
        if end is None and system.broker_silent_s < UNANSWERED_S:
            return BUSY  # passed since the last look at the log's ends, of which there is one a second
        if end is not None and not _come_to(place, end, system):
            return _projections(wait, system)
        return Diagnosis("output-missing", "make-phase1", {"handled_up_to": str(done), "offset": str(place[2])})
    return _worker(wait, system, patience, "make-phase1")


def _come_to(place: tuple[str, int, int], end: int, system: System) -> bool:
    """Say whether the read models have come to `end` in the partition of a record, as far as it is known."""
    shown = system.done.get((PROJECTIONS, *place[:2]))
    return shown is None or shown >= end


def _worker(wait: Wait, system: System, patience: Patience, action: Action) -> Diagnosis:
    """Judge the worker that reads the plan's partition; that another worker moves does not help this plan."""
    role = system.role("worker")
    place = None if wait.found_at is None else (AGENTS, wait.found_at[0], wait.found_at[1])
    evidence = {"worker_still_s": f"{role.still_s:.1f}", "frozen": str(role.frozen)}
    if place is None or place not in system.still:
        if role.still_s < MOVING_S and role.frozen < role.living:
            return BUSY
        return Diagnosis("worker-deaf", action, evidence)
    match reader_of(system, "worker", place, patience, wait.in_log_s):
        case "nobody":
            return Diagnosis("worker-gone", action, stillness(system, place))
        case "deaf":
            return Diagnosis("worker-deaf", action, {**evidence, **stillness(system, place)})
    return BUSY


def _analysis(wait: Wait, system: System, patience: Patience, *, resumed: bool) -> Diagnosis:  # noqa: PLR0911 - the first cause that fits
    if not wait.missing:
        # the runner that stores the last result finishes the analysis right after it
        return BUSY if wait.result_s < ON_ITS_WAY_S else Diagnosis("result-unfinished", "finish-analysis")
    # the first recovery asks again; then the plan goes on without what is missing
    action: Action = "fail-channels" if wait.attempts else "request-again"
    evidence = {"missing": ", ".join(wait.missing)}
    if not system.role("worker").living:
        return Diagnosis("worker-gone", "request-again", evidence)
    if not wait.attempts and _not_handed_out(wait, system):
        # once it was requested again, the runners have it whatever the worker does
        found = _worker(wait, system, patience, "request-again")
        return found if found.cause is None else Diagnosis(found.cause, found.action, {**found.evidence, **evidence})
    role = system.role("runner")
    held_back = concerning(system.held_back, wait, system)
    if not role.living:
        waits = bool(held_back) or wait.late_s < patience.escalate_s
        return Diagnosis("runner-gone", "wait" if waits else "fail-channels", evidence)
    if held_back:
        why = "; ".join(f"{name}: {system.held_back[name]}" for name in held_back)
        return Diagnosis("breaker-open", "wait", {**evidence, "held_back": why[:400]})
    agents = concerning((name for name in system.open_breakers if name.startswith("agent:")), wait, system)
    if agents:
        evidence["breakers"] = ", ".join(agents)
        return Diagnosis("breaker-open", "wait" if wait.late_s < patience.escalate_s / 2 else "fail-channels", evidence)
    coming = wait.late_s < 0 or (role.still_s < MOVING_S and wait.late_s < patience.escalate_s)
    if resumed and wait.dead_letter is None and coming:
        return BUSY  # many may have waited for that, and come again one after the other
    closed = min((system.closed_s[name] for name in concerning(system.closed_s, wait, system)), default=None)
    if closed is not None and closed < patience.escalate_s / 2 and wait.late_s < patience.escalate_s:
        return BUSY  # what it held back comes again within seconds
    if wait.dead_letter is not None:
        return _given_up(wait, action, evidence)
    if wait.parked is not None:
        return Diagnosis("record-parked", "fail-channels", {**evidence, "parked": wait.parked})
    return _runner(wait, system, patience, evidence)


def _given_up(wait: Wait, action: Action, evidence: Mapping[str, str]) -> Diagnosis:
    cause: Cause = "poison-record" if wait.poison else "dead-lettered"
    return Diagnosis(cause, action, {**evidence, "error": wait.dead_letter or ""})


def _not_handed_out(wait: Wait, system: System) -> bool:
    """Say whether the worker has an upload still before it, as far as it was seen."""
    place = wait.found_at
    done = None if place is None else system.done.get((AGENTS, place[0], place[1]))
    return place is not None and done is not None and done <= place[2]


def _runner(wait: Wait, system: System, patience: Patience, evidence: dict[str, str]) -> Diagnosis:  # noqa: PLR0911 - the first cause that fits
    """Judge the runner that holds the lane's partition in which the request waits."""
    action: Action = "fail-channels" if wait.attempts else "request-again"
    role = system.role("runner")
    place = None if wait.lane is None else (ANALYSIS, *wait.lane)
    evidence["runner_still_s"] = f"{role.still_s:.1f}"
    backlog = system.lag.get(ANALYSIS, 0) - role.busy
    if place is not None and ANALYSIS in system.lag and place not in system.still:
        return Diagnosis("output-missing", action, evidence)  # its lane is empty, and so is the result
    if place is None or place not in system.still:
        if role.still_s < MOVING_S and backlog > 0:
            return BUSY
        if role.busy:
            return Diagnosis("agent-slow", "fail-channels", {**evidence, "calls_under_way": str(role.busy)})
        return Diagnosis("runner-deaf", action, evidence)
    holder = system.holders.get(place)
    reader = reader_of(system, "runner", place, patience)
    if reader == "moves" and (backlog > 0 or not role.busy):
        return BUSY
    evidence |= stillness(system, place)
    if reader == "nobody":
        return Diagnosis("runner-gone", "wait" if wait.late_s < patience.escalate_s else "fail-channels", evidence)
    busy = role.busy if holder is None else holder.busy
    if busy:
        # its calls take long, and the records behind them wait: none of them is lost while others end
        if holder is not None and holder.still_s < patience.deaf_s and role.still_s < MOVING_S and backlog > 0:
            return BUSY
        return Diagnosis("agent-slow", "fail-channels", {**evidence, "calls_under_way": str(busy)})
    return Diagnosis("runner-deaf", action, evidence)


def _common(wait: Wait, system: System) -> dict[str, str]:
    evidence = {
        "waited_s": f"{wait.waited_s:.1f}",
        "outbox_waiting": str(system.outbox_waiting),
        "living": ", ".join(f"{name} {role.living}" for name, role in sorted(system.roles.items())),
    }
    if wait.found_at is not None:
        evidence["record"] = "{}/{}@{}".format(*wait.found_at)
    for group in (AGENTS, ANALYSIS):
        if group in system.lag:
            evidence[f"lag_{group}"] = str(system.lag[group])
    return evidence
