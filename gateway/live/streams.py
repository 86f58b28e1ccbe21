"""Who listens: the browsers that this gateway tells of changes."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Streams:
    """The browsers that listen to this gateway, by the caller: the key or person that they have signed in with.

    Each with the digest of what it has shown: the secret of a key, or the token of a sign-in.
    """

    _of: dict[str, dict[asyncio.Event, str]] = field(default_factory=dict)

    @property
    def open(self) -> int:
        return sum(map(len, self._of.values()))

    def of(self, caller: str) -> int:
        """Return how many listen as one caller."""
        return len(self._of.get(caller, ()))

    @property
    def callers(self) -> list[str]:
        return list(self._of)

    @property
    def shown(self) -> set[str]:
        """Return the digests of what those have shown who listen."""
        return {digest for listening in self._of.values() for digest in listening.values()}

    @contextmanager
    def listening(self, caller: str, digest: str) -> Iterator[asyncio.Event]:
        """Count one more while the block lasts; the event says that it has to end."""
        ended = asyncio.Event()
        self._of.setdefault(caller, {})[ended] = digest
        try:
            yield ended
        finally:
            left = self._of[caller]
            del left[ended]
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

    def end_with(self, digests: Collection[str]) -> set[str]:
        """End all that have shown one of these; return as whom they listened."""
        found = set()
        for caller, listening in self._of.items():
            for ended, digest in listening.items():
                if digest in digests:
                    ended.set()
                    found.add(caller)
        return found
