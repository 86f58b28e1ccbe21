"""A region that stands by on this machine: a standby of a Postgres, and a mirror of a log that keeps its offsets."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import asyncpg
from aiokafka import TopicPartition
from aiokafka.structs import OffsetAndMetadata

from local.postgres import HOST, USER, Postgres
from local.stack import NAMES, Stack
from projections.settings import Settings as ProjectionSettings
from schemas.process import kafka
from schemas.process.ending import ended
from schemas.topics import declared, groups
from streams.backup.log import place_groups
from streams.provision.provisioner import Provisioner
from streams.settings import Settings
from tests.support.patience import PATIENCE_S

SERVERS: Final = ("postgres", "broker")
PROCESSES: Final = tuple(name for name in NAMES if name not in SERVERS)
#: What waits is in Postgres, so these need no mirror (docs/regions.md).
NOT_MIRRORED: Final = ("analysis.work.", "agents.retry.", "agents.redeliver", "projections.retry")
GROUPS_EVERY_S: Final = 1.0
#: The broker at the other end may be gone.
STOP_S: Final = 5.0


def is_mirrored(topic: str) -> bool:
    return not topic.startswith(NOT_MIRRORED)


class Standby(Postgres):
    """Another server of the same data: made as a copy, and told of each change from then on."""

    def __init__(self, data_dir: Path, of: Path, port: int) -> None:
        super().__init__(data_dir)
        self._of, self._of_port = of, port

    def prepare(self) -> None:
        """Copy a server that runs: its data in the folder `of`."""
        self.data_dir.mkdir(parents=True)
        shutil.copy(self._of / "password", self._password_file)
        self._password_file.chmod(0o600)
        self._hand_over()
        password = self._password_file.read_text("ascii").strip()
        told = f"host={HOST} port={self._of_port} user={USER} password={password} application_name=standby"
        self._run("pg_basebackup", "-D", str(self._building), "-d", told, "-X", "stream", "-c", "fast", "-R")
        self._building.replace(self._cluster)


class Mirror:
    """Copies records to where they were, and how far groups are, until it is cancelled. `behind` stops the copying."""

    def __init__(self, source: Mapping[str, str], target: Mapping[str, str]) -> None:
        self._source, self._target = Settings.from_env(source).brokers, Settings.from_env(target).brokers
        self.going = asyncio.Event()
        self.going.set()
        self.copied = 0
        self.rounds = 0  # how often the groups' places were copied
        self.positions: dict[TopicPartition, int] = {}

    async def run(self) -> None:
        source, target = kafka.reader(self._source, "mirror"), kafka.producer(self._target, "mirror")
        await source.start()
        await target.start()
        try:
            partitions = [
                TopicPartition(t.name, p)
                for t in declared().values()
                if is_mirrored(t.name)
                for p in range(t.partitions)
            ]
            source.assign(partitions)
            for partition in partitions:
                source.seek(partition, 0)
            while True:
                await self.going.wait()
                found = await source.getmany(timeout_ms=100, max_records=2000)
                if not self.going.is_set():
                    # what was read and is not sent is read again later
                    for partition, records in found.items():
                        source.seek(partition, records[0].offset)
                    continue
                for partition, records in found.items():
                    sent = [
                        await target.send(
                            partition.topic,
                            one.value,
                            key=one.key,
                            partition=partition.partition,
                            timestamp_ms=one.timestamp,
                            headers=list(one.headers),
                        )
                        for one in records
                    ]
                    for one, future in zip(records, sent, strict=True):
                        assert (await future).offset == one.offset, partition
                    self.copied += len(records)
                    self.positions[partition] = records[-1].offset + 1
        finally:
            await ended(source.stop(), STOP_S)
            await ended(target.stop(), STOP_S)

    async def whole(self) -> None:
        """Return once it has every record that is in the source's log now, and has copied the groups' places since."""
        source = kafka.reader(self._source, "mirror-ends")
        await source.start()
        try:
            mirrored = [t for t in declared().values() if is_mirrored(t.name)]
            places = [TopicPartition(t.name, p) for t in mirrored for p in range(t.partitions)]
            ends: dict[TopicPartition, int] = await source.end_offsets(places)
        finally:
            await ended(source.stop(), STOP_S)
        while any(self.positions.get(place, 0) < end for place, end in ends.items()):
            await asyncio.sleep(0.05)
        rounds = self.rounds + 2  # the one under way may have begun before
        while self.rounds < rounds:
            await asyncio.sleep(0.05)

    async def groups(self) -> None:
        """Copy how far each group is, again and again."""
        admin = kafka.admin(self._source, "mirror")
        await admin.start()
        try:
            while True:
                await asyncio.sleep(GROUPS_EVERY_S)
                await self.going.wait()
                told = {}
                for group in groups().values():
                    stand: dict[TopicPartition, OffsetAndMetadata] = await admin.list_consumer_group_offsets(group.name)
                    told[group.name] = tuple(
                        (tp.topic, tp.partition, min(one.offset, self.positions.get(tp, 0)))
                        for tp, one in stand.items()
                        if is_mirrored(tp.topic) and one.offset >= 0
                    )
                await place_groups(self._target, told)
                self.rounds += 1
        finally:
            await ended(admin.close(), STOP_S)


@asynccontextmanager
async def mirroring(source: Mapping[str, str], target: Mapping[str, str]) -> AsyncIterator[Mirror]:
    """Mirror a log meanwhile; an error of it is raised at the end. The source may be gone by then."""
    mirror = Mirror(source, target)
    tasks = [asyncio.create_task(mirror.run()), asyncio.create_task(mirror.groups())]
    try:
        yield mirror
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError, Exception):
                await task


async def topics_of(source: Mapping[str, str], target: Mapping[str, str]) -> None:
    """Make the topics of the region that stands by. The schemas are in the Postgres that it has a copy of."""
    settings = Settings.from_env({**target, "MARKETPLACE_REGISTRY_URL": source["MARKETPLACE_REGISTRY_URL"]})
    provisioner = Provisioner(settings)
    async with asyncio.timeout(PATIENCE_S):
        while (drift := await provisioner.find_drift()).lines():
            await provisioner.apply(drift)
            await asyncio.sleep(0.2)


async def synchronous(database: str) -> None:
    """Let each commit wait for the standby, once it is there."""
    connection = await asyncpg.connect(database)
    try:
        await connection.execute("alter system set synchronous_standby_names = 'standby'")
        await connection.execute("select pg_reload_conf()")
        async with asyncio.timeout(PATIENCE_S):
            while not await connection.fetchval(
                "select exists (select from pg_stat_replication where sync_state = 'sync')"
            ):
                await asyncio.sleep(0.1)
    finally:
        await connection.close()


async def promote(database: str) -> None:
    """Make a standby a server of its own, which waits for none."""
    connection = await asyncpg.connect(database)
    try:
        assert await connection.fetchval("select pg_promote(true, 60)")
        await connection.execute("alter system set synchronous_standby_names = ''")
        await connection.execute("select pg_reload_conf()")
        async with asyncio.timeout(PATIENCE_S):
            while await connection.fetchval("select current_setting('synchronous_standby_names') <> ''"):
                await asyncio.sleep(0.05)
    finally:
        await connection.close()


def lose(*stacks: Stack) -> None:
    """End everything at once; its disks are lost with it."""
    for stack in stacks:
        stack.request_stop()
        stack.request_stop()  # for a second time: all are killed
    for stack in stacks:
        stack.join()
        shutil.rmtree(stack.data_dir)


def settings_of(env: Mapping[str, str]) -> ProjectionSettings:
    return ProjectionSettings.from_env(env)
