"""The dead man's switch: call an outside address every minute. If the calls stop, that service raises the alarm."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import httpx
import structlog

from schemas.process.named import named
from schemas.process.rest import rest
from schemas.process.rounds import Round

log = structlog.get_logger("alerts")

ANSWER_S: Final = 10.0
#: Seconds between checks whether this engine works, until it does.
LOOK_S: Final = 1.0
#: Seconds until a call that failed is made again: services that wait for three calls raise the alarm for two lost ones.
AGAIN_S: Final = 10.0


class DeadMansSwitch:
    """Requests `url` every `every_s` seconds while `works` returns true, and a lost request soon again.

    With "" for `url` it does nothing.
    """

    def __init__(self, url: str, every_s: float, works: Callable[[], bool]) -> None:
        self._url = url
        self._every_s = every_s
        self._works = works
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Ping until stopped; never raises."""
        while self._url and not self._stopping.is_set():
            if not self._works():
                await rest(self._stopping, LOOK_S)
                continue
            with Round("proof", self._not_taken, httpx.HTTPError) as call:
                async with httpx.AsyncClient(timeout=ANSWER_S, follow_redirects=True) as client:
                    (await client.get(self._url)).raise_for_status()
            await rest(self._stopping, self._every_s if call.error is None else min(AGAIN_S, self._every_s))

    def _not_taken(self, error: Exception) -> None:
        # the address is a secret: whoever has it can make this system look alive
        log.warning("the proof of life was not taken", error=named(error).replace(self._url, "***")[:200])
