"""The errors that a caller gets instead of a call."""

from __future__ import annotations

from datetime import datetime

from streams.retries.ladder import Postponed


class BreakerOpen(Postponed):
    """A breaker holds calls to a dependency back. `retry_at` is None if only a person can reset it.

    The work waits and comes again by itself; no attempt is counted.
    """

    def __init__(self, name: str, retry_at: datetime | None) -> None:
        when = "until it is reset" if retry_at is None else f"until {retry_at:%H:%M:%S}"
        super().__init__(f"the circuit breaker {name} is open {when}")
        self.name = name
        self.retry_at = retry_at
