"""`costs`: what is kept, and a file that is told; and what `upload` says of a file of costs alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest
from typer.testing import Result

from tests.support.typed import typed

COST = {
    "sku": "A-1",
    "title": "Caneca",
    "validFrom": "2026-03-01",
    "unitCost": 12.5,
    "packaging": 1.0,
    "taxRate": 0.06,
    "currency": "BRL",
    "version": 3,
    "document": "custos.csv",
    "recordedBy": "Ana",
    "recordedAt": "2026-03-01T10:00:00Z",
}
EARLIER = {**COST, "validFrom": "2026-01-01", "unitCost": 11.0, "packaging": None, "taxRate": None}
STOCK = {
    "channel": "shopee",
    "countedOn": "2026-03-31",
    "quantity": 7.0,
    "document": "estoque.csv",
    "recordedBy": "Rui",
    "recordedAt": "2026-03-31T10:00:00Z",
}
ITEMS = [
    {"sku": "A-1", "title": "Caneca", "costs": [COST, EARLIER], "stock": [STOCK]},
    {"sku": "Z-9", "title": "", "costs": [], "stock": [{**STOCK, "channel": ""}]},
]
KEPT = {
    "outcome": "kept",
    "advertising": 2,
    "advertisingChanged": 1,
    "filename": "custos.csv",
    "costs": 120,
    "costsChanged": 7,
    "stock": 3,
    "stockChanged": 3,
    "without": ["B"],
    "wrong": [{"where": "arquivo", "row": 4, "sku": "C", "why": "no_number"}],
    "wrongRows": 1,
    "told": ["Linha 4 não mudou nada."],
    "version": 3,
}


class Gateway:
    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.items = ITEMS
        self.next: str | None = None
        self.refusal: dict[str, object] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        if request.method == "POST" and self.refusal:
            return httpx.Response(422, json=self.refusal)
        if request.method == "POST":
            return httpx.Response(200, json=KEPT)
        if request.method == "PATCH":
            return httpx.Response(200, json={"outcome": "accepted", "version": 4})
        return httpx.Response(200, json={"items": self.items, "nextCursor": self.next, "total": 120, "version": 3})


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


def run(gateway: Gateway, *arguments: str) -> Result:
    return typed(gateway, *arguments)


def test_costs_are_listed_with_their_history_and_stock(gateway: Gateway) -> None:
    gateway.next = "next"
    done = run(gateway, "costs", "--search", "can", "--limit", "2")

    assert done.exit_code == 0, done.output
    for text in (
        "Caneca",
        "BRL 12.50",
        "BRL 11.00",
        "6.00%",
        "2026-03-01",
        "7 Shopee on 2026-03-31",
        "Ana (custos.csv), 2026-03-01",
    ):
        assert text in done.output
    assert dict(gateway.asked[-1].url.params) == {"q": "can", "limit": "2"}
    assert "--cursor next" in done.output


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("--delete", "A-1"), {"action": "delete", "sku": "A-1", "validFrom": "2026-03-01"}),
        (
            ("--change", "A-1", "--currency", "USD"),
            {"action": "currency", "sku": "A-1", "validFrom": "2026-03-01", "currency": "USD"},
        ),
    ],
)
def test_a_cost_is_put_right(gateway: Gateway, arguments: tuple[str, ...], wanted: dict[str, str]) -> None:
    done = run(gateway, "costs", *arguments, "--since", "2026-03-01")

    assert done.exit_code == 0, done.output
    assert json.loads(gateway.asked[-1].content) == wanted
    assert "Done" in done.output


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("--delete", "A-1"), "costs --search A-1"),
        (("--change", "A-1", "--since", "2026-03-01"), "--currency"),
        (("--delete", "A-1", "--since", "2026-03-01", "--currency", "USD"), "--currency"),
        (("--delete", "A-1", "--change", "A-1", "--since", "2026-03-01"), "do not go together"),
    ],
)
def test_a_correction_that_is_not_whole_asks_nobody(gateway: Gateway, arguments: tuple[str, ...], advice: str) -> None:
    done = run(gateway, "costs", *arguments)

    assert done.exit_code == 2
    assert gateway.asked == []
    assert advice in " ".join(done.output.split())


def test_costs_as_json_are_what_the_api_gives(gateway: Gateway) -> None:
    done = run(gateway, "costs", "--json")

    assert json.loads(done.stdout)["items"] == ITEMS


def test_nothing_kept_is_said_with_what_to_do(gateway: Gateway) -> None:
    gateway.items = []

    assert "costs --tell FILE" in run(gateway, "costs").output


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (("costs", "--tell", "FILE", "--currency", "BRL", "--map", "cost=Valor"), "/api/marketplace/costs"),
        (
            ("upload", "FILE", "--channel", "shopee", "--currency", "BRL", "--map", "cost=Valor"),
            "/api/marketplace/analysis/upload",
        ),
    ],
)
def test_a_file_of_costs_is_kept_and_that_is_no_failure(
    gateway: Gateway, tmp_path: Path, arguments: tuple[str, ...], path: str
) -> None:
    file = tmp_path / "custos.csv"
    file.write_text("SKU;Valor\nA;1,00", "utf-8")
    done = run(gateway, *(str(file) if one == "FILE" else one for one in arguments))

    assert done.exit_code == 0, done.output
    assert gateway.asked[0].url.path == path
    body = gateway.asked[0].content.decode()
    assert 'name="currency"' in body
    assert "cost=Valor" in body
    assert re.search(r'name="language"\s+en', body)
    for text in (
        "kept",
        "120 SKUs with costs, 7 changed",
        "3 SKUs with stock",
        "2 reports of advertising, 1 changed",
        "1 without a cost",
        "1 wrong rows: 4",
    ):
        assert text in " ".join(done.output.split())


def test_the_remarks_on_costs_are_asked_for_in_the_language_that_is_said(gateway: Gateway, tmp_path: Path) -> None:
    file = tmp_path / "custos.csv"
    file.write_text("SKU;Valor\nA;1,00", "utf-8")
    done = run(gateway, "costs", "--tell", str(file), "--language", "pt-BR")

    assert re.search(r'name="language"\s+pt-BR', gateway.asked[0].content.decode())
    assert "Linha 4 não mudou nada." in done.output


def test_of_a_file_whose_columns_are_not_sure_it_is_said_what_to_type(gateway: Gateway, tmp_path: Path) -> None:
    file = tmp_path / "meus custos.csv"
    file.write_text("Ref;Val\nA;1,00", "utf-8")
    columns = [
        {"header": "Ref", "field": "sku", "confidence": 0.4, "samples": ["xxx-9"]},
        {"header": "Val", "field": "cost", "confidence": 0.4, "samples": ["1,00"]},
        {"header": "X", "field": "", "confidence": 0.0, "samples": []},
    ]
    gateway.refusal = {
        "title": "Say what the columns are",
        "status": 422,
        "tables": [{"where": "arquivo", "columns": columns}],
        "fields": [{"field": "sku"}, {"field": "cost"}],
    }
    done = run(gateway, "costs", "--tell", str(file))

    assert done.exit_code == 1
    said = " ".join(done.output.split())
    assert f"marketplace costs --tell '{file}' --map sku=Ref --map cost=Val" in said
    assert "Fields: sku, cost, ignore" in said
    assert json.loads(run(gateway, "costs", "--tell", str(file), "--json").stdout)["tables"]


def test_what_was_kept_comes_as_json(gateway: Gateway, tmp_path: Path) -> None:
    file = tmp_path / "custos.csv"
    file.write_text("SKU;Custo\nA;1,00", "utf-8")

    assert json.loads(run(gateway, "costs", "--tell", str(file), "--json").stdout) == KEPT
