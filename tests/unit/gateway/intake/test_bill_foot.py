"""Below the items of a bill stand totals, taxes, freight and discounts: none of them is a product that was sold."""

from __future__ import annotations

import pytest

from gateway.intake.layouts import Reading
from gateway.intake.layouts.bill_foot import BELOW, CHARGES
from gateway.intake.layouts.columns import NOT_COUNTED, SUMMED_UP
from tests.unit.gateway.intake.tables import reading, sold

ITEMS = ["1;Caneca;2;25,00;50,00", "2;Prato;1;20,00;20,00"]


def bill(
    *foot: str, items: list[str] = ITEMS, header: str = "Item;Descrição;Qtd;Valor unitário;Valor total"
) -> Reading:
    return reading("\n".join([header, *items, *foot]))


def told(found: Reading, text: str, rows: int) -> bool:
    return text.format(rows=rows) in found.report.warnings


def test_a_bill_is_what_its_items_come_to_less_the_discount() -> None:
    found = bill("Subtotal;;;;70,00", "Desconto;;;;5,00", "Frete;;;;12,00", "IVA (21%);;;;7,00", "Total;;;;84,00")

    assert sold(found)["revenue"].to_list() == [50, 20, -5]
    assert sold(found)["units"].sum() == 3
    assert told(found, SUMMED_UP, 2)
    assert told(found, CHARGES, 2)


@pytest.mark.parametrize("place", range(4))
def test_the_names_may_stand_in_any_column(place: int) -> None:
    """Texts among the units would make a column of units one of texts."""
    rows = [("Subtotal", "70,00"), ("Discount", "5,00"), ("VAT 20%", "13,00"), ("Grand total", "78,00")]
    foot = [f"{';' * place}{name}:{';' * (4 - place)}{amount}" for name, amount in rows]
    found = bill(*foot, header="Item;Description;Qty;Unit price;Amount")

    assert sold(found)["revenue"].to_list() == [50, 20, -5]


@pytest.mark.parametrize("off", ["-5,00", "(5,00)", "5,00-", "5,00"])
def test_a_discount_is_taken_off_whatever_its_sign(off: str) -> None:
    assert sold(bill(f"Desconto à vista;;;;{off}", "Total;;;;65,00"))["revenue"].sum() == 65


def test_a_discount_that_the_items_are_told_without_is_not_taken_off_again() -> None:
    found = bill("Desconto;;;;5,00", "Total;;;;70,00")

    assert sold(found)["revenue"].to_list() == [50, 20]
    assert told(found, CHARGES, 1)


@pytest.mark.parametrize(
    "name", ["Total a pagar", "Total com impostos", "Sub total", "Valor total (R$)", "Amount due", "Total incl. VAT"]
)
def test_a_total_may_have_many_names(name: str) -> None:
    assert sold(bill("Impostos;;;;7,00", f"{name};;;;77,00"))["revenue"].to_list() == [50, 20]


def test_what_the_items_come_to_is_a_sum_under_any_name() -> None:
    assert sold(bill(";;;Mercadorias:;70,00", ";;;ICMS 12%:;8,40"))["revenue"].to_list() == [50, 20]


def test_a_total_with_units_ends_a_bill_too() -> None:
    assert sold(bill("Desconto;;;;5,00", "Total;;3;;65,00"))["revenue"].to_list() == [50, 20, -5]


@pytest.mark.parametrize("total", ["Total;;4;;70,00", "Total bruto;;;;70,00"])
def test_what_stands_below_the_total_is_no_sale(total: str) -> None:
    """A month is closed so by hand: what was sold, what it cost, what is left."""
    found = bill(total, "Comissão (14%);;;;9,80", "(-) Frete;;;;12,00", "Despesas:;;;;", "Líquido;;;;48,20")

    assert sold(found)["revenue"].to_list() == [50, 20]
    assert told(found, BELOW, 3)
    assert told(found, NOT_COUNTED, 1)


ORDERS = [f"0{n}/03/2026;10{n};{what};{n}0,00" for n, what in enumerate(("Caneca", "Prato", "Jarra"), 1)]


@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize("total", ["Total", "Faturamento"])
def test_without_units_an_item_has_a_number_or_a_day(place: int, total: str) -> None:
    foot = [
        f"{';' * place}{name}{';' * (3 - place)}{amount}" for name, amount in ((total, 60), ("Taxas", 9), ("Lucro", 51))
    ]
    found = bill(*foot, items=ORDERS, header="Data;Pedido;Produto;Valor total")

    assert sold(found)["revenue"].to_list() == [10, 20, 30]
    assert told(found, BELOW, 2)


def test_a_further_product_of_the_last_order_is_sold() -> None:
    found = bill(";;Copo;5,00", "Total;;;65,00", items=ORDERS, header="Data;Pedido;Produto;Valor total")

    assert sold(found)["revenue"].to_list() == [10, 20, 30, 5]


def test_a_sum_without_a_name_is_one_where_the_total_is_as_much() -> None:
    found = bill(";;3;;70,00", "TOTAL;;3;;70,00", "Emitido em março;;;;")

    assert sold(found)["revenue"].to_list() == [50, 20]
    assert told(found, SUMMED_UP, 2)


def test_a_total_of_other_rows_too_proves_nothing() -> None:
    """The last page of a report has the sum of all: what stands above it is no whole."""
    found = bill("Taxas;;;;9,00", "Total;;;;500,00", "Lucro;;;;491,00")

    assert not told(found, CHARGES, 1)
    assert not told(found, BELOW, 1)


def test_between_subtotal_and_total_a_service_is_sold() -> None:
    found = bill("Subtotal;;;;70,00", "Montagem;;;;30,00", "Total;;;;100,00", "Líquido;;;;80,00")

    assert sold(found)["revenue"].to_list() == [50, 20, 30]
    assert told(found, BELOW, 1)


@pytest.mark.parametrize(
    ("foot", "revenue"),
    [
        pytest.param(["Montagem;;;;30,00", "Total;;;;100,00"], [50, 20, 30], id="a service is sold without units"),
        pytest.param(["Frete;;;;12,00"], [50, 20, 12], id="no total"),
        pytest.param(["Total;;;;", "Obrigado!;;;;"], [50, 20], id="no amounts"),
        pytest.param(["3;Jarra;;;70,00"], [50, 20, 70], id="a product that costs as much as the others"),
        pytest.param(["3;Desconto;1;9,00;9,00"], [50, 20, 9], id="a row with units"),
    ],
)
def test_what_is_no_foot_stays_as_it_is(foot: list[str], revenue: list[float]) -> None:
    found = bill(*foot)

    assert sold(found)["revenue"].to_list() == revenue
    assert not told(found, CHARGES, 1)


def test_a_numbered_or_dated_row_below_the_items_is_a_sale() -> None:
    header = "Pedido;Data;Produto;Quantidade;Valor total"
    items = [f"70{n};0{n}/03/2026;Copo;1;10,00" for n in range(1, 6)]
    found = bill("706;06/03/2026;Frete;;12,00", "Total;;;;62,00", items=items, header=header)

    assert sold(found)["order_id"].to_list()[:5] == ["701", "702", "703", "704", "705"]
    assert not told(found, CHARGES, 1)
