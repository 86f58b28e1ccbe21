"""An approval, as every system of the bench takes it."""

from __future__ import annotations

from bench.load.connection import Connection

BODY = b'{"action": "approve"}'


async def approve(connection: Connection, plan: str) -> None:
    """Approve one plan. Raises RuntimeError if it is refused."""
    status, body = await connection.request("PATCH", f"/api/marketplace/analysis/{plan}", BODY)
    if status != 202:
        raise RuntimeError(f"approval answered {status}: {body[:300]!r}")
