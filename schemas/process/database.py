"""Connections and pools of processes, each with a name and with limits of time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import asyncpg

from schemas.process.bounded_pool import BoundedPool

#: For `session`: statements are planned once, when the tables are still empty, and a plan for an empty table reads it
#: all for ever.
PLANNED_EMPTY: Final[Mapping[str, str]] = {"enable_seqscan": "off"}
#: For `session` where all statements stand in the source and each is asked again and again: planned once, whatever
#: its parameters. Postgres plans one anew each time that fewer rows are given than the ten which it takes a list for,
#: and that costs more than the statement. Not for lists that people narrow: there the parameters say which index fits.
PLANNED_ONCE: Final[Mapping[str, str]] = {**PLANNED_EMPTY, "plan_cache_mode": "force_generic_plan"}
#: For `session` of a gateway: somebody else approves a plan than who uploaded it (decide.barred).
FOUR_EYES: Final[Mapping[str, str]] = {"marketplace.four_eyes": "on"}
CONNECT_S: Final = 5.0
STATEMENT_S: Final = 30.0
#: A connection of a bounded pool that nobody uses for so many seconds is closed.
IDLE_S: Final = 120.0


async def connect(
    url: str,
    name: str,
    *,
    connect_s: float = CONNECT_S,
    statement_s: float = STATEMENT_S,
    session: Mapping[str, str] | None = None,
) -> asyncpg.Connection:
    """Return a connection; `name` is what the server calls it, `session` what it sets for it."""
    settings = {"application_name": name, **(session or {})}
    connection: asyncpg.Connection = await asyncpg.connect(
        url, timeout=connect_s, command_timeout=statement_s, server_settings=settings
    )
    return connection


def pool(
    url: str,
    name: str,
    size: int,
    *,
    connect_s: float = CONNECT_S,
    statement_s: float = STATEMENT_S,
    session: Mapping[str, str] | None = None,
    idle_s: float = 300.0,
) -> asyncpg.Pool:
    """Return a pool of at most `size` connections; none is opened before it is needed, so the server may be away.

    Borrowers must leave nothing in the session: no setting, lock or listener that outlives their transaction.
    """
    return asyncpg.create_pool(url, **_options(name, size, connect_s, statement_s, session or {}, idle_s))


def bounded_pool(
    url: str,
    name: str,
    size: int,
    *,
    wait_s: float,
    connect_s: float,
    statement_s: float,
    session: Mapping[str, str],
) -> BoundedPool:
    """Return a pool like `pool`, in which a caller waits at most `wait_s` for a connection."""
    return BoundedPool(
        url,
        wait_s=wait_s,
        # what asyncpg.create_pool gives by default
        max_queries=50_000,
        loop=None,
        connection_class=asyncpg.Connection,
        record_class=asyncpg.Record,
        **_options(name, size, connect_s, statement_s, session, IDLE_S),
    )


def _options(
    name: str, size: int, connect_s: float, statement_s: float, session: Mapping[str, str], idle_s: float
) -> dict[str, Any]:
    return {
        "min_size": 0,
        "max_size": size,
        "timeout": connect_s,
        "command_timeout": statement_s,
        "max_inactive_connection_lifetime": idle_s,
        "server_settings": {"application_name": name, **session},
        "reset": _as_it_is,
    }


async def _as_it_is(_: asyncpg.Connection) -> None:
    """Reset nothing when a connection comes back: it would cost a round trip, and asyncpg ends transactions itself."""
