"""Plans, tasks and who did what as files: whole, by the filter of the page, told in the audit."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pytest
from openpyxl import load_workbook

from gateway.access.api_keys import ApiKeys
from gateway.access.roles import Role
from gateway.access.teams import Teams
from gateway.audit.writing import Who
from gateway.exports import columns, downloads, figures, proposals
from gateway.exports.writing import Writer
from projections.reads.seen import NOBODYS
from projections.reads.written import Shown
from schemas.slo import OBJECTIVES
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_figures import document
from tests.support.patience import PATIENCE_S


def table(answer: httpx.Response, delimiter: str = ",") -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def sheet(answer: httpx.Response) -> list[list[Any]]:
    found = load_workbook(io.BytesIO(answer.content)).active
    assert found is not None
    return [[cell.value for cell in row] for row in found.iter_rows()]


async def told(gateway: Running, answer: httpx.Response) -> list[tuple[str, dict[str, Any]]]:
    rows = await Shown(gateway.pool).fetch(
        "select action, after from audit.entry where request_id = $1", answer.headers["x-request-id"]
    )
    return [(row["action"], json.loads(row["after"])) for row in rows]


async def test_plans_leave_in_their_order_by_their_filter(gateway: Running, api: httpx.AsyncClient) -> None:
    word = f"w{uuid4().hex[:10]}"
    titles = [f"{word} {n:03d}" for n in range(450)]
    for title in titles:
        await seed.add_plan(gateway.pool, title=title, status="rejected")
    await seed.add_plan(gateway.pool, title=f"{word} other", status="completed")
    asked = {"q": word, "status": "rejected", "sort": "title"}
    answer = await api.get("/api/exports/plans", params=asked)
    rows = table(answer)
    assert rows[0] == list(columns.PLANS)
    assert [row[2] for row in rows[1:]] == titles
    assert (answer.headers["x-export-rows"], answer.headers["x-export-more"]) == ("450", "false")
    assert await told(gateway, answer) == [
        ("export.plans", {"rows": 450, "filter": {"q": word, "sort": "title", "status": ["rejected"]}})
    ]
    assert [
        row[2] for row in sheet(await api.get("/api/exports/plans", params={**asked, "form": "xlsx"}))[1:]
    ] == titles


async def test_no_more_leaves_than_a_file_takes(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = f"w{uuid4().hex[:10]}"
    for n in range(3):
        await seed.add_plan(gateway.pool, title=f"{word} {n}")
    monkeypatch.setattr(downloads, "MOST", 2)
    answer = await api.get("/api/exports/plans", params={"q": word, "sort": "title"})
    assert [row[2] for row in table(answer)[1:]] == [f"{word} 0", f"{word} 1"]
    assert (answer.headers["x-export-rows"], answer.headers["x-export-more"]) == ("2", "true")


async def test_tasks_leave_as_table_and_those_with_a_day_as_calendar(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = await seed.add_plan(gateway.pool)
    for n, day in enumerate((date(2026, 12, 1), None, date(2026, 12, 3))):
        await seed.add_task(gateway.pool, plan, title=f"=task {n}", due_on=day, position=n)
    asked = {"plan": str(plan), "sort": "createdAt"}
    rows = table(await api.get("/api/exports/tasks", params=asked))
    assert sorted(row[2] for row in rows[1:]) == ["'=task 0", "'=task 1", "'=task 2"]
    calendar = await api.get("/api/exports/tasks", params={**asked, "form": "ics"})
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert calendar.text.count("BEGIN:VEVENT") == 2
    assert (calendar.headers["x-export-rows"], calendar.headers["x-export-without-day"]) == ("2", "1")
    assert await told(gateway, calendar) == [
        ("export.tasks", {"rows": 2, "filter": {"plan": str(plan), "sort": "createdAt", "form": "ics"}})
    ]


async def test_the_calendar_of_the_page_is_in_the_readers_language(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = await seed.add_plan(gateway.pool)
    await seed.add_task(gateway.pool, plan, due_on=date(2026, 12, 1))
    for language, said in (("en", "Priority: High · Phase 1"), ("pt-BR", "Prioridade: Alta · Fase 1")):
        calendar = await api.get("/tasks.ics", params={"plan": str(plan)}, headers={"accept-language": language})
        assert calendar.headers["content-type"].startswith("text/calendar")
        assert said in calendar.text.replace("\r\n ", "")


@pytest.mark.parametrize("path", ["/api/exports/plans", "/api/exports/audit"])
async def test_only_tasks_are_a_calendar(api: httpx.AsyncClient, path: str) -> None:
    assert (await api.get(path, params={"form": "ics"})).status_code == 422


async def test_a_page_gives_its_own_rows_with_heads_in_the_readers_language(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    word = f"w{uuid4().hex[:10]}"
    await seed.add_plan(gateway.pool, title=f"{word} a", priority="high")
    await seed.add_plan(gateway.pool, title=f"{word} b", priority="low")
    page = (await api.get("/plans", params={"q": word, "priority": "high"})).text
    assert f'href="/plans.xlsx?priority=high&amp;q={word}"' in page
    portuguese = {"accept-language": "pt-BR"}
    rows = table(await api.get(f"/plans.csv?priority=high&q={word}", headers=portuguese), ";")
    assert rows[0][:3] == ["id", "Estado", "Título"]
    assert [row[2] for row in rows[1:]] == [f"{word} a"]
    answer = await api.get(f"/plans.xlsx?priority=high&q={word}", headers=portuguese)
    assert [row[2] for row in sheet(answer)] == ["Título", f"{word} a"]
    assert await told(gateway, answer) == [("export.plans", {"rows": 1, "filter": {"priority": "high", "q": word}})]


async def test_who_did_what_leaves_as_a_workbook(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = await seed.add_plan(gateway.pool)
    await api.patch(f"/api/marketplace/analysis/{plan}", json={"action": "reject", "reason": "=1+1"})
    for path in ("/api/exports/audit?form=xlsx&", "/audit.xlsx?"):
        answer = await api.get(f"{path}plan={plan}")
        head, row = sheet(answer)
        assert len(head) == len(columns.AUDIT)
        assert row[head.index("reason" if "form" in path else "Reason")] == "=1+1"
        (entry,) = await told(gateway, answer)
        assert entry[0] == "export.audit"
        assert entry[1]["rows"] == 1


async def test_a_viewer_takes_plans_away_and_not_who_did_what(gateway: Running) -> None:
    async with gateway.client("viewer") as viewer:
        assert (await viewer.get("/api/exports/plans?q=nothing-has-this")).status_code == 200
        assert (await viewer.get("/api/exports/audit")).status_code == 403


async def test_the_events_of_a_plan_leave_oldest_first(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = await seed.add_plan(gateway.pool)
    for version in range(1, 6):
        await seed.add_event(gateway.pool, plan, version, "plan.uploaded")
    answer = await api.get("/api/exports/events", params={"plan": str(plan)})
    rows = table(answer)
    assert rows[0] == list(columns.EVENTS)
    assert [row[rows[0].index("version")] for row in rows[1:]] == list("12345")
    assert json.loads(rows[1][-1]) == {"plan_id": str(plan)}
    assert (answer.headers["x-export-rows"], answer.headers["x-export-more"]) == ("5", "false")
    rows_told = await gateway.pool.fetch(
        "select action, target, plan_id, after from audit.entry where request_id = $1", answer.headers["x-request-id"]
    )
    assert [tuple(row) for row in rows_told] == [("export.events", str(plan), plan, '{"rows": 5}')]
    assert len(sheet(await api.get("/api/exports/events", params={"plan": str(plan), "form": "xlsx"}))) == 6
    assert (await api.get("/api/exports/events", params={"plan": str(uuid4())})).status_code == 404
    assert (await api.get("/api/exports/events")).status_code == 422


async def test_what_a_plan_proposes_leaves_with_each_amount_once(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = await seed.add_plan(gateway.pool)
    await seed.add_channel(gateway.pool, plan, "shopee")
    answer = await api.get("/api/exports/proposals", params={"plan": str(plan)})
    head, *rows = table(answer)
    assert head == list(proposals.COLUMNS)
    opportunity, step = (dict(zip(head, row, strict=True)) for row in rows)
    assert (opportunity["row"], opportunity["worth_brl_a_month"], opportunity["evidence"]) == (
        *("opportunity", "1200.5", "20 %"),
    )
    assert (step["row"], step["worth_brl_a_month"], step["phase"], step["weeks"]) == ("step", "", "1", "Semanas 1-4")
    assert step["opportunity"] == opportunity["title"]
    assert {opportunity["written_by"], step["written_by"]} == {"rules-1"}
    assert await told(gateway, answer) == [("export.proposals", {"rows": 2})]
    page = await api.get(f"/plans/{plan}", headers={"accept-language": "pt-BR"})
    assert f'href="/plans/{plan}/proposals.xlsx"' in page.text
    workbook = sheet(await api.get(f"/plans/{plan}/proposals.xlsx", headers={"accept-language": "pt-BR"}))
    assert workbook[0][workbook[0].index("Semanas") - 1] == "Nome da fase"
    assert (await api.get("/api/exports/proposals", params={"plan": str(uuid4())})).status_code == 404


async def test_the_figures_of_a_plan_leave_with_why_one_is_unknown(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = await document(gateway)

    async def of(table_of: str) -> list[dict[str, str]]:
        asked = {"plan": str(plan), "table": table_of}
        found = table(await api.get("/api/exports/figures", params=asked))
        head = list(figures.COLUMNS[table_of])  # type: ignore[index]
        assert found[0] == head
        assert len(sheet(await api.get("/api/exports/figures", params={**asked, "form": "xlsx"}))) == len(found)
        return [dict(zip(head, row, strict=True)) for row in found[1:]]

    told = {(one["channel"], one["metric"]): one for one in await of("figures")}
    assert told["mercado_livre", "revenue"]["value"] == "412880.1"
    assert (told["shopee", "fees"]["value"], told["shopee", "fees"]["why"][:6]) == ("", "Column")
    assert [one["month"] for one in await of("months")] == ["2026-01", "2026-02", "2026-03"]
    first = (await of("products"))[0]
    assert (first["sku"], first["cancelled_orders"], first["advertising"]) == ("TEN-RUN-00", "", "")
    assert "advertising, after_ads" in first["why"]
    assert await of("orders") == []
    page = await api.get(f"/plans/{plan}/products.csv")
    assert page.headers["content-disposition"] == 'attachment; filename="products.csv"'
    assert (await api.get("/api/exports/figures", params={"plan": str(uuid4())})).status_code == 404


async def test_the_objectives_of_a_month_leave(gateway: Running, api: httpx.AsyncClient) -> None:
    answer = await api.get("/api/exports/month", params={"month": "2026-03"})
    rows = table(answer)
    assert rows[0] == list(columns.OBJECTIVES)
    assert len(rows) == 1 + len(OBJECTIVES)
    assert {row[1] for row in rows[1:]} == {"unknown"}
    found = await gateway.pool.fetch(
        "select action, kind, target, after from audit.entry where request_id = $1", answer.headers["x-request-id"]
    )
    assert [tuple(row) for row in found] == [("export.slo", "month", "2026-03", f'{{"rows": {len(OBJECTIVES)}}}')]
    assert len(sheet(await api.get("/api/exports/month", params={"form": "xlsx"}))) == 1 + len(OBJECTIVES)
    assert (await api.get("/api/exports/month", params={"month": "2026-13"})).status_code == 422


async def test_no_more_leave_at_a_time_than_may(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one key two, of all keys three: others are told when to come again, in words that are true."""
    places, goes_on = gateway.app.state.services.downloads, asyncio.Event()
    monkeypatch.setattr(places, "most", 3)
    make = downloads._pieces

    async def held(way: Writer, rows: AsyncIterator[Any]) -> AsyncIterator[bytes]:
        await goes_on.wait()
        async for piece in make(way, rows):
            yield piece

    monkeypatch.setattr(downloads, "_pieces", held)
    async with AsyncExitStack() as opened, gateway.client("viewer") as viewer, gateway.client("operator") as operator:
        mine = [await opened.enter_async_context(api.stream("GET", "/api/exports/plans")) for _ in range(2)]
        for path in ("/api/exports/tasks", "/api/exports/month"):
            refused = await api.get(path)
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
            assert refused.json()["limit"] == "downloads"
            assert refused.json()["detail"].startswith("2 of your downloads are still on their way")
        for language, words in (("en", "Your downloads are still"), ("pt-BR", "Seus downloads ainda")):
            page = await api.get("/plans.xlsx", headers={"accept-language": language})
            assert (page.status_code, page.headers["retry-after"], words in page.text) == (429, "5", True)
        await opened.enter_async_context(viewer.stream("GET", "/api/exports/plans"))
        refused = await operator.get("/api/exports/plans")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert refused.json()["detail"].startswith("3 downloads are on their way")
        page = await operator.get("/tasks.ics", headers={"accept-language": "en"})
        assert (page.status_code, "Many downloads are on their way" in page.text) == (503, True)
        plan = await seed.add_plan(gateway.pool)
        await seed.add_event(gateway.pool, plan, 1, "plan.uploaded")
        assert (await operator.get(f"/plans/{plan}/events.json")).status_code == 503
        goes_on.set()
        for one in mine:
            await one.aread()
            assert table(one)[0] == list(columns.PLANS)
    assert (await api.get("/api/exports/plans")).status_code == 200


async def test_a_place_is_free_again_however_it_ended(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = gateway.app.state.services.downloads
    plan = await seed.add_plan(gateway.pool)
    await seed.add_event(gateway.pool, plan, 1, "plan.uploaded")
    for path, status in (
        (f"/api/exports/events?plan={uuid4()}", 404),
        (f"/plans/{uuid4()}/events.csv", 404),
        (f"/plans/{plan}/events.csv", 200),
        (f"/plans/{plan}/events.json", 200),
        ("/api/exports/plans", 200),
    ):
        assert (await api.get(path)).status_code == status
    never = asyncio.Event()

    async def held(_way: Writer, _rows: AsyncIterator[Any]) -> AsyncIterator[bytes]:
        yield b"some of it"
        await never.wait()

    monkeypatch.setattr(downloads, "_pieces", held)
    async with gateway.client() as gone, gone.stream("GET", "/api/exports/plans") as answer:
        assert await anext(answer.aiter_bytes()) == b"some of it"
        assert places.taken == 1
    async with asyncio.timeout(PATIENCE_S):
        while places.taken:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("what", ["plans", "tasks"])
async def test_a_file_says_whose_each_plan_is_to_those_who_see_it(
    gateway: Running, api: httpx.AsyncClient, what: str
) -> None:
    word = f"w{uuid4().hex[:10]}"
    teams = Teams(gateway.pool)
    own, other = [await teams.make(f"{name} {word}", Who("test")) for name in ("Own", "Other")]
    for team in (own, other, None):
        plan = await seed.add_plan(gateway.pool, title=word)
        await seed.add_task(gateway.pool, plan, title=word)
        await gateway.pool.execute(
            "insert into decide.plan_team (plan_id, team_id) values ($1, coalesce($2, $3::uuid))", plan, team, NOBODYS
        )
    viewer = await ApiKeys(gateway.pool).create("one of Own", Role.VIEWER, "test")
    await teams.add(own, "key", viewer.key_id, Who("test"))
    async with gateway.bearer(viewer.key) as confined:
        for asking, named in ((api, {f"Own {word}", f"Other {word}", ""}), (confined, {f"Own {word}", ""})):
            head, *rows = table(await asking.get(f"/api/exports/{what}", params={"q": word}))
            assert (head[-1], {row[-1] for row in rows}, len(rows)) == ("team", named, len(named))
            (first, *more) = sheet(await asking.get(f"/api/exports/{what}", params={"q": word, "form": "xlsx"}))
            assert (first[-1], {row[-1] or "" for row in more}) == ("team", named)
