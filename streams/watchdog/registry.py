"""Asks the schema registry what a process asks that starts, and tells for how long the answer has been missing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

import structlog

from schemas.process.log_context import job
from schemas.process.named import named
from schemas.registry import Registry, RegistryError, placements, subject_of

log = structlog.get_logger("watchdog")

#: How often it is asked: few processes start, and nobody waits for it meanwhile.
EVERY_S: Final = 2.0
#: The registry is away when nothing it said was an answer for so long. Where it is a part of the broker that is longer
#: than it takes to see that the broker is away, which is then told as the cause.
SILENT_S: Final = 6.0
#: What is said of an outage, cut here.
_SAID: Final = 200


class RegistryView:
    """`run` it beside the watchdog. `away_s` is 0 while the registry answers, and where none is configured.

    `turned` is called when it is away, and when it is back.
    """

    def __init__(self, url: str) -> None:
        self.turned: Callable[[], None] = lambda: None
        self._registry = Registry(url) if url else None
        self._answered_at = time.monotonic()
        self._was_away = False
        self._error = ""

    @property
    def away_s(self) -> float:
        """For how long the registry has given no answer that a process can start with."""
        silent = time.monotonic() - self._answered_at
        return silent if self._error and silent >= SILENT_S else 0.0

    @property
    def error(self) -> str:
        """Return what is wrong while it is away, else ""."""
        return self._error if self.away_s else ""

    async def run(self) -> None:
        """Ask until cancelled; never raises for an outage."""
        while self._registry is not None:
            began = time.monotonic()
            with job("watchdog"):
                self._take(await asyncio.to_thread(asked, self._registry), began)
            await asyncio.sleep(EVERY_S)

    def _take(self, wrong: str, asked_at: float) -> None:
        if not wrong:
            if self._was_away:
                log.warning("the schema registry is back", away_s=round(time.monotonic() - self._answered_at, 1))
            self._answered_at = asked_at
        elif not self._error:
            log.warning("the schema registry does not answer as it should", error=wrong)
        self._error = wrong
        if self._was_away != (self.away_s > 0):
            self._was_away = not self._was_away
            self.turned()


def asked(registry: Registry) -> str:
    """Return what is wrong with the registry, "" where a process could start with it; blocking."""
    try:
        known = set(registry.subjects())
    except (RegistryError, OSError, ValueError) as error:
        return named(error, _SAID).replace("\0", "")
    missing = sorted({subject_of(topic, type_) for topic, type_ in placements()} - known)
    return f"{missing[0]} is not registered: run `provision apply`" if missing else ""
