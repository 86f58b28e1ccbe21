"""What tables of strangers taught: shares of discount, names in place of amounts, orders without numbers, baskets."""

import polars as pl
import pytest

from gateway.intake.dates import moments
from gateway.intake.figures.totals import counted, totals
from gateway.intake.layouts.amounts import BY_PRICE
from gateway.intake.layouts.baskets import CARTS
from gateway.intake.layouts.discount_rates import AMOUNT_OFF, RATE_OFF, UNDECIDED
from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD, UNPAID
from gateway.intake.values import currencies
from gateway.intake.words import in_portuguese
from tests.unit.gateway.intake.tables import fields, reading, sold

RATES = {
    "a share of one": ("Pedido;SKU;Qtd;Preço unitário;Desconto", ("0", "0,1", "0,25"), (200, 90, 75)),
    "in percent in French": ("Pedido;SKU;Qtd;Preço unitário;remisePourcent", ("0", "0,10", "0,25"), (200, 90, 75)),
    "in percent in words": ("Pedido;SKU;Qtd;Preço unitário;Discount Percentage", ("0", "10", "25"), (200, 90, 75)),
    "in percent by its name": ("Pedido;SKU;Qtd;Preço unitário;Desconto (%)", ("0", "10", "25"), (200, 90, 75)),
    "in percent by its cells": ("Pedido;SKU;Qtd;Preço unitário;Desconto", ("0%", "10%", "25%"), (200, 90, 75)),
    "French": ("Commande;Code article;Quantité;Prix unitaire;Remise (%)", ("0", "10", "25"), (200, 90, 75)),
}


def _rows(rates: tuple[str, ...]) -> list[str]:
    return [f"A-{n};SKU-{n};{2 - bool(n)};100,00;{rate}" for n, rate in enumerate(rates)]


@pytest.mark.parametrize("name", RATES)
def test_a_share_of_discount_is_taken_off_price_times_units(name: str) -> None:
    header, rates, truth = RATES[name]
    found = reading("\n".join([header, *_rows(rates)]))
    column = header.rsplit(";", 1)[1]

    assert sold(found)["revenue"].to_list() == pytest.approx(truth)
    assert RATE_OFF.format(column=column, discount=in_portuguese(35)) in found.report.warnings


@pytest.mark.parametrize(
    ("header", "rates", "truth"),
    [
        ("Pedido;SKU;Qtd;Preço final;Desconto (%)", ("0", "10", "25"), [200, 100, 100]),
        ("Pedido;SKU;Qtd;Preço unitário;Desconto", ("0", "10", "25"), [200, 100, 100]),
        ("Pedido;SKU;Qtd;Preço unitário;Imposto (%)", ("0", "10", "25"), [200, 100, 100]),
    ],
)
def test_what_may_be_no_share_is_not_taken_off(header: str, rates: tuple[str, ...], truth: list[int]) -> None:
    found = reading("\n".join([header, *_rows(rates)]))

    assert sold(found)["revenue"].to_list() == truth


def test_another_amount_shows_that_a_discount_below_one_is_money() -> None:
    rows = ("1;A;2;100,00;0;20,00;220,00", "2;B;1;100,00;0,50;9,95;109,45", "3;C;1;100,00;1,00;9,90;108,90")
    found = reading("\n".join(["Pedido;SKU;Qtd;Preço unitário;Desconto;Imposto;Devido", *rows]))

    assert sold(found)["revenue"].to_list() == [200, 99.5, 99]
    assert AMOUNT_OFF.format(column="Desconto", shown="Devido", discount="1,50") in found.report.warnings


@pytest.mark.parametrize("rates", [("0", "0,5", "1"), ("0,99", "0,03", "0,47")])
def test_a_discount_that_may_be_money_or_a_share_makes_the_revenue_unknown(rates: tuple[str, ...]) -> None:
    found = reading("\n".join(["Pedido;SKU;Qtd;Preço unitário;Desconto", *_rows(rates)]))

    assert sold(found)["revenue"].null_count() == 3
    assert sold(found)["units"].to_list() == [2, 1, 1]
    assert UNDECIDED.format(column="Desconto") in found.report.warnings


@pytest.mark.parametrize("rates", [("0,03", "0,47", "0,12"), ("0", "0,10", "0,25")])
def test_another_amount_shows_that_a_discount_below_one_is_a_share(rates: tuple[str, ...]) -> None:
    left = [(2 - bool(n)) * 100 * (1 - float(rate.replace(",", "."))) for n, rate in enumerate(rates)]
    rows = [f"{row};{one * 2:.2f};{one:.2f}".replace(".", ",") for row, one in zip(_rows(rates), left, strict=True)]
    found = reading("\n".join(["Pedido;SKU;Qtd;Preço unitário;Desconto;Pontos;Devido", *rows]))

    assert sold(found)["revenue"].to_list() == pytest.approx(left)


def test_a_total_of_its_own_stands_above_a_share() -> None:
    rows = [f"{row};{total}" for row, total in zip(_rows(("0", "0,1", "0,25")), (200, 90, 75), strict=True)]
    found = reading("\n".join(["Pedido;SKU;Qtd;Preço unitário;Desconto;Total", *rows]))

    assert sold(found)["revenue"].to_list() == [200, 90, 75]


def test_a_name_in_place_of_an_amount_is_no_currency() -> None:
    assert currencies(pl.Series(["50,00", "Bob", "Cop"])) is None
    assert pl.Series(currencies(pl.Series(["50,00", "Bob", "COP 20"]))).to_list() == [None, None, "COP"]


def test_orders_are_unknown_where_several_sales_have_no_number() -> None:
    few = ["1;2026-03-01;Vaso;1;50,00", *(f";2026-03-0{day};Copo {day};1;20,00" for day in range(2, 7))]
    most = [f"{n if n < 5 else ''};2026-03-0{n};Copo {n};1;20,00" for n in range(1, 7)]
    nearly_all = [f"{n if n < 20 else ''};2026-03-{n:02};Copo {n};1;20,00" for n in range(1, 21)]
    header = "Pedido;Data;Produto;Qtd;Total"

    def figures(rows: list[str]) -> dict[str, float]:
        lines = sold(reading("\n".join([header, *rows])))
        return {one.metric: one.value for one in totals(lines, counted(lines), "BRL")}

    assert not {"orders", "average_ticket"} & (figures(few).keys() | figures(most).keys())
    assert figures(nearly_all)["orders"] == 19
    assert (figures(nearly_all)["revenue"], figures(nearly_all)["average_ticket"]) == (400, 20)


def test_abandoned_checkouts_of_shopify_are_no_sales() -> None:
    head = "Name;Financial Status;Paid at;Fulfillment Status;Fulfilled at;Currency;Subtotal;Total;Created at;{items}"
    items = "Lineitem quantity;Lineitem name;Lineitem price;Lineitem sku"
    rows = ["#1;{};;unfulfilled;;USD;50;50;2026-03-01 10:00:00 -0300;1;Vaso;50;V-1",
            "#2;{};;unfulfilled;;USD;20;20;2026-03-02 10:00:00 -0300;1;Copo;20;C-1"]  # fmt: skip
    left, ordered = (
        reading("\n".join([head.format(items=items), *(row.format(status) for row in rows)])) for status in ("", "paid")
    )

    assert sold(left)["status"].to_list() == [UNPAID, UNPAID]
    assert CARTS in left.report.warnings
    assert sold(ordered)["status"].to_list() == [SOLD, SOLD]
    assert CARTS not in ordered.report.warnings


def test_what_was_not_paid_back_is_sold() -> None:
    found = reading(
        "id;date;item;quantity;post discount price;refunded\n"
        "A1;2026-03-13;Vaso;1;50.00;not refunded\nA2;2026-03-14;Copo;1;20.00;refunded\n"
        "A3;2026-03-15;Copo;1;20.00;not refunded\nA4;2026-03-16;Vaso;1;50.00;not refunded"
    )

    assert sold(found)["status"].to_list() == [SOLD, RETURNED, SOLD, SOLD]
    assert sold(found)["revenue"].to_list() == [50, 20, 20, 50]


def test_a_french_state_is_a_status() -> None:
    found = reading(
        "Référence commande;Date;État;Désignation;Quantité;Prix unitaire\n"
        "C1;2026-03-02;Annulé;Vase;1;50,00\nC2;2026-03-03;Livré;Tasse;2;20,00\nC3;2026-03-04;Expédié;Vase;1;50,00"
    )

    assert fields(found)["status"] == "État"
    assert sold(found)["status"].to_list() == [CANCELLED, SOLD, SOLD]


def test_a_payment_that_failed_is_no_sale() -> None:
    found = reading(
        "ORDERID;STATUS;AMOUNT;CREATED\n1;success;100.00;2026-03-13\n2;fail;50.00;2026-03-14\n3;success;20.00;2026-03-15"
    )

    assert sold(found)["status"].to_list() == [SOLD, UNPAID, SOLD]


def test_freight_in_an_indonesian_orders_total_is_the_buyers() -> None:
    header = "Nomor Invoice;Tanggal;Nama Produk;Jumlah Produk;Harga Jual (IDR);Biaya Pengiriman (IDR);Total Penjualan"
    units = (2, 1, 3, 1, 2, 1)
    rows = [f"INV-{n};2026-03-1{n};Kemeja;{one};10000;9000;{one * 10000 + 9000}" for n, one in enumerate(units)]

    assert sold(reading("\n".join([header, *rows])))["revenue"].to_list() == [10000 * one for one in units]


def test_amounts_in_rupees_by_their_names_are_read() -> None:
    found = reading(
        "Order ID;Order Date;Seller SKU;Quantity;Sale Amount (Rs.);Refund (Rs.)\n"
        "OD1;2026-03-13;A-1;1;500.00;0.00\nOD2;2026-03-14;B-2;2;300.00;-300.00\nOD3;2026-03-15;A-1;1;500.00;0.00"
    )

    assert (fields(found)["revenue"], fields(found)["refund"]) == ("Sale Amount (Rs.)", "Refund (Rs.)")


def test_a_total_that_cannot_be_read_is_price_times_units_where_others_agree() -> None:
    lost = {1: "ERROR", 2: "UNKNOWN", 3: ""}
    sales = [(n % 3 + 1, (2.0, 3.5, 5.0, 4.25)[n % 4]) for n in range(30)]
    rows = [
        f"T{n};Coffee {n % 4};{units};{price};{lost.get(n, units * price)};2026-03-{n % 15 + 13}"
        for n, (units, price) in enumerate(sales)
    ]
    found = reading("\n".join(["Transaction ID;Item;Quantity;Price Per Unit;Total Spent;Transaction Date", *rows]))

    assert sold(found)["revenue"].to_list() == [units * price for units, price in sales]
    assert BY_PRICE.format(rows=3, column="Total Spent") in found.report.warnings


def test_an_orders_total_on_its_first_row_alone_is_no_gap() -> None:
    rows = [f"{n // 2};Vaso {n};2;50,00;{'' if n % 2 else '200,00'};2026-03-{n + 10}" for n in range(10)]
    found = reading("\n".join(["Pedido;Produto;Qtd;Preço;Total do pedido;Data", *rows]))

    assert sold(found)["revenue"].sum() == 1000
    assert not any("preço vezes as unidades" in warning for warning in found.report.warnings)


def test_a_number_that_a_program_made_a_decimal_still_numbers_orders() -> None:
    rows = [f"{150040 + n // 2}.0;2026-03-{n + 10};Pain {n};2;1.50" for n in range(10)]
    found = reading("\n".join(["ticket_number;date;article;Quantity;unit_price", *rows]))

    assert (fields(found)["order_id"], fields(found)["title"]) == ("ticket_number", "article")
    assert sold(found)["order_id"].n_unique() == 5


@pytest.mark.parametrize(
    ("written", "day"),
    [
        *(("16:51:06 16-04-2026", 16), ("8:05 2026-04-02", 2), ("12 avril 2026", 12), ("3. April 2026", 3)),
        *(("5 aprile 2026", 5), ("7 kwietnia 2026", 7), ("14 Nisan 2026", 14), ("9 april 2026", 9)),
    ],
)
def test_a_day_is_read_behind_its_hour_and_by_its_months_name(written: str, day: int) -> None:
    found = moments(pl.Series([written]))[0]

    assert (found.year, found.month, found.day) == (2026, 4, day)


def test_amazons_business_report_in_german_is_read() -> None:
    found = reading(
        "(Untergeordnete) ASIN;Titel;Bestellte Einheiten;Durch bestellte Produkte erzielter Umsatz\n"
        "B2;Vase;30;1.500,00 €\nB3;Tasse;10;99,90 €"
    )

    assert found.report.layout == "amazon.business_products"
    assert found.exposure is not None
    assert found.exposure["revenue"].to_list() == [1500, 99.9]
