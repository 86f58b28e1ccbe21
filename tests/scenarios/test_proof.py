"""A month, its plan, the work on it, and the next month: what changed, and what came of the work."""

from __future__ import annotations

import asyncio
import html
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from local.load import Load
from local.samples import months
from local.stack import Stack
from projections.rebuild.build import Rebuild
from projections.settings import Settings
from projections.verify.verify import verify
from schemas.registry import wait_for_codec
from tests.support.patience import PATIENCE_S

HALF = timedelta(days=months.DAYS // 2)


async def upload(load: Load, client: httpx.AsyncClient, document: Path) -> str:
    answer = await client.post(
        "/api/marketplace/analysis/upload",
        files={"file": (document.name, document.read_bytes())},
        data={"channels": "shopee"},
    )
    answer.raise_for_status()
    plan: str = answer.json()["planId"]
    assert await load.wait([plan], ["awaiting_approval"], within_s=PATIENCE_S) == 1
    return plan


async def until_measured(client: httpx.AsyncClient, plan: str, within_s: float = PATIENCE_S) -> dict[str, Any]:
    """Return what is known of a plan once the comparison is projected, which follows its analysis."""
    deadline = time.monotonic() + within_s
    while True:
        found: dict[str, Any] = (await client.get(f"/api/marketplace/analysis/{plan}/outcomes")).json()
        if found["changes"]:
            return found
        assert time.monotonic() < deadline, "never compared"
        await asyncio.sleep(0.1)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page))).replace("\xa0", " ")


async def in_portuguese(client: httpx.AsyncClient, key: str, *paths: str) -> list[str]:
    """Sign in and return the texts of the pages."""
    assert (await client.post("/login", data={"key": key})).status_code == 303
    speaking = {"Accept-Language": "pt-BR"}
    return [text_of((await client.get(f"/{path}", headers=speaking)).text) for path in paths]


async def test_the_next_document_says_in_portuguese_what_came_of_the_plan(
    stack: Stack, key: str, tmp_path: Path
) -> None:
    """The second period goes on after today, so that the tasks are done before it ends."""
    middle = datetime.now(UTC).date()
    first = months.write(tmp_path, middle - HALF - timedelta(days=months.DAYS), months.BEFORE)
    second = months.write(tmp_path, middle - HALF, months.AFTER)
    headers = {"Authorization": f"Bearer {key}"}
    url = stack.env["MARKETPLACE_URL"]
    async with (
        Load(stack.env, key) as load,
        httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE_S) as client,
    ):
        before = await upload(load, client, first)
        assert (await client.get(f"/api/marketplace/analysis/{before}/outcomes")).json()["awaited"] == []
        await load.approve([before])
        await load.wait_for_tasks([before], within_s=PATIENCE_S)
        for task in (await client.get(f"/api/marketplace/analysis/{before}/tasks")).json()["items"]:
            done = await client.patch(f"/api/tasks/{task['taskId']}", json={"action": "complete", "note": "feito"})
            done.raise_for_status()
        assert await load.wait([before], ["completed"], within_s=PATIENCE_S) == 1
        [awaited] = (await client.get(f"/api/marketplace/analysis/{before}/outcomes")).json()["awaited"]
        assert awaited["checkFrom"] == str(middle + HALF - timedelta(days=1))

        after = await upload(load, client, second)
        found = await until_measured(client, after)
        [change] = found["changes"]
        steps = {step["kind"]: step["amount"] for step in change["bridge"]["steps"]}
        assert change["bridge"]["planId"] == before
        assert round(change["bridge"]["before"] + sum(steps.values()), 2) == change["bridge"]["after"]
        assert (steps["volume"], steps["price"], steps["mix"], steps["shipping"]) == (0, 0, 0, 0)
        assert steps["refunds"] == 750.0  # fifteen bottles of thirty
        assert steps["fees"] > 0
        outcomes = {one["opportunityId"]: one for one in found["earlier"]}
        returns, fees = outcomes["shopee-returns"], outcomes["shopee-fees"]
        assert (returns["baseline"], returns["current"], returns["skus"]) == (0.125, 0.0625, [months.BOTTLE])
        assert (returns["verdict"], returns["acted"], fees["verdict"], fees["acted"]) == ("improved", "done") * 2
        assert returns["came"] == 750.0
        assert (await client.get(f"/api/marketplace/analysis/{before}/outcomes")).json()["later"] == found["earlier"]
        rates = {r["analyst"]: r for r in (await client.get("/api/marketplace/hit-rates")).json()["items"]}
        assert (rates["returns"]["measured"], rates["returns"]["rate"]) == (1, 1.0)

        pages = await in_portuguese(client, key, f"plans/{before}", f"plans/{after}", "")
    assert "O que aconteceu depois" in pages[0]
    assert "o que mudou desde o último documento" in pages[1]
    assert "No que deu o plano anterior" in pages[1]
    promised = f"{returns['promised']:,.2f}".replace(",", "\0").replace(".", ",").replace("\0", ".")
    for page in pages[:2]:
        assert f"devoluções de {months.BOTTLE}: 12,5" in page
        assert f"R$ 750,00 dos R$ {promised} por mês prometidos" in page
        assert "As tarefas foram feitas a tempo." in page
    assert "Quantas vezes o conselho deu certo" in pages[2]
    settings = Settings.from_env(stack.env)
    assert (await verify(settings)).problems == []
    again = await Rebuild(settings, wait_for_codec(settings.registry_url)).run(check=True)
    assert again.problems == []
    assert (again.rows["comparison"], again.rows["outcome"]) == (1, len(outcomes))
