"""When to ask again: `Retry-After`, back-off with jitter, and the time that is left. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: A server's wish for a longer wait is taken as this long, in seconds.
RETRY_AFTER_LIMIT = 24 * 3600.0


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the wait in seconds that a response asks for, None where it asks for none or in no known form.

    `retry-after-ms` (milliseconds) goes before `retry-after` (seconds, or an HTTP date). Header names are
    looked up in lower case. A date in the past is 0.
    """
    for name, divisor in (("retry-after-ms", 1000), ("retry-after", 1)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) / divisor
        except ValueError:
            if divisor != 1:
                continue
            return _until(value, now)
        return _sane(seconds)
    return None


def _until(date: str, now: datetime) -> float | None:
    try:
        when = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    return _sane(max(0.0, (when - now).total_seconds()))


def _sane(seconds: float) -> float | None:
    return None if math.isnan(seconds) or seconds < 0 else min(seconds, RETRY_AFTER_LIMIT)


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential waits with full jitter above a floor: `first_s`, twice that, ... at most `longest_s`."""

    attempts: int = 3
    first_s: float = 0.5
    longest_s: float = 8.0

    def wait(self, attempt: int, asked_s: float | None, left_s: float, chance: Callable[[], float]) -> float | None:
        """Return the wait after a failed attempt (1, 2, ...), None where no other attempt may be made.

        A wait that the server asked for is never shortened: where it does not fit into the time left, there
        is no other attempt. `chance` gives a number in 0..1.
        """
        if attempt >= self.attempts:
            return None
        step = min(self.longest_s, self.first_s * 2.0 ** (attempt - 1))
        wait = step * (0.5 + 0.5 * chance())
        if asked_s is not None:
            wait = asked_s + min(0.25, 0.1 * asked_s) * chance()  # many callers hear the same wish
        return wait if wait < left_s else None
