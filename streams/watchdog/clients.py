"""The watchdog's Kafka clients: made at the first request, and made again after one that failed."""

from __future__ import annotations

from typing import Final

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from schemas.process import kafka
from schemas.process.ending import ended
from schemas.process.kafka import Brokers
from schemas.process.log_context import job

#: How long an answer is waited for, in milliseconds: one question is given up before a whole look is.
ANSWER_MS: Final = 2000
#: How long the end of a client is waited for, in seconds.
STOP_S: Final = 1.0


class Clients:
    """An admin and a reader of one looker, who drops both after a question that failed."""

    def __init__(self, brokers: Brokers) -> None:
        self._brokers = brokers
        self._admin: AIOKafkaAdminClient | None = None
        self._reader: AIOKafkaConsumer | None = None

    async def admin(self) -> AIOKafkaAdminClient:
        """Return the admin, started. Raises the errors of the broker as they are."""
        if self._admin is None:
            self._admin = kafka.admin(self._brokers, "watchdog", answer_ms=ANSWER_MS)
            with job("watchdog"):  # what it logs for as long as it is open
                await self._admin.start()
        return self._admin

    async def open(self) -> tuple[AIOKafkaAdminClient, AIOKafkaConsumer]:
        """Return both, started. Raises the errors of the broker as they are."""
        admin = await self.admin()
        if self._reader is None:
            self._reader = kafka.reader(self._brokers, "watchdog", answer_ms=ANSWER_MS)
            with job("watchdog"):  # as above
                await self._reader.start()
        return admin, self._reader

    async def drop(self) -> None:
        """End both, within two seconds, whatever the broker does."""
        admin, self._admin = self._admin, None
        reader, self._reader = self._reader, None
        if admin is not None:
            await ended(admin.close(), STOP_S)
        if reader is not None:
            await ended(reader.stop(), STOP_S)
