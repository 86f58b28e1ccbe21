"""A plan that awaits approval and of which a channel can be asked for again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg

from gateway.commands.answer import Answer
from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands
from projections.plans import reads
from schemas import headers
from schemas.plan import ChannelAnalysis, Opportunity
from schemas.wire import Codec
from streams.analysis.analyst import EmbeddedAnalyst
from streams.analysis.results import Results
from streams.analysis.work import Work
from streams.broker.records import Incoming
from streams.hosts.dispatch import dispatch
from tests.support.reading import recorded, show

from .test_analysis_work import Analyst, Sent, item, waiting


def found(title: str) -> Analyst:
    """An agent that finds one opportunity on every channel."""

    def act(channel: str) -> ChannelAnalysis:
        one = Opportunity(f"{channel}-x", channel, title, "o quê", "high")
        return ChannelAnalysis(channel, "agent", "m1", "resumo", [one])

    return Analyst(act)


class Plan:
    """A plan that awaits its approval, analysed by the rules."""

    def __init__(self, pool: asyncpg.Pool, url: str, codec: Codec, plan_id: str, document: str) -> None:
        self.pool, self.url, self.codec = pool, url, codec
        self.id, self.document = plan_id, document

    async def ask(self, channel: str = "shopee", analyst: str = "agent", **more: Any) -> Answer:
        data = {"channel": channel, "analyst": analyst}
        command = Command("plan.channel.analyse_again", self.id, "ana", "ana", data, **more)
        return await Commands(self.pool, NoRelay()).run(command)

    async def decide(self, action: str = "approve", expect: int | None = None) -> Answer:
        command = Command(f"plan.{action}", self.id, "ana", "ana", {"reason": ""}, expect=expect)
        return await Commands(self.pool, NoRelay()).run(command)

    async def request(self, n: int = -1, *more: tuple[str, bytes]) -> Incoming:
        """Return the work item of the n-th request, as the worker makes it."""
        asked = [r.event for r in await recorded(self.pool, self.id) if r.event.type == "plan.channel.requested_again"]
        [event] = dispatch(asked[n])
        topic = "analysis.work.normal"
        value = self.codec.encode(topic, event)
        return Incoming(topic, 0, 9, 1, self.id.encode(), value, [*headers.for_event(event, None), *more], lambda: None)

    def work(self, analyst: Any, sent: Sent | None = None, **more: Any) -> Work:
        return Work(self.codec, analyst, Results(self.pool), sent or Sent(), **more)  # type: ignore[arg-type] # a stand-in

    async def answer(self, analyst: Any, n: int = -1) -> None:
        await self.work(analyst).see_through(await self.request(n))

    async def show(self) -> None:
        await show(self.pool, self.url, self.id)

    async def read(self) -> reads.Plan:
        await self.show()
        plan = await reads.get(self.pool, UUID(self.id))
        assert plan is not None
        return plan

    async def written(self) -> list[str]:
        """Return type, channel and version of every event, in order."""
        rows = await self.pool.fetch(
            "select type, stream, version from decide.outbox where key = $1 and stream like 'plan-%' order by seq",
            self.id,
        )
        return [f"{r['type']}{r['stream'].removeprefix(f'plan-{self.id}')} {r['version']}" for r in rows]

    async def waits(self) -> list[str]:
        rows = await self.pool.fetch("select kind, channel from flow.deadline where plan_id = $1::uuid", self.id)
        return [f"{r['kind']} {r['channel']}".strip() for r in rows]


async def plan_of(pool: asyncpg.Pool, url: str, codec: Codec, channels: list[str]) -> Plan:
    plan_id, document = await waiting(pool, channels)
    work = Work(codec, EmbeddedAnalyst(), Results(pool), Sent())  # type: ignore[arg-type] # a stand-in
    for channel in channels:
        await work.see_through(item(codec, plan_id, document, channel))
    plan = Plan(pool, url, codec, plan_id, document)
    await plan.show()
    return plan
