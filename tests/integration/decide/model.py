"""What the decider must do, in plain Python: heads, keys, the outbox, and what the log and the reads know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gateway.commands.answer import Answer
from gateway.commands.commands import Command, Upload

ENDED: Final = ("completed", "cancelled")
#: Where a phase that has begun is no news.
BEGUN: Final = ("executing", "completed")


class Rule(NamedTuple):
    """A command's rule: allowed from which statuses, a repeat in which, and the new status ("": it stays)."""

    needs: tuple[str, ...]
    already: tuple[str, ...]
    to: str
    type: str


RULES: Final = {
    "plan.approve": Rule(("awaiting_approval",), ("approved", "executing", "completed"), "approved", "plan.approved"),
    "plan.reject": Rule(("awaiting_approval",), ("rejected",), "rejected", "plan.rejected"),
    "plan.cancel": Rule(("analyzing", "awaiting_approval", "executing"), ("cancelled",), "cancelled", "plan.cancelled"),
    "plan.channel.analyse_again": Rule(("awaiting_approval",), (), "", "plan.channel.requested_again"),
    "plan.phase.start": Rule(("completed",), (), "executing", "plan.phase.started"),
    "plan.task.add": Rule(("executing",), (), "", "task.added"),
    "task.text.change": Rule(("open", "assigned", "started", "failed"), (), "", "task.changed"),
    "task.assign": Rule(("open", "assigned", "started"), (), "", "task.assigned"),
    "task.start": Rule(("open", "assigned"), ("started",), "started", "task.started"),
    "task.complete": Rule(("open", "assigned", "started"), ("completed",), "completed", "task.completed"),
    "task.fail": Rule(("open", "assigned", "started"), ("failed",), "failed", "task.failed"),
    "task.retry": Rule(("failed",), ("open",), "open", "task.retried"),
    "task.cancel": Rule(("open", "assigned", "started", "failed"), ("cancelled",), "cancelled", "task.cancelled"),
    "task.reschedule": Rule(("open", "assigned", "started", "failed"), (), "", "task.rescheduled"),
    "task.comment": Rule(("open", "assigned", "started", "failed", "completed", "cancelled"), (), "", "task.commented"),
}
#: event -> status of the plan after it
STATUS: Final = {
    "plan.uploaded": "analyzing",
    "plan.analyzed": "awaiting_approval",
    "plan.approved": "approved",
    "plan.rejected": "rejected",
    "plan.cancelled": "cancelled",
    "plan.phase1.created": "executing",
    "plan.completed": "completed",
    "plan.phase.started": "executing",
}


@dataclass
class Head:
    status: str
    version: int
    reserved: int = 0
    tries: int = 1
    phase: int = 1


class Written(NamedTuple):
    """An event of the model. `status`: of its plan or task after the event."""

    stream: str
    version: int
    type: str
    status: str


@dataclass
class Stream:
    """A plan or a task: what was decided, what is in the log, and how much of that the read model has seen."""

    id: str
    head: Head | None = None
    log: list[Written] = field(default_factory=list)
    read: int = 0
    later: bool = False  # a task of a later phase, or one that a person added

    @property
    def shown(self) -> Written | None:
        """Return the event that the read model shows: a late one of a lower version does not move it back."""
        return max(self.log[: self.read], key=lambda e: e.version, default=None)


@dataclass
class Plan(Stream):
    sha256: str = ""
    channels: tuple[str, ...] = ()
    results: dict[str, int] = field(default_factory=dict)  # channel -> last version of its own stream
    again: dict[str, str] = field(default_factory=dict)  # channel that is analysed again -> by whom
    tasks: list[Stream] = field(default_factory=list)

    def has_seen(self, type_: str) -> bool:
        return any(e.type == type_ for e in self.log[: self.read])


class Decider:
    """`outbox` holds what is there, in order; `given` every event that was ever written, by anybody."""

    def __init__(self) -> None:
        self.plans: list[Plan] = []
        self.keys: dict[str, tuple[str, Answer]] = {}
        self.outbox: list[Written] = []
        self.published: set[Written] = set()
        self.given: dict[tuple[str, int], Written] = {}

    # commands

    def upload(self, c: Upload) -> Answer:
        kept = self._kept(c.key, c.request_hash)
        if kept is not None:
            return kept
        same = [p for p in self.plans if p.sha256 == c.sha256 and set(p.channels) == set(c.channels)]
        same = [p for p in same if p.head is not None and p.head.status not in ("rejected", "cancelled")]
        if same and not c.again:
            assert same[-1].head is not None
            return Answer("duplicate", same[-1].head.status, 0, same[-1].id)
        plan = Plan(c.plan_id, Head("analyzing", 2, reserved=1), sha256=c.sha256, channels=tuple(c.channels))
        self.plans.append(plan)
        self.write(f"plan-{plan.id}", 1, "plan.uploaded", "analyzing")
        return self._keep(c.key, c.request_hash, Answer("accepted", "analyzing", 1, plan.id))

    def run(self, c: Command) -> Answer:
        kept = self._kept(c.key, c.request_hash)
        if kept is not None:
            return kept
        rule = RULES[c.command]
        plan, of = self.find(c.id)
        head = None if of is None else self._current(of)
        if head is None or plan is None or of is None:
            return Answer("not_found")
        of_channel, channel = c.command == "plan.channel.analyse_again", c.data.get("channel", "")
        if of_channel and channel not in plan.channels:
            return Answer("not_found")
        seen = head.version - head.reserved
        begun = c.command == "plan.phase.start" and c.data["phase"] <= head.phase and head.status in BEGUN
        if head.status in rule.already or begun or (of_channel and plan.again.get(channel) == c.data["analyst"]):
            return self._keep(c.key, c.request_hash, Answer("unchanged", head.status, seen, plan.id))
        if c.expect is not None and c.expect != seen:
            return Answer("version_mismatch", head.status, seen)
        if head.status not in rule.needs:
            return Answer("wrong_status", head.status, seen)
        if c.command == "plan.approve" and self._is_another_plan(plan, c.expect):
            return Answer("version_mismatch", head.status, seen)
        answer = self._add(plan, c) if c.command == "plan.task.add" else self._do(plan, of, head, rule, c)
        return self._keep(c.key, c.request_hash, answer)

    def _do(self, plan: Plan, of: Stream, head: Head, rule: Rule, c: Command) -> Answer:
        """Do what nothing stands against."""
        of.head, kind = head, c.command.partition(".")[0]
        version = self._moved(plan, head, rule, c)
        self.write(f"{kind}-{c.id}", version, rule.type, head.status)
        if c.command == "plan.phase.start":
            self._begin(plan, c)
        if kind == "task" and head.status in ENDED:
            self.complete(plan)
        return Answer("accepted", head.status, version, plan.id)

    def _moved(self, plan: Plan, head: Head, rule: Rule, c: Command) -> int:
        """Advance the head of a plan or task; return the version of the command's event."""
        version = head.version + 1
        head.reserved = 1 if c.command == "plan.approve" else 0
        head.version = version + head.reserved
        head.tries += c.command == "task.retry"
        if c.command == "task.assign" and head.status != "started":
            head.status = "assigned" if c.data["assignee"] else "open"
        head.status = rule.to or head.status
        if c.command == "plan.channel.analyse_again":
            plan.again[c.data["channel"]] = c.data["analyst"]
        elif c.command.startswith("plan."):
            plan.again.clear()
        if c.command == "plan.cancel":
            self._cancel_tasks(plan)
        return version

    def _begin(self, plan: Plan, c: Command) -> None:
        """Begin a phase: its tasks are there at once, and on their way to the log."""
        assert plan.head is not None
        plan.head.phase = c.data["phase"]
        for task in c.data["tasks"]:
            plan.tasks.append(Stream(task["task_id"], Head("open", 1), later=True))
            self.write(f"task-{task['task_id']}", 1, "task.created", "open")

    def _add(self, plan: Plan, c: Command) -> Answer:
        """Add a task: the plan's own version and status stay, and it ends with this task, too."""
        task = c.data["task_id"]
        plan.tasks.append(Stream(task, Head("open", 1), later=True))
        self.write(f"task-{task}", 1, "task.added", "open")
        return Answer("accepted", "open", 1, plan.id)

    def _is_another_plan(self, plan: Plan, expect: int | None) -> bool:
        """Say whether what would be approved may not be what was read."""
        assert plan.head is not None
        assert plan.shown is not None
        return (expect is None and plan.head.version > 2) or plan.shown.version < plan.head.version

    def _kept(self, key: str | None, hash_: str) -> Answer | None:
        if key is None or key not in self.keys:
            return None
        known, answer = self.keys[key]
        return Answer("key_reused") if known != hash_ else answer

    def _keep(self, key: str | None, hash_: str, answer: Answer) -> Answer:
        if key is not None:
            self.keys[key] = hash_, Answer(answer.outcome, answer.status, answer.version, answer.plan_id, repeated=True)
        return answer

    # channels, and what follows without anybody's command

    def record(self, plan: Plan, channel: str) -> bool:
        """Store a channel's result; return whether all channels have ended."""
        assert plan.head is not None
        if channel not in plan.results:
            plan.results[channel] = 1
            self.write(f"plan-{plan.id}.{channel}", 1, "plan.channel.failed", "")
        return plan.results.keys() == set(plan.channels) and plan.head.status != "cancelled"

    def finish(self, plan: Plan) -> bool:
        if (f"plan-{plan.id}", 2) in self.given:
            return False
        self.write(f"plan-{plan.id}", 2, "plan.analyzed", "awaiting_approval")
        return True

    def answer(self, plan: Plan, channel: str, *, kept: bool) -> bool:
        """Take the result of a channel that was analysed again; return whether it was still wanted."""
        if channel not in plan.again:
            return False
        assert plan.head is not None
        del plan.again[channel]
        plan.results[channel] += 1
        type_ = "plan.channel.kept" if kept else "plan.channel.analyzed"
        self.write(f"plan-{plan.id}.{channel}", plan.results[channel], type_, "")
        if not kept:
            plan.head.version += 1
            self.write(f"plan-{plan.id}", plan.head.version, "plan.analyzed", "awaiting_approval")
        return True

    def complete(self, plan: Plan) -> None:
        """End a plan of which all tasks have ended, as far as the read models know of Phase 1."""
        head = self._current(plan)
        if head is None or head.status != "executing":
            return
        if all(task.head is not None and task.head.status in ENDED for task in plan.tasks):
            head.status, head.version = "completed", head.version + 1
            plan.head = head
            self.write(f"plan-{plan.id}", head.version, "plan.completed", "completed")

    def _cancel_tasks(self, plan: Plan) -> None:
        for task in plan.tasks:
            if task.head is None and not plan.has_seen("plan.phase1.created"):
                continue
            head = self._current(task) or Head("open", 1)
            task.head = head
            if head.status not in ENDED:
                head.status, head.version = "cancelled", head.version + 1
                self.write(f"task-{task.id}", head.version, "task.cancelled", "cancelled")

    def _current(self, of: Stream) -> Head | None:
        """Return a head as the read model has it by now, never back; only what is decided by it is kept."""
        shown = of.shown
        if of.head is None and shown is not None:
            of.head = Head(shown.status, shown.version)
        elif isinstance(of, Plan) and of.head is not None and of.head.reserved and shown is not None:
            seen = Head(shown.status, shown.version, phase=of.head.phase)
            return seen if shown.version >= of.head.version else of.head
        return of.head

    # the outbox and the log

    def write(self, stream: str, version: int, type_: str, status: str) -> None:
        event = Written(stream, version, type_, status)
        assert (stream, version) not in self.given
        self.given[stream, version] = event
        self.outbox.append(event)

    def relay(self) -> None:
        for event in self.outbox:
            if event not in self.published:
                self.published.add(event)
                _, of = self.find(event.stream[5:])
                if of is not None:  # results of channels move nothing
                    of.log.append(event)

    def phase1(self, plan: Plan, tasks: list[str]) -> bool:
        """Do the worker's part for an approval that is in the log; return whether there was one."""
        approved = next((e for e in plan.log if e.type == "plan.approved"), None)
        if approved is None or plan.tasks:
            return False
        created = Written(approved.stream, approved.version + 1, "plan.phase1.created", "executing")
        self.given[created.stream, created.version] = created
        plan.log.append(created)
        plan.tasks = [Stream(id_, log=[Written(f"task-{id_}", 1, "task.created", "open")]) for id_ in tasks]
        self.given |= {(task.log[0].stream, 1): task.log[0] for task in plan.tasks}
        return True

    def find(self, id_: str) -> tuple[Plan | None, Stream | None]:
        """Return the plan and what has the id: the plan or a task of it."""
        for plan in self.plans:
            for of in (plan, *plan.tasks):
                if of.id == id_:
                    return plan, of
        return None, None
