"""The heartbeat around a process's work: its row is written from the beginning of the work to its end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import structlog

from schemas import outbox_seal
from schemas.process import standing, start
from schemas.process.database import connect
from schemas.process.disks import OwnDisks, folders_of
from schemas.process.liveness import PATIENCE_S, Connection, Liveness, Progress
from schemas.process.sessions import LOCK_HOLDER
from schemas.signing import NO_KEYS, Keys


def heartbeat(
    database_url: str, role: str, progress: Progress, *, deaf_after_s: float, keys: Keys = NO_KEYS
) -> Liveness:
    """Return the heartbeat of this process. It has a connection of its own: the work cannot hold it up.

    `keys` seal the events that say of its start and end.
    """
    # a crash of the server may take the last of them back: the next one is written a second later, and a row that is
    # gone is made anew
    session = {"synchronous_commit": "off", **LOCK_HOLDER, **outbox_seal.session(keys)}

    async def opened() -> Connection:
        return await connect(database_url, f"liveness-{role}", statement_s=PATIENCE_S, session=session)

    disks = OwnDisks(role, folders_of(os.environ))

    def with_disks() -> Mapping[str, Any]:
        return {**progress(), "disks": disks.told()}

    say = structlog.get_logger("liveness").warning
    return Liveness(
        opened, role, with_disks, deaf_after_s=deaf_after_s, say=say, tell_standing=standing.tell, leave=start.leave
    )


@asynccontextmanager
async def with_heartbeat(liveness: Liveness | None) -> AsyncIterator[None]:
    """Write the heartbeat while the work within goes on, and say at its end that it was told to stop.

    None: there is no database.
    """
    if liveness is None:
        yield
        return
    task = asyncio.get_running_loop().create_task(liveness.run())
    try:
        yield
    except BaseException:
        task.cancel()  # the lock goes with the connection, and says it: nobody told us to stop
        raise
    await liveness.stop("told to stop")
    await task
