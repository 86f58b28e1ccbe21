"""Compares what nobody can read, or nobody believes, with its letters while the log is read.

Whoever reaches the broker can write any number of such records, with any key. So no more than AT_ONCE of them are held:
beyond, those that have their letter are let go, and those that lack it for too long are counted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from typing import Final

from projections.verify.expected import Report

#: Records that wait to be compared with their letters; a few MiB.
AT_ONCE: Final = 10_000
#: Signs of a sentence about one, parts of which its sender has written.
SENTENCE: Final = 300
#: How often letters that are missing are looked for, beyond that number.
LOOK_S: Final = 0.5

#: Returns which of these ids have a letter, each with whether a person has discarded it.
Letters = Callable[[Collection[str]], Awaitable[Mapping[str, bool]]]


def about(id_: str, why: str, discarded: bool | None) -> Iterator[tuple[str, str]]:
    """Return what is wrong with one record, by kind: `why` it is not believed, and its letter, None if it has none."""
    if discarded is None:
        yield "lost", f"nobody can read {id_.replace('|', ' ')}, and there is no letter of it"
    if why and not discarded:  # a person who has discarded its letter knows of it; nothing takes it out of the log
        yield "forged", why


class Unread:
    """The records of all parts: `add` puts one into what waits, and sees to it that this does not grow.

    Letters that are missing are waited for, `patience_s` in all: a flood takes no more time than a few.
    """

    def __init__(self, letters: Letters, report: Report, patience_s: float, at_once: int = AT_ONCE) -> None:
        self._letters = letters
        self._report = report
        self._left_s = patience_s
        self._at_once = at_once

    async def add(self, waiting: dict[str, str], id_: str, why: str) -> None:
        """Add a record to those that wait."""
        waiting[id_] = why[:SENTENCE]
        if len(waiting) < self._at_once:
            return
        await self._let_go(waiting)
        # half of it, so that not every further record asks the database
        while len(waiting) > self._at_once // 2 and self._left_s > 0:
            self._left_s -= LOOK_S
            await asyncio.sleep(LOOK_S)
            await self._let_go(waiting)
        if len(waiting) > self._at_once // 2:
            self._tell(waiting, {})

    async def _let_go(self, waiting: dict[str, str]) -> None:
        self._tell(waiting, await self._letters(waiting.keys()), of_all=False)

    def _tell(self, waiting: dict[str, str], there: Mapping[str, bool], *, of_all: bool = True) -> None:
        for id_ in list(waiting):
            if of_all or id_ in there:
                for kind, what in about(id_, waiting.pop(id_), there.get(id_)):
                    self._report.add(kind, what)
