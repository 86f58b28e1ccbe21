"""Each alert fires for its cause: planted in a real database, scraped from a real gateway; and not for less."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import asyncpg
import httpx
import pytest
import yaml

from tests.integration.gateway.gateway_running import Running
from tests.support.letters import NOW, add_letter, add_waiting
from tests.support.promql import Scrapes, evaluate, fires, seconds

ROOT: Final = Path(__file__).parents[3]
RULES: Final[dict[str, dict[str, Any]]] = {
    rule["alert"]: rule
    for path in sorted((ROOT / "deploy" / "prometheus" / "rules").glob("letters.yml"))
    for group in yaml.safe_load(path.read_text("utf-8"))["groups"]
    for rule in group["rules"]
}
EVERY_S: Final = 15


async def letters(pool: asyncpg.Pool, count: int, *, hours: float = 0.0) -> None:
    for _ in range(count):
        await add_letter(pool, at=NOW - timedelta(hours=hours))


async def waits(pool: asyncpg.Pool, seconds: float) -> None:
    await add_waiting(pool, plan=str(uuid4()), offset=uuid4().int % 10**12, due=timedelta(seconds=-seconds))


Step = Callable[[asyncpg.Pool], Awaitable[None]]
#: alert -> what makes it fire, and what almost does: what happens in each of some minutes
CAUSES: Final[dict[str, tuple[list[Step], list[Step]]]] = {
    "DeadLettersForLong": ([lambda pool: letters(pool, 1, hours=5)], [lambda pool: letters(pool, 1, hours=3.5)]),
    "PoisonInNumbers": ([lambda pool: letters(pool, 3)] * 4, [lambda pool: letters(pool, 3)] * 3),
    "RetriesOverdue": ([lambda pool: waits(pool, 120)], [lambda pool: waits(pool, -3600)]),
}


def test_each_alert_has_a_cause() -> None:
    assert set(CAUSES) == set(RULES)


@pytest.mark.parametrize("name", sorted(RULES))
async def test_an_alert_fires_for_its_cause_and_not_for_less(
    gateway: Running, api: httpx.AsyncClient, name: str
) -> None:
    rule = RULES[name]
    for_s = seconds(rule.get("for", "0s"))

    async def scrape() -> str:
        return (await api.get("/metrics")).text

    def scrapes(*pages: str) -> Scrapes:
        """Return what two gateways say: each page for a minute, the first for ten, the last as long as is asked for."""
        calm, *bad, last = pages
        seen = [calm] * 40 + [page for page in bad for _ in range(4)] + [last] * (int(for_s) // EVERY_S + 1)
        return Scrapes([(float(n * EVERY_S), page) for n, page in enumerate(seen)], ("one", "two"))

    for steps, expected in zip(CAUSES[name], (True, False), strict=True):
        await gateway.pool.execute("truncate rm.dead_letter, flow.parked")
        pages = [await scrape()]
        for step in steps:
            await step(gateway.pool)
            pages.append(await scrape())
        everything = scrapes(*pages)
        assert not fires(rule["expr"], scrapes(pages[0], pages[0]), for_s=for_s)
        assert fires(rule["expr"], everything, for_s=for_s) is expected
        if expected and for_s:
            early = replace(everything, pages=everything.pages[:-1])
            assert evaluate(rule["expr"], early, early.pages[-1][0])
            assert not fires(rule["expr"], early, for_s=for_s)  # not before its time
