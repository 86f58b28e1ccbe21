"""Remembers since when transactions are open, where the database does not say when they began."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from projections.reads.sessions import Transaction


class OpenSince:
    """Remembers when a transaction of another user was seen first: it is open for that long at least."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, str], float] = {}

    def told(self, transactions: Iterable[Transaction], now: float) -> tuple[Transaction, ...]:
        """Return the transactions with the seconds for which each is open. What is not among them is forgotten."""
        before, self._seen = self._seen, {}
        return tuple(self._aged(one, before, now) for one in transactions)

    def _aged(self, one: Transaction, before: dict[tuple[int, str], float], now: float) -> Transaction:
        if one.open_seconds is not None:
            return one
        mark = one.pid, one.number  # a session that goes on to another transaction has another number
        self._seen[mark] = before.get(mark, now)
        return replace(one, open_seconds=round(now - self._seen[mark], 3))
