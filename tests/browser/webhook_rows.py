"""Two webhooks, and what one of them was told."""

from __future__ import annotations

import asyncpg

from tests.browser.rows import AWAITING, WEBHOOK, insert, uid


async def add_webhooks(db: asyncpg.Connection) -> None:
    """One that works with a few deliveries, and one with a long address that the system has paused."""
    for name, url in (("erp", "https://erp.example.com/in"), ("crm", "https://crm.example.com/" + "hooks/" * 30)):
        await insert(
            db, "flow.webhook", webhook_id=uid(name), name=name, url=url, secret="", types=["plan.*"], created_by="Ana"
        )
    for number, state in enumerate(("sent", "failed", "waiting")):
        await insert(
            db,
            "flow.webhook_delivery",
            delivery_id=uid("delivery", number),
            webhook_id=WEBHOOK,
            plan_id=AWAITING,
            event_id=uid("event", number),
            type="plan.analyzed",
            body='{"specversion": "1.0", "data": {}}',
            state=state,
            error="" if state == "sent" else "HTTP 503: " + "no upstream " * 20,
            attempts=number + 1,
        )
    await db.execute("update flow.webhook_delivery set ended_at = now() where state <> 'waiting'")
    await insert(db, "flow.webhook_attempt", delivery_id=uid("delivery", 1), attempt=1, outcome="failed", seconds=0.2,
                 detail="HTTP 503: " + "no upstream " * 20)  # fmt: skip
    await db.execute(
        "update flow.webhook set paused_at = now(), failing_since = now() - interval '3 days',"
        " paused_for = 'HTTP 503: ' || repeat('no upstream ', 20) where name = 'crm'"
    )
