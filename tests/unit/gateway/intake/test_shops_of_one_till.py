"""Small shops' own lists: what they call their prices, how they sign amounts, and totals below the name of sales."""

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts import Reading
from gateway.intake.words import currency_named
from tests.unit.gateway.intake.tables import reading, sold


def test_what_was_sold_is_worth_its_sell_price() -> None:
    rows = [f"{n};Kiwi {n};2.50;0{n}/03/2026;{n + 5};4" for n in range(1, 7)]
    found = reading("\n".join(["id;product name;bought price;sell date;sell price;quantity sold", *rows]))

    assert sold(found)["revenue"].sum() == pytest.approx(4 * sum(range(6, 12)))
    assert any("“bought price” foi lida como o custo" in told for told in found.report.warnings)


@pytest.mark.parametrize(("sign", "code"), [("₦", "NGN"), ("₩", "KRW"), ("₪", "ILS"), ("₴", "UAH"), ("৳", "BDT")])
def test_a_sign_that_one_currency_has_names_it(sign: str, code: str) -> None:
    rows = [f"{n};2026-03-0{n};Soap;1;{sign}{n}00" for n in range(1, 5)]
    (own,) = channel_facts(sold(reading("\n".join(["Order ID;Date;Product;Quantity;Total", *rows]))), None)

    assert (own.currency, currency_named(sign)) == (code, code)


def _totals(sheet: str, header: str = "ID;Total;Tanggal") -> Reading:
    rows = [f"{n};{n}000;2026-03-0{n} 10:00:00" for n in range(1, 6)]
    return reading("\n".join([header, *rows]), where=f"planilha “{sheet}”")


@pytest.mark.parametrize("sheet", ["Laporan Penjualan", "Sales report", "Ventas de marzo"])
def test_numbered_totals_of_days_are_sales_below_such_a_name(sheet: str) -> None:
    assert sold(_totals(sheet))["revenue"].sum() == 15000


@pytest.mark.parametrize("sheet", ["Lista", "Pembelian", "Compras"])
def test_they_are_asked_about_below_another_name(sheet: str) -> None:
    assert _totals(sheet).lines is None


def test_numbers_that_come_again_number_no_sales() -> None:
    rows = [f"{n % 2};{n}000;2026-03-0{n} 10:00:00" for n in range(1, 6)]

    assert reading("\n".join(["ID;Total;Tanggal", *rows]), where="planilha “Laporan Penjualan”").lines is None
