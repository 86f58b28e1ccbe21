"""Attempts that failed and were made again, for the page that lists them."""

from __future__ import annotations

import asyncpg

from tests.browser.rows import AWAITING, EXECUTING, HOSTILE, insert


async def add_attempts(db: asyncpg.Connection) -> None:
    """An agent that was away twice, a Phase 1 that was tried again, and a record of no plan."""
    for n, (group, key, type_, stream, code, message) in enumerate(
        (
            ("analysis", str(AWAITING), "analysis.requested", f"work-{AWAITING}.shopee", "agent-timeout", "no answer"),
            ("analysis", str(AWAITING), "analysis.requested", f"work-{AWAITING}.shopee", "agent-connection", HOSTILE),
            ("agents", str(EXECUTING), "plan.approved", f"plan-{EXECUTING}", "OperationalError", "connection " * 40),
            ("projections", "", "", "", "damaged", "x" * 200),
        )
    ):
        await insert(
            db, "flow.job_attempt", record_id=f"{group}|plan.events|0|{n}", replay=0, attempt=1 + n % 2, grp=group,
            key=key, type=type_, stream=stream, code=code, error_class="E", message=message,
        )  # fmt: skip
