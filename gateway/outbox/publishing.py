"""The relay in this process: starts when the schema registry answers, and reports its state."""

from __future__ import annotations

import asyncio
import time
from typing import Final

import structlog

from gateway.outbox.looks import Look
from gateway.outbox.relay import Relay
from gateway.outbox.state import RelayState
from gateway.settings import Settings
from schemas.belief import Mode
from schemas.process.named import named
from schemas.process.outbox_seals import Seals
from schemas.process.rounds import Round
from schemas.registry import Registry, RegistryError, load_codec
from schemas.wire import Codec

log = structlog.get_logger("relay")

_RETRY_S: Final = 1.0


class Publishing:
    """Owns the relay. Commands are taken all the same while there is none: they wait in the outbox."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._relay: Relay | None = None
        self._stopping = asyncio.Event()
        #: None until the registry has told the schemas' ids.
        self.codec: Codec | None = None
        self._failing_since: float | None = None

    def wake(self) -> None:
        """Say that something was stored."""
        if self._relay is not None:
            self._relay.wake()

    def lend(self) -> Look | None:
        """Return a look at the outbox that the next decision does for the relay; None where it needs none."""
        return None if self._relay is None else self._relay.lend()

    def stop(self) -> None:
        self._stopping.set()
        if self._relay is not None:
            self._relay.stop()

    async def run(self) -> None:
        """Get the schemas' ids, then relay until stopped."""
        if not self._settings.brokers or not self._settings.registry_url:
            log.warning("no broker or registry is configured: commands stay in the outbox")
            return
        while self.codec is None and not self._stopping.is_set():
            with Round("relay", self._waits, OSError, RegistryError, ValueError) as this:
                self.codec = await asyncio.to_thread(load_codec, Registry(self._settings.registry_url))
            if this.error is not None:
                await asyncio.sleep(_RETRY_S)
        if self.codec is None:
            return
        self._failing_since = None
        settings = self._settings
        seals = Seals(settings.signing, settings.outbox_hours)
        self._relay = Relay(settings.database_url, settings.brokers, self.codec, seals)
        if self._stopping.is_set():
            return
        await self._relay.run()

    def _waits(self, error: Exception) -> None:
        self._failing_since = self._failing_since or time.monotonic()
        log.warning("waiting for the schema registry", error=named(error))

    def state(self) -> RelayState:
        if not self._settings.brokers or not self._settings.registry_url:
            return "off"
        if self.failing_seconds() > 0:
            return "failing"
        if self._relay is None:
            return "starting"
        return "publishing" if self._relay.active else "standby"

    def unsigned(self) -> str:
        """Return the note on unsigned publishing; "" where signatures are required or nothing is published."""
        mode = self._settings.signing.mode
        return str(mode) if self._settings.brokers and mode is not Mode.REQUIRE else ""

    def reaches_broker(self) -> bool | None:
        """Return whether the relay publishes; None while it does not try: on standby, starting, or off."""
        return {"publishing": True, "failing": False}.get(self.state())

    def failing_seconds(self) -> float:
        """Return for how long nothing could be published, 0 while all is well."""
        since = self._failing_since if self._relay is None else self._relay.failing_since
        return 0.0 if since is None else max(time.monotonic() - since, 0.001)

    @property
    def published(self) -> int:
        """Return how many events this process has published."""
        return 0 if self._relay is None else self._relay.published
