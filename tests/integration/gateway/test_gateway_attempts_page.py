"""The page of attempts of every plan: what it lists, how it is narrowed, and that its file has the same rows."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, timedelta
from typing import Any

import httpx
import pytest

from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_attempts import failed_in_each_way

#: What is tried for the plan of these tests, by outcome, the latest first: jobs.
TRIED = {
    "failed": ["analysis", "analysis", "phase1"],
    "dead": ["task", "analysis", "other", "phase1", "analysis"],
    "done": ["phase1", "analysis"],
}
LINK = re.compile(r'class="row-link" href="([^"]+)"')


async def listed(api: httpx.AsyncClient, plan: object, outcome: str, **narrowed: Any) -> list[str]:
    """Return the jobs of the attempts that the API lists."""
    asked = {"outcome": outcome, "plan": str(plan), **narrowed}
    answer = await api.get("/api/attempts", params=asked)
    assert answer.status_code == 200, answer.text
    return [one["job"] for one in answer.json()["items"]]


@pytest.mark.parametrize("outcome", TRIED)
async def test_attempts_are_narrowed_by_job_channel_and_time(
    database_url: str, gateway: Running, api: httpx.AsyncClient, outcome: str
) -> None:
    plan = await failed_in_each_way(database_url, gateway)
    every = await listed(api, plan, outcome)
    assert sorted(every) == sorted(TRIED[outcome])
    for job in ("analysis", "phase1", "task", "other"):
        assert await listed(api, plan, outcome, job=job) == [one for one in every if one == job]
    assert await listed(api, plan, outcome, job="phase1,task") == [one for one in every if one in ("phase1", "task")]
    of_shopee = await listed(api, plan, outcome, channel="shopee")
    assert set(of_shopee) == {"analysis"}
    assert len(of_shopee) == every.count("analysis") - (outcome == "failed"), "of one nobody noted the channel"
    assert await listed(api, plan, outcome, channel="amazon") == []
    ended = [one["at"] for one in (await api.get(
        "/api/attempts", params={"outcome": outcome, "plan": str(plan)}
    )).json()["items"]]  # fmt: skip
    latest, first = max(ended), min(ended)
    assert await listed(api, plan, outcome, since=first) == every
    assert len(await listed(api, plan, outcome, since=latest)) == ended.count(latest)
    assert len(await listed(api, plan, outcome, until=latest)) == len(every) - ended.count(latest)
    refused = await api.get("/api/attempts", params={"outcome": outcome, "job": "nothing"})
    assert (refused.status_code, "analysis" in refused.text) == (422, True)
    assert (await api.get("/api/attempts", params={"channel": "nowhere"})).status_code == 422


async def page_of(gateway: Running, path: str, language: str = "en", **asked: str) -> str:
    async with gateway.client(None, **{"accept-language": language}) as page:
        await page.post("/login", data={"key": gateway.keys["viewer"]})
        answer = await page.get(path, params=asked or None)
        assert answer.status_code == 200
        return answer.text


@pytest.mark.parametrize("outcome", TRIED)
async def test_the_page_lists_what_the_api_does_and_leads_on(
    database_url: str, gateway: Running, api: httpx.AsyncClient, outcome: str
) -> None:
    plan = await failed_in_each_way(database_url, gateway)
    found = (await api.get("/api/attempts", params={"outcome": outcome, "plan": str(plan)})).json()["items"]
    shown = await page_of(gateway, "/attempts", outcome=outcome, plan=str(plan))
    rows = shown.partition("<tbody")[2].partition("</tbody>")[0].split("<tr ")[1:]
    assert len(rows) == len(found) == len(TRIED[outcome])
    for row, one in zip(rows, found, strict=True):
        assert f"attempt {one['attempt']}<" in row
        assert f"/plans/{plan}" in row
        assert not one["code"] or f'title="{one["code"]}"' in row
    leads = LINK.findall("".join(rows))
    assert len(leads) == len(found), "to its letter or to its plan; the task of this plan has no page"
    assert sum(lead.startswith("/letters/") for lead in leads) == sum(one["outcome"] == "dead" for one in found)
    narrowed = await page_of(gateway, "/attempts", outcome=outcome, plan=str(plan), job="analysis", channel="amazon")
    assert "No attempt fits this filter" in narrowed


async def test_the_page_is_narrowed_by_days_which_are_both_included(database_url: str, gateway: Running) -> None:
    plan = await failed_in_each_way(database_url, gateway)
    at = await gateway.pool.fetchval("select max(at) from flow.job_attempt where key = $1", str(plan))
    day, next_day, before = (f"{at.astimezone(UTC) + timedelta(days=n):%Y-%m-%d}" for n in (0, 1, -1))
    asked = {"plan": str(plan)}
    assert "<tbody" in await page_of(gateway, "/attempts", **asked, since=day, until=day)
    assert "<tbody" not in await page_of(gateway, "/attempts", **asked, since=next_day)
    assert "<tbody" not in await page_of(gateway, "/attempts", **asked, until=before)
    old = await page_of(gateway, "/attempts", **asked, since="tomorrow", job="x", channel="y", outcome="z")
    assert "<tbody" in old, "what is not known is dropped"


async def test_what_fits_no_page_stands_on_the_next_one(database_url: str, gateway: Running) -> None:
    for _ in range(18):
        await failed_in_each_way(database_url, gateway)
    keys: list[str] = []
    path = "/attempts"
    while path:
        shown = await page_of(gateway, path)
        keys += re.findall(r'data-key="([^"]+)" data-row', shown)
        following = re.search(r'href="([^"]+)" rel="next"', shown)
        path = following[1].replace("&amp;", "&") if following else ""
    assert len(keys) == len(set(keys)) >= 54
    assert len(keys) == await gateway.pool.fetchval("select count(*) from flow.job_attempt")


@pytest.mark.parametrize("outcome", TRIED)
async def test_its_file_has_the_same_rows_in_the_readers_language(
    database_url: str, gateway: Running, api: httpx.AsyncClient, outcome: str
) -> None:
    plan = await failed_in_each_way(database_url, gateway)
    await gateway.pool.execute("update flow.job_attempt set at = at - interval '1 hour' where key = $1", str(plan))
    await gateway.pool.execute("update rm.dead_letter set dead_at = dead_at - interval '1 hour' where key = $1",
                               str(plan))  # fmt: skip
    await gateway.pool.execute("update rm.timeline set recorded_at = recorded_at - interval '1 hour'"
                               " where plan_id = $1", plan)  # fmt: skip
    asked = {"outcome": outcome, "plan": str(plan)}
    file = csv.reader(io.StringIO((await page_of(gateway, "/attempts.csv", "pt-BR", **asked)).lstrip("\ufeff")),
                      delimiter=";")  # fmt: skip
    head, *rows = list(file)
    assert (head[1], head[2], head[4]) == ("Resultado", "Trabalho", "Tentativa")
    assert [row[2] for row in rows] == await listed(api, plan, outcome)
    answer = await api.get("/api/exports/attempts", params={**asked, "job": "analysis"})
    assert answer.headers["x-export-rows"] == str(TRIED[outcome].count("analysis"))
    assert len(answer.text.strip().splitlines()) == 1 + TRIED[outcome].count("analysis")


async def test_it_is_found_where_an_operator_looks(gateway: Running) -> None:
    for path in ("/system", "/retries", "/letters"):
        assert 'href="/attempts' in await page_of(gateway, path)
    assert 'href="/attempts"' in await page_of(gateway, "/search", q="attem")
    assert 'href="/attempts?outcome=dead"' in await page_of(gateway, "/search", "pt-BR", q="falhou de vez")
