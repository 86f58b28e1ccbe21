"""Makes a backup while the system is at work."""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from schemas.process import database
from schemas.process.version import build
from schemas.registry import Registry
from streams.backup import audited, files, kept_schemas, log, tables
from streams.backup.files import Folder
from streams.backup.keys import NO_KEYS, Keys
from streams.backup.manifest import Manifest
from streams.backup.moment import NoMoment, Taking
from streams.settings import Settings


@dataclass(frozen=True, slots=True)
class Made:
    """`seconds`: how long it took in all; `waited_s`: how long writers waited for it."""

    manifest: Manifest
    seconds: float
    waited_s: float


async def make(settings: Settings, folder: Path, keys: Keys = NO_KEYS) -> Made:
    """Make a backup in a folder that is not there yet, for the recipients among `keys` alone where there are any.

    Raises FileExistsError, NoMoment, and the errors of broker, registry and database as they are. Only who is killed
    leaves something: `<folder>.partial`, without a manifest.
    """
    began = time.monotonic()
    part = files.begin(folder)
    try:
        manifest, waited_s = await _fill(settings, Folder(part, keys))
        await _tell(settings, folder.name, manifest.made_at)
        files.finish(part, folder, manifest)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return Made(manifest, time.monotonic() - began, waited_s)


async def _fill(settings: Settings, part: Folder) -> tuple[Manifest, float]:
    async with Taking(settings) as taking:
        moment = await taking.moment()
        made_from = await tables.made_from(taking.shown)
        if made_from is None or made_from != tables.of_this_version():
            raise NoMoment(
                "the database is not as this version makes it: a deploy is under way, or another version runs. Finish"
                " `python -m projections.migrate`, and use the version that runs"
            )
        kept = await tables.keep(taking.shown, part)
        numbers = await tables.sequences(taking.shown)
        await taking.let_go()
        topics = await log.keep(settings.brokers, moment, part)
    # after the records: a schema is registered before the first record that carries its id
    schemas = await asyncio.to_thread(kept_schemas.keep, Registry(settings.registry_url), part)
    changes, number, digest = made_from
    manifest = Manifest(
        made_at=moment.at,
        version=str(build()),
        set=number,
        set_digest=digest,
        changes=changes,
        tables=kept,
        sequences=numbers,
        topics=topics,
        positions=moment.positions,
        schemas=schemas,
        recipients=tuple(str(one) for one in part.keys.recipients),
    )
    return manifest, moment.waited_s


async def _tell(settings: Settings, name: str, made_at: float) -> None:
    """Write the audit entry before the backup exists, because a backup reads everything."""
    connection = await database.connect(settings.database_url, "backup")
    try:
        await audited.tell(connection, "system.backup", name, made_at)
    finally:
        await connection.close(timeout=2)
