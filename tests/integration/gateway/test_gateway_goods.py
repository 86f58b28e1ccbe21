"""Costs and stock over HTTP: kept without a plan, joined with the next sales, told once, and put on the log."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import openpyxl
import orjson
import pytest

from projections.rows import Recorded, at
from projections.run.writer import rows_of, write
from schemas.events import Event
from tests.integration.gateway.gateway_running import Running
from tests.support.goods_on_the_way import project_goods

UPLOAD = "/api/marketplace/analysis/upload"
COSTS = "/api/marketplace/costs"


class Shop:
    """Sales and costs of SKUs that no other test has."""

    def __init__(self) -> None:
        self.mark = uuid4().hex[:8].upper()

    def sku(self, name: str) -> str:
        return f"{name}-{self.mark}"

    def costs(self, **amounts: str) -> bytes:
        lines = [f"{self.sku(name)};Produto {name};{amount}" for name, amount in amounts.items()]
        return "\n".join(["SKU;Produto;Custo unitário (R$)", *lines]).encode()

    def sales(self, *names: str) -> bytes:
        head = "Pedido;Data;SKU;Produto;Quantidade;Valor total;Comissão"
        lines = [
            f"{self.mark}{n};0{n + 1}/04/2026;{self.sku(name)};Produto {name};2;100,00;10,00"
            for n, name in enumerate(names)
        ]
        return "\n".join([head, *lines]).encode()


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def projected(gateway: Running, database_url: str) -> Callable[..., Awaitable[list[Event]]]:
    """`await projected()` makes the rows of all that is on its way to the log."""

    async def project(pool: asyncpg.Pool = gateway.pool) -> list[Event]:
        return await project_goods(pool, database_url)

    return project


async def send(
    api: httpx.AsyncClient, path: str, body: bytes, name: str = "arquivo.csv", **data: str
) -> httpx.Response:
    return await api.post(path, files={"file": (name, body)}, data=data)


async def facts_of(gateway: Running, plan_id: str) -> dict[str, Any]:
    text = await gateway.pool.fetchval("select facts from decide.document where plan_id = $1", plan_id)
    found: dict[str, Any] = orjson.loads(text)
    return found


def figures(facts: dict[str, Any]) -> dict[str, float]:
    return {one["metric"]: one["value"] for one in facts["channels"][0]["figures"]}


async def count(gateway: Running) -> tuple[int, int]:
    plans = await gateway.pool.fetchval("select count(*) from decide.document")
    return plans, await gateway.pool.fetchval("select count(*) from decide.outbox where topic = 'goods.events'")


async def test_a_file_of_costs_is_kept_and_makes_no_plan(gateway: Running, api: httpx.AsyncClient, shop: Shop) -> None:
    plans, events = await count(gateway)
    answer = await send(api, UPLOAD, shop.costs(A="20,00", B="", C="abc"), channels="shopee")

    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["outcome"], said["costs"], said["costsChanged"]) == ("kept", 1, 1)
    assert said["without"] == [shop.sku("B")]
    assert [(one["row"], one["why"]) for one in said["wrong"]] == [(4, "no_number")]
    assert any("Linha(s) 4" in text for text in said["told"])
    assert await count(gateway) == (plans, events + 1)


async def test_a_telling_answer_says_what_was_kept(gateway: Running, api: httpx.AsyncClient, shop: Shop) -> None:
    plans, events = await count(gateway)
    file, data = ("custos.csv", shop.costs(A="20,00")), {"channels": "shopee,amazon", "narrow": "true"}
    accept = {"accept": "application/x-ndjson"}
    async with api.stream("POST", UPLOAD, files={"file": file}, data=data, headers=accept) as answer:
        lines = [orjson.loads(line) async for line in answer.aiter_lines()]

    assert lines[0]["reading"]["stage"] == "figures"
    assert lines[-1]["status"] == 200, lines[-1]
    assert (lines[-1]["body"]["outcome"], lines[-1]["body"]["costsChanged"]) == ("kept", 1)
    assert await count(gateway) == (plans, events + 1)


async def test_of_a_file_that_is_refused_for_its_channels_no_costs_are_kept(
    gateway: Running, api: httpx.AsyncClient, shop: Shop
) -> None:
    before = await count(gateway)
    book = openpyxl.Workbook()
    for name, content in (("Shopee", shop.sales("A")), ("Custos", shop.costs(A="20,00"))):
        sheet = book.create_sheet(name)
        for line in content.decode().splitlines():
            sheet.append(line.split(";"))
    book.remove(book.worksheets[0])
    held = io.BytesIO()
    book.save(held)
    other = await send(api, UPLOAD, held.getvalue(), "tudo.xlsx", channels="shein,magalu", narrow="true")

    assert (other.status_code, other.json()["found"]) == (422, ["shopee"])
    assert await count(gateway) == before
    taken = await send(api, UPLOAD, held.getvalue(), "tudo.xlsx", channels="shein,shopee", narrow="true")
    assert (taken.status_code, taken.json()["channels"]) == (202, ["shopee"])
    facts = await facts_of(gateway, taken.json()["planId"])
    assert figures(facts)["cost_coverage"] == 1.0
    assert await count(gateway) == (before[0] + 1, before[1] + 1)


async def test_the_same_costs_again_change_nothing(gateway: Running, api: httpx.AsyncClient, shop: Shop) -> None:
    first = (await send(api, COSTS, shop.costs(A="20,00", B="5,00"))).json()
    _, events = await count(gateway)
    again = (await send(api, COSTS, shop.costs(A="20,00", B="6,00"))).json()
    same = (await send(api, COSTS, shop.costs(A="20,00", B="6,00"))).json()

    assert (first["costsChanged"], again["costsChanged"], same["costsChanged"]) == (2, 1, 0)
    assert (await count(gateway))[1] == events + 1
    assert same["version"] == again["version"] == first["version"] + 1


async def test_the_next_sales_are_joined_with_them_and_the_plan_says_with_which(
    gateway: Running, api: httpx.AsyncClient, shop: Shop
) -> None:
    before = await send(api, UPLOAD, shop.sales("A", "B"), channels="shopee")
    assert "covered_cost" not in figures(await facts_of(gateway, before.json()["planId"]))
    assert (await send(api, UPLOAD, shop.sales("A", "B"), channels="shopee")).status_code == 409

    kept = (await send(api, COSTS, shop.costs(a="20,00"))).json()
    lower = shop.sales("A", "B").replace(b"A-", b"a-")
    plan = (await send(api, UPLOAD, lower, channels="shopee")).json()["planId"]
    facts = await facts_of(gateway, plan)

    assert figures(facts)["covered_cost"] == 40.0
    assert figures(facts)["cost_coverage"] == 0.5
    assert facts["goods_version"] == kept["version"]
    assert [one["sku"] for one in facts["channels"][0]["missing_costs"]] == [shop.sku("B")]
    # the very file of before is no duplicate any more: other costs lead to other figures
    await send(api, COSTS, shop.costs(B="30,00"))
    anew = await send(api, UPLOAD, shop.sales("A", "B"), channels="shopee")
    assert anew.status_code == 202
    assert figures(await facts_of(gateway, anew.json()["planId"]))["contribution"] == 200 - 20 - 40 - 60
    assert (await send(api, UPLOAD, shop.sales("A", "B"), channels="shopee")).status_code == 409

    told = (await api.get(f"/api/marketplace/analysis/{plan}/figures")).json()
    assert told["goodsVersion"] == kept["version"]
    assert told["channels"][0]["missingCostSkus"] == 1
    products = {one["title"]: one["cost"] for one in told["channels"][0]["products"]}
    assert products == {"Produto A": 40.0, "Produto B": None}


async def test_a_file_whose_rows_are_all_wrong_changes_nothing(
    gateway: Running, api: httpx.AsyncClient, shop: Shop
) -> None:
    before = await count(gateway)
    for path in (UPLOAD, COSTS):
        refused = await send(api, path, shop.costs(A="-1,00", B="x"), channels="shopee")
        assert (refused.status_code, refused.json()["type"]) == (422, "/docs#goods-wrong"), refused.text
        assert [one["path"] for one in refused.json()["errors"]] == ["row 2", "row 3"]
    assert await count(gateway) == before


async def test_costs_without_a_currency_are_kept_once_somebody_says_it(api: httpx.AsyncClient, shop: Shop) -> None:
    body = f"sku,unit_cost\n{shop.sku('A')},10.50\n".encode()

    assert (await send(api, COSTS, body)).json()["errors"][0]["message"].startswith("has no currency")
    assert (await send(api, COSTS, body, currency="brl")).json()["costs"] == 1
    wrong = await send(api, COSTS, body, currency="reais")
    assert (wrong.status_code, wrong.json()["errors"][0]["path"]) == (422, "currency")
    other = await send(api, COSTS, body, currency="USD")
    assert other.json()["errors"][0]["message"].startswith("is in another currency")


async def test_sales_are_no_costs(api: httpx.AsyncClient, shop: Shop) -> None:
    refused = await send(api, COSTS, shop.sales("A"))

    assert (refused.status_code, refused.json()["type"]) == (422, "/docs#no-goods")


async def test_what_is_kept_is_listed_with_its_history_and_who_told_it(
    gateway: Running, api: httpx.AsyncClient, shop: Shop, projected: Any
) -> None:
    rows = f"Data;SKU;Produto;Custo\n01/02/2026;{shop.sku('A')};Caneca;10,00\n15/03/2026;{shop.sku('A')};Caneca;12,00\n"
    await send(api, COSTS, rows.encode(), "custos.csv")
    await send(api, COSTS, f"SKU;Estoque\n{shop.sku('a')};7\n{shop.sku('Z')};3".encode(), "estoque.csv")
    events = await projected()

    found = (await api.get(COSTS, params={"q": shop.mark.lower()})).json()
    one, other = found["items"]
    assert found["total"] == 2
    assert (one["title"], [(c["validFrom"], c["unitCost"]) for c in one["costs"]]) == (
        "Caneca",
        [("2026-03-15", 12.0), ("2026-02-01", 10.0)],
    )
    assert (one["costs"][0]["recordedBy"], one["costs"][0]["document"]) == ("the admin", "custos.csv")
    assert one["stock"][0]["quantity"] == 7.0
    assert (other["sku"], other["costs"]) == (shop.sku("Z"), [])
    assert found["version"] == events[-1].version
    first = (await api.get(COSTS, params={"q": shop.mark, "limit": 1})).json()
    second = (await api.get(COSTS, params={"q": shop.mark, "limit": 1, "cursor": first["nextCursor"]})).json()
    assert [page["items"][0]["sku"] for page in (first, second)] == [one["sku"], other["sku"]]
    assert second["nextCursor"] is None
    assert (await api.get(COSTS, params={"q": "no such SKU"})).json()["items"] == []


async def test_a_cost_is_taken_back_and_the_next_sales_have_the_one_before(
    gateway: Running, api: httpx.AsyncClient, shop: Shop, projected: Any
) -> None:
    """One event of the person who did it; the list shows it no more, a plan that there is stays."""
    sku = shop.sku("A")
    rows = f"Data;SKU;Produto;Custo\n01/02/2026;{sku};Caneca;10,00\n01/04/2026;{sku};Caneca;30,00\n"
    await send(api, COSTS, rows.encode(), "custos.csv")
    first = (await send(api, UPLOAD, shop.sales("A"), channels="shopee")).json()["planId"]
    _, events = await count(gateway)
    body = {"action": "delete", "sku": sku.lower(), "validFrom": "2026-04-01"}
    done = await api.patch(COSTS, json=body)
    gone = await api.patch(COSTS, json=body)
    anew = await send(api, UPLOAD, shop.sales("A"), channels="shopee")

    assert (done.status_code, done.json()["outcome"]) == (200, "accepted")
    assert gone.status_code == 404
    assert (await count(gateway))[1] == events + 1
    assert figures(await facts_of(gateway, first))["cost"] == 60.0
    facts = await facts_of(gateway, anew.json()["planId"])
    assert (figures(facts)["cost"], facts["goods_version"]) == (20.0, done.json()["version"])
    event = (await projected())[-1]
    assert (event.type, event.actor, event.version) == ("goods.corrected", "the admin", done.json()["version"])
    assert event.data["deleted"] == [{"key": sku.lower(), "sku": sku, "valid_from": "2026-04-01"}]
    found = (await api.get(COSTS, params={"q": shop.mark})).json()
    assert [one["validFrom"] for one in found["items"][0]["costs"]] == ["2026-02-01"]
    assert found["version"] == done.json()["version"]
    await send(api, COSTS, rows.encode(), "custos.csv")  # told again, it is there again
    await projected()
    found = (await api.get(COSTS, params={"q": shop.mark})).json()
    assert [one["validFrom"] for one in found["items"][0]["costs"]] == ["2026-04-01", "2026-02-01"]


async def test_a_cost_is_in_another_currency_from_now_on(
    gateway: Running, api: httpx.AsyncClient, shop: Shop, projected: Any
) -> None:
    """The amounts stay; who did it, and that no file told it, is seen."""
    sku, since = shop.sku("A"), "2026-02-01"
    await send(api, COSTS, f"Data;SKU;Custo;Moeda\n01/02/2026;{sku};10,00;USD\n".encode(), "custos.csv")
    foreign = (await send(api, UPLOAD, shop.sales("A"), channels="shopee")).json()["planId"]
    await projected()
    (cost,) = (await api.get(COSTS, params={"q": shop.mark})).json()["items"][0]["costs"]
    body = {"action": "currency", "sku": sku, "validFrom": since, "currency": "brl"}
    stale = await api.patch(COSTS, json=body, headers={"if-match": f'"{cost["version"] - 1}"'})
    done = await api.patch(COSTS, json=body, headers={"if-match": f'"{cost["version"]}"'})
    same = await api.patch(COSTS, json=body)
    anew = (await send(api, UPLOAD, shop.sales("A"), channels="shopee")).json()["planId"]
    await projected()
    (after,) = (await api.get(COSTS, params={"q": shop.mark})).json()["items"][0]["costs"]

    assert (stale.status_code, stale.json()["version"]) == (412, cost["version"])
    assert [one.json()["outcome"] for one in (done, same)] == ["accepted", "unchanged"]
    assert "cost" not in figures(await facts_of(gateway, foreign))
    assert figures(await facts_of(gateway, anew))["cost"] == 20.0
    assert (after["unitCost"], after["currency"], after["document"], after["recordedBy"]) == (
        10.0, "BRL", "", "the admin",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"action": "currency", "currency": "reais"}, "currency"),
        ({"action": "currency"}, "currency"),
        ({"currency": "BRL"}, "currency"),
        ({"validFrom": "ontem"}, "validFrom"),
        ({"action": "forget"}, "action"),
    ],
)
async def test_a_correction_without_sense_changes_nothing(
    gateway: Running, api: httpx.AsyncClient, shop: Shop, change: dict[str, str], path: str
) -> None:
    await send(api, COSTS, shop.costs(A="20,00"))
    before = await count(gateway)
    body = {"action": "delete", "sku": shop.sku("A"), "validFrom": "2026-04-01", **change}
    refused = await api.patch(COSTS, json=body)

    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, path), refused.text
    assert await count(gateway) == before


async def test_a_viewer_corrects_no_cost(gateway: Running) -> None:
    async with gateway.client("viewer") as viewer:
        body = {"action": "delete", "sku": "A", "validFrom": "2026-04-01"}
        assert (await viewer.patch(COSTS, json=body)).status_code == 403


async def test_versions_follow_each_other_and_large_files_are_several_events(
    gateway: Running, api: httpx.AsyncClient, shop: Shop, projected: Any
) -> None:
    lines = [f"{shop.sku(f'N{n:04d}')};{n + 1},00" for n in range(1203)]
    kept = (await send(api, COSTS, "\n".join(["SKU;Custo", *lines]).encode())).json()
    events = [
        event for event in await projected() if event.data["costs"] and shop.mark in event.data["costs"][0]["sku"]
    ]

    assert kept["costsChanged"] == 1203
    assert [len(event.data["costs"]) for event in events] == [500, 500, 203]
    assert [event.version for event in events] == [kept["version"] - 2, kept["version"] - 1, kept["version"]]
    assert len({event.event_id for event in events}) == 3


async def test_the_read_model_says_what_decisions_know(
    gateway: Running, api: httpx.AsyncClient, shop: Shop, projected: Any
) -> None:
    """Each event made into rows, in any order and twice, gives what the next upload is joined with."""
    rows = f"Data;SKU;Custo;Embalagem\n01/02/2026;{shop.sku('P')};10,00;1,00\n"
    await send(api, COSTS, shop.costs(A="20,00", B="5,00"))
    await send(api, COSTS, shop.costs(A="21,00"))
    await send(api, COSTS, rows.encode())
    taken_back = {"action": "delete", "sku": shop.sku("P"), "validFrom": "2026-02-01"}
    assert (await api.patch(COSTS, json=taken_back)).status_code == 200
    await send(api, COSTS, rows.replace(";Embalagem", "").replace(";1,00", "").encode())  # it has no packaging now
    events = await projected()
    await projected()

    columns = "sku_key, valid_from, sku, title, unit_cost, packaging, tax_rate, currency, version"

    async def known() -> list[Any]:
        one = await gateway.pool.fetch(f"select {columns} from decide.unit_cost order by 1, 2")
        two = await gateway.pool.fetch(f"select {columns} from rm.unit_cost where not deleted order by 1, 2")
        assert one == two
        return list(one)

    kept = {row["sku_key"]: row["packaging"] for row in await known()}
    assert kept[shop.sku("P").lower()] is None
    # all of the log in one go, as a rebuild may take it
    await gateway.pool.execute("truncate rm.unit_cost")
    in_one_go = [
        row for e in events for row in rows_of(Recorded(e, "goods.events", 0, e.version, at(e.occurred_at), None))
    ]
    async with gateway.pool.acquire() as connection:
        await connection.execute("set search_path to rm")
        await write(connection, in_one_go, [], [])
        await connection.execute("reset search_path")
    await known()


async def test_pages_show_costs_take_files_and_give_a_table_to_fill_in(
    gateway: Running, api: httpx.AsyncClient, shop: Shop, projected: Any
) -> None:
    plan = (await send(api, UPLOAD, shop.sales("A", "B"), channels="shopee")).json()["planId"]
    template = await api.get(f"/plans/{plan}/costs.csv")
    assert template.status_code == 200, template.text
    text = template.content.decode("utf-8-sig")
    assert shop.sku("A") in text
    assert "text/csv" in template.headers["content-type"]

    filled = "\r\n".join(line.replace(";;;", ";7,50;;") if shop.mark in line else line for line in text.splitlines())
    kept = await send(api, COSTS, filled.encode(), "preenchida.csv")
    assert kept.json()["costs"] == 2, kept.text
    await projected()
    page = await api.get("/costs", params={"q": shop.mark}, headers={"accept-language": "pt-BR"})
    assert page.status_code == 200
    assert "Custos e estoque" in page.text
    assert "preenchida.csv" in page.text
    assert (await api.get(f"/plans/{uuid4()}/costs.csv")).status_code == 404
