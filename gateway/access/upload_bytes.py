"""Bound the bytes of uploads that a gateway holds at a time: arriving, waiting for a reader, or being read.

They lie in the temporary folder, which may be memory. Each caller has a share, so that nobody takes all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from gateway.problems.problem import Problem

MIB: Final = 1024 * 1024
#: Bytes at a time of all callers, and of one: the largest uploads of two, and of one.
MOST: Final = 512 * MIB
MOST_OF_ONE: Final = 256 * MIB
#: After so long there may be room.
RETRY_S: Final = 5
LIMIT: Final = "upload-bytes"


@dataclass(slots=True)
class Budget:
    """The bytes of uploads that this gateway holds, in all and by caller (a key or a person)."""

    most: int = MOST
    most_of_one: int = MOST_OF_ONE
    _of: Counter[str] = field(default_factory=Counter)

    @property
    def taken(self) -> int:
        return self._of.total()

    @contextmanager
    def share(self, caller: str) -> Iterator[Share]:
        """Yield a share for one upload of a caller, and release its bytes at the end of the block."""
        share = Share(self, caller)
        try:
            yield share
        finally:
            self._of[caller] -= share.size
            if self._of[caller] <= 0:
                del self._of[caller]

    def demand(self, caller: str, more: int) -> None:
        """Check that so many bytes more have room. Raises Problem: 429 beyond the caller's own limit, else 503."""
        if self._of[caller] + more > self.most_of_one:
            raise _refused("rate-limited", f"{LIMIT}-of-one", "Your uploads", self.most_of_one)
        if self.taken + more > self.most:
            raise _refused("unavailable", LIMIT, "All uploads", self.most)

    def count(self, caller: str, more: int) -> None:
        """Take so many bytes more. Raises Problem as `demand` does."""
        self.demand(caller, more)
        self._of[caller] += more


class Share:
    """The bytes of one upload, as they arrive."""

    def __init__(self, budget: Budget, caller: str) -> None:
        self.size = 0
        self._budget, self._caller = budget, caller

    def announce(self, length: int) -> None:
        """Refuse an upload whose announced length has no room. An announcement takes no room by itself."""
        self._budget.demand(self._caller, length)

    def grow(self, more: int) -> None:
        """Take room for bytes that have arrived. Raises Problem where there is none."""
        self._budget.count(self._caller, more)
        self.size += more


def _refused(kind: str, code: str, whose: str, most: int) -> Problem:
    return Problem(
        kind,
        f"{whose} that are being read have {most // MIB} MiB at a time, and this one would be more. Nothing of it was"
        f" kept; send it again in {RETRY_S} s.",
        headers={"Retry-After": str(RETRY_S)},
        limit=LIMIT,
        code=code,
    )
