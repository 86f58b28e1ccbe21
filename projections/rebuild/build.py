"""The steps of a rebuild. The live read models are read and locked for moments, and only the swap changes them.

Writers of the live tables wait at two moments (`pauses`), readers never: their statements name the tables, and find
the new ones after the swap, which hold the same.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

import asyncpg

from projections.rebuild import compare, expired, tables
from projections.rebuild.shadow import Offsets, Shadow, Stalled
from projections.rebuild.shares import Sharing, reach_together
from projections.run.ahead import stay_level, until_level
from projections.run.writer import PROJECTION
from projections.settings import Settings
from schemas.process.log_home import learn_growth
from schemas.process.sessions import LOCK_HOLDER, MIGRATIONS, REBUILD
from schemas.process.signing import believed_until
from schemas.wire import Codec

#: Records behind the live read models from which on the last ones are projected while the writers wait.
NEAR: Final = 200
#: Writers of the live tables wait so long at most; then they go on, and it is tried again.
PAUSE_S: Final = 5.0
TRIES: Final = 5
#: A difference can be a row whose record is not in the log yet: it is looked at again.
LOOKS: Final = 3
LOOK_AGAIN_S: Final = 2.0

Say = Callable[[str], None]


class Refused(Exception):  # noqa: N818 - says what happened
    """The rebuild does not begin; the message says why and what to do."""


@dataclass(slots=True)
class Outcome:
    """The result of a rebuild, and whether it is live now. `problems` is empty where both sets of tables were equal."""

    records: int = 0
    poison: int = 0
    seconds: float = 0.0
    swapped: bool = False
    pauses_ms: list[int] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class Tell(Protocol):
    """Keeps for later that other tables are live, in the transaction of the connection."""

    def __call__(
        self, connection: asyncpg.Connection, live: str, outcome: Outcome, *, back: bool
    ) -> Awaitable[None]: ...


async def _nobody(connection: asyncpg.Connection, live: str, outcome: Outcome, *, back: bool) -> None:
    """Tell nobody: tables of a test."""


class Rebuild:
    """Builds `<live>_new` from the log, compares it with `live`, and swaps: the old tables stay as `<live>_old`.

    `tell` keeps who swapped: audited.py, by rights that the projections lack. `sharing` has others project a part.
    """

    def __init__(
        self,
        settings: Settings,
        codec: Codec,
        *,
        live: str = "rm",
        say: Say = lambda _: None,
        tell: Tell = _nobody,
        sharing: Sharing | None = None,
    ) -> None:
        self._tell, self._sharing = tell, sharing
        self._settings, self._codec = settings, codec
        self._live, self._shadow, self._old = live, f"{live}_new", f"{live}_old"
        self._say = say

    async def run(self, *, check: bool = False, accept: bool = False) -> Outcome:
        """Rebuild. `check` only compares, `accept` swaps although there are differences.

        The live tables are untouched unless `swapped` is true. Raises Refused, Stalled, SettingsError, and the errors
        of the broker and the database as they are; what was half built is gone then, or goes with the next run.
        """
        began = time.monotonic()
        async with self._alone() as connection:
            self._settings.signing.checked(await believed_until(connection))
            if not check and await tables.exists(connection, self._old):
                raise Refused(f"{self._old} from an earlier rebuild is still there: drop it first (--drop)")
            await self._let_nothing_be_ahead(connection)
            await tables.check_bindings(connection, self._live)
            await tables.create(connection, self._live, self._shadow, keys_alone=True)
            outcome = Outcome()
            try:
                async with Shadow(self._settings, self._codec, self._shadow) as shadow:
                    await self._build(connection, shadow, outcome, check=check, accept=accept)
                    outcome.records, outcome.poison = shadow.projected, shadow.given_up
            finally:
                if not outcome.swapped:
                    await tables.drop(connection, self._shadow)
            outcome.seconds = round(time.monotonic() - began, 2)
            return outcome

    async def go_back(self) -> Outcome:
        """Undo the last swap: the tables that it has kept become live, and the others are kept in their place.

        They are brought to where the live ones are first, so no reader sees less than before. Raises as `run` does; the
        live tables are untouched then.
        """
        began = time.monotonic()
        async with self._alone() as connection:
            self._settings.signing.checked(await believed_until(connection))
            if not await tables.exists(connection, self._old):
                raise Refused(f"there is no {self._old}: there was no swap, or its earlier tables were dropped")
            await self._check_alike(connection, self._old, "the swap", "Rebuild instead")
            await self._let_nothing_be_ahead(connection)
            await tables.drop(connection, self._shadow)  # of a rebuild that died half-way
            outcome = Outcome()
            async with Shadow(self._settings, self._codec, self._old) as shadow:
                starts = await shadow.log_starts()
                if any(at < starts[tp] for tp, at in shadow.positions.items()):
                    raise Refused(f"the log has dropped records that {self._old} lacks: rebuild instead")
                await self._approach(connection, shadow)
                async with self._level(connection, shadow, outcome, migrations_wait=True):
                    await self._check_alike(connection, self._old, "the swap", "Rebuild instead")
                    await tables.exchange(connection, self._live, self._old, self._shadow)
                    await self._tell(connection, self._live, outcome, back=True)
                outcome.swapped = True
                outcome.records, outcome.poison = shadow.projected, shadow.given_up
            outcome.seconds = round(time.monotonic() - began, 2)
            return outcome

    async def drop_old(self) -> bool:
        """Drop the tables that an earlier swap has kept; return whether there were any."""
        async with self._alone() as connection:
            there = await tables.exists(connection, self._old)
            await tables.drop(connection, self._old)
            return there

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(
            self._settings.database_url,
            timeout=5,
            command_timeout=600,
            server_settings={"search_path": "", "application_name": "rebuild", **LOCK_HOLDER},
        )
        try:
            if not await connection.fetchval("select pg_try_advisory_lock($1)", REBUILD):
                raise Refused("another rebuild, or a backup, is running, or partitions are being added")
            await learn_growth(connection)
            yield connection
        finally:
            await connection.close(timeout=2)

    async def _let_nothing_be_ahead(self, connection: asyncpg.Connection) -> None:
        """Hold back what is shown before its turn: it would be a difference, or be lost by a swap for a moment."""
        await stay_level(connection)
        if not await until_level(connection, self._live):
            self._say("records are shown whose turn has not come: are the projections at work?")

    async def _build(
        self, connection: asyncpg.Connection, shadow: Shadow, outcome: Outcome, *, check: bool, accept: bool
    ) -> None:
        await self._approach(connection, shadow)
        await tables.index(connection, self._live, self._shadow)
        await self._approach(connection, shadow)  # the live ones have moved on meanwhile
        kept = await expired.take_over(connection, self._live, self._shadow, await shadow.log_starts())
        if kept:
            self._say(f"{kept} dead letters are taken over as they are: the log holds them no more")
        for look in range(LOOKS):
            if look:
                await asyncio.sleep(LOOK_AGAIN_S)
            await self._check_alike(connection, self._shadow, "the rebuild began", "Begin again")
            found = await self._compare(connection, shadow, outcome)
            outcome.rows = {table.name: table.rebuilt for table in found}
            outcome.problems = [problem for table in found for problem in table.problems]
            outcome.problems += await self._beyond(connection, shadow)
            if not outcome.problems:
                break
        if check or (outcome.problems and not accept):
            return
        for name in await tables.tables_of(connection, self._shadow):
            await connection.execute(f'analyze "{self._shadow}"."{name}"')  # plans are good from the first moment
        async with self._level(connection, shadow, outcome, migrations_wait=True):
            await self._check_alike(connection, self._shadow, "the rebuild began", "Begin again")
            await tables.swap(connection, self._live, self._shadow, self._old)
            await self._tell(connection, self._live, outcome, back=False)
        outcome.swapped = True

    async def _check_alike(self, connection: asyncpg.Connection, other: str, since: str, instead: str) -> None:
        """Raise Refused where a migration has changed the live tables since the `other` ones were like them.

        It is looked at here instead of holding up migrations for a whole rebuild: a deploy must not wait for it.
        """
        different = await tables.differences(connection, self._live, other)
        if different:
            raise Refused(
                f"a migration has changed {self._live} since {since}: {'; '.join(different[:5])}"
                f"{f' and {len(different) - 5} more' if len(different) > 5 else ''}. {instead}"
            )
        await tables.check_bindings(connection, self._live)

    async def _approach(self, connection: asyncpg.Connection, shadow: Shadow) -> None:
        """Project until little is left to where the live read models are, never past it: nothing can be taken back."""
        while True:
            ends = await self._ends(connection, shadow)
            left = shadow.behind(ends)
            self._say(f"{shadow.projected} records projected, {left} to go")
            if left <= NEAR:
                return
            if self._sharing is None or left < self._sharing.least:
                await shadow.reach(ends)
            else:
                await reach_together(shadow, ends, self._sharing, self._say)

    async def _ends(self, connection: asyncpg.Connection, shadow: Shadow) -> Offsets:
        """Return how far to go: as far as the live read models, or to the end of a log that is shorter."""
        seen = await self._live_offsets(connection)
        log_ends = await shadow.log_ends()
        return {tp: min(seen.get(tp, 0), end) for tp, end in log_ends.items()}

    async def _live_offsets(self, connection: asyncpg.Connection) -> dict[tuple[str, int], int]:
        rows = await connection.fetch(
            f'select topic, partition, next_offset from "{self._live}".projection_offset'  # noqa: S608 - our own name
            " where projection = $1",
            PROJECTION,
        )
        return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}

    @asynccontextmanager
    async def _level(
        self, connection: asyncpg.Connection, shadow: Shadow, outcome: Outcome, *, migrations_wait: bool = False
    ) -> AsyncIterator[None]:
        """Hold both sets of tables at the same offsets, in a transaction: the live writers wait meanwhile.

        `migrations_wait`: so do migrations, and one that is under way ends first.
        """
        for tries_left in reversed(range(TRIES)):
            transaction = connection.transaction()
            await transaction.start()
            began = time.monotonic()
            try:
                await connection.execute(f"set local lock_timeout = '{PAUSE_S:.0f}s'")
                if migrations_wait:  # before any table, as a migration does: neither waits for the other in a ring
                    await connection.execute("select pg_advisory_xact_lock($1)", MIGRATIONS)
                # a batch under way ends first, the next one waits here: its first statement moves the offsets
                await connection.execute(f'lock table "{self._live}".projection_offset in exclusive mode')
                await shadow.reach(await self._ends(connection, shadow), within_s=PAUSE_S)
            except (Stalled, asyncpg.LockNotAvailableError) as error:
                await transaction.rollback()
                if not tries_left:
                    raise
                self._say(f"{error}; once more")
                await self._approach(connection, shadow)
                continue
            except BaseException:
                await transaction.rollback()
                raise
            try:
                yield
            except BaseException:
                await transaction.rollback()
                raise
            await transaction.commit()
            outcome.pauses_ms.append(round((time.monotonic() - began) * 1000))
            return

    async def _compare(self, connection: asyncpg.Connection, shadow: Shadow, outcome: Outcome) -> list[compare.Table]:
        other = await asyncpg.connect(
            self._settings.database_url, timeout=5, command_timeout=600, server_settings={"search_path": ""}
        )
        try:
            async with other.transaction(isolation="repeatable_read", readonly=True):
                async with self._level(connection, shadow, outcome):
                    await other.fetchval("select 1 from pg_class limit 1")  # the snapshot is taken at this moment
                return await compare.compare(other, self._live, self._shadow)
        finally:
            await other.close(timeout=2)

    async def _beyond(self, connection: asyncpg.Connection, shadow: Shadow) -> list[str]:
        ends = await shadow.log_ends()
        return [
            f"projection_offset: the live read models are at {at} of {topic}/{partition}, the log ends at"
            f" {ends[topic, partition]}"
            for (topic, partition), at in sorted((await self._live_offsets(connection)).items())
            if at > ends.get((topic, partition), at)
        ]
