"""Merges the alert of a deaf process with that of the plans that stalled before it: one fault, one alert. Pure.

Plans stall, and go on without the process that they name, seconds before the watchdog is sure enough to end it. So the
alert of the plans is the alert of the process, and goes on until that is mended. So it is with an agent's circuit
breaker that opens, by errors between answers that cannot be used, before enough of these have come.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.alerts.alert import Alert
from gateway.verdict.causes import Covers, follows
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind

#: How long an alert that names a process as deaf stays after its plans go on: by then the watchdog, which waits for 10
#: s by default, has found the process deaf, or it is not.
JUDGED_S: Final = 15.0
_STALLS: Final = frozenset({Kind.PLANS_STALLED, Kind.PLANS_ESCALATED})
_DEAF: Final = "-deaf"
#: What is told with an alert that was there before.
_TOLD_WITH: Final = frozenset({Kind.PROCESS_DEAF, Kind.AGENT_UNUSABLE})


def named(found: Mapping[str, Finding], alerts: Mapping[str, Alert], covers: Covers) -> dict[str, str]:
    """Return the keys of what an alert tells already, with the alert's key.

    Such are a deaf process that is named as the cause of stalled plans, and an agent whose breaker is open.
    """
    return {
        key: known.key
        for known in alerts.values()
        for key, finding in found.items()
        if finding.kind in _TOLD_WITH and key not in alerts and known.finding is not None
        if _names(known, finding) and covers(known.finding, finding)
    }


def going_on(named: Mapping[str, str], alerts: Mapping[str, Alert]) -> dict[str, Finding]:
    """Return the findings, as last seen, that last as long as a process that they name is deaf."""
    return {key: finding for key in named.values() if (finding := alerts[key].finding) is not None}


def judged_s(alert: Alert) -> float:
    """Return how many seconds an alert stays after its plans go on, as a process that it names may be found deaf."""
    found = any(one.kind is Kind.PROCESS_DEAF for one in alert.follows)
    return JUDGED_S if _cause(alert).endswith(_DEAF) and not found else 0.0


def _names(alert: Alert, finding: Finding) -> bool:
    if finding.kind is Kind.PROCESS_DEAF:
        return _cause(alert) == f"{finding.values['role']}{_DEAF}"
    return alert.finding is not None and follows(alert.finding, finding)


def _cause(alert: Alert) -> str:
    """Return the cause in an alert of stalled plans; "" for any other alert."""
    finding = alert.finding
    return str(finding.values["cause"]) if finding is not None and finding.kind in _STALLS else ""
