"""A document of returns alone: no figure of sales, and why things came back where a column tells it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from gateway.intake.document import contents, read
from gateway.intake.figures import channel_facts
from gateway.intake.layouts.lines import CANCELLED, LINES, RETURNED, SOLD
from gateway.intake.layouts.returned import CAUSES_READ
from gateway.intake.limits import Limits
from tests.unit.gateway.intake.tables import reading

RETURNS = (
    "Nº da devolução;Pedido;SKU;Produto;Qtd devolvida;{reason};Data da devolução\n"
    "D1;1;A-1;Caneca;1;Produto com defeito;01/03/2026\nD2;2;A-1;Caneca;1;Tamanho errado;02/03/2026\n"
    "D3;3;B-1;Copo;1;Produto com defeito;03/03/2026"
)

BACK = (("1", "A-1"), ("2", "A-1"), ("3", "B-1"))


def lines(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([dict.fromkeys(LINES) | {"channel": "shopee", "row": 1} | row for row in rows], schema=LINES)


def test_the_causes_of_returns_are_read_and_no_sale_is() -> None:
    found = reading(RETURNS.format(reason="Motivo da devolução"))

    assert (found.report.kind, found.lines) == ("returns", None)
    assert found.returned is not None
    assert found.returned["cause"].to_list() == ["defect", "size", "defect"]
    assert found.returned["sku"].to_list() == ["A-1", "A-1", "B-1"]
    assert set(found.returned["status"]) == {RETURNED}
    assert found.returned["revenue"].null_count() == 3


def test_returns_without_a_reason_tell_which_orders_came_back() -> None:
    found = reading(RETURNS.format(reason="Transportadora"))

    assert (found.report.kind, found.lines) == ("returns", None)
    assert found.returned is not None
    assert found.returned["order_id"].to_list() == ["1", "2", "3"]
    assert found.returned["cause"].null_count() == 3
    assert CAUSES_READ not in found.report.warnings


def test_returns_without_a_reason_and_an_order_tell_nothing_of_sales() -> None:
    assert reading("SKU;Qtd devolvida;Data da devolução\nA-1;1;01/03/2026\nB-1;2;02/03/2026").returned is None


def test_returns_without_a_reason_are_kept_for_the_next_sales_and_give_no_figure(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_text(RETURNS.format(reason="Transportadora"), "utf-8")
    found = contents(path, "devolucoes.csv", ["own_store"], Limits())

    assert found.facts.returned == {"own_store": [[order, sku, RETURNED, ""] for order, sku in BACK]}
    assert found.facts.channels == []


def test_cancelled_orders_are_no_returns() -> None:
    found = reading(
        "Pedido;Data;SKU;Produto;Motivo do cancelamento\n1;01/03/2026;A-1;Caneca;Sem estoque",
        where="Pedidos cancelados",
    )

    assert found.report.kind == "returns"
    assert found.returned is not None
    assert found.returned.select("status", "cause").row(0) == (CANCELLED, "no_stock")


def test_of_a_document_of_returns_their_causes_are_all_that_is_told(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_text(RETURNS.format(reason="Motivo da devolução"), "utf-8")
    (own,) = read(path, "devolucoes.csv", ["own_store"], Limits()).channels

    assert [figure.metric for figure in own.figures] == ["returns_by_cause"]
    assert own.figures[0].value == 3
    assert own.figures[0].detail["causes"]["defect"] == {"rows": 2, "share": 0.6667, "skus": ["A-1", "B-1"]}
    assert (own.period, own.currency, own.products, own.months) == ([], "", [], [])


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("DEFECTIVE", "defect"), ("NOT_AS_DESCRIBED", "not_as_described"), ("DAMAGED_BY_CARRIER", "defect"),
        ("ORDERED_WRONG_ITEM", "regret"), ("UNWANTED_ITEM", "regret"), ("MISSING_PARTS", "incomplete"),
        ("APPAREL_TOO_SMALL", "size"), ("UNDELIVERABLE_UNKNOWN", "late"), ("SWITCHEROO", "other"),
    ],
)  # fmt: skip
def test_amazons_codes_of_reasons_are_read(reason: str, cause: str) -> None:
    found = reading(
        "return-date;order-id;sku;asin;product-name;quantity;detailed-disposition;reason\n"
        f"2026-03-01T09:00:00+00:00;701-1;A-1;B0AA;Caneca;1;SELLABLE;{reason}",
        ["amazon"],
    )

    assert found.report.kind == "returns"
    assert found.returned is not None
    assert found.returned["cause"].to_list() == [cause]


def test_returns_beside_sales_tell_what_these_do_not() -> None:
    sold = lines({"order_id": "1", "sku": "A-1", "status": SOLD, "units": 1.0, "revenue": 10.0})
    back = lines({"order_id": "9", "sku": "A-1", "status": RETURNED, "cause": "defect", "row": 2})
    (own,) = channel_facts(sold, None, returned=back)
    metrics = [figure.metric for figure in own.figures]

    assert "revenue" in metrics
    assert metrics.count("returns_by_cause") == 1
    assert next(figure.value for figure in own.figures if figure.metric == "orders") == 1


def test_causes_that_the_sales_tell_themselves_are_not_told_twice() -> None:
    own_back = {"order_id": "2", "sku": "B-1", "status": RETURNED, "units": 1.0, "revenue": 5.0, "cause": "size"}
    sold = lines({"order_id": "1", "sku": "A-1", "status": SOLD, "units": 1.0, "revenue": 10.0}, own_back)
    back = lines({"order_id": "9", "sku": "A-1", "status": RETURNED, "cause": "defect", "row": 2})
    (own,) = channel_facts(sold, None, returned=back)

    assert [list(one.detail["causes"]) for one in own.figures if one.metric == "returns_by_cause"] == [["size"]]
