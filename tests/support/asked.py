"""What is asked again and again: a test waits until it was, and needs no guess how long that takes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from schemas.belief import Belief, Record, UntilUnknown
from schemas.events import Event
from tests.support.patience import PATIENCE_S


@dataclass(slots=True)
class Undecided(Belief):
    """A belief that counts how often it could not say yet."""

    could_not_say: int = 0

    def check(self, record: Record, event: Event) -> str:
        try:
            return Belief.check(self, record, event)
        except UntilUnknown:
            self.could_not_say += 1
            raise

    def is_genuine(self, record: Record) -> bool:
        try:
            return Belief.is_genuine(self, record)
        except UntilUnknown:
            self.could_not_say += 1
            raise

    async def was_asked(self, times: int) -> None:
        """Return once it could not say so often."""
        async with asyncio.timeout(PATIENCE_S):
            while self.could_not_say < times:
                await asyncio.sleep(0)
