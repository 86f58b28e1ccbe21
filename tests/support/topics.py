"""The declared topics on a broker that others have used: made anew, empty, with nobody's records or members in them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.group import LeaveGroupRequest

from schemas.topics import declared
from streams.provision.provisioner import Drift, Provisioner
from streams.settings import Settings
from tests.support.patience import PATIENCE_S, until


async def without_topics(brokers: str) -> None:
    """Delete the declared topics; return when none is there any more, and no group has a member.

    Members are sent away: the broker takes one that was killed for alive until its session ends, or, where it was just
    joining, for minutes. One that lives comes again, and is a defect of the test that began it.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await admin.start()
    there: list[str] = []
    try:
        await until(lambda: _no_member(admin, there), every_s=0.1, say=lambda: f"members that come again: {there}")
        while left := sorted(set(declared()) & set(await admin.list_topics())):
            await admin.delete_topics(left)
            await asyncio.sleep(0.05)
    finally:
        await admin.close()


async def _no_member(admin: AIOKafkaAdminClient, there: list[str]) -> bool:
    """Send each member of a group away; tell whether there was none. `there`: those that were."""
    found = [(group, member) for group in await _groups(admin) for member in await _members(admin, group)]
    there[:] = [f"{group}: {member}" for group, member in found]
    for group, member in found:
        await admin._send_request(LeaveGroupRequest(group, member), await admin.find_coordinator(group))
    return not found


async def _groups(admin: AIOKafkaAdminClient) -> list[str]:
    return [name for name, *_ in await admin.list_consumer_groups()]


async def _members(admin: AIOKafkaAdminClient, name: str) -> list[str]:
    # one at a time: the client reads the answer for more than one group wrongly
    answers = await admin.describe_consumer_groups([name])
    return [member[0] for answer in answers for group in answer.groups for member in group[5]]


async def fresh_topics(env: Mapping[str, str]) -> None:
    """Make the declared topics anew, and register the schemas, as `streams.provision apply` does."""
    settings = Settings.from_env(env)
    await without_topics(settings.brokers.servers)
    provisioner = Provisioner(settings)
    await provisioner.apply(Drift(missing_topics=list(declared().values())))  # no need to ask: there is none
    async with asyncio.timeout(PATIENCE_S):
        while (drift := await provisioner.find_drift()).lines():
            await provisioner.apply(drift)
