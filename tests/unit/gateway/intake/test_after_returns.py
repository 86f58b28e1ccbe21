"""Sales that are already without what came back, and payouts that still have it."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.after_returns import MAY_BE_LESS, PUT_BACK, STILL_IN
from tests.unit.gateway.intake.tables import reading, sold

#: product, sold, refunded, gross, discounts, net, taxes, total
REPORT = [
    ("Mug", 10, 1, 200.0, -20.0, 162.0, 16.2, 178.2),
    ("Plate", 5, 0, 100.0, -10.0, 90.0, 9.0, 99.0),
    ("Bowl", 8, 2, 160.0, -16.0, 108.0, 10.8, 118.8),
    ("Cup", 4, 0, 40.0, 0.0, 40.0, 4.0, 44.0),
    ("Jar", 3, 0, 60.0, -6.0, 54.0, 5.4, 59.4),
]
NAMES = (
    "Product title",
    "Units sold",
    "Units refunded",
    "Gross sales",
    "Discounts",
    "Net sales",
    "Taxes",
    "Total sales",
)


def report(*left_out: str, rows: list[tuple[object, ...]] | None = None) -> str:
    kept = [place for place, name in enumerate(NAMES) if name not in left_out]
    lines = [";".join(str(row[place]) for place in kept) for row in (rows or REPORT)]
    return "\n".join([";".join(NAMES[place] for place in kept), *lines])


def test_gross_sales_show_what_came_back_and_with_its_taxes_it_is_put_back() -> None:
    found = reading(report())

    assert sold(found)["refund"].to_list() == [pytest.approx(one) for one in (19.8, 0.0, 39.6, 0.0, 0.0)]
    assert sold(found)["revenue"].sum() == pytest.approx(1.1 * (560 - 52))
    assert sold(found)["discount"].sum() == pytest.approx(52)
    assert sold(found)["returned_units"].to_list() == [1, 0, 2, 0, 0]
    assert PUT_BACK.format(column="Total sales", gross="Gross sales", amount="59,40") in found.report.warnings


def test_so_it_is_without_discounts_and_taxes() -> None:
    rows: list[tuple[object, ...]] = [(*row[:4], 0, 0, 0, row[3] - 9.0 * row[2]) for row in REPORT]
    found = reading(report("Discounts", "Taxes", "Net sales", rows=rows))

    assert sold(found)["revenue"].to_list() == [200, 100, 160, 40, 60]
    assert sold(found)["discount"].null_count() == len(REPORT)
    assert PUT_BACK.format(column="Total sales", gross="Gross sales", amount="27,00") in found.report.warnings


@pytest.mark.parametrize("left_out", [("Gross sales", "Discounts"), ("Discounts",)])
def test_where_nothing_shows_it_the_table_says_that_it_may_be_so(left_out: tuple[str, ...]) -> None:
    found = reading(report(*left_out))

    assert sold(found)["revenue"].sum() == pytest.approx(499.4)
    assert sold(found)["refund"].null_count() == len(REPORT)
    assert MAY_BE_LESS.format(column="Total sales", back="Units refunded") in found.report.warnings


def test_of_a_report_of_which_nothing_came_back_nothing_is_told() -> None:
    rows: list[tuple[object, ...]] = [(*row[:2], 0, *row[3:]) for row in REPORT]
    told = reading(report("Gross sales", "Discounts", rows=rows)).report.warnings

    assert not [one for one in told if "devolvido" in one]


ORDERS = """
ID Venda;Data;Produto;Qtd;Valor Bruto;Comissão;Frete pago pelo vendedor;Valor a receber;Status
701;02/03/2026;Relógio;1;100,00;14,00;0,00;86,00;Entregue
702;02/03/2026;Tapete;1;120,00;16,80;9,90;93,30;Entregue
703;03/03/2026;Garrafa;3;300,00;42,00;9,90;{back};Devolvido
704;04/03/2026;Relógio;2;200,00;28,00;0,00;172,00;Entregue
"""


@pytest.mark.parametrize(("back", "is_told"), [("248,10", True), ("0,00", False), ("-9,90", False)])
def test_a_payout_of_a_sale_that_came_back_is_told(back: str, is_told: bool) -> None:
    found = reading(ORDERS.format(back=back))
    told = STILL_IN.format(column="Valor a receber", rows=1, amount="248,10")

    assert (told in found.report.warnings) == is_told
    (own,) = channel_facts(sold(found), None)
    kept = next(figure.value for figure in own.figures if figure.metric == "net_receipts")
    assert kept == pytest.approx(351.3 + float(back.replace(",", ".")))


def test_without_a_payout_or_a_status_nothing_is_told() -> None:
    cut = [line.rsplit(";", 1)[0] for line in ORDERS.format(back="248,10").strip().splitlines()]
    plain = [
        line.rsplit(";", 2)[0] + ";" + line.rsplit(";", 1)[1] for line in ORDERS.format(back="1").strip().splitlines()
    ]

    for lines in (cut, plain):
        assert not [one for one in reading("\n".join(lines)).report.warnings if "que voltaram" in one]
