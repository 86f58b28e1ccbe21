"""The declared topics on a broker that others have used: made anew, empty, with nobody's records or members in them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiokafka.admin import AIOKafkaAdminClient

from schemas.topics import declared
from streams.provision.provisioner import Drift, Provisioner
from streams.settings import Settings


async def without_topics(brokers: str) -> None:
    """Delete the declared topics; return when none is there any more, and no group has a member.

    Members that were killed are waited for: the broker takes them for alive until their session ends.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await admin.start()
    try:
        async with asyncio.timeout(60):
            while await _members(admin):
                await asyncio.sleep(0.1)
            while there := sorted(set(declared()) & set(await admin.list_topics())):
                await admin.delete_topics(there)
                await asyncio.sleep(0.05)
    finally:
        await admin.close()


async def _members(admin: AIOKafkaAdminClient) -> int:
    found = 0
    for name, *_ in await admin.list_consumer_groups():
        # one at a time: the client reads the answer for more than one group wrongly
        for answer in await admin.describe_consumer_groups([name]):
            found += sum(len(group[5]) for group in answer.groups)
    return found


async def fresh_topics(env: Mapping[str, str]) -> None:
    """Make the declared topics anew, and register the schemas, as `streams.provision apply` does."""
    settings = Settings.from_env(env)
    await without_topics(settings.brokers.servers)
    provisioner = Provisioner(settings)
    await provisioner.apply(Drift(missing_topics=list(declared().values())))  # no need to ask: there is none
    async with asyncio.timeout(60):
        while (drift := await provisioner.find_drift()).lines():
            await provisioner.apply(drift)
