"""Record in the audit that somebody made a backup, and that a system was restored from one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final, Literal

import asyncpg

from schemas.process.version import build

_TELL: Final = """
    insert into audit.entry (actor, key_id, address, action, kind, target, outcome, after, reason, request_id)
    values ('', '', '', $1, 'system', $2, 'accepted', $3::jsonb, '', '')
"""


async def tell(
    connection: asyncpg.Connection,
    action: Literal["system.backup", "system.restore"],
    backup: str,
    made_at: float,
    paused: Sequence[str] = (),
) -> None:
    """Write the entry; `backup` names it, `paused` are webhooks. Nobody is known at a command line, nor an address."""
    after = {"version": str(build()), "made_at": made_at} | ({"webhooks_paused": list(paused)} if paused else {})
    await connection.execute(_TELL, action, backup, json.dumps(after))
