"""Who listens: the browsers that this gateway tells of changes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Streams:
    """The browsers that listen to this gateway, by the caller: the key or person that they have signed in with."""

    _of: dict[str, set[asyncio.Event]] = field(default_factory=dict)

    @property
    def open(self) -> int:
        return sum(map(len, self._of.values()))

    def of(self, caller: str) -> int:
        """Return how many listen as one caller."""
        return len(self._of.get(caller, ()))

    @property
    def callers(self) -> list[str]:
        return list(self._of)

    @contextmanager
    def listening(self, caller: str) -> Iterator[asyncio.Event]:
        """Count one more while the block lasts; the event says that it has to end."""
        ended = asyncio.Event()
        self._of.setdefault(caller, set()).add(ended)
        try:
            yield ended
        finally:
            left = self._of[caller]
            left.discard(ended)
            if not left:
                del self._of[caller]

    def end_all(self) -> None:
        """End every live stream: the clients reconnect, and are authenticated again."""
        for caller in self.callers:
            self.end(caller)

    def end(self, caller: str) -> None:
        """End all that listen as one caller."""
        for ended in self._of.get(caller, ()):
            ended.set()
