"""Says when an alert that nobody acknowledges goes to the next notifier. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.alerts.alert import Alert, State
from gateway.alerts.quiet import Quiet, kept_until
from gateway.verdict.finding import RANK
from gateway.verdict.traits import Severity


@dataclass(frozen=True, slots=True)
class Escalation:
    """The notifiers that get an unacknowledged alert one after the other, with `after` between two."""

    after: timedelta = timedelta(minutes=10)
    steps: tuple[str, ...] = ()
    least: Severity = Severity.CRITICAL

    def due(self, alert: Alert, at: datetime, quiet: Collection[Quiet] = ()) -> bool:
        """Return whether the next notifier gets it now; what quiet hours keep goes to nobody in them.

        A message that they kept went at their end: nobody could acknowledge it before.
        """
        grave = RANK[alert.severity] >= RANK[self.least]
        if alert.state is not State.OPEN or not grave or alert.escalations >= len(self.steps):
            return False
        told_at = alert.escalated_at or alert.opened_at
        told_at = kept_until(quiet, alert.severity, told_at) or told_at
        return at - told_at >= self.after and kept_until(quiet, alert.severity, at) is None
