"""The decider against a model of it: every order of uploads, results, decisions, repeats, and read models that lag.

Whatever happens: an answer is what the model says, a key has one answer, each stream's versions are given away once and
without a gap, and no two events have the same id.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_OID, uuid4, uuid5

import asyncpg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from gateway.commands.answer import Answer
from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands, Upload
from gateway.operations.housekeeping import keep_house

from .conftest import upload_of
from .model import RULES, Plan, Stream
from .surroundings import TASKS, WHICH, Surroundings

KEYS = st.sampled_from([None, None, "a", "b", "c", "d"])
EXPECT = st.sampled_from(["any", "any", "right", "stale", "with reserved", "ahead"])
PLAN_COMMANDS = st.sampled_from(sorted(name for name in RULES if name.startswith("plan.")))
TASK_COMMANDS = st.sampled_from(sorted(name for name in RULES if name.startswith("task.")))
MOSTLY_APPROVED = st.sampled_from([*["plan.approve"] * 4, "plan.reject", "plan.channel.analyse_again"])
ASSIGNEES = st.sampled_from(["", "bia"])


class DeciderMachine(Surroundings):
    """What people ask for, and what must be true."""

    def __init__(self) -> None:
        super().__init__()
        self.scope = uuid4().hex
        self.files = [uuid4().hex for _ in range(2)]
        self.commands = Commands(self.pool, NoRelay())
        self.asked: list[Command | Upload] = []  # with a key: what can be asked again
        self.ids: dict[str, tuple[str, int]] = {}  # event id -> where it stands
        self.events: dict[str, str] = {}  # key -> id of the event that its answer names

    # what people ask for

    def do(self, asked: Command | Upload) -> Answer:
        work = self.commands.upload(asked) if isinstance(asked, Upload) else self.commands.run(asked)
        answer = self.loop.run_until_complete(work)
        wanted = self.model.upload(asked) if isinstance(asked, Upload) else self.model.run(asked)
        self.check_answer(asked, answer, wanted)
        return answer

    def check_answer(self, asked: Command | Upload, answer: Answer, wanted: Answer) -> None:
        said = Answer(answer.outcome, answer.status, answer.version, answer.plan_id, repeated=answer.repeated)
        assert said == wanted, asked
        if asked.key is not None and answer.outcome in ("accepted", "unchanged"):
            if answer.repeated:
                assert answer.event_id == self.events[asked.key]
            self.events[asked.key] = answer.event_id
            self.asked.append(asked)

    @initialize(channels=st.integers(1, 2), begins=st.sampled_from(["uploaded", "analyzed", "approved", "with tasks"]))
    def one_plan(self, channels: int, begins: str) -> None:
        self.upload(0, channels, again=False, key=None)
        if begins in ("analyzed", "approved"):
            self.the_whole_analysis(0)
        if begins == "approved":
            self.decide("plan.approve", 0, "any", None, "")
        if begins == "with tasks":
            self.all_the_way_to_tasks(0)

    @rule(file=st.integers(0, 1), channels=st.integers(1, 2), again=st.booleans(), key=KEYS)
    def upload(self, file: int, channels: int, again: bool, key: str | None) -> None:
        wanted = ["shopee", "amazon"][:channels]
        made = upload_of(
            self.new_id(),
            self.files[file],
            again=again,
            scope=self.scope,
            key=key,
            request_hash=f"{file} {channels} {again}",
        )
        made.channels[:] = wanted
        self.do(made)

    def phase(self, plan: str, number: int) -> dict[str, Any]:
        """A later phase with its tasks: the same ids whoever asks for it."""
        ids = [str(uuid5(NAMESPACE_OID, f"{plan} {number} {n}")) for n in range(TASKS)]
        return {"phase": number, "tasks": [{"task_id": task} for task in ids]}

    def command(self, name: str, of: Stream | None, expect: str, key: str | None, said: str) -> Command:
        data: dict[str, Any] = (
            {"assignee": said} if name == "task.assign" else {"reason": said, "note": said, "comment": said}
        )
        if name == "plan.channel.analyse_again":
            data = {"channel": "amazon" if key in ("b", "c") else "shopee", "analyst": "agent" if said else "rules"}
        head = of.head if of is not None else None
        if name == "plan.phase.start":
            begun = 1 if head is None else head.phase
            data = self.phase("" if of is None else of.id, begun + (said != "bia"))
        if name == "plan.task.add":
            data = {"task_id": self.new_id(), "title": "Fotos novas"}
        version, reserved = (head.version, head.reserved) if head is not None else (1, 0)
        seen = version - reserved
        expected = {"any": None, "right": seen, "stale": seen - 1, "with reserved": version, "ahead": version + 1}
        return Command(
            name,
            of.id if of is not None else self.new_id(),
            "ana",
            self.scope,
            data,
            key=key,
            request_hash=f"{name} {of.id if of is not None else ''} {said}",
            expect=expected[expect],
        )

    @rule(name=PLAN_COMMANDS, which=WHICH, expect=EXPECT, key=KEYS, said=ASSIGNEES)
    def decide(self, name: str, which: int, expect: str, key: str | None, said: str) -> None:
        self.do(self.command(name, self.plan(which), expect, key, said))

    @rule(names=st.lists(PLAN_COMMANDS, min_size=1, max_size=2), which=WHICH)
    def approve_and_decide_before_it_can_be_seen(self, names: list[str], which: int) -> None:
        for name in ("plan.approve", *names):
            self.decide(name, which, "any", None, "")

    @rule(name=TASK_COMMANDS, which=WHICH, task=st.integers(0, TASKS - 1), expect=EXPECT, key=KEYS, said=ASSIGNEES)
    def work(self, name: str, which: int, task: int, expect: str, key: str | None, said: str) -> None:
        tasks = [t for p in self.model.plans for t in p.tasks]
        self.do(self.command(name, tasks[(which * TASKS + task) % len(tasks)] if tasks else None, expect, key, said))

    @rule(names=st.lists(PLAN_COMMANDS | TASK_COMMANDS, min_size=2, max_size=4), which=WHICH, key=KEYS)
    def many_at_once(self, names: list[str], which: int, key: str | None) -> None:
        """One transaction, in the order of ids."""
        plan = self.plan(which)
        batch = []
        for n, name in enumerate(names):
            of = plan.tasks[n % TASKS] if plan is not None and plan.tasks and name.startswith("task.") else plan
            batch.append(self.command(name, of if of is plan or name.startswith("task.") else None, "any", key, ""))
        batch = [c for c in batch if self.is_right(c)]
        answers = self.loop.run_until_complete(self.commands.run_many(batch))
        for n in sorted(range(len(batch)), key=lambda i: batch[i].id):
            self.check_answer(batch[n], answers[n], self.model.run(batch[n]))

    @rule(asked=st.lists(st.tuples(MOSTLY_APPROVED, WHICH, EXPECT, KEYS), min_size=2, max_size=5))
    def several_at_once(self, asked: list[tuple[str, int, str, str | None]]) -> None:
        """Decisions about several plans in one transaction, some of one plan or with one key."""
        batch = [self.command(name, self.plan(which), expect, key, "") for name, which, expect, key in asked]
        answers = self.loop.run_until_complete(self.commands.run_many(batch))
        for n in sorted(range(len(batch)), key=lambda i: batch[i].id):
            self.check_answer(batch[n], answers[n], self.model.run(batch[n]))

    @rule(expect=EXPECT)
    def several_analysed_and_approved_at_once(self, expect: str) -> None:
        for which in range(len(self.model.plans)):
            self.the_whole_analysis(which)
        self.several_at_once([("plan.approve", which, expect, None) for which in range(len(self.model.plans))])

    def is_right(self, c: Command) -> bool:
        """Whether the command goes to what it is for: a plan's to a plan."""
        return isinstance(self.model.find(c.id)[1], Plan) == c.command.startswith("plan.")

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 20))
    def ask_again(self, which: int) -> None:
        asked = self.asked[which % len(self.asked)]
        if isinstance(asked, Upload):  # a client sends the file again: the gateway makes new ids for it
            fresh = upload_of(self.new_id(), asked.sha256, again=asked.again, scope=self.scope, key=asked.key)
            fresh.channels[:] = asked.channels
            object.__setattr__(fresh, "request_hash", asked.request_hash)
            asked = fresh
        elif asked.command == "plan.task.add":  # and for the task that is added
            asked = replace(asked, data={**asked.data, "task_id": self.new_id()})
        self.do(asked)

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 20), name=PLAN_COMMANDS, plan=WHICH)
    def ask_something_else_with_the_key(self, which: int, name: str, plan: int) -> None:
        self.do(self.command(name, self.plan(plan), "any", self.asked[which % len(self.asked)].key, "something else"))

    # several things in a row

    @rule(which=WHICH)
    def the_whole_analysis(self, which: int) -> None:
        for channel in (0, 1):
            self.record(which, channel)
        self.finish(which)
        self.relay()
        self.project(which, 5, 0)

    @rule(which=WHICH, channel=st.integers(0, 1), kept=st.booleans(), seen=st.booleans(), expect=EXPECT)
    def analyse_again_and_approve(self, which: int, channel: int, kept: bool, seen: bool, expect: str) -> None:
        self.the_whole_analysis(which)
        self.decide("plan.channel.analyse_again", which, "any", None, "")
        self.answer(which, channel, kept, late=True)
        if seen:
            self.relay()
            self.project(which, 5, 0)
        self.decide("plan.approve", which, expect, None, "")

    @rule(which=WHICH)
    def all_the_way_to_tasks(self, which: int) -> None:
        self.the_whole_analysis(which)
        self.decide("plan.approve", which, "any", None, "")
        self.relay()
        self.phase1(which)
        self.project(which, 5, 5)

    @rule(which=WHICH, phases=st.integers(1, 2), seen=st.booleans())
    def phase_after_phase(self, which: int, phases: int, seen: bool) -> None:
        self.all_the_way_to_tasks(which)
        plan = self.plan(which)
        for _ in range(phases):
            for task in plan.tasks if plan is not None else ():
                self.do(self.command("task.complete", task, "any", None, ""))
            if seen:
                self.relay()
                self.project(which, 5, 5)
            self.decide("plan.phase.start", which, "any", None, "")

    # what is done now and then

    @rule()
    def complete_waiting(self) -> None:
        """The watchdog looks for plans whose tasks had ended before Phase 1 was readable."""
        ids = [p.id for p in self.model.plans]
        self.ask("update rm.plan set changed_at = now() - interval '3 seconds' where plan_id = any($1::uuid[])", ids)
        self.ask("select decide.complete_waiting(1000, 'system:watchdog', false)")
        for plan in self.model.plans:
            ended = [t.shown is not None and t.shown.status in ("completed", "cancelled") for t in plan.tasks]
            if plan.shown is not None and plan.shown.status == "executing" and ended and all(ended):
                self.model.complete(plan)

    @rule()
    def old_rows_go(self) -> None:
        """What was published more than a day ago is dropped from the outbox."""
        self.ask(
            "update decide.outbox set published_at = published_at - interval '25 hours' where key = any($1)",
            [p.id for p in self.model.plans],
        )
        self.loop.run_until_complete(keep_house(self.pool))
        self.model.outbox = [e for e in self.model.outbox if e not in self.model.published]

    @rule()
    def old_keys_go(self) -> None:
        self.ask(
            "update decide.idempotency set stored_at = now() - interval '8 days' where scope = $1 returning 1",
            self.scope,
        )
        self.loop.run_until_complete(keep_house(self.pool))
        self.model.keys.clear()
        self.events.clear()

    @rule(name=TASK_COMMANDS, which=WHICH, task=st.integers(0, TASKS - 1))
    def ask_again_after_a_week(self, name: str, which: int, task: int) -> None:
        """Nobody remembers the key: it is another request, with another event."""
        self.work(name, which, task, "any", "a", "bia")
        self.old_keys_go()
        self.work(name, which, task, "any", "a", "bia")

    # what must be true

    @invariant()
    def heads_agree(self) -> None:
        streams = [
            (f"{kind}-{of.id}", of.head)
            for plan in self.model.plans
            for kind, of in (("plan", plan), *(("task", t) for t in plan.tasks))
        ]
        rows = self.loop.run_until_complete(
            self.pool.fetch(
                "select stream, status, version, reserved, tries, phase from decide.head where stream = any($1)",
                [stream for stream, _ in streams],
            )
        )
        wanted = {s: (h.status, h.version, h.reserved, h.tries, h.phase) for s, h in streams if h is not None}
        assert {r["stream"]: tuple(r)[1:] for r in rows} == wanted
        for stream, head in streams:
            missing = set(range(1, head.version + 1 if head is not None else 1)) - {
                version for of, version in self.model.given if of == stream
            }
            # what is missing is kept for an agent: plan.analyzed, plan.phase1.created
            given = [e for e in self.model.given.values() if e.stream == stream]
            kept = {2, *(e.version + 1 for e in given if e.type == "plan.approved")}
            assert not missing or (stream.startswith("plan-") and missing <= kept)

    @invariant()
    def the_outbox_agrees(self) -> None:
        rows = self.loop.run_until_complete(
            self.pool.fetch(
                "select stream, version, type, event_id::text, published_at is not null from decide.outbox"
                " where key = any($1) order by seq",
                [p.id for p in self.model.plans],
            )
        )
        wanted = [(e.stream, e.version, e.type, e in self.model.published) for e in self.model.outbox]
        assert sorted((r[0], r[1], r[2], r[4]) for r in rows) == sorted(wanted)
        for row in rows:
            assert self.ids.setdefault(row[3], (row[0], row[1])) == (row[0], row[1]), "an id that was there before"


async def pool_of(url: str) -> asyncpg.Pool:
    return await asyncpg.create_pool(url, min_size=1, max_size=2)


def test_the_decider_does_as_the_model(database_url: str) -> None:
    loop = asyncio.new_event_loop()
    pool = loop.run_until_complete(pool_of(database_url))
    DeciderMachine.loop, DeciderMachine.pool = loop, pool
    try:
        run_state_machine_as_test(
            DeciderMachine,
            settings=settings(
                max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
    finally:
        loop.run_until_complete(pool.close())
        loop.close()
