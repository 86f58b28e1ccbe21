"""Taxes that a marketplace keeps back lower what is left, and count among its fees."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.costs import AND_BACK
from gateway.intake.layouts.withheld import WITHHELD, is_withheld
from tests.unit.gateway.intake.tables import reading, sold

SALES = ("1;2026-03-01;A;1;100,00", "2;2026-03-02;B;2;250,00", "3;2026-03-03;A;3;330,00")
KEYS = "Order ID;Order Date;SKU;Quantity;Sale Amount"


def figures_of(columns: str, *amounts: str) -> tuple[dict[str, float], list[str]]:
    rows = [f"{sale};{own}" for sale, own in zip(SALES, amounts, strict=True)]
    found = reading("\n".join([f"{KEYS};{columns}", *rows]))
    (own,) = channel_facts(sold(found), None)
    named = ("revenue", "fees", "shipping_cost", "net_receipts", "net_without_freight_and_refunds")
    return {figure.metric: figure.value for figure in own.figures if figure.metric in named}, found.report.warnings


@pytest.mark.parametrize(
    "header",
    ["TCS (Rs.)", "TDS", "GST on MP Fees (Rs.)", "IVA de comisión", "Retención ISR", "IRRF retido", "Commission VAT",
     "Imposto sobre a comissão", "Withholding tax"],
)  # fmt: skip
def test_a_name_tells_that_it_was_kept_back(header: str) -> None:
    assert is_withheld(header)


@pytest.mark.parametrize(
    "header",
    ["Input GST + TCS Credits", "Income Tax Credits [TDS]", "Item GST Rate (%)", "Sales tax", "ICMS", "Commission",
     "Total sales tax liable (GST before adjusting TCS)", "TDS %", "Seller GSTIN", "Taxa de entrega"],
)  # fmt: skip
def test_a_rate_a_credit_and_the_buyers_tax_were_not(header: str) -> None:
    assert not is_withheld(header)


def test_what_the_bank_gets_is_what_is_left() -> None:
    found, told = figures_of(
        "Commission;Shipping Fee;Refund;Taxes;GST on MP Fees;Bank Settlement Value",
        "-10,00;-5,00;0,00;-0,50;-2,70;81,80", "-25,00;-5,00;-250,00;-1,25;-5,40;-36,65",
        "-33,00;-5,00;0,00;-1,65;-6,84;283,51",
    )  # fmt: skip

    assert found == {"revenue": 680, "fees": 86.34, "shipping_cost": 15, "net_receipts": 328.66}
    assert WITHHELD.format(columns="“GST on MP Fees”, “Taxes”", total="18,34") in told


def test_a_column_that_is_called_so_counts_without_a_payout() -> None:
    found, _ = figures_of("Commission;TCS;TDS", "10,00;0,50;0,10", "25,00;1,25;0,25", "33,00;1,65;0,33")

    assert found == {"revenue": 680, "fees": 72.08, "net_without_freight_and_refunds": 607.92}


def test_taxes_that_nothing_shows_to_be_kept_back_are_the_buyers() -> None:
    found, told = figures_of("Commission;Taxes", "10,00;5,00", "25,00;12,50", "33,00;16,50")

    assert found["fees"] == 68
    assert not any("impostos" in one for one in told)


def test_a_payout_that_is_right_without_them_shows_that_they_were_not_taken() -> None:
    found, _ = figures_of("Commission;TDS;Payout amount", "10,00;0,10;90,00", "25,00;0,25;225,00", "33,00;0,33;297,00")

    assert (found["fees"], found["net_receipts"]) == (68, 612)


def test_what_was_kept_back_stands_apart_for_the_audit_by_a_tariff() -> None:
    found = reading("\n".join([f"{KEYS};Commission;TDS", *(f"{sale};10,00;0,50" for sale in SALES)]))

    assert sold(found)["fees"].to_list() == [10.5, 10.5, 10.5]
    assert sold(found)["withheld"].to_list() == [0.5, 0.5, 0.5]


def test_the_sum_of_the_taxes_counts_once() -> None:
    found, _ = figures_of(
        "Commission;TCS;TDS;TCS and TDS", "10,00;0,50;0,10;0,60", "25,00;1,25;0,25;1,50", "33,00;1,65;0,33;1,98"
    )

    assert found["fees"] == 72.08


def test_freight_of_what_comes_back_is_freight() -> None:
    found, told = figures_of(
        "Commission;Shipping Fee;Reverse Shipping Fee", "10,00;5,00;0,00", "25,00;5,00;7,00", "33,00;5,00;0,00"
    )

    assert found["shipping_cost"] == 22
    assert AND_BACK.format(cost="Shipping Fee", back="Reverse Shipping Fee") in told


def test_an_amount_whose_name_says_that_no_tax_is_in_it_is_no_tax() -> None:
    found, told = figures_of(
        "Marketplace Fee;Promotions on items (incl. tax);Total payout",
        "10,00;-5,00;85,00",
        "25,00;-10,00;215,00",
        "33,00;-7,00;290,00",
    )

    assert found["fees"] == 68
    assert not any("impostos" in one for one in told)


def test_promotions_on_items_are_a_discount_that_the_payout_shows_to_be_contained() -> None:
    found, _ = figures_of(
        "Marketplace Fee;Promotions on items (incl. tax);Total payout",
        "10,00;-5,00;85,00",
        "25,00;-10,00;215,00",
        "33,00;-7,00;290,00",
    )

    assert found["revenue"] == 680 - 22
