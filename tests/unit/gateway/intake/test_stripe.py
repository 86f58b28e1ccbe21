"""Stripe's payments and balance: the dashboard writes decimals, the API whole cents; where it is not clear, it asks."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.stripe import IN_CENTS, MAY_BE_CENTS
from tests.unit.gateway.intake.tables import reading, sold

PAYMENTS = """id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,\
Converted Amount Refunded,Converted Currency,Description,Fee,Status,Customer Email
ch_3A,2026-07-10 18:37:41,106.86,0.00,usd,true,540.10,0.00,brl,Payment of Zuleica,21.50,Paid,zuleica@example.com
ch_3B,2026-07-11 09:48:17,218.95,18.95,usd,true,1106.00,95.70,brl,Payment of Teobaldo,44.10,Partially Refunded,t@e.com
ch_3C,2026-07-12 19:20:22,50.00,50.00,usd,true,252.50,252.50,brl,,10.10,Refunded,t@example.com
ch_3D,2026-07-13 19:20:22,70.00,0.00,usd,false,353.50,0.00,brl,,0.00,Failed,t@example.com"""
BALANCE = """balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id
txn_1,2026-09-14 10:02:11,2026-09-16 00:00:00,eur,600.00,8.70,591.30,charge,ch_1
txn_2,2026-09-14 15:40:02,2026-09-16 00:00:00,eur,400.00,5.80,394.20,charge,ch_2
txn_3,2026-09-15 09:12:45,2026-09-17 00:00:00,eur,-20.00,0.00,-20.00,refund,ch_1
txn_4,2026-09-18 00:00:00,2026-09-18 00:00:00,eur,-965.50,0.00,-965.50,payout,po_1"""
CHARGES = """id,object,amount,amount_captured,amount_refunded,balance_transaction,captured,created,currency,paid,status
ch_1,charge,10000,10000,0,txn_1,true,1788998400,{code},true,succeeded
ch_2,charge,5050,5050,1050,txn_2,true,1789084800,{code},true,succeeded
ch_3,charge,7000,0,0,,false,1789171200,{code},false,failed"""
TRANSACTIONS = """id,object,amount,available_on,created,currency,fee,net,source,status,type
txn_1,balance_transaction,10000,1789000000,1788998400,usd,320,9680,ch_1,available,charge
txn_2,balance_transaction,5000,1789100000,1789084800,usd,175,4825,ch_2,available,charge
txn_3,balance_transaction,-1000,1789100000,1789171200,usd,0,-1000,re_1,available,refund"""


def found(text: str) -> tuple[dict[str, float], list[str], str]:
    read = reading(text.replace(",", ";"))
    (own,) = channel_facts(sold(read), None)
    return {one.metric: one.value for one in own.figures}, read.report.warnings, own.currency


def test_payments_are_in_the_currency_of_the_account() -> None:
    figures, _, currency = found(PAYMENTS)

    assert currency == "BRL"
    assert figures["revenue"] == pytest.approx(540.10 + 1106 + 252.5)
    assert figures["fees"] == pytest.approx(21.5 + 44.1 + 10.1)
    assert figures["refunds"] == pytest.approx(95.7 + 252.5)
    assert figures["orders"] == 3
    assert "cancellation_rate" not in figures


def test_columns_that_a_person_chose_are_read_without_the_numbers_of_payments() -> None:
    text = """Created date (UTC),Amount,Currency,Captured,Converted Amount,Converted Currency,Fee,Status
2026-07-10 18:37:41,10.50,usd,TRUE,374.36,thb,24.78,Paid
2026-07-11 18:37:41,8.25,eur,TRUE,320.89,thb,24.41,Paid
2026-07-12 18:37:41,99.00,mxn,TRUE,198.20,thb,14.10,Failed"""
    figures, warnings, currency = found(text)

    assert (currency, figures["orders"]) == ("THB", 2)
    assert figures["revenue"] == pytest.approx(695.25)
    assert figures["fees"] == pytest.approx(49.19)
    assert "refunds" not in figures
    assert not any("outra moeda" in warning for warning in warnings)


def test_the_balance_has_decimals() -> None:
    figures, warnings, currency = found(BALANCE)

    assert (currency, figures["revenue"], figures["fees"], figures["refunds"]) == ("EUR", 1000, 14.5, 20)
    assert IN_CENTS not in warnings


@pytest.mark.parametrize(
    ("code", "revenue", "refunds"), [("brl", 150.5, 10.5), ("jpy", 15050, 1050), ("kwd", 15.05, 1.05)]
)
def test_charges_of_the_api_are_in_the_smallest_unit(code: str, revenue: float, refunds: float) -> None:
    figures, warnings, currency = found(CHARGES.format(code=code))

    assert (currency, figures["revenue"], figures["refunds"]) == (code.upper(), revenue, refunds)
    assert figures["orders"] == 2
    assert IN_CENTS in warnings


def test_transactions_of_the_api_are_in_the_smallest_unit() -> None:
    figures, warnings, _ = found(TRANSACTIONS)

    assert (figures["revenue"], figures["fees"], figures["refunds"]) == (150, 4.95, 10)
    assert IN_CENTS in warnings


def test_amounts_of_the_api_that_were_divided_already_stay() -> None:
    text = TRANSACTIONS.replace("10000", "100.00").replace("5000", "50.00").replace("-1000", "-10.00")
    text = text.replace("320", "3.20").replace("9680", "96.80").replace("175", "1.75").replace("4825", "48.25")

    assert found(text)[0]["revenue"] == 150


def test_whole_numbers_under_the_dashboards_names_are_asked_about() -> None:
    text = (
        BALANCE.replace(".00", "").replace(".30", "30").replace(".20", "20").replace(".70", "70").replace(".80", "80")
    )
    read = reading(text.replace(".50", "50").replace(",", ";"))

    assert read.lines is None
    assert read.report.asks
    assert MAY_BE_CENTS in read.report.warnings


def test_a_currency_without_a_hundredth_part_is_not_asked_about() -> None:
    text = BALANCE.replace("eur", "jpy").replace(".00", "").replace(".30", "").replace(".20", "").replace(".50", "")

    assert found(text.replace(".70", "").replace(".80", ""))[0]["revenue"] == 1000
