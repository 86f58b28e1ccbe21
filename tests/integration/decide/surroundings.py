"""What surrounds the decider: agents that report, the relay, the log, and read models that see it step by step."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from .model import Decider, Plan

WHICH = st.integers(0, 3)
TASKS = 2
ANSWER = (
    "select decide.record_again((null, $1::uuid, null, null, null, null, gen_random_uuid(), 1, 'c', 'a', null, '{}')"
    "::decide.command, case when $6::jsonb is null then 'plan.channel.kept' else 'plan.channel.analyzed' end, $2, $3,"
    " $4, $5, $6::jsonb)"
)


class Surroundings(RuleBasedStateMachine):
    """A few plans of its own in a real database, and the model of them."""

    loop: asyncio.AbstractEventLoop
    pool: asyncpg.Pool

    def __init__(self) -> None:
        super().__init__()
        self.model = Decider()
        self.made = 0

    def new_id(self) -> str:
        """Return a new id. Ids rise, because commands are decided in the order of ids: so each run is the same."""
        self.made += 1
        return f"{self.made:08x}{str(uuid4())[8:]}"

    def ask(self, sql: str, *args: Any) -> Any:
        return self.loop.run_until_complete(self.pool.fetchval(sql, *args))

    def plan(self, which: int) -> Plan | None:
        return self.model.plans[which % len(self.model.plans)] if self.model.plans else None

    @rule(which=WHICH, channel=st.integers(0, 1))
    def record(self, which: int, channel: int) -> None:
        plan = self.plan(which)
        if plan is None:
            return
        name = plan.channels[channel % len(plan.channels)]
        raw = self.ask(
            "select decide.record_channel((null, $1::uuid, null, null, null, null, gen_random_uuid(), 1, 'c', 'a',"
            " null, '{}')::decide.command, 'plan.channel.failed', $2)",
            plan.id,
            name,
        )
        complete = self.model.record(plan, name)
        assert orjson.loads(raw)["outcome"] == ("complete" if complete else "recorded")

    @rule(which=WHICH)
    def finish(self, which: int) -> None:
        """A runner finishes an analysis whose results are complete, whatever happened meanwhile, even a cancel."""
        plan = self.plan(which)
        if plan is None or plan.results.keys() != set(plan.channels):
            return
        said = self.ask(
            "select decide.finish_analysis((null, $1::uuid, null, null, null, null, $2::uuid, 1, 'c', 'a', null, '{}')"
            "::decide.command)",
            plan.id,
            UUID(int=UUID(plan.id).int ^ 1),  # the same each time: it hangs on the plan
        )
        assert said == self.model.finish(plan)

    @rule(which=WHICH, channel=st.integers(0, 1), kept=st.booleans(), late=st.booleans())
    def answer(self, which: int, channel: int, kept: bool, late: bool) -> None:
        """A runner has analysed a channel again; `late`: another one's answer came first, or the plan has moved on."""
        plan = self.plan(which)
        if plan is None or plan.head is None:
            return
        name = plan.channels[channel % len(plan.channels)]
        sql = "select request_id from decide.channel_again where plan_id = $1::uuid and channel = $2"
        request = self.ask(sql, plan.id, name)
        assert (request is not None) == (name in plan.again)
        arguments = (plan.id, name, request or uuid4(), plan.head.version, uuid4(), None if kept else "{}")
        if late and not kept and name in plan.again:
            assert self.ask(ANSWER, *arguments[:3], plan.head.version - 1, *arguments[4:]) == "moved"
        assert self.ask(ANSWER, *arguments[:2], uuid4(), *arguments[3:]) == "ended"  # an answer to an earlier request
        wanted = self.model.answer(plan, name, kept=kept)
        assert self.ask(ANSWER, *arguments) == ("recorded" if wanted else "ended")
        assert self.ask(ANSWER, *arguments) == "ended"  # once

    @rule()
    def relay(self) -> None:
        self.ask("update decide.outbox set published_at = now() where key = any($1)", [p.id for p in self.model.plans])
        self.model.relay()

    @rule(which=WHICH)
    def phase1(self, which: int) -> None:
        plan = self.plan(which)
        if plan is not None:
            self.model.phase1(plan, [self.new_id() for _ in range(TASKS)])

    @rule(which=WHICH, events=st.integers(1, 5), task_events=st.integers(0, 5))
    def project(self, which: int, events: int, task_events: int) -> None:
        """Let the read models of plans, or of tasks, take in some more of the log."""
        plan = self.plan(which)
        if plan is None:
            return
        plan.read = min(len(plan.log), plan.read + events)
        for task in plan.tasks:
            task.read = min(len(task.log), task.read + task_events)
        self.show(plan)

    def show(self, plan: Plan) -> None:
        if plan.shown is None:
            return
        known = json.dumps({"tasks": [{"task_id": t.id} for t in plan.tasks if not t.later]})
        self.ask(
            "insert into rm.plan (plan_id, version, status, channels, changed_at, analyzed_at, phase1)"
            " values ($1::uuid, $2, $3, $4, now(), case when $5 then now() end, $6::jsonb) on conflict (plan_id) do"
            " update set version = excluded.version, status = excluded.status, changed_at = excluded.changed_at,"
            " analyzed_at = excluded.analyzed_at, phase1 = excluded.phase1",
            plan.id,
            plan.shown.version,
            plan.shown.status,
            list(plan.channels),
            plan.has_seen("plan.analyzed"),
            known if plan.has_seen("plan.phase1.created") else None,
        )
        for task in plan.tasks:
            if task.shown is not None:
                self.ask(
                    "insert into rm.task (task_id, plan_id, version, status, changed_at, attempt)"
                    " values ($1::uuid, $2::uuid, $3, $4, now(), 1) on conflict (task_id) do"
                    " update set version = excluded.version, status = excluded.status",
                    task.id,
                    plan.id,
                    task.shown.version,
                    task.shown.status,
                )
