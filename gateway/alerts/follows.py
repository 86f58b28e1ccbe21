"""What follows from an alert, and is told with it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from gateway.alerts.alert import Alert
from gateway.verdict.families import key_of
from gateway.verdict.finding import Finding


def of(key: str, causes: Mapping[str, str], found: Mapping[str, Finding]) -> tuple[Finding, ...]:
    """Return the findings that follow from the one of this key. `causes`: what each follows from."""
    return tuple(found[effect] for effect, cause in causes.items() if cause == key)


def added(alert: Alert, mine: Iterable[Finding]) -> Alert:
    """Return the alert with what follows from it; what followed before stays in it, as it was last seen."""
    following = {key_of(one): one for one in (*alert.follows, *mine)}
    return replace(alert, follows=tuple(following.values()))


def more(alert: Alert, before: Alert) -> bool:
    """Return whether more follows from an alert than before. Changed figures alone are no new effect."""
    return [one.kind for one in alert.follows] != [one.kind for one in before.follows]
