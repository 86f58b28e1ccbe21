"""Costs of goods in languages of Asia."""

from tests.unit.gateway.intake.tables import reading


def test_an_indonesian_cost_of_goods_is_a_cost() -> None:
    found = reading("SKU;Nama Produk;HPP (IDR)\nA-1;Kursi;5000\nA-2;Meja;60000\nA-3;Vas;12500")

    assert (found.lines, found.report.kind) == (None, "costs")
