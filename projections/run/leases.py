"""Who projects which partition: session advisory locks in the database that the rows go to.

A lease lives exactly as long as the session that also writes the rows. So a killed process gives its partitions back
when its socket closes, in milliseconds and without a group protocol, and a process that lost its session cannot write.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import asyncpg


class Leases:
    """The partitions that this process may project. Not shared between tasks: it lives on the writer's connection.

    `numbers` has the number of each partition's lease: the same in all processes. `member` is the object id that all
    who share these partitions hold in share mode: counting its holders counts them.
    """

    def __init__(
        self, connection: asyncpg.Connection, projection: str, numbers: Mapping[tuple[str, int], int], member: int = 0
    ) -> None:
        self._connection = connection
        self._class = zlib.crc32(projection.encode()) & 0x7FFFFFFF
        self._object = numbers
        self._member = member
        self.leased: set[tuple[str, int]] = set()

    def know(self, numbers: Mapping[tuple[str, int], int]) -> None:
        """Take partitions that were added; those that were known keep their numbers."""
        self._object = numbers

    async def join(self) -> None:
        """Count as a member."""
        await self._connection.execute("select pg_advisory_lock_shared($1::int, $2::int)", self._class, self._member)

    async def balance(self) -> bool:
        """Lease free partitions, give back those beyond a fair share; return whether `leased` changed."""
        before = set(self.leased)
        members = await self._connection.fetchval(
            "select count(*) from pg_locks where locktype = 'advisory' and classid = $1::bigint::oid and objid = $2"
            " and objsubid = 2 and granted"
            " and database = (select oid from pg_database where datname = current_database())",
            self._class,
            self._member,
        )
        share = -(-len(self._object) // max(members, 1))
        for tp in sorted(self.leased, key=_turn)[share:]:
            await self._connection.execute("select pg_advisory_unlock($1::int, $2::int)", self._class, self._object[tp])
            self.leased.discard(tp)
        wanted = [tp for tp in sorted(self._object) if tp not in self.leased]
        if wanted and len(self.leased) < share:
            # one statement takes every lock that is free; what is beyond the share goes back at once
            rows = await self._connection.fetch(
                "with free as materialized (select n, pg_try_advisory_lock($1::int, n) as got"
                " from unnest($2::int[]) n) select n from free where got",
                self._class,
                [self._object[tp] for tp in wanted],
            )
            got = {row["n"] for row in rows}
            for tp in sorted((tp for tp in wanted if self._object[tp] in got), key=_turn):
                if len(self.leased) < share:
                    self.leased.add(tp)
                else:
                    await self._connection.execute(
                        "select pg_advisory_unlock($1::int, $2::int)", self._class, self._object[tp]
                    )
        return self.leased != before


def _turn(tp: tuple[str, int]) -> tuple[int, str]:
    """Return the place of a partition where some are kept and others left: a part of each topic, not whole topics."""
    topic, partition = tp
    return partition, topic
