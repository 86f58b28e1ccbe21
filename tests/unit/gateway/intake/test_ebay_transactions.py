"""eBay's report of transactions: what each order left, with the labels and fees that stand in rows of their own."""

from __future__ import annotations

import polars as pl
import pytest

from gateway.intake.layouts.ebay_payouts import OTHER_CURRENCY
from tests.unit.gateway.intake.tables import reading, sold

HEAD = (
    "Transaction creation date;Type;Order number;Legacy order ID;Buyer name;Net amount;Payout currency;Payout ID;"
    "Item ID;Item title;Custom label;Quantity;Item subtotal;Shipping and handling;Final Value Fee - fixed;"
    "Gross transaction amount;Transaction currency"
)
ROWS = """
Mar 1, 2026;Order;10-1;L1;Zuleica;18.00;USD;9;501;Cup;--;2;15.00;5.00;-2.00;20.00;USD
Mar 1, 2026;Other fee;10-1;L1;Zuleica;-1.00;USD;9;501;--;--;--;--;--;--;-1.00;USD
Mar 2, 2026;Shipping label;10-1;L1;Zuleica;-4.00;USD;9;--;--;--;--;--;--;--;-4.00;USD
Mar 2, 2026;Order;10-2;L2;Teobaldo;27.00;USD;9;--;--;--;3;30.00;--;-3.00;30.00;USD
Mar 2, 2026;Order;10-2;L2;Teobaldo;--;USD;9;502;Plate;--;2;--;--;--;--;USD
Mar 3, 2026;Refund;10-2;L2;Teobaldo;-9.00;USD;9;--;--;--;--;--;--;1.00;-10.00;USD
Mar 3, 2026;Shipping label;10-0;L0;Zuleica;-7.00;USD;9;--;--;--;--;--;--;--;-7.00;USD
Mar 4, 2026;Payout;--;--;--;-24.00;USD;9;--;--;--;--;--;--;--;-24.00;USD"""


def test_each_order_has_what_its_labels_and_fees_cost() -> None:
    found = reading(HEAD + ROWS)
    lines = sold(found)

    assert found.report.layout == "ebay.transactions"
    assert lines["order_id"].to_list() == ["10-1", "10-2", "10-2"]
    assert lines["revenue"].to_list() == [20.0, 30.0, 0.0]
    assert lines["fees"].to_list() == [3.0, 3.0, -1.0]
    assert lines["shipping"].to_list() == [4.0, 0.0, 0.0]
    assert (lines["refund"].sum(), lines["units"].sum(), lines["net"].sum()) == (10, 5, 31)
    assert lines["sku"].to_list() == ["501", None, None]
    told = " ".join(found.report.warnings)
    assert "2 linha(s) que não são de vendas nem de reembolsos ficaram de fora; somam -31,00" in told
    assert "Zuleica" not in str((lines.rows(), found.report))


def test_a_table_of_several_channels_leaves_the_channel_open() -> None:
    assert sold(reading(HEAD + ROWS, ["shopee", "own_store"]))["channel"].null_count() == 3


@pytest.mark.parametrize("without", ["Quantity", "Item title", "Payout currency"])
def test_a_column_that_is_not_there_is_unknown(without: str) -> None:
    assert sold(reading((HEAD + ROWS).replace(without, "Outra", 1)))["revenue"].sum() == 50


def test_without_any_order_nothing_is_put_on_one() -> None:
    rows = [row for row in (HEAD + ROWS).splitlines() if "10-" not in row]
    found = reading(
        "\n".join([*rows, "Mar 2, 2026;Order;--;L9;Teobaldo;9.00;USD;9;503;Jar;J-1;1;10.00;--;-1;10.00;USD"])
    )

    assert (sold(found)["revenue"].sum(), sold(found)["sku"].to_list()) == (10, ["J-1"])


def test_what_was_paid_in_another_currency_is_taken_from_no_sale() -> None:
    abroad = "\nMar 5, 2026;Order;10-3;L3;Zuleica;22.50;USD;9;501;Cup;--;1;20.00;--;-2.00;20.00;GBP"
    found = reading(HEAD + ROWS + abroad)
    last = sold(found).filter(pl.col("order_id") == "10-3").row(0, named=True)

    assert (last["revenue"], last["currency"]) == (20.0, "GBP")
    assert [last[name] for name in ("fees", "shipping", "net", "total_theirs")] == [None] * 4
    assert sold(found)["fees"].drop_nulls().to_list() == [3.0, 3.0, -1.0]
    assert OTHER_CURRENCY.format(rows=1) in found.report.warnings
