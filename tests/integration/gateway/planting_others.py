"""How it is planted that others hold what the system needs: connections, or what vacuum would remove."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import asyncpg

from gateway.verdict.kinds import Kind

if TYPE_CHECKING:
    from tests.integration.gateway.planting import Site

#: What is younger is not looked at.
_OPEN: Final = (
    "select 1 from pg_stat_activity where state = 'idle in transaction' and application_name = 'psql'"
    " and xact_start < now() - interval '2 s'"
)


async def full_pool(site: Site) -> None:
    here = site.services.verdicts._here
    site.services.verdicts._here = lambda runs: replace(here(runs), pool_full_s=3.5)
    site.undo.callback(setattr, site.services.verdicts, "_here", here)


async def open_transaction(site: Site) -> None:
    holder = await asyncpg.connect(site.database_url, server_settings={"application_name": "psql"})
    site.undo.push_async_callback(holder.close)
    await holder.execute("begin isolation level repeatable read; select")
    due_s, site.services.verdicts._transaction_due_s = site.services.verdicts._transaction_due_s, 0.0
    site.undo.callback(setattr, site.services.verdicts, "_transaction_due_s", due_s)
    while await site.pool.fetchval(_OPEN) is None:
        await asyncio.sleep(0.05)


OTHERS: Final[Mapping[Kind, Callable[[Site], Awaitable[Any]]]] = {
    Kind.POOL_FULL: full_pool,
    Kind.TRANSACTION_OPEN: open_transaction,
}
