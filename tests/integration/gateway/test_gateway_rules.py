"""The rules over HTTP and on their page: what they look for and need, and how often they were right."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import httpx
import orjson
import pytest

from gateway.figures.rules import RULES
from gateway.figures.worths import WORTHS
from projections.outcomes import reads as outcomes
from projections.outcomes.reads import HitRate
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running

RATE = HitRate("rules", "returns", 4, 3, 1, 0, 2, 1, 0, 0, 200.0, 150.0)


@pytest.fixture(autouse=True)
def rated(monkeypatch: pytest.MonkeyPatch) -> None:
    async def rates(_db: object) -> list[HitRate]:
        return [RATE, replace(RATE, source="agent", analyst="fees")]

    monkeypatch.setattr(outcomes, "hit_rates", rates)


async def test_each_rule_is_told_with_what_it_needs_and_how_often_it_was_right(api: httpx.AsyncClient) -> None:
    items = (await api.get("/api/marketplace/rules")).raise_for_status().json()["items"]
    told = {one["rule"]: one for one in items}

    assert list(told) == list(RULES)
    assert {name for name, one in told.items() if one["formula"]} == WORTHS.keys()
    assert told["fees"]["figures"][0]["needs"] == [["fees", "revenue"]]
    assert told["returns"]["figures"][0]["needs"] == [["returned_units"], ["status", "units"]]
    assert all(figure["needs"] and figure["formula"] for one in items for figure in one["figures"])
    assert told["returns"]["hitRate"]["rate"] == 0.75
    assert told["fees"]["hitRate"] is None, "that is an agent's"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Rules", "3 of 4", "not measured yet")), ("pt-BR", ("Regras", "3 de 4", "ainda não medido"))],
)
async def test_the_page_shows_them_in_both_languages(
    gateway: Running, language: str, words: tuple[str, str, str]
) -> None:
    async with gateway.browser("viewer", language) as browser:
        page = (await browser.get("/rules")).raise_for_status().text

    assert re.findall(r'<section class="card" id="rule-([a-z-]+)"', page) == list(RULES)
    assert f"<h1>{words[0]}</h1>" in page
    assert page.count(words[1]) == 1
    assert page.count(words[2]) == len(RULES) - 1
    assert "<code>MARKETPLACE_STOCK_LOW_DAYS</code>" in page
    assert (RULES["unpaid"].when in page) is (language == "en")


async def test_a_finding_on_a_plan_leads_to_its_rule_and_an_agents_does_not(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan = await seed.add_plan(gateway.pool)
    found: dict[str, Any] = {
        "id": "shopee-returns",
        "title": "T",
        "what": "W",
        "priority": "high",
        "evidence": [],
        "worth_brl": None,
    }
    await gateway.pool.execute(
        "insert into rm.plan_channel (plan_id, channel, version, status, source, opportunities, changed_at)"
        " values ($1, 'shopee', 1, 'analyzed', 'rules', $2, now()) on conflict (plan_id, channel) do update"
        " set source = 'rules', status = 'analyzed', opportunities = excluded.opportunities",
        plan,
        orjson.dumps([found]).decode(),
    )
    assert 'href="/rules#rule-returns"' in (await api.get(f"/plans/{plan}")).text
    await gateway.pool.execute("update rm.plan_channel set source = 'agent' where plan_id = $1", plan)
    assert 'href="/rules#' not in (await api.get(f"/plans/{plan}")).text


async def test_the_line_about_the_system_is_in_the_readers_language(gateway: Running) -> None:
    """It stands above the page, and is worded before the page is."""
    async with gateway.browser("viewer", "pt-BR") as browser:
        page = (await browser.get("/rules")).text
    assert "Nenhum broker está configurado." in page
    assert "No broker is configured." not in page
