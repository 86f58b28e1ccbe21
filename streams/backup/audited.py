"""Record in the audit that somebody made a backup, and that a system was restored from one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import asyncpg

from schemas.process import audited


async def tell(
    connection: asyncpg.Connection,
    action: Literal["system.backup", "system.restore"],
    backup: str,
    made_at: float,
    paused: Sequence[str] = (),
) -> None:
    """Write the entry; `backup` names it, `paused` are webhooks."""
    more = {"webhooks_paused": list(paused)} if paused else {}
    await audited.tell(connection, action, backup, made_at=made_at, **more)
