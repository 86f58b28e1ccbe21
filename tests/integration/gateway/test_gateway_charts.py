"""The charts of a day and a week are the same series on the overview and over HTTP."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from gateway.operations.charts import since, until
from gateway.ui.small_charts import line_of
from schemas.slo import BEYOND_MS


@pytest.fixture(autouse=True)
async def recorded(pool: asyncpg.Pool) -> AsyncIterator[None]:
    """Every third hour of a week and a half is not recorded, and the hour that goes on is, as far as it went."""
    await pool.execute("truncate flow.marketplace_metrics")
    await pool.execute(
        "insert into flow.marketplace_metrics (step, at, seen_s, down_s, plans_in, approvals, retries, dead_letters,"
        " queue_delay, phase1_time, oldest_s, channels_analyzed, channels_failed)"
        " select 'hour', date_trunc('hour', now()) - n * interval '1 hour', 3600, 0, n + 1, 1, n % 5, 2,"
        " jsonb_build_object('100', 99, '5000', 1), jsonb_build_object($1::text, 1), '{\"analyzing\": 12}', 3, 1"
        " from generate_series(0, 250) n where n % 3 <> 2",
        str(BEYOND_MS),
    )
    await pool.execute(
        "insert into flow.marketplace_metrics (step, at, seen_s, down_s, plans_in, retries)"
        " select 'minute', date_trunc('minute', now()) - n * interval '1 minute', 60, 0, 2, 0"
        " from generate_series(0, 90) n where n <> 4"
    )
    yield
    await pool.execute("truncate flow.marketplace_metrics")


async def asked(api: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (await api.get("/api/system/charts", params=query)).raise_for_status().json()
    return answer


def lines(answer: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(chart["name"], line["name"]): line for chart in answer["charts"] for line in chart["lines"]}


@pytest.mark.parametrize("hours", [24, 168])
async def test_a_day_and_a_week_are_told_by_the_hour_and_an_hour_that_nobody_watched_is_unknown(
    api: httpx.AsyncClient, hours: int
) -> None:
    told = await asked(api, hours=hours)
    now = datetime.fromisoformat(told["asOf"])
    found = lines(told)

    assert (told["hours"], told["stepSeconds"]) == (hours, 3600)
    assert datetime.fromisoformat(told["since"]) == since(now, hours)
    assert datetime.fromisoformat(told["until"]) == until(now, hours) <= now
    assert {len(line["values"]) for line in found.values()} == {hours}
    came = [None if n % 3 == 2 else n + 1 for n in range(hours, 0, -1)]
    assert found["flow", "plans"]["values"] == came
    assert found["flow", "plans"]["whole"] == sum(filter(None, came))
    assert found["flow", "plans"]["atLeast"] is True, "of some hours nothing is known"
    assert found["aside", "letters"]["whole"] == 2
    assert found["queue", "99"]["values"][-1] == 0.1
    assert found["rate", "channels"]["whole"] == 0.25
    assert found["phase1", "50"]["whole"] is None, "longer than is counted"
    assert found["phase1", "50"]["beyond"] == [n for n, value in enumerate(came) if value is not None]
    assert (found["lag", "workers"]["whole"], found["lag", "workers"]["beyond"]) == (None, [])


async def test_the_last_hour_is_told_by_the_minute(api: httpx.AsyncClient) -> None:
    told = await asked(api)
    plans = lines(told)["flow", "plans"]["values"]

    assert (told["hours"], told["stepSeconds"], len(plans)) == (1, 60, 60)
    assert datetime.fromisoformat(told["until"]) - datetime.fromisoformat(told["since"]) == timedelta(hours=1)
    assert plans.count(None) == 1
    assert {*plans} == {2, None}


@pytest.mark.parametrize("hours", [24, 168])
async def test_the_overview_draws_what_the_api_tells(api: httpx.AsyncClient, hours: int) -> None:
    told = lines(await asked(api, hours=hours))["flow", "plans"]
    page = (await api.get("/", params={"hours": hours}, headers={"Accept": "text/html"})).text
    figure = page[page.index('data-key="mini-flow"') :]
    drawn = re.findall(r'<polyline class="chart-line" points="([^"]*)"', figure[: figure.index("</svg>")])

    assert tuple(drawn) == line_of(told["values"]).parts
    assert f"<strong>at least {told['whole']:,}</strong>" in figure[: figure.index("</figure>")]


async def test_in_the_first_hour_it_is_said_that_an_hour_is_shown_once_it_is_over(
    api: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await pool.execute("delete from flow.marketplace_metrics where at < date_trunc('hour', now())")
    for language, said in (("en", "an hour is shown once it is over"), ("pt-BR", "uma hora aparece quando termina")):
        page = await api.get("/", params={"hours": 24}, headers={"Accept": "text/html", "Accept-Language": language})
        assert said in page.text


async def test_other_spans_are_refused(api: httpx.AsyncClient) -> None:
    for hours in ("2", "0", "-1", "a", "169"):
        answer = await api.get("/api/system/charts", params={"hours": hours})
        assert answer.status_code == 422
        assert answer.json()["detail"].startswith("hours: ")
