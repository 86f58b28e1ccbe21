"""The declared topics on a broker that others have used: made anew, empty, with nobody's records in them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiokafka.admin import AIOKafkaAdminClient

from schemas.topics import declared
from streams.provision import Provisioner
from streams.settings import Settings


async def without_topics(brokers: str) -> None:
    """Delete the declared topics, and return when none is there any more."""
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await admin.start()
    try:
        async with asyncio.timeout(60):
            while there := sorted(set(declared()) & set(await admin.list_topics())):
                await admin.delete_topics(there)
                await asyncio.sleep(0.05)
    finally:
        await admin.close()


async def fresh_topics(env: Mapping[str, str]) -> None:
    """Make the declared topics anew, and register the schemas, as `streams.provision apply` does."""
    settings = Settings.from_env(env)
    await without_topics(settings.brokers)
    provisioner = Provisioner(settings)
    async with asyncio.timeout(60):
        while (drift := await provisioner.find_drift()).lines():
            await provisioner.apply(drift)
