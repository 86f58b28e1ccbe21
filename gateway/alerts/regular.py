"""What is told without an alert: the summaries, and the reminders of tasks and decisions."""

from __future__ import annotations

from datetime import datetime

from gateway.alerts.decisions import DecisionReminders
from gateway.alerts.reminders import TaskReminders
from gateway.alerts.settings import Settings
from gateway.alerts.summaries import Summaries
from schemas.process.connection import Db


class Regular:
    """Puts due summaries and reminders into the queues, in whichever engine is active then."""

    def __init__(self, settings: Settings) -> None:
        routing = settings.routing
        self._summaries = Summaries(routing.summary, settings.notifiers, settings.page_url, settings.language)
        reach = settings.people is not None
        self._reminders = TaskReminders(routing, reach=reach)
        self._decisions = DecisionReminders(routing, settings.decision_due_s, four_eyes=settings.four_eyes, reach=reach)

    async def look(self, db: Db, at: datetime) -> bool:
        """Say whether anything was put in."""
        found = [await one.look(db, at) for one in (self._summaries, self._reminders, self._decisions)]
        return any(found)
