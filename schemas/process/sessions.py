"""Settings of database sessions that hold a lock for as long as their process lives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol

#: Numbers of advisory locks of the whole database. One migration at a time; the swap of a rebuild takes it, too.
MIGRATIONS: Final = 0x6D726B74
#: One rebuild at a time. A backup shares both: under it no name becomes that of another table.
REBUILD: Final = 0x72626C64

#: A silent client is asked after so long whether it is still there,
KEEPALIVE_IDLE_S: Final = 5
#: and again after so long,
KEEPALIVE_INTERVAL_S: Final = 3
#: so many times. Then the session ends, and its locks go.
KEEPALIVE_COUNT: Final = 3
#: How long a host that vanished without closing its connections keeps its locks, at most.
VANISHED_S: Final = KEEPALIVE_IDLE_S + KEEPALIVE_INTERVAL_S * KEEPALIVE_COUNT

#: For `server_settings`. A killed process closes its socket at once; a host that loses its power or its network closes
#: nothing, and the server's own patience with it is two hours.
LOCK_HOLDER: Final = {
    "tcp_keepalives_idle": str(KEEPALIVE_IDLE_S),
    "tcp_keepalives_interval": str(KEEPALIVE_INTERVAL_S),
    "tcp_keepalives_count": str(KEEPALIVE_COUNT),
    "tcp_user_timeout": str(VANISHED_S * 1000),
}
#: A session that asks nothing for so long is ended by the server, and its locks go to others: the process is frozen,
#: and its kernel still answers for it. What works asks more often, or says that it is there (`kept`).
FROZEN_S: Final = 30.0
#: How often a session that waits for others says that it is there.
STAY_S: Final = 5.0


class Connection(Protocol):
    """A database connection, as far as keeping a session alive needs it."""

    async def execute(self, query: str, *args: Any) -> Any: ...


def never_frozen() -> dict[str, str]:
    """Return the `server_settings` of a session whose lock others must get when its holder is frozen."""
    idle = f"{FROZEN_S * 1000:.0f}"
    return {**LOCK_HOLDER, "idle_session_timeout": idle, "idle_in_transaction_session_timeout": idle}


@asynccontextmanager
async def kept(connection: Connection) -> AsyncIterator[None]:
    """Keep a session that is not used meanwhile, however long the broker or the registry take. Raises when it ends."""
    done = asyncio.Event()

    async def stay() -> None:
        while not done.is_set():
            try:
                await asyncio.wait_for(done.wait(), STAY_S)
            except TimeoutError:
                await connection.execute("select 1")

    staying = asyncio.get_running_loop().create_task(stay())
    try:
        yield
    finally:
        done.set()
        await staying
