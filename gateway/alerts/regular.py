"""What is told without an alert: the summaries, and the reminders of tasks."""

from __future__ import annotations

from datetime import datetime

from gateway.alerts.reminders import Reminders
from gateway.alerts.settings import Settings
from gateway.alerts.summaries import Summaries
from schemas.process.connection import Db


class Regular:
    """Puts what is due into the queues, whichever engine is active then."""

    def __init__(self, settings: Settings) -> None:
        routing = settings.routing
        self._summaries = Summaries(routing.summary, settings.notifiers, settings.page_url, settings.language)
        self._reminders = Reminders(routing, reach=settings.people is not None)

    async def look(self, db: Db, at: datetime) -> bool:
        """Say whether anything was put in."""
        summary = await self._summaries.look(db, at)
        return await self._reminders.look(db, at) or summary
