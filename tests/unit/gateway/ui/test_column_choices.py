"""A dropdown of columns offers what a table of its kind has, and begins with what the column was taken for."""

from __future__ import annotations

import pytest

from gateway.intake.fields import GOODS_LABELS, IGNORE, LABELS, SHARED
from gateway.shapes.uploads import ColumnSeen, TableSeen
from gateway.ui import i18n
from gateway.ui.column_choices import first_picks, groups, kind_told, lacking


def table(**taken: str) -> TableSeen:
    columns = [ColumnSeen(header=h, samples=[], field=f, confidence=0.5, by="name") for h, f in taken.items()]
    return TableSeen(
        where="t", layout="unknown", kind="unknown", rows=1, header_id="h", asks=True, columns=columns, warnings=[],
        mapped_by="", mapped_at="", told_currency="", told_channel="",
    )  # fmt: skip


def test_costs_and_stock_have_fields_of_their_own() -> None:
    i18n.use("pt_BR")
    sales, goods = groups()
    (only,) = groups(of_goods=True)
    i18n.use("en")

    assert [sales.word, goods.word, only.word] == ["Vendas", "Custos e estoque", "Custos e estoque"]
    assert list(sales.fields) == list(LABELS)
    assert list(goods.fields) == list(GOODS_LABELS)
    assert set(only.fields) == {*SHARED, *GOODS_LABELS}
    assert only.fields["cost"] == "Custo por unidade"


def test_what_looks_like_a_sale_is_a_cost_or_a_stock_where_those_are_told() -> None:
    seen = table(ref="sku", vlr="price", total="revenue", qtd="units", dt="at", quem="", canal="channel")

    assert first_picks(seen, of_goods=True) == {
        "ref": "sku", "vlr": "cost", "total": IGNORE, "qtd": "stock", "dt": "since", "quem": IGNORE, "canal": "channel",
    }  # fmt: skip
    assert first_picks(seen, of_goods=False)["vlr"] == "price"
    assert first_picks(table(a="revenue"), of_goods=True) == {"a": "cost"}
    assert first_picks(table(a="price", b="cost"), of_goods=True) == {"a": IGNORE, "b": "cost"}


@pytest.mark.parametrize(
    ("fields", "of_goods", "kind"),
    [
        (["sku", "cost", "stock"], False, "costs"),
        (["sku", "stock"], True, "stock"),
        (["sku", "price"], False, "sales"),
        (["sku", "revenue", "cost"], False, "sales"),
        (["sku"], True, ""),
        (["at", "ad_cost"], False, "advertising"),
        (["since", "ad_cost"], True, "advertising"),
    ],
)
def test_a_table_is_called_what_a_person_says_of_it(fields: list[str], of_goods: bool, kind: str) -> None:
    assert kind_told({f"c{n}": field for n, field in enumerate(fields)}, of_goods=of_goods) == kind


def test_a_known_exports_columns_are_shown_each_field_once() -> None:
    seen = table(total="revenue", subtotal="revenue", saldo="total", qtd="units")

    assert first_picks(seen, of_goods=False) == {
        "total": "revenue",
        "subtotal": IGNORE,
        "saldo": IGNORE,
        "qtd": "units",
    }


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        (["order_id", "at", "units", IGNORE], "amount"),
        (["order_id", "price"], "amount"),
        (["price", "units"], "what"),
        (["revenue", "status"], "what"),
        (["revenue", "month"], ""),
        (["status", IGNORE], ""),
    ],
)
def test_what_is_missing_is_named_where_it_is_one_thing(fields: list[str], missing: str) -> None:
    assert lacking([{f"c{n}": field for n, field in enumerate(fields)}]) == missing
