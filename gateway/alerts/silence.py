"""The end of an alert's silence: it has run out, or a person has taken it back. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.alerts.alert import Alert, State


def is_over(alert: Alert, at: datetime) -> bool:
    """Say whether an alert that is silenced no longer has a reason to be."""
    return alert.state is State.SILENCED and (alert.silenced_until is None or alert.silenced_until <= at)


def without(alert: Alert) -> Alert:
    """Return an alert without its silence, as it was before."""
    state = State.ACKNOWLEDGED if alert.acknowledged_at else State.OPEN
    return replace(alert, state=state, silenced_until=None, version=alert.version + 1)
