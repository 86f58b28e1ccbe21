"""Adds partitions while the system works: topics get them, processes read them, new plans are dealt among them.

Each step is there before the next begins, and a command that was ended anywhere is given once more. Plans that are
there stay where they are: their ids say among how many partitions they were dealt (schemas/process/places.py).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import asyncpg
import orjson

from schemas.process import audited, database
from schemas.process.log_home import learn_growth
from schemas.process.places import MOST, growth
from schemas.process.sessions import LOCK_HOLDER, REBUILD
from schemas.process.settings import DATABASE, SettingsError
from schemas.topics import PLAN_EVENTS, declared, groups
from streams.provision.log_home import note, note_growth
from streams.provision.provisioner import Provisioner
from streams.settings import Settings

#: How long it is waited until the topics have the partitions, and until all of them are read.
THERE_S: Final = 60.0
READ_S: Final = 120.0
LOOK_S: Final = 0.5
#: Looks in a row, each at some broker, that have to see all partitions: brokers hear of them one after the other.
IN_A_ROW: Final = 4
#: Living processes, each with its role and what it reads.
_READERS: Final = "select role, progress -> 'holds' as holds from flow.running where connected"


class NotGrown(Exception):  # noqa: N818 - says what happened
    """No partitions were added, or not all that was to be done was. The message says why, and what to do."""


async def grow(settings: Settings, wanted: int, say: Callable[[str], object] = print) -> None:
    """Add partitions until there are `wanted` of each topic that grows, and deal new plans among them.

    Raises NotGrown, SettingsError without a database, and the errors of broker and database as they are.
    """
    if not settings.database_url:
        raise SettingsError(f"{DATABASE} is not set: it says among how many partitions new plans are dealt")
    connection = await database.connect(settings.database_url, "provision", session=LOCK_HOLDER)
    try:
        if not await connection.fetchval("select pg_try_advisory_lock($1)", REBUILD):
            raise NotGrown("a rebuild or a backup is under way, or somebody else adds partitions: try again after it")
        await learn_growth(connection)
        before = max(growth.dealt, declared()[PLAN_EVENTS].partitions)
        if wanted <= before:
            raise NotGrown(f"new plans are dealt among {before} partitions already, and partitions only become more")
        if wanted > MOST:
            raise NotGrown(f"a topic has {MOST} partitions at most")
        await _make(settings, wanted)
        say(f"every topic that grows has {wanted} partitions")
        await note(connection)
        await note_growth(connection, wanted, None)
        await _until_read(connection, wanted)
        say("all of them are read")
        await note_growth(connection, wanted, wanted)
        await audited.tell(connection, "system.grow", "", before=before, after=wanted)
        say(f"new plans are dealt among {wanted} partitions; those that are there stay in the {before} they began with")
    finally:
        await connection.close(timeout=2)


async def _make(settings: Settings, wanted: int) -> None:
    provisioner, give_up, seen = Provisioner(settings), time.monotonic() + THERE_S, 0
    drift = await provisioner.find_drift()
    if drift.missing_topics or drift.unfixable:
        raise NotGrown(
            f"not all is as declared ({drift.lines()[0]}): `python -m streams.provision plan` says what to do"
        )
    await provisioner.make_partitions(wanted)
    while seen < IN_A_ROW:
        seen = seen + 1 if await provisioner.fewest_partitions() >= wanted else 0
        if time.monotonic() > give_up:
            raise NotGrown(f"the partitions do not appear within {THERE_S:.0f} s: give the command once more")
        await asyncio.sleep(LOOK_S)


async def _until_read(connection: asyncpg.Connection, wanted: int) -> None:
    give_up = time.monotonic() + READ_S
    while unread := unread_by([dict(row) for row in await connection.fetch(_READERS)], wanted):
        if time.monotonic() > give_up:
            raise NotGrown(
                f"{' and '.join(unread)} did not read all partitions within {READ_S:.0f} s, so new plans are dealt as"
                " before: see that they run (marketplace doctor), and give the command once more"
            )
        await asyncio.sleep(LOOK_S)


def unread_by(living: Sequence[Mapping[str, Any]], wanted: int) -> list[str]:
    """Return the roles whose living processes do not read all partitions yet; none where no process lives at all.

    `living`: `role` and `holds` (topic -> partitions, as JSON) of each process.
    """
    if not living:
        return []  # a system that is not started: its processes will read what there is
    read: dict[tuple[str, str], set[int]] = {}
    for process in living:
        for topic, partitions in orjson.loads(process["holds"] or "{}").items():
            read.setdefault((process["role"], topic), set()).update(partitions)
    every = set(range(wanted))
    return sorted(
        {
            group.role
            for group in groups().values()
            for topic in group.topics
            if declared()[topic].grows and not read.get((group.role, topic), set()) >= every
        }
    )
