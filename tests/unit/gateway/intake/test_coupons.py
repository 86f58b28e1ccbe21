"""The code of a coupon is no order's number, though a `cupom fiscal` is one in Portuguese."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.evaluate.golden import SEED
from gateway.intake import Limits
from gateway.intake.document import read
from local.samples import shopee
from schemas.facts import TableRead


def fields(table: TableRead) -> dict[str, str]:
    return {column.header: column.field for column in table.columns}


def test_the_columns_of_a_known_export_say_so(tmp_path: Path) -> None:
    sample = shopee.write(tmp_path, SEED, 60)

    found = fields(read(sample.path, sample.path.name, ["shopee"], Limits()).tables[0])

    assert found["Código do Cupom"] == ""
    assert found["ID do pedido"] == "order_id"


@pytest.mark.parametrize("header", ["Código do Cupom", "Cód. Cupom", "discount_code", "Código del cupón"])
def test_of_a_table_without_order_numbers_no_orders_are_counted_by_it(tmp_path: Path, header: str) -> None:
    rows = [f"2026-03-{day:02};SKU-{day % 5};{day},50;1;BEMVINDO{day}" for day in range(1, 29)]
    path = tmp_path / "vendas.csv"
    path.write_text("\n".join([f"Data;SKU;Valor Total;Quantidade;{header}", *rows]), "utf-8")

    facts = read(path, path.name, ["own_store"], Limits())

    metrics = {figure.metric for figure in facts.channels[0].figures}
    assert "revenue" in metrics
    assert "orders" not in metrics
    assert header not in fields(facts.tables[0]) or fields(facts.tables[0])[header] == "", "nor is it shown as a guess"
