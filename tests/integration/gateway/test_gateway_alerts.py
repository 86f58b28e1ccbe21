"""Each alert fires for its cause: planted in a real database, told by a real gateway, judged by promtool."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import asyncpg
import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.integration.gateway.gateway_running import Running
from tests.support.letters import add_letter, add_waiting
from tests.support.prometheus import DEPLOYED, accepted

FILE: Final = DEPLOYED / "rules" / "letters.yml"
RULES: Final[dict[str, dict[str, Any]]] = {
    rule["alert"]: rule for group in yaml.safe_load(FILE.read_text("utf-8"))["groups"] for rule in group["rules"]
}
EVERY_S: Final = 15
#: Two gateways that all say the same.
GATEWAYS: Final = ("one", "two")
_SECONDS: Final = {"s": 1, "m": 60}


async def letters(pool: asyncpg.Pool, count: int, *, hours: float = 0.0) -> None:
    for _ in range(count):
        await add_letter(pool, at=datetime.now(UTC) - timedelta(hours=hours))


async def waits(pool: asyncpg.Pool, seconds: float) -> None:
    await add_waiting(pool, plan=str(uuid4()), offset=uuid4().int % 10**12, due=timedelta(seconds=-seconds))


Step = Callable[[asyncpg.Pool], Awaitable[None]]
#: alert -> what makes it fire, and what almost does: what happens in each of some minutes
CAUSES: Final[dict[str, tuple[list[Step], list[Step]]]] = {
    "DeadLettersForLong": ([lambda pool: letters(pool, 1, hours=5)], [lambda pool: letters(pool, 1, hours=3.5)]),
    "PoisonInNumbers": ([lambda pool: letters(pool, 3)] * 4, [lambda pool: letters(pool, 3)] * 3),
    "RetriesOverdue": ([lambda pool: waits(pool, 120)], [lambda pool: waits(pool, -3600)]),
}


def samples(page: str) -> dict[str, float]:
    """Return what a page says, by series, without the instance that a scrape adds."""
    found = {}
    for family in text_string_to_metric_families(page):
        for name, labels, value, *_ in family.samples:
            if name.startswith(("marketplace_dead", "marketplace_retries")):
                found[f"{name}{{" + ",".join(f'{label}="{text}"' for label, text in sorted(labels.items()))] = value
    return found


def scraped(pages: Sequence[str]) -> list[dict[str, str]]:
    """Return the series of promtool: what two gateways say at each scrape. `_` where one says nothing of it."""
    read = {page: samples(page) for page in set(pages)}
    series = sorted({name for found in read.values() for name in found})
    return [
        {
            "series": f'{name}{"" if name.endswith("{") else ","}instance="{instance}"}}',
            "values": " ".join(f"{read[page][name]:g}" if name in read[page] else "_" for page in pages),
        }
        for name in series
        for instance in GATEWAYS
    ]


def judged(rule: dict[str, Any], pages: Sequence[str], fires: dict[int, bool]) -> dict[str, Any]:
    """Return a case of promtool: whether a rule fires at the n-th scrape."""
    told = {"exp_labels": rule["labels"], "exp_annotations": rule["annotations"]}
    return {
        "interval": f"{EVERY_S}s",
        "input_series": scraped(pages),
        "alert_rule_test": [
            {"eval_time": f"{n * EVERY_S}s", "alertname": rule["alert"], "exp_alerts": [told] if firing else []}
            for n, firing in fires.items()
        ],
    }


def test_each_alert_has_a_cause() -> None:
    assert set(CAUSES) == set(RULES)


@pytest.mark.parametrize("name", sorted(RULES))
async def test_an_alert_fires_for_its_cause_and_not_for_less(
    gateway: Running, api: httpx.AsyncClient, tmp_path: Path, name: str
) -> None:
    rule = RULES[name]
    said = rule.get("for", "0s")
    held = int(said[:-1]) * _SECONDS[said[-1]] // EVERY_S
    cases = []
    for steps, fires in zip(CAUSES[name], (True, False), strict=True):
        await gateway.pool.execute("truncate rm.dead_letter, flow.parked")
        pages = [(await api.get("/metrics")).text]
        for step in steps:
            await step(gateway.pool)
            pages.append((await api.get("/metrics")).text)
        # each page for a minute, the first for ten, the last as long as is asked for
        calm, *bad, last = pages
        seen = [calm] * 40 + [page for page in bad for _ in range(4)] + [last] * (held + 1)
        at = {39: False, len(seen) - 1: fires}
        if held:
            at[len(seen) - 2] = False  # not before its time
        cases.append(judged(rule, seen, at))

    written = tmp_path / "cases.yml"
    written.write_text(yaml.safe_dump({"rule_files": [str(FILE)], "evaluation_interval": "15s", "tests": cases}))
    accepted("promtool", "test", "rules", written)
