"""What the makers of reminders share: how often they check, and from when in the day."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime, time, timedelta
from typing import ClassVar, Final

import structlog

from gateway.alerts.quiet import kept_until
from gateway.alerts.routing import Routing
from gateway.verdict.traits import Severity
from schemas.process.connection import Db
from schemas.process.named import named

log = structlog.get_logger("alerts")

#: Seconds between two checks for what is due: a day is long.
EVERY_S: Final = 15.0
#: The time of day from which people are reminded, in the zone of the routes.
FROM: Final = time(8)
#: The most days for which one thing is reminded of. Sent reminders are known for longer.
FOR_DAYS: Final = 365
#: Quiet hours delay reminders, as they do messages of this severity.
SEVERITY: Final = Severity.WARNING


class ReminderMaker(ABC):
    """Makes one kind of reminders, in whichever engine is active.

    `reach`: people can be reached; if not, none is made. A failure is logged and delays no alert: the next check
    comes soon.
    """

    #: What is due, as the log names it.
    what: ClassVar[str]

    def __init__(self, routing: Routing, *, reach: bool) -> None:
        self._routing = routing
        self._reach = reach
        self._next: datetime | None = None

    async def look(self, db: Db, at: datetime) -> bool:
        """Store what is due for whom, unless it was checked just now; return whether any of it is new."""
        if not self._reach or (self._next is not None and at < self._next):
            return False
        self._next = at + timedelta(seconds=EVERY_S)
        try:
            return await self._make(db, at)
        except Exception as error:  # what is wrong with the database the look itself finds
            log.warning("what is due was not looked for", what=self.what, error=named(error, 200))
            return False

    @abstractmethod
    async def _make(self, db: Db, at: datetime) -> bool:
        """Drop reminders that are over and store the new ones; return whether there are any."""

    def _after_quiet(self, at: datetime) -> datetime:
        return kept_until(self._routing.quiet, SEVERITY, at) or at
