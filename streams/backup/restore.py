"""Restores a backup into an empty system. The database comes last, because without it no process can work.

Everything is looked at before anything is changed: the files, the version, that database, topics and registry have
nothing of another system. Ended in the middle, it is begun again with empty servers.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schemas.process import database
from schemas.process.places import MOST, growth
from schemas.registry import Registry
from schemas.topics import PLAN_EVENTS, Topic, declared
from streams.backup import files, kept_schemas, log, tables
from streams.backup.files import Folder
from streams.backup.kept_schemas import KeptSchema
from streams.backup.keys import IDENTITY_FILE, NO_KEYS, Keys
from streams.backup.manifest import Manifest, NotRestorable, why_not_here
from streams.backup.moment import COPY_S
from streams.provision import log_home
from streams.provision.provisioner import Provisioner
from streams.settings import Settings

#: Topics that were just made are not seen at once.
SETTLE_S: Final = 30.0
AGAIN: Final = "Restore into new, empty servers"


@dataclass(frozen=True, slots=True)
class Restored:
    """`paused`: the webhooks that are told of nothing until somebody resumes them."""

    manifest: Manifest
    paused: tuple[str, ...]


async def restore(settings: Settings, path: Path, keys: Keys = NO_KEYS) -> Restored:
    """Restore everything; return what was restored.

    Raises NotRestorable, and the errors of broker, registry and database as they are.
    """
    manifest, folder = check(path, keys), Folder(path, keys)
    if manifest.recipients and not keys.identities:
        raise NotRestorable(f"{path} is encrypted: say in {IDENTITY_FILE} which file has the secret key")
    kept, lacking = await look(settings, manifest, folder)
    await asyncio.to_thread(kept_schemas.bring_back, Registry(settings.registry_url), kept, lacking)
    grown = max(len(topic.ends) for topic in manifest.topics if declared()[topic.name].grows)
    growth.learn(grown, grown)
    await _make_topics(settings)
    await log.bring_back(settings.brokers, manifest.topics, folder)
    await log.place_groups(settings.brokers, manifest.positions)
    await _migrate()
    return Restored(manifest, await _fill(settings, manifest, folder))


def check(path: Path, keys: Keys = NO_KEYS) -> Manifest:
    """Read every byte of a backup; return its manifest. Raises NotRestorable where this version cannot restore it.

    With a secret key all that is encrypted is opened, too.
    """
    manifest = files.read(path)
    if why := why_not_here(manifest, *tables.of_this_version()):
        raise NotRestorable(why)
    for topic in manifest.topics:
        known = declared().get(topic.name)
        if known is None or not _fits(known, len(topic.ends)):
            raise NotRestorable(f"{topic.name} has {len(topic.ends)} partitions in this backup, and other ones here")
    if manifest.recipients and keys.identities:
        folder = Folder(path, keys)
        for kept in manifest.files:
            for _ in folder.chunks(kept.name):
                pass
    return manifest


def _fits(known: Topic, partitions: int) -> bool:
    return partitions == known.partitions or (known.grows and known.partitions < partitions <= MOST)


async def look(settings: Settings, manifest: Manifest, folder: Folder) -> tuple[list[KeptSchema], list[KeptSchema]]:
    """Return the schemas, and those that the registry lacks. Changes nothing.

    Raises NotRestorable where the servers have anything.
    """
    connection = await database.connect(settings.database_url, "restore")
    try:
        made_from = await tables.made_from(connection)
        if made_from is not None:
            if why := why_not_here(manifest, *made_from):
                raise NotRestorable(f"the database is there, of another version: {why}. {AGAIN}")
            if name := await tables.in_use(connection):
                raise NotRestorable(f"the database is not empty: {name} has rows. {AGAIN}")
    finally:
        await connection.close(timeout=2)
    if topic := await log.in_use(settings.brokers):
        raise NotRestorable(f"the broker is not empty: {topic} has had records. {AGAIN}, or delete the topics")
    kept = await asyncio.to_thread(kept_schemas.read, folder, manifest.schemas.name)
    return kept, await asyncio.to_thread(kept_schemas.missing, Registry(settings.registry_url), kept)


async def _make_topics(settings: Settings) -> None:
    provisioner = Provisioner(settings)
    give_up = time.monotonic() + SETTLE_S
    while (drift := await provisioner.find_drift()).lines():
        if drift.unfixable or time.monotonic() > give_up:
            raise NotRestorable(f"the topics cannot be made as they are declared: {'; '.join(drift.lines()[:5])}")
        await provisioner.apply(drift)


async def _migrate() -> None:
    """Make the tables in a process of their own, `projections.migrate`: `streams` may not import `projections`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "projections.migrate", stdout=asyncio.subprocess.DEVNULL
    )
    if status := await process.wait():
        raise NotRestorable(
            f"the tables could not be made: `python -m projections.migrate` ended with {status}. {AGAIN}"
        )


async def _fill(settings: Settings, manifest: Manifest, folder: Folder) -> tuple[str, ...]:
    connection = await database.connect(settings.database_url, "restore", statement_s=COPY_S)
    try:
        paused = await tables.bring_back(connection, manifest, folder)
        await log_home.note(connection)
        if growth.there > declared()[PLAN_EVENTS].partitions:
            await log_home.note_growth(connection, growth.there, growth.dealt)
        return paused
    finally:
        await connection.close(timeout=2)
