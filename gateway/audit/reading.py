"""Record in the audit that somebody reads raw data, before the data is shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from starlette.requests import Request

from gateway.audit.writing import Entry, tell

#: Seconds for which the same reading by the same key from the same address is not written again: an open page reads
#: anew with every event.
SAME_S: Final = 300.0
#: Readings remembered at once; beyond it all are written again.
REMEMBERED: Final = 10_000


class Readings:
    """Which readings were written a moment ago. Each gateway remembers its own."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._written: dict[tuple[str, ...], float] = {}

    async def tell(self, request: Request, entry: Entry) -> None:
        """Record a reading, unless the same was recorded just now. Raises asyncpg's errors; then nothing is read."""
        principal = request.state.principal
        host = request.client.host if request.client else ""
        reading = (principal.caller, host, entry.action, entry.target)
        now = self._clock()
        if self._written.get(reading, 0.0) > now:
            return
        await tell(request, entry)
        if len(self._written) >= REMEMBERED:
            self._written.clear()
        self._written[reading] = now + SAME_S
