"""Limit how many failed sign-ins are recorded: a flood of them neither fills the table nor hides a guessed key.

Beyond them there is one entry a minute of each address, as long as these are few, and one of each key that there is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from gateway.access.limits import EVERYBODY, Limit, RateLimiter

_ADDRESS: Final = "address"
_KEY: Final = "key"
_BEYOND: Final = "beyond"
_MINUTE: Final = 1 / 60
#: How much is written down beyond the limits: strangers fill no table.
BEYOND: Final[Mapping[str, Limit]] = {
    _ADDRESS: Limit(_ADDRESS, _MINUTE, 1),
    _KEY: Limit(_KEY, _MINUTE, 1),
    _BEYOND: Limit(_BEYOND, 1, 60),  # of all addresses together
}


class RecordedFailures:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._limiter = RateLimiter(BEYOND, clock)

    def within(self, address: str) -> None:
        """Count a recorded failure of this address that was within the rate limits."""
        self._limiter.take(_ADDRESS, address)

    def beyond(self, address: str, key_id: str) -> bool:
        """Count a failure beyond the rate limits; return whether to record it. `key_id`: "" for an unknown key."""
        if key_id and self._limiter.take(_KEY, key_id).wait == 0:
            self._limiter.take(_ADDRESS, address)
            return True
        return (
            self._limiter.empty(_ADDRESS, address) == 0
            and self._limiter.take(_BEYOND, EVERYBODY).wait == 0
            and self._limiter.take(_ADDRESS, address).wait == 0
        )
