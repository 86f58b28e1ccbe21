"""A database as its server describes it: every table, type, index, right and function, in one order."""

from __future__ import annotations

import asyncio

from local.postgres import binaries


async def described(url: str) -> list[str]:
    """Return the lines of a dump without data; of two databases that are alike it is the same."""
    dumping = await asyncio.create_subprocess_exec(
        str(binaries() / "pg_dump"),
        url,
        "--schema-only",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await dumping.communicate()
    assert dumping.returncode == 0, err.decode()
    # each dump is guarded by a word of its own
    return [line for line in out.decode().splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]
