"""What changed and what came of it, on both plans' pages and the overview, in Portuguese, also on a phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest

from projections.rows import Recorded
from projections.run.connections import connect
from projections.run.writer import rows_of, write
from schemas.events import Event
from tests.browser.accessibility import violations, violations_in_light_and_dark
from tests.browser.conftest import Opener, Site
from tests.browser.row_contents import MELI
from tests.browser.rows import Seed
from tests.contract.golden import EXAMPLES

EXAMPLE: dict[str, Any] = orjson.loads((EXAMPLES / "plan.channel.compared.v1.json").read_bytes())
ENVELOPE = ("event_id", "stream", "version", "occurred_at", "causation_id", "correlation_id", "actor")


@pytest.fixture
async def pair(site: Site, db: asyncpg.Connection) -> tuple[UUID, UUID]:
    """The plan of January, and the one of February that measured it."""
    seed = Seed(db)
    before, after = uuid4(), uuid4()
    for plan, title in ((before, "Janeiro"), (after, "Fevereiro")):
        await seed.plan(plan, "awaiting_approval", title=title, opportunities=MELI, analyzed_at=seed.now)
        await seed.channel(plan, "mercado_livre", opportunities=MELI)
    data = {name: value for name, value in EXAMPLE.items() if name not in ENVELOPE} | {"plan_id": str(after)}
    data |= {part: data[part] | {"plan_id": str(before)} for part in ("bridge", "proof")}
    event = Event(
        "plan.channel.compared", str(uuid4()), f"comparison-{after}.mercado_livre", 1, 1, "c", str(after), "a", data
    )
    connection = await connect(site.database_url, "rm")
    try:
        await write(connection, rows_of(Recorded(event, "plan.events", 0, 99, seed.now, None)), [], [])
    finally:
        await connection.close()
    return before, after


def plain(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
async def test_the_later_plan_says_what_changed_and_the_earlier_one_what_came_of_it(
    opened: Opener, pair: tuple[UUID, UUID], *, phone: bool
) -> None:
    before, after = pair
    page = await opened(f"/plans/{after}", locale="pt-BR", phone=phone)

    changed = plain(await page.inner_text("#change-mercado_livre"))
    assert "Receita de R$ 50.000,00 (01/01/2026 a 31/01/2026) para R$ 54.200,00 (01/02/2026 a 28/02/2026)." in changed
    assert "Envio pago por você não conhecido" in changed
    earlier = plain(await page.inner_text("#earlier"))
    assert "devoluções de CAF-GAR-1L: 12,0% → 6,0%: R$ 1.240,00 dos R$ 1.500,00 por mês prometidos" in earlier
    assert "O documento novo não traz este número." in earlier
    assert await violations_in_light_and_dark(page) == []
    width = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert await page.evaluate(width)
    frame = page.locator("#change-mercado_livre .ledger-frame")
    assert await frame.evaluate("one => one.scrollWidth <= one.clientWidth"), "the products behind a step are cut off"

    await page.click("#earlier .card-head a")
    await page.wait_for_url(f"**/plans/{before}")
    assert "R$ 1.240,00 dos R$ 1.500,00" in plain(await page.inner_text("#later"))
    assert await violations(page) == []

    await page.goto("/")
    if phone:  # the first look is for what is wrong
        await page.get_by_role("checkbox", name="Mostrar: Quantas vezes o conselho deu certo").press("Space")
    rates = plain(await page.inner_text("#hit-rates"))
    assert "Produtos que voltam demais" in rates
    assert await violations(page) == []
    assert await page.evaluate(width)
