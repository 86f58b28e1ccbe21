"""Compute a rate per minute from a counter that only grows, sampled every second."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any, Final

#: Over so many seconds it is told; before that it is not known.
WINDOW_S: Final = 60.0


class Pace:
    """Growth of a number over the last minute. `zero_at`: a time at which it was 0."""

    def __init__(self, zero_at: float | None = None) -> None:
        self._seen: deque[tuple[float, float]] = deque([(zero_at, 0.0)] if zero_at is not None else [])

    def seen(self, number: float, now: float) -> float | None:
        """Note a number, and return by how much a minute it grows; None while that was not seen for a minute."""
        self._seen.append((now, number))
        while len(self._seen) > 1 and self._seen[1][0] <= now - WINDOW_S:
            self._seen.popleft()
        began, first = self._seen[0]
        if now - began < WINDOW_S:
            return None
        return round((number - first) * 60.0 / (now - began), 1)


class Paces:
    """Paces of what a process tells of its work: of `handled`, and of what it has sent to each topic (`sent`)."""

    def __init__(self) -> None:
        self._handled = Pace()
        self._sent: dict[str, Pace] = {}
        self._since: float | None = None

    def told(self, facts: Mapping[str, Any], now: float) -> dict[str, Any]:
        """Return the paces to be told beside the facts; what is not known yet is null."""
        found: dict[str, Any] = {}
        self._since = now if self._since is None else self._since
        if isinstance(facts.get("handled"), int):
            found["handled"] = self._handled.seen(facts["handled"], now)
        if isinstance(facts.get("sent"), Mapping):
            for topic in facts["sent"]:
                self._sent.setdefault(topic, Pace(max(self._since, now - WINDOW_S)))
            found["sent"] = {topic: self._sent[topic].seen(number, now) for topic, number in facts["sent"].items()}
        return found
