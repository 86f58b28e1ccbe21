"""Drives one kind of reminders, step by step, to a real mail server."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import asyncpg

from gateway.alerts.reminder_maker import ReminderMaker
from gateway.alerts.reminder_queue import PEOPLE, ReminderQueue
from gateway.alerts.routing import Routing
from gateway.audit.writing import Who
from tests.integration.alerts.mailing import let_time_pass, send_all
from tests.support.receivers import SmtpReceiver

BY: Final = Who("test")
ANA, ANAS = "ana.lima", "ana.lima@example.com"
BIA, BIAS = "bia.reis", "bia.reis@example.com"


@dataclass
class Driven(ABC):
    """Looks for what is due, and sends it, one step after the other."""

    pool: asyncpg.Pool
    mail: SmtpReceiver
    routing: Routing = field(default_factory=Routing)

    @property
    @abstractmethod
    def queue(self) -> ReminderQueue:
        """Return the queue that sends them."""

    @abstractmethod
    def maker(self, *, reach: bool = True) -> ReminderMaker:
        """Return a maker that has not looked yet."""

    async def look(self, at: datetime | None = None) -> bool:
        """Look once, at a time of the day when nobody sleeps if none is given; return whether anything is new."""
        async with self.pool.acquire() as db:
            return await self.maker().look(db, at or datetime.now(UTC))

    async def send(self) -> int:
        """Send what is due; return how many messages that were."""
        return await send_all(self.pool, self.mail, self.queue)

    async def told(self) -> list[tuple[str, str]]:
        """Look and send; return to whom what was sent, by its subject."""
        before = len(self.mail.got)
        await self.look()
        await self.send()
        return [(to, mail["Subject"]) for (to,), mail in self.mail.whole()][before:]

    async def crashed(self, subject: str, over: Callable[[], Awaitable[None]] | None) -> None:
        """Let a sender die with a claim, and see that the message goes again and says so, unless it is `over`."""
        await self.look()
        dead = await self.queue.claim(PEOPLE, gathers=True)
        assert dead is not None
        assert ANAS not in repr(dead)
        assert await self.send() == 0, "while the claim lasts nobody else sends it"
        await self.later()
        if over is not None:
            await over()
        assert await self.send() == (0 if over else 1)
        if over is None:
            (mail,) = self.mail.got
            assert mail["Subject"] == f"May be a repeat: {subject}"
            assert mail["Message-ID"] == f"<{dead.message.message_id}@example.com>"

    async def later(self) -> None:
        """Let the time pass that parts two messages to one person."""
        await let_time_pass(self.pool)
