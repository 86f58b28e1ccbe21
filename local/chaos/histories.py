"""Record what clients asked of each plan and what they were answered, and judge whether one order explains it.

It can where one order of all operations explains every answer, and none comes before another that had ended when it
began: where each plan is linearizable, as `local.chaos.one_plan` says what a plan is. The search is detangle's.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx
from detangle.lin import FAIL, INFO, OK, PENDING, Operation, check

from local.chaos.one_plan import DECIDE, FOLLOWS, READ, UPLOAD, Decision, OnePlan, Said, Shown

#: Places that the search for one plan may look at. A plan that is as it should be takes some tens.
BUDGET: Final = 20_000
#: Outcomes of refusals, by the status of the HTTP answer.
REFUSED: Final = {404: "not_found", 409: "wrong_status", 412: "version_mismatch"}
TOO_MANY: Final = 429
#: Of these nothing was sent.
UNSENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
#: So many plans are told of one by one.
TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation that a client has begun, until it knows what became of it."""

    histories: Histories
    operation: Operation

    def said(self, output: Said | Shown | None) -> None:
        """Record the answer."""
        self.operation.status, self.operation.output = OK, output
        self.operation.ret, self.operation.ret_time = self.histories.tick(), time.monotonic()

    def refused(self) -> None:
        """Record that the operation had no effect for certain: nobody was reached."""
        self.operation.status = FAIL

    def failed(self, error: httpx.TransportError) -> None:
        """Record that no answer came. The operation may have its effect later, or never."""
        self.operation.status = FAIL if isinstance(error, UNSENT) else INFO

    def answered(self, answer: httpx.Response) -> None:
        """Record the answer to a decision. An answer of a failing or busy server tells nothing about the decision."""
        if answer.status_code == TOO_MANY:
            self.refused()
        elif answer.status_code in REFUSED:
            body = answer.json()
            self.said(Said(REFUSED[answer.status_code], body.get("currentStatus", ""), body.get("version", 0)))
        elif answer.is_success:
            body, replayed = answer.json(), "idempotent-replayed" in answer.headers
            self.said(Said(body["outcome"], body["status"], body["version"], replayed))
        else:
            self.operation.status = INFO


class Histories:
    """All operations of all clients, by plan. One clock: one process records them all."""

    def __init__(self) -> None:
        self._clock = 0
        self._of: dict[str, list[Operation]] = {}

    def __len__(self) -> int:
        return len(self._of)

    @property
    def operations(self) -> int:
        """How many there are in all."""
        return sum(len(found) for found in self._of.values())

    def tick(self) -> int:
        """Return this moment's place in the order."""
        self._clock += 1
        return self._clock

    def upload(self, plan: str) -> Asked:
        """Begin an upload."""
        return self._begin(plan, "uploader", UPLOAD, None)

    def decide(self, plan: str, asked: Decision) -> Asked:
        """Begin a decision."""
        return self._begin(plan, asked.key, DECIDE, asked)

    def read(self, plan: str, client: str, least: int | None = None, *, since: int | None = None) -> Asked:
        """Begin a read, which waits for the version `least`. `since`: where it began, if that was before this."""
        return self._begin(plan, client, READ, least, since)

    def acknowledged(self, plan: str) -> int:
        """Return the newest version that somebody was told of."""
        return max((op.output.version for op in self._of.get(plan, ()) if op.output is not None), default=1)

    def decisions(self, plan: str) -> list[Decision]:
        """Return the decisions that were answered, in order, each key once."""
        return list(dict.fromkeys(op.arg for op in self._of.get(plan, ()) if op.f == DECIDE and op.status == OK))

    def only(self, plans: Collection[str]) -> Histories:
        """Return the histories of these plans alone, to be gone on with: what was asked of them before counts."""
        found = Histories()
        found._clock, found._of = self._clock, {plan: self._of[plan] for plan in plans if plan in self._of}
        return found

    def violations(self) -> list[str]:
        """Return, for each plan, why its answers contradict each other; the first few in full."""
        found = [text for plan, operations in self._of.items() if (text := _violation(plan, operations))]
        if len(found) > TOLD:
            found[TOLD:] = [f"{len(found) - TOLD} more plans are not linearizable"]
        return found

    def _begin(self, plan: str, client: str, f: str, arg: Any, since: int | None = None) -> Asked:
        of = self._of.setdefault(plan, [])
        operation = Operation(len(of), client, f, arg, since or self.tick(), time.monotonic())
        of.append(operation)
        return Asked(self, operation)


def _violation(plan: str, operations: Sequence[Operation]) -> str:
    """Return why one plan's history cannot be; empty where it can."""
    try:
        result = check(_told(operations), OnePlan(), budget=BUDGET)
    except RuntimeError as error:
        return f"plan {plan}: whether its history can be is not known: {error}"
    return "" if result.ok else f"plan {plan}: {result.explain()}"


def _told(operations: Sequence[Operation]) -> list[Operation]:
    """Return the operations that matter for the plan, together with what the system may do by itself.

    Reads that nobody answered say nothing. Tries of one key that nobody answered are one: a key has one effect at most.
    """
    told: list[Operation] = []
    unanswered: set[Decision] = set()
    for op in operations:
        if op.status in (INFO, PENDING):
            if op.f == READ or (op.f == DECIDE and op.arg in unanswered):
                continue
            unanswered.add(op.arg)
        told.append(op)
    begun = min((op.call for op in told), default=0)
    return [*told, *(Operation(len(operations) + n, "system", f, None, begun, 0.0) for n, f in enumerate(FOLLOWS))]
