"""Say that the database is away when the gateway cannot check who asks, and say no more than that."""

from __future__ import annotations

from typing import Final

from gateway.cli.failures import Failure, Refused
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from gateway.verdict.words.findings import say
from gateway.verdict.words.say import Said

_UNAVAILABLE: Final = 503


def database_away(failure: Failure) -> Said | None:
    """Return the finding that the database is away if the health report was refused for it; else None."""
    if isinstance(failure, Refused) and failure.status == _UNAVAILABLE:
        return say(Finding(Kind.DATABASE_AWAY, {}))
    return None
