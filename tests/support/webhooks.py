"""A history that a test writes by hand, and webhooks that are told of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson

from gateway.alerts.breaker import Breaker
from gateway.alerts.sender import Sender
from gateway.alerts.webhooks.endpoint import Endpoint
from gateway.alerts.webhooks.queue import Deliveries, Delivery
from gateway.alerts.webhooks.taking import take
from gateway.alerts.webhooks.telling import TRIES
from gateway.operations import webhooks
from gateway.webhooks.reach import Networks, networks
from gateway.webhooks.types import TOPICS
from projections.reads.webhooks import BREAKER
from schemas.topics import PLAN_EVENTS

SOURCE = "https://pages.example.com"
HERE: Networks = networks({"MARKETPLACE_WEBHOOK_NETWORKS": "127.0.0.0/8"})
#: What readers of the history take for granted in events of a type.
_SAID = {"plan.uploaded": {"title": "Vendas de outubro", "filename": "outubro.xlsx"}}


@dataclass
class History:
    """Writes events as the projections do: rows, and how far the partition was read."""

    pool: asyncpg.Pool
    ends: dict[tuple[str, int], int] = field(default_factory=dict)

    async def event(
        self,
        type_: str,
        plan_id: UUID,
        *,
        topic: str = PLAN_EVENTS,
        partition: int = 0,
        data: dict[str, Any] | None = None,
        late_s: float = 0.0,
        projected: bool = True,
    ) -> UUID:
        """Write one event; return its id. `late_s`: its broker's clock was behind by so much."""
        offset = self.ends.get((topic, partition), 0)
        self.ends[topic, partition] = offset + 1
        event_id = uuid4()
        await self.pool.execute(
            """insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor,
                                        causation_id, topic, partition, "offset", data)
               values ($1, $2, $3, $4, $5::bigint, now(), clock_timestamp() - make_interval(secs => $9), 'ana', 'r',
                       $6, $7, $5::bigint, $8)""",
            event_id,
            plan_id,
            type_,
            f"{type_.partition('.')[0]}-{plan_id}",
            offset,
            topic,
            partition,
            orjson.dumps(data or _SAID.get(type_, {})).decode(),
            late_s,
        )
        if projected:
            await self.projected(topic, partition, offset + 1)
        return event_id

    async def projected(self, topic: str, partition: int, next_offset: int) -> None:
        await self.pool.execute(
            """insert into rm.projection_offset (projection, topic, partition, next_offset)
               values ('read_models', $1, $2, $3)
               on conflict (projection, topic, partition) do update set next_offset = excluded.next_offset""",
            topic,
            partition,
            next_offset,
        )


@dataclass
class Told:
    """One webhook, driven by hand."""

    pool: asyncpg.Pool
    webhook_id: UUID
    name: str
    url: str
    secret: str = "s" * 20

    async def take(self) -> int:
        return await take(self.pool, self.webhook_id, SOURCE)

    def sender(self) -> Sender[Delivery]:
        endpoint, deliveries = Endpoint(self.url, self.secret, HERE), Deliveries(self.pool, self.webhook_id)
        return Sender(self.name, endpoint, Breaker(self.pool, self.name, BREAKER), lambda: [deliveries], TRIES)

    async def send(self, lanes: int = 1) -> int:
        """Send what is due; return how many tries that were."""
        return sum(await asyncio.gather(*(self._lane() for _ in range(lanes))))

    async def _lane(self) -> int:
        sender, deliveries, count = self.sender(), Deliveries(self.pool, self.webhook_id), 0
        while await sender.once(deliveries):
            count += 1
        return count

    async def due(self) -> None:
        """Let what waits for another try, or for the end of a claim, be due now."""
        await self.pool.execute(
            "update flow.webhook_delivery set due_at = now() - interval '1 s', claimed_until = case"
            " when claimed_until is null then null else now() - interval '1 s' end where state = 'waiting'"
        )

    async def states(self) -> Sequence[tuple[str, str]]:
        rows = await self.pool.fetch(
            "select type, state from flow.webhook_delivery where webhook_id = $1 order by seq", self.webhook_id
        )
        return [(row["type"], row["state"]) for row in rows]


async def told_of_two(pool: asyncpg.Pool, history: History, url: str) -> Told:
    """Register a webhook, and have it given two events of one plan, of which the second waits for the first."""
    told, plan = await registered(pool, url), uuid4()
    await history.event("plan.uploaded", plan)
    await history.event("plan.analyzed", plan)
    await told.take()
    return told


async def registered(pool: asyncpg.Pool, url: str, *types: str, name: str = "erp") -> Told:
    """Register a webhook as the gateway does, save for the audit."""
    made = Told(pool, uuid4(), name, url)
    asked = list(types or ("plan.*", "task.*"))
    await pool.execute(webhooks._MAKE, made.webhook_id, name, url, made.secret, asked, "ana")
    await pool.execute(webhooks._FROM_NOW_ON, made.webhook_id, list(TOPICS))
    return made
