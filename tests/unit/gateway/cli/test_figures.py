"""`figures` shows value, rows and formula, the unknown with its reason; `analyse` asks for other channels."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import httpx
from typer.testing import Result

from gateway.cli.views.figures import amount, unnamed
from gateway.operations.figures import figures_of
from gateway.shapes.figures import FigureQuery
from gateway.uploads.in_language import facts_in
from projections.plans.reads import Plan
from projections.reads.documents import Document
from schemas.facts import DocumentFacts
from tests.support import figures
from tests.support.typed import typed

PLAN = UUID("3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a")


class Gateway:
    """A gateway with the figures of one document."""

    def __init__(self, facts: DocumentFacts = figures.DOCUMENT) -> None:
        self.document = Document(PLAN, PLAN, "ab", [figures.MELI, "shopee"], facts, None)  # type: ignore[arg-type]
        self.sent: list[dict[str, Any]] = []
        self.plan: Plan | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.sent.append({"path": request.url.path, **json.loads(request.content)})
            return httpx.Response(202, json={"planId": "4a4b8c1e", "outcome": "accepted", "status": "analyzing"})
        asked = request.url.params
        names = ("channel", "metric", "language")
        query = FigureQuery.model_validate({n: asked.get_list(n) for n in names if n in asked})
        document = replace(self.document, facts=facts_in(query.language, self.document.facts))
        return httpx.Response(200, json=figures_of(document, query, (), self.plan).model_dump(mode="json"))

    def run(self, *arguments: str) -> Result:
        return typed(self, *arguments)


def lines(done: Result) -> list[str]:
    assert done.exit_code == 0, done.output
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


def test_figures_are_shown_with_rows_and_formula() -> None:
    told = lines(Gateway().run("figures", str(PLAN)))

    assert "fees BRL 66,940.30 1,700 138 sum of the channel's fees" in told
    assert any(
        line.startswith("revenue 58,120.00 890 0 sum of what buyers paid for the items, after the seller's")
        for line in told
    )
    assert any(line.startswith("! The channels' amounts are not known to be in one currency") for line in told)
    assert any(line.startswith("Mercado Livre, ") and line.endswith(", BRL, as the document says") for line in told)
    assert "Shopee, days unknown, currency unknown" in told
    assert "Amazon, 2026-03-01 to 2026-03-31, USD, by assumption (not chosen for this plan)" in told
    assert "advertising_share unknown - - Missing column: sale by advertising." in told
    assert "2026-02 120,455.10 19,500.30 8,900.40 unknown unknown 990 1,221 40 unknown" in told
    assert (
        "Mercado Livre says BRL 305,500.00 (Total (BRL)), we count BRL 305,430.50: difference BRL -69.50 (0.02%)"
        " in 1,790 rows"
    ) in told
    assert "! 14 linhas têm total ilegível." in told
    assert "Sales by advertising: unknown. Say which column it is." in " ".join(told)
    assert "Returned units, Return rate: unknown. Upload an export that tells returns," in " ".join(told)
    assert any(
        line.startswith("> marketplace upload FILE --map returned_units=COLUMN --map advertised=COLUMN")
        for line in told
    )


def test_what_makes_columns_known_is_said_once_for_all_of_the_same_way() -> None:
    told = lines(Gateway().run("figures", str(PLAN)))

    way = "> Upload a report of advertising by product that covers these days."
    assert "AFTER ADS: unknown. No report of advertising tells these days by product." in told
    unknown = [
        n for n, line in enumerate(told) if line.endswith("No report of advertising tells these days by product.")
    ]
    assert len(unknown) > 1
    assert told[unknown[-1] + 1] == way
    assert told.count(way) * 2 <= len(unknown)


def test_one_metric_shows_the_rows_behind_it() -> None:
    told = lines(Gateway().run("figures", str(PLAN), "--channel", figures.MELI, "--metric", "revenue,average_ticket"))

    note = "revenue: 1,790 rows; left out: 48 cancelled or not paid, 2 without an amount; 0.11% could not be used"
    assert note in told
    assert "2000000001 19 BRL 450.00 sheet “Vendas BR”, header in row 6" in told
    portuguese = lines(Gateway().run("figures", str(PLAN), "-m", "revenue", "--language", "pt-BR"))
    assert "2000000001 19 BRL 450.00 planilha “Vendas BR”, cabeçalho na linha 6" in portuguese
    assert "average_ticket: no rows are told of it" in told
    assert not [line for line in told if line.startswith("2026-")]


def test_json_is_as_the_api_gives_it() -> None:
    done = Gateway().run("figures", str(PLAN), "-c", "amazon", "--json")
    assert [c["channel"] for c in json.loads(done.stdout)["channels"]] == ["amazon"]


def test_a_document_without_figures_says_so() -> None:
    done = Gateway(DocumentFacts("text/plain", "t")).run("figures", str(PLAN))
    assert "No figures" in done.stderr


def test_other_channels_are_asked_for() -> None:
    gateway = Gateway()
    done = gateway.run("analyse", str(PLAN), "--channel", "amazon")

    assert gateway.sent == [{"path": f"/api/marketplace/analysis/{PLAN}/channels", "channels": ["amazon"]}]
    assert "4a4b8c1e analyzing: Amazon" in done.stdout
    assert gateway.run("analyse", str(PLAN)).exit_code == 2


def test_the_channel_of_sales_that_name_none_is_said() -> None:
    gateway = Gateway()
    done = gateway.run("analyse", str(PLAN), "--unnamed", "shopee")

    assert gateway.sent == [{"path": f"/api/marketplace/analysis/{PLAN}/channels", "unnamed": "shopee"}]
    assert "4a4b8c1e analyzing: Shopee" in done.stdout
    assert gateway.run("analyse", str(PLAN), "--unnamed", "ebay").exit_code == 2
    assert gateway.run("analyse", str(PLAN), "--unnamed", "shopee", "-c", "amazon").exit_code == 2


def test_sales_that_name_no_channel_are_told_with_the_command_to_type() -> None:
    note = (
        "340 rows of sales (BRL 48,230.15) name no channel, and nobody analysed them."
        f" To say it: marketplace analyse {PLAN} --unnamed CHANNEL"
    )
    said = {"rows": 340, "revenue": 48230.15, "currency": "BRL"}

    assert unnamed(str(PLAN), said) == note
    assert "340 rows of sales name no channel" in unnamed(str(PLAN), {**said, "revenue": None})


def test_amounts_read_in_their_unit() -> None:
    shown = [
        amount(v, u) for v, u in ((0.1621, "ratio"), (3.25, "days"), (1204.0, "count"), (1.5, "count"), (None, "x"))
    ]
    assert shown == ["16.2%", "3.2 days", "1,204", "1.5", "unknown"]


def test_how_a_worth_is_computed_is_shown_with_its_figures_and_why_one_is_unknown() -> None:
    opportunity = {"id": f"{figures.MELI}-shipping", "worth_brl": 1234.5}
    result = SimpleNamespace(channel=figures.MELI, source="rules", opportunities=[opportunity])
    gateway = Gateway()
    gateway.plan = cast("Plan", SimpleNamespace(channel_results=[result]))
    told = " ".join(lines(gateway.run("figures", str(PLAN))))

    assert f"{figures.MELI}-shipping: R$ 1,234 a month = (shipping share - 8 %) x revenue" in told
    assert "worth" not in " ".join(lines(gateway.run("figures", str(PLAN), "--metric", "revenue")))
    worths = json.loads(gateway.run("figures", str(PLAN), "--json").stdout)["worths"]
    assert [part["metric"] for part in worths[0]["parts"]][:2] == ["shipping_share", "revenue"]
    assert all((part["value"] is None) == bool(part["unknown"]) for part in worths[0]["parts"])
