"""Records in the audit that rebuilt read models were put in place, or taken back, in the transaction that does it."""

from __future__ import annotations

import asyncpg

from projections.rebuild.build import Outcome
from schemas.process import audited


async def tell(connection: asyncpg.Connection, live: str, outcome: Outcome, *, back: bool) -> None:
    """Write the entry; `back`: the tables from before the last swap are live again."""
    await audited.tell(connection, "system.rebuild", live, differences=len(outcome.problems), back=back)
