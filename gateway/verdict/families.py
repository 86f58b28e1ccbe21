"""Which findings are one alert: those of a family, about one subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind

#: Kinds that follow one another are one alert, and it goes on when one becomes the other. Others are their own.
FAMILIES: Final[Mapping[Kind, str]] = {
    Kind.DATABASE_AWAY: "database",
    Kind.DATABASE_HANGS: "database",
    Kind.BROKER_AWAY: "broker",
    Kind.RELAY_FAILING: "broker",
    Kind.DISK_FULL: "disk",
    Kind.DATABASE_DISK_FULL: "disk",
    Kind.DISK_FILLING: "disk",
    Kind.PLANS_ESCALATED: "plans-stalled",
    Kind.PLANS_STALLED: "plans-stalled",
    Kind.PROCESS_SILENT: "process",
    Kind.PROCESS_DEAF: "process",
    Kind.BREAKER_TRIPPED: "breaker",
    Kind.BREAKER_OPEN: "breaker",
    Kind.BREAKER_PROBING: "breaker",
    Kind.DEAD_LETTERS_GROWING: "dead-letters",
    Kind.DEAD_LETTERS: "dead-letters",
    Kind.RETRIES_OVERDUE: "retries",
    Kind.RETRIES_WAITING: "retries",
}


def key_of(finding: Finding) -> str:
    """Return the key by which findings are one alert: family and subject."""
    family = FAMILIES.get(finding.kind, str(finding.kind))
    return f"{family}:{finding.subject}" if finding.subject else family
