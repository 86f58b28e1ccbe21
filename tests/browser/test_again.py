"""A person asks for another analysis of a channel, sees that it runs, and what came of it, without a reload."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest

from tests.browser.conftest import Opener, notify
from tests.browser.row_contents import MELI, PHASES
from tests.browser.rows import Seed
from tests.support.patience import until

ASKED = {"version": 3, "result_version": 1, "analyst": "agent", "by": "Ana", "at": "2026-05-04T12:00:00+00:00"}
FAILURE = {"agent": "agent:llm.example/m", "code": "agent-timeout", "reason": "the agent did not end", "attempts": 1}
KEPT = {
    "analyst": "agent",
    "code": "agent-timeout",
    "reason": "r",
    "at": "2026-05-04T12:01:00+00:00",
    "failures": [FAILURE],
    "use": [],
}


@pytest.fixture
async def plan(db: asyncpg.Connection) -> UUID:
    """A plan of its own that waits for a decision, as decisions and pages know it."""
    seed, plan_id = Seed(db), uuid4()
    await seed.plan(
        plan_id, "awaiting_approval", title="De novo", opportunities=MELI, phases=PHASES, analyzed_at=seed.at(minutes=1)
    )
    await seed.channel(plan_id, "mercado_livre", opportunities=MELI)
    await db.execute(
        "insert into decide.document (document_id, plan_id, sha256, channels, facts)"
        " values ($1, $1, 'ab', '{mercado_livre}', '{}')",
        plan_id,
    )
    await db.execute(
        "insert into decide.channel_result (plan_id, channel, type, event_id, data)"
        " values ($1, 'mercado_livre', 'plan.channel.analyzed', $1, '{}')",
        plan_id,
    )
    return plan_id


async def show(db: asyncpg.Connection, plan_id: UUID, version: int, kept: object = None) -> None:
    """Do what the projections would do with the request, and with a failed answer."""
    await db.execute(
        "update rm.plan_channel set asked = $2, kept = $3, version = $4 where plan_id = $1",
        plan_id,
        orjson.dumps(ASKED).decode(),
        None if kept is None else orjson.dumps(kept).decode(),
        version,
    )
    await db.execute("update rm.plan set version = 3, changed_at = now() where plan_id = $1", plan_id)
    await notify(db, plan_id)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_asks_for_another_analysis_and_sees_what_comes_of_it(
    opened: Opener, db: asyncpg.Connection, plan: UUID, scripts: bool
) -> None:
    page = await opened(f"/plans/{plan}", locale="pt-BR", java_script_enabled=scripts)
    channel = page.locator("#channel-mercado_livre")
    assert "Analisar de novo:" in await channel.inner_text()

    click = asyncio.create_task(channel.locator("button:has-text('com o agente')").click())
    asked = await until(lambda: db.fetchrow("select type, actor, data from decide.outbox where key = $1", str(plan)))
    await show(db, plan, 1)
    await click

    assert (asked["type"], asked["actor"]) == ("plan.channel.requested_again", "Test analyst")
    data = orjson.loads(asked["data"])
    assert (data["channel"], data["analyst"]) == ("mercado_livre", "agent")
    await page.wait_for_selector("#flash:has-text('A análise está sendo refeita.')")
    await page.wait_for_selector("[data-analysed-again=running]:has-text('com o agente, a pedido de Ana')")

    await show(db, plan, 2, KEPT)
    if not scripts:
        await page.reload()
    await page.wait_for_selector("[data-analysed-again=kept]:has-text('o agente não respondeu a tempo')")
    assert await page.locator("[data-approve]").count() == 1
