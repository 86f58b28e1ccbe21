"""The sequential model of one plan: what its clients may observe if everything happens one step after the other.

It knows the rules of the lifecycle and nothing of how they are kept: no transaction, no log, no read model. What may
follow without anybody's command, the analysis and Phase 1, is an operation of the system that may happen at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from detangle.lin import Model, Operation

from schemas.lifecycle import PLAN, PlanAction, PlanStatus
from schemas.rules import Rule

UPLOAD: Final = "upload"
DECIDE: Final = "decide"
READ: Final = "read"
#: Of the system: operation -> the status that it needs and the one that it leads to.
FOLLOWS: Final = {
    "analyse": (PlanStatus.ANALYZING, PLAN.by_system["plan.analyzed"]),
    "make phase 1": (PlanStatus.APPROVED, PLAN.by_system["plan.phase1.created"]),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A client's command. `key`: its Idempotency-Key; `expect`: the version in its If-Match."""

    action: PlanAction
    key: str
    expect: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to a command. `replayed`: it is marked as a repeat of an earlier answer."""

    outcome: str
    status: str
    version: int
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A client's reading of a plan. `lag`: the answer is marked as older than the log."""

    status: str
    version: int
    lag: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a plan stands. `reserved`: versions that are kept for the system. `read`: the newest version somebody read.

    `past`: each version that there was, with its status. `kept`: the answers that a key gets again.
    """

    status: str = ""
    version: int = 0
    reserved: int = 0
    read: int = 0
    past: frozenset[tuple[int, str]] = frozenset()
    kept: frozenset[tuple[str, Said]] = frozenset()

    def moved(self, status: str, version: int, reserved: int) -> Plan:
        """Return the plan after an event."""
        past = self.past | {(version, status)}
        return replace(self, status=status, version=version, reserved=reserved, past=past)


class OnePlan(Model):
    """The plan of `detangle.lin.check`. The output of an operation that nobody answered is unknown: any would fit."""

    name = "plan"

    def init(self) -> Plan:
        return Plan()

    def step(self, state: Plan, op: Operation) -> tuple[bool, Plan]:
        """Return whether the operation can be next, and what the plan is after it."""
        if op.f == UPLOAD:
            return not state.version, state.moved(PlanStatus.ANALYZING, 1, 1)
        if op.f == READ:
            return _read(state, op.arg, op.output)
        if op.f == DECIDE:
            said, after = decided(state, op.arg)
            if op.output in {None, said}:
                return True, after
            return op.output == _unread(state, op.arg, said), state
        needs, to = FOLLOWS[op.f]
        return state.status == needs, state.moved(to, state.version + 1, 0)

    def partition(self, operations: Sequence[Operation]) -> list[list[Operation]]:
        return [list(operations)]

    def describe_state(self, state: Any) -> str:
        return f"{state.status} at version {state.version}"


def decided(plan: Plan, asked: Decision) -> tuple[Said, Plan]:
    """Return what a decision is answered, and what the plan is after it."""
    for key, answer in plan.kept:
        if key == asked.key:
            return replace(answer, replayed=True), plan
    rule: Rule[PlanStatus] = PLAN.rules[asked.action]
    if not plan.version:
        return Said("not_found", "", 0), plan
    if plan.status in rule.already:
        return _kept(plan, asked, Said("unchanged", plan.status, plan.version))
    if asked.expect not in (None, plan.version):
        return Said("version_mismatch", plan.status, plan.version), plan
    if plan.status not in rule.needs:
        return Said("wrong_status", plan.status, plan.version), plan
    version = plan.version + plan.reserved + 1
    assert rule.to is not None
    return _kept(plan.moved(rule.to, version, rule.reserves), asked, Said("accepted", rule.to, version))


def _kept(plan: Plan, asked: Decision, said: Said) -> tuple[Said, Plan]:
    return said, replace(plan, kept=plan.kept | {(asked.key, said)})


def _unread(plan: Plan, asked: Decision, said: Said) -> Said | None:
    """Return how an approval is refused if nobody can have read what it approves; None if somebody has."""
    if asked.action != PlanAction.APPROVE or said.outcome != "accepted" or plan.read >= plan.version:
        return None
    return Said("version_mismatch", plan.status, plan.version)


def _read(plan: Plan, least: int | None, shown: Shown | None) -> tuple[bool, Plan]:
    """Check a read: it may be old, but not older than an earlier read, nor older than `least` without saying so."""
    if shown is None:
        return True, plan
    fits = (shown.version, shown.status) in plan.past and shown.version >= plan.read
    told = least is None or shown.version >= least or shown.lag
    return fits and told, replace(plan, read=max(plan.read, shown.version))
