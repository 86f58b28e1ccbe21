"""Who listens: the browsers that this gateway tells of changes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Streams:
    """The browsers that listen to this gateway, by the key that they have signed in with."""

    _of: dict[str, set[asyncio.Event]] = field(default_factory=dict)

    @property
    def open(self) -> int:
        return sum(map(len, self._of.values()))

    def of(self, key_id: str) -> int:
        """Return how many listen with a key."""
        return len(self._of.get(key_id, ()))

    @property
    def keys(self) -> list[str]:
        return list(self._of)

    @contextmanager
    def listening(self, key_id: str) -> Iterator[asyncio.Event]:
        """Count one more while the block lasts; the event says that it has to end."""
        ended = asyncio.Event()
        self._of.setdefault(key_id, set()).add(ended)
        try:
            yield ended
        finally:
            left = self._of[key_id]
            left.discard(ended)
            if not left:
                del self._of[key_id]

    def end(self, key_id: str) -> None:
        """End all that listen with a key."""
        for ended in self._of.get(key_id, ()):
            ended.set()
