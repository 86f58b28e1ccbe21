"""Figures over HTTP, with where they come from; and a plan for the channels that were not chosen."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from projections.reads import documents
from schemas.facts import DocumentFacts, Figure
from schemas.product import MOST_SKUS
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running, one_row
from tests.support import figures

PATH = "/api/marketplace/analysis"


async def document(gateway: Running, facts: DocumentFacts = figures.DOCUMENT) -> UUID:
    """A plan for two of the three channels of its document."""
    plan_id = await seed.add_plan(gateway.pool, channels=(figures.MELI, "shopee"))
    await gateway.pool.execute(
        "insert into decide.document (document_id, plan_id, sha256, channels, facts) values ($1, $1, $2, $3, $4)",
        plan_id,
        plan_id.hex * 2,
        [figures.MELI, "shopee"],
        orjson.dumps(facts.to_dict()).decode(),
    )
    return plan_id


async def test_figures_tell_their_formula_and_their_rows(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await document(gateway)
    told = (await api.get(f"{PATH}/{plan_id}/figures", params={"channel": figures.MELI, "metric": "revenue"})).json()

    assert (told["planId"], [c["channel"] for c in told["channels"]]) == (str(plan_id), [figures.MELI])
    channel = told["channels"][0]
    assert channel["figures"] == [
        {
            "metric": "revenue",
            "title": "Revenue",
            "formula": "sum of what buyers paid for the items, after the seller's discounts;"
            " exports of Shopify, Squarespace, Wix, VTEX, Nuvemshop, WooCommerce: with their freight",
            "value": 412880.1,
            "unit": "BRL",
            "madeOf": [],
            "skus": [],
            "detail": {},
            "rows": {
                "used": 1790,
                "leftOut": {"status": 48, "no_money": 2},
                "unusableShare": 2 / 1792,
                "unit": "BRL",
                "sample": [
                    {"order": "2000000000", "table": 0, "row": 12, "amount": 900.0},
                    {"order": "2000000001", "table": 0, "row": 19, "amount": 450.0},
                    {"order": "2000000002", "table": 0, "row": 26, "amount": 300.0},
                ],
            },
        }
    ]
    assert (channel["chosen"], channel["currency"], channel["currencySource"]) == (True, "BRL", "read")
    assert channel["months"][1]["net"] is None
    assert channel["reconciliation"]["causes"][0]["row"] == 61
    assert told["tables"][0]["columns"][4] == {
        "header": "Receita por produtos (BRL)",
        "samples": ["129,90", "89,00"],
        "field": "revenue",
        "confidence": 0.92,
        "by": "name",
    }


async def test_the_page_of_what_a_kept_report_tells_of_advertising_is_shown(gateway: Running) -> None:
    """Its detail names the files of the reports, of which no plan is."""
    cost = Figure("advertising_cost", 60.0, "BRL", detail={"from": "2026-03-01", "documents": ["ads.csv"]})
    meli = replace(figures.MELI_FACTS, figures=[*figures.MELI_FACTS.figures, cost])
    plan_id = await document(gateway, replace(figures.DOCUMENT, channels=[meli]))
    async with gateway.browser("viewer") as browser:
        page = await browser.get(f"/plans/{plan_id}/figures/{figures.MELI}/advertising_cost")

    assert page.status_code == 200


async def test_the_page_of_the_classes_tells_what_each_asks_for(gateway: Running) -> None:
    by_sku = {"A-1": {"abc_xyz": "AX", "share": 0.62, "variation": 0.31, "revenue": 900.0}}
    classes = {"AX": {"products": 2, "share": 0.81}, "CZ": {"products": 9, "share": 0.19}}
    detail = {"by": "month", "periods": 7, "without_class": 3, "classes": classes, "by_sku": by_sku}
    classed = Figure("product_classes", 11.0, "count", ["A-1"], detail)
    meli = replace(figures.MELI_FACTS, figures=[*figures.MELI_FACTS.figures, classed])
    plan_id = await document(gateway, replace(figures.DOCUMENT, channels=[meli]))
    async with gateway.browser("viewer") as browser:
        plan = await browser.get(f"/plans/{plan_id}")
        page = await browser.get(f"/plans/{plan_id}/figures/{figures.MELI}/product_classes")

    assert f'href="/plans/{plan_id}/figures/{figures.MELI}/product_classes">11</a>' in plan.text
    told = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    assert "A make the first 80 % of the revenue" in told
    assert "AX 2 81.0% Never be without them" in told
    assert "The variation is that of 7 whole months. 3 products have too short a history" in told
    assert re.search(r"A-1 AX 62\.0% .{0,6}900.00 31\.0%", told)


async def test_a_page_reads_the_figures_without_the_samples_of_their_rows(gateway: Running) -> None:
    """A page that follows a plan is made anew with every event: what is many stays in the database."""
    found = await documents.figures_of_plan(gateway.pool, await document(gateway))
    assert found is not None
    assert [c.channel for c in found.channels] == found.reading.channels == ["amazon", figures.MELI, "shopee"]
    meli = found.for_channel(figures.MELI)
    assert meli is not None
    assert [f.metric for f in meli.figures] == [f.metric for f in figures.MELI_FACTS.figures]
    revenue = next(f for f in meli.figures if f.metric == "revenue")
    assert revenue == replace(figures.REVENUE, rows=replace(figures.rows(1790, status=48, no_money=2), sample=[]))
    assert replace(meli, figures=[]) == replace(figures.MELI_FACTS, figures=[])
    assert found.reading.tables == figures.DOCUMENT.tables
    assert found.for_channel("magalu") is None


async def test_what_is_unknown_is_told_with_the_reason(gateway: Running, api: httpx.AsyncClient) -> None:
    told = (await api.get(f"{PATH}/{await document(gateway)}/figures")).json()["channels"]
    amazon, meli, shopee = told

    assert [u["metric"] for u in meli["unknown"]] == ["advertising_share"]
    assert (meli["unknown"][0]["reason"], meli["unknown"][0]["fields"]) == ("no_column", ["advertised"])
    assert meli["unknown"][0]["text"] == "Missing column: sale by advertising."
    assert "fees" in [u["metric"] for u in shopee["unknown"]]
    assert (shopee["currency"], shopee["figures"][0]["unit"]) == (None, "money")
    assert (amazon["chosen"], amazon["currencySource"]) == (False, "assumed")


async def test_what_amounts_are_in_is_told_with_how_it_is_known(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await document(gateway)
    every = (await api.get(f"{PATH}/{plan_id}/figures")).json()
    one = (await api.get(f"{PATH}/{plan_id}/figures", params={"channel": figures.MELI})).json()
    plan = (await api.get(f"{PATH}/{plan_id}")).json()
    unknown = (await api.get(f"{PATH}/{plan_id}/figures", params={"channel": "shopee"})).json()

    assert (every["oneCurrency"], one["oneCurrency"], unknown["oneCurrency"]) == (False, True, False)
    assert plan["reading"]["currencies"] == [
        {"channel": "amazon", "currency": "USD", "source": "assumed"},
        {"channel": figures.MELI, "currency": "BRL", "source": "read"},
        {"channel": "shopee", "currency": "", "source": ""},
    ]


async def test_a_document_of_before_has_the_currency_that_was_read(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await document(gateway)
    await gateway.pool.execute(
        "update decide.document set facts = facts #- '{channels,1,currency_source}' where plan_id = $1", plan_id
    )
    told = (await api.get(f"{PATH}/{plan_id}")).json()["reading"]["currencies"]

    assert told[1] == {"channel": figures.MELI, "currency": "BRL", "source": "read"}


async def test_figures_that_are_not_there_are_not_found(gateway: Running, api: httpx.AsyncClient) -> None:
    erased = await api.get(f"{PATH}/{await seed.add_plan(gateway.pool)}/figures")
    assert (erased.status_code, erased.json()["type"]) == (404, "/docs#not-found")
    assert (await api.get(f"{PATH}/{uuid4()}/figures")).status_code == 404
    assert (await api.get(f"{PATH}/{uuid4()}/figures", params={"channel": "ebay"})).status_code == 422


async def test_other_channels_become_a_plan_of_their_own_once(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await document(gateway)
    body = {"channels": ["amazon"]}
    answers = await asyncio.gather(*(api.post(f"{PATH}/{plan_id}/channels", json=body) for _ in range(4)))

    assert sorted(a.status_code for a in answers) == [202, 409, 409, 409]
    accepted = next(a for a in answers if a.status_code == 202)
    other = accepted.json()["planId"]
    assert accepted.headers["location"] == f"{PATH}/{other}"
    assert {a.json()["planId"] for a in answers} == {other}
    event = await seed.upload_of(gateway.pool, other)
    assert (event["channels"], event["title"], event["sha256"]) == (["amazon"], "Relatório de abril", plan_id.hex * 2)
    kept = await one_row(gateway.pool, "select facts, channels from decide.document where plan_id = $1", UUID(other))
    assert DocumentFacts.from_dict(orjson.loads(kept["facts"])) == figures.DOCUMENT
    assert kept["channels"] == ["amazon"]


async def test_a_key_gives_the_first_answer_again(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await document(gateway)
    headers = {"Idempotency-Key": str(uuid4())}
    first = await api.post(f"{PATH}/{plan_id}/channels", json={"channels": ["amazon"]}, headers=headers)
    again = await api.post(f"{PATH}/{plan_id}/channels", json={"channels": ["amazon"]}, headers=headers)
    other = await api.post(f"{PATH}/{plan_id}/channels", json={"channels": ["shopee"]}, headers=headers)

    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status_code, other.json()["type"]) == (422, "/docs#key-reused")


async def test_channels_without_figures_are_refused(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await document(gateway)
    magalu = await api.post(f"{PATH}/{plan_id}/channels", json={"channels": ["magalu", "amazon"]})
    assert (magalu.status_code, [e["path"] for e in magalu.json()["errors"]]) == (422, ["channels"])
    assert "it has amazon, mercado_livre, shopee" in magalu.json()["errors"][0]["message"]
    for wrong in (["amazon", "amazon"], [], ["ebay"]):
        answer = await api.post(f"{PATH}/{plan_id}/channels", json={"channels": wrong})
        assert answer.status_code == 422
    gone = await api.post(f"{PATH}/{await seed.add_plan(gateway.pool)}/channels", json={"channels": ["amazon"]})
    assert gone.status_code == 404
    async with gateway.client("viewer") as viewer:
        assert (await viewer.post(f"{PATH}/{plan_id}/channels", json={"channels": ["amazon"]})).status_code == 403


async def test_worth_stands_on_plans_and_on_their_tasks(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    served, other = [await seed.add_task(gateway.pool, plan_id, position=n) for n in (1, 2)]
    await gateway.pool.execute("update rm.task set opportunity_id = 'shopee-returns' where task_id = $1", served)
    tasks = {t["taskId"]: t for t in (await api.get(f"{PATH}/{plan_id}/tasks")).json()["items"]}
    listed = {t["taskId"]: t for t in (await api.get("/api/tasks", params={"plan": str(plan_id)})).json()["items"]}

    for found in (tasks, listed):
        assert (found[str(served)]["worthBrl"], found[str(served)]["opportunityTitle"]) == (
            1200.5,
            "Reduzir devoluções",
        )
        assert (found[str(other)]["worthBrl"], found[str(other)]["opportunityTitle"]) == (None, "")
    assert (await api.get(f"/api/tasks/{served}")).json()["worthBrl"] == 1200.5
    plan = (await api.get(f"{PATH}/{plan_id}")).json()
    assert plan["worthBrl"] == 1200.5
    unknown = await seed.add_plan(gateway.pool)
    await gateway.pool.execute("update rm.plan set opportunities = '[]' where plan_id = $1", unknown)
    assert (await api.get(f"{PATH}/{unknown}")).json()["worthBrl"] is None


async def test_a_task_tells_all_that_it_serves(gateway: Running, api: httpx.AsyncClient) -> None:
    """In the order of the event; of an opportunity that the plan lacks only the id, and the sum is of what is known."""
    plan_id = await seed.add_plan(gateway.pool)
    task_id = await seed.add_task(gateway.pool, plan_id)
    other = seed.OPPORTUNITY | {"id": "amazon-returns", "channel": "amazon", "title": "Rever", "worth_brl": 99.5}
    unknown = other | {"id": "magalu-returns", "channel": "magalu", "worth_brl": None}
    await gateway.pool.execute(
        "update rm.plan set opportunities = $2 where plan_id = $1",
        plan_id,
        orjson.dumps([seed.OPPORTUNITY, unknown, other]).decode(),
    )
    await gateway.pool.execute(
        "update rm.task set opportunity_id = 'shopee-returns', also_serves = $2 where task_id = $1",
        task_id,
        '["amazon-returns", "magalu-returns", "gone"]',
    )
    found = (await api.get(f"/api/tasks/{task_id}")).json()

    assert [(s["opportunityId"], s["channel"], s["title"], s["worthBrl"]) for s in found["serves"]] == [
        ("shopee-returns", "shopee", "Reduzir devoluções", 1200.5),
        ("amazon-returns", "amazon", "Rever", 99.5),
        ("magalu-returns", "magalu", "Rever", None),
        ("gone", "", "", None),
    ]
    assert (found["opportunityTitle"], found["worthBrl"]) == ("Reduzir devoluções", 1300.0)


async def test_the_parts_of_a_worth_open_on_the_plans_page_in_both_languages(gateway: Running) -> None:
    plan_id = await document(gateway)
    await seed.add_channel(gateway.pool, plan_id, "shopee")
    told = {}
    for language in ("en", "pt-BR"):
        async with gateway.client(None, **{"accept-language": language}) as page:
            await page.post("/login", data={"key": gateway.keys["viewer"]})
            (told[language],) = re.findall(
                r'<details class="more worth-parts" id="worth-shopee-returns">.*?</details>',
                (await page.get(f"/plans/{plan_id}")).text,
                re.DOTALL,
            )

    for metric in ("product_return_rate", "return_rate", "period_days"):
        assert f'href="/plans/{plan_id}/figures/shopee/{metric}"' in told["en"]
    assert "How its worth is computed" in told["en"]
    assert "units that came back above 3 %" in told["en"]
    assert "Como o valor é calculado" in told["pt-BR"]
    assert "unidades devolvidas acima de 3%" in told["pt-BR"]
    assert "unknown" in told["en"]
    assert "desconhecid" in told["pt-BR"]


@pytest.mark.parametrize(("products", "is_said"), [(MOST_SKUS, True), (MOST_SKUS - 1, False)])
async def test_a_table_of_products_that_may_lack_some_says_so(
    gateway: Running, products: int, *, is_said: bool
) -> None:
    by_sku = {f"S-{n}": {"over": 1.0} for n in range(products)}
    own = replace(
        figures.DOCUMENT.channels[0],
        figures=[Figure("fee_over_tariff", 10.0, "BRL", skus=list(by_sku), detail={"by_sku": by_sku})],
    )
    plan_id = await document(gateway, replace(figures.DOCUMENT, channels=[own]))
    async with gateway.client(None, **{"accept-language": "en"}) as page:
        await page.post("/login", data={"key": gateway.keys["viewer"]})
        told = (await page.get(f"/plans/{plan_id}/figures/{own.channel}/fee_over_tariff")).text

    assert ("At most 10 products are kept of a figure" in told) is is_said


async def test_the_page_of_a_plan_sets_its_channels_side_by_side(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await document(gateway)
    page = (await api.get(f"/plans/{plan_id}")).raise_for_status().text
    table = page.partition('class="plain channels-together"')[2].partition("</table>")[0]

    assert re.findall(r"#channel-([a-z_]+)-title", table) == [figures.MELI, "shopee"], "and not the one not chosen"
    assert f"/plans/{plan_id}/figures/shopee/fee_share" in table
    assert "unknown" in table
    assert "412,880.10" in table or "412.880,10" in table
