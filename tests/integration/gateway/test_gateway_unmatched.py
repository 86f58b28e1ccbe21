"""A number without a source is marked on the card in which it stands."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import orjson

from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running

MARK = re.compile(r'<div class="small sourceless" data-unmatched>.*?</div>', re.DOTALL)


async def plan_with(gateway: Running, *unmatched: tuple[str, str]) -> UUID:
    """Store a plan of one channel with two opportunities, whose texts have these numbers without a source."""
    plan_id = await seed.add_plan(gateway.pool)
    await seed.add_channel(gateway.pool, plan_id, "shopee")
    second = {**seed.OPPORTUNITY, "id": "shopee-second", "title": "Segunda"}
    phase = {**seed.PHASE, "name": "Fase 1: ganhar R$ 50.000", "expected_impact": "Até R$ 7 por mês"}
    await gateway.pool.execute(
        "update rm.plan_channel set unmatched = $2, opportunities = $3 where plan_id = $1",
        plan_id,
        orjson.dumps([{"path": path, "number": number} for path, number in unmatched]).decode(),
        orjson.dumps([seed.OPPORTUNITY, second]).decode(),
    )
    await gateway.pool.execute(
        "update rm.plan set phases = $2 where plan_id = $1", plan_id, orjson.dumps([phase]).decode()
    )
    return plan_id


async def shown(gateway: Running, plan_id: UUID) -> str:
    async with gateway.client(None, **{"accept-language": "pt-BR"}) as page:
        await page.post("/login", data={"key": gateway.keys["operator"]})
        return (await page.get(f"/plans/{plan_id}")).text


def said(marks: list[str]) -> list[str]:
    return [" ".join(re.sub(r"<[^>]+>", "", mark).split()) for mark in marks]


async def test_each_card_has_the_mark_of_its_own_numbers(gateway: Running) -> None:
    plan_id = await plan_with(
        gateway,
        ("opportunities[1].title", "R$ 9.999"),
        ("opportunities[1].evidence[0].text", "77%"),
        ("opportunities[1].what", "77%"),
    )
    page = await shown(gateway, plan_id)
    first, second = page.split('id="opportunity-shopee-second"')

    assert MARK.findall(first.rpartition('id="opportunity-')[2]) == []
    assert said(MARK.findall(second)) == ["2 números sem origem: R$ 9.999; 77%"]


async def test_the_summary_the_limits_and_the_phases_have_theirs(gateway: Running) -> None:
    plan_id = await plan_with(
        gateway, ("summary", "11%"), ("limits[0]", "12%"), ("phases[0].name", "R$ 50.000"), ("phases[0].weeks", "13%")
    )
    found = said(MARK.findall(await shown(gateway, plan_id)))

    assert found == [f"1 número sem origem: {number}" for number in ("11%", "12%", "R$ 50.000")]


async def test_wherever_a_task_is_named_its_numbers_without_a_source_are_told(gateway: Running) -> None:
    """In the list, on the board, on the overview, in the preview of Phase 1, and in files for tables and calendars."""
    plan_id = await plan_with(gateway, ("phases[0].tasks[0].title", "R$ 4.321"))
    phase1 = {"origin": "agent", "tasks": [{"channel": "shopee"}]}
    await gateway.pool.execute(
        "update rm.plan set status = 'executing', phase1 = $2 where plan_id = $1",
        plan_id,
        orjson.dumps(phase1).decode(),
    )
    task = await seed.add_task(
        gateway.pool, plan_id, title="Ganhar R$ 4.321", due_on=date(2030, 1, 2), created_at=datetime.now(UTC)
    )
    await gateway.pool.execute("update rm.task set changed_at = now() where task_id = $1", task)
    mark = "1 número sem origem: R$ 4.321"
    async with gateway.browser("operator", "pt-BR") as page:
        for path in (f"/tasks?plan={plan_id}", f"/tasks?plan={plan_id}&view=board", "/"):
            assert mark in said(MARK.findall((await page.get(path)).text)), path
        table = (await page.get(f"/tasks.csv?plan={plan_id}")).text
        calendar = (await page.get(f"/tasks.ics?plan={plan_id}")).text.replace("\r\n ", "")
    (row,) = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")), delimiter=";")
    assert row["Números sem origem"] == "R$ 4.321"
    assert "SUMMARY:Ganhar R$ 4.321 [?]" in calendar
    assert "[?] sem origem no documento: R$ 4.321" in calendar


async def test_a_preview_of_phase_1_has_its_marks(gateway: Running) -> None:
    plan_id = await plan_with(gateway, ("phases[0].tasks[0].title", "R$ 4.321"))
    first: Any = seed.PHASE["tasks"]
    phase = {**seed.PHASE, "tasks": [{**first[0], "title": "Ganhar R$ 4.321"}]}
    await gateway.pool.execute(
        "update rm.plan set phases = $2 where plan_id = $1", plan_id, orjson.dumps([phase]).decode()
    )
    page = await shown(gateway, plan_id)
    ahead = page[page.index('id="phase1-ahead"') : page.index("</ol>", page.index('id="phase1-ahead"'))]
    assert said(MARK.findall(ahead)) == ["1 número sem origem: R$ 4.321"]


async def test_search_marks_what_it_finds(gateway: Running) -> None:
    plan_id = await plan_with(gateway, ("phases[0].tasks[0].title", "R$ 4.321"))
    task = await seed.add_task(gateway.pool, plan_id, title="Ganhar R$ 4.321 com quimeras")
    own = await seed.add_task(gateway.pool, plan_id, position=2, title="Somar R$ 4.321 de quimeras")
    await gateway.pool.execute("update rm.task set worded_by = 'bia' where task_id = $1", own)
    async with gateway.browser("operator", "pt-BR") as page:
        for asked in ("quimeras", str(task)):
            found = said(MARK.findall((await page.get(f"/search?q={asked}")).text))
            assert found == ["1 número sem origem: R$ 4.321"], "of what an agent wrote, and not of what a person did"


async def test_outcomes_mark_the_titles_that_they_tell(gateway: Running) -> None:
    plan_id = await plan_with(gateway, ("opportunities[0].title", "R$ 4.321"))
    later = await seed.add_plan(gateway.pool)
    await gateway.pool.execute(
        "insert into rm.outcome (plan_id, channel, opportunity_id, measured_by, version, position, first_day, last_day,"
        " measured_from, measured_to, days_in_both, source, model, title, metric, skus, unit, verdict, why, acted,"
        " tasks, tasks_done, changed_at) select $1, 'shopee', 'shopee-' || n, $2, 1, n, '2026-01-01', '2026-01-31',"
        " '2026-02-01', '2026-02-28', 0, 'agent', 'm', case n when 1 then 'Ganhar R$ 4.321' else 'Ganhar mais' end, '',"
        " '[]', '', 'unknown', 'no_figure', 'no_task', 0, 0, now() from generate_series(1, 2) n",
        plan_id,
        later,
    )
    async with gateway.client("viewer") as api:
        told = {
            key: (await api.get(f"/api/marketplace/analysis/{one}/outcomes")).json()[key]
            for one, key in ((plan_id, "later"), (later, "earlier"))
        }
    assert {key: [one["unmatched"] for one in ones] for key, ones in told.items()} == {
        "later": [["R$ 4.321"], []],
        "earlier": [["R$ 4.321"], []],
    }
    assert said(MARK.findall(await shown(gateway, later))) == ["1 número sem origem: R$ 4.321"]


async def test_a_plan_whose_numbers_are_the_documents_has_no_mark(gateway: Running) -> None:
    assert MARK.findall(await shown(gateway, await plan_with(gateway))) == []
