"""Drives an alert engine by hand: the test gives findings and times, and takes the notices that come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import asyncpg

from gateway.alerts import store
from gateway.alerts.alert import Alert
from gateway.alerts.breaker import Breaker
from gateway.alerts.core import Change, Look, Memory, step
from gateway.alerts.queue import PostgresQueue
from gateway.alerts.routing import Routing, notices
from gateway.alerts.sender import Sender
from gateway.alerts.settings import Settings
from gateway.verdict.families import key_of
from gateway.verdict.finding import Finding

PAGES = "http://pages"


@dataclass
class Driver:
    """An alert engine driven by hand. `look` shows findings until they open; `send` sends what one notifier is due."""

    pool: asyncpg.Pool
    settings: Settings
    now: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(hours=12))
    memory: Memory = field(default_factory=lambda: Memory(datetime.now(UTC) - timedelta(hours=13)))

    @property
    def routing(self) -> Routing:
        return self.settings.routing

    async def look(self, *findings: Finding, seconds: float = 400.0) -> list[Change]:
        """Look twice, so far apart that whatever is there opens, and whatever is gone is over."""
        changes: list[Change] = []
        for _ in range(2):
            self.now += timedelta(seconds=seconds)
            found = {key_of(one): one for one in reversed(findings)}
            async with self.pool.acquire() as db, db.transaction():
                known = await store.load(db)
                self.memory, made = step(
                    self.memory, Look(self.now, found), known, self.routing.patience, self.routing.escalates
                )
                told = await store.told(db, [change.alert.alert_id for change in made])
                for change in made:
                    assert await store.write(db, change)
                    mine = notices(
                        change,
                        self.routing,
                        told.get(change.alert.alert_id, {}),
                        self.now,
                        self.settings.notifiers.keys(),
                    )
                    await store.put(db, list(mine))
            changes += made
        return changes

    async def acknowledged(self) -> int:
        """Queue notices for what people have acknowledged, as a look does; return how many there were."""
        names = [name for name, one in self.settings.notifiers.items() if one.acknowledges]
        async with self.pool.acquire() as db:
            made = await store.acknowledged(db, names, self.now)
            await store.put(db, made)
        return len(made)

    def sender(self, name: str) -> Sender:
        return Sender(name, self.settings.notifiers[name], Breaker(self.pool, name), list)

    async def send(self, name: str) -> int:
        """Send what is due; return how many messages that were."""
        sender, queue = self.sender(name), PostgresQueue(self.pool, PAGES)
        count = 0
        while await sender.once(queue):
            count += 1
        return count

    async def due(self) -> None:
        """Make everything due now that waits for another attempt or for the end of a claim."""
        await self.pool.execute(
            "update flow.alert_message set due_at = now() - interval '1 s', claimed_until = case"
            " when claimed_until is null then null else now() - interval '1 s' end where state = 'waiting'"
        )

    async def alerts(self) -> Sequence[Alert]:
        return (await store.load(self.pool)).alerts  # type: ignore[arg-type] # a pool reads as a connection does


async def states(pool: asyncpg.Pool) -> list[tuple[str, str]]:
    """Return notifier and state of every message, in their order."""
    rows = await pool.fetch("select notifier, state from flow.alert_message order by created_at, notifier")
    return [(row["notifier"], row["state"]) for row in rows]
