"""A column that says what became of a return: the rows that it calls returned came back."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.flagged_returns import CAME_BACK_BY
from tests.unit.gateway.intake.tables import reading, sold

HEAD = "Order ID;Order Date;Seller SKU;Quantity;Sale Amount (Rs.);Marketplace Fee (Rs.)"


def table(column: str, *states: str, refunds: bool = False) -> str:
    def refund(n: int, state: str) -> str:
        return f";-{n}00.00" if state else ";0.00"

    rows = (
        f"OD{n};2026-03-0{n};A-{n % 3};2;{n}00.00;-{n}0.00{refund(n, one) if refunds else ''};{one}"
        for n, one in enumerate(states, start=1)
    )
    return "\n".join([HEAD + ";Refund (Rs.)" * refunds + f";{column}", *rows])


@pytest.mark.parametrize(
    ("column", "state"),
    [
        ("Item Return Status", "Returned"),
        ("Return / Refund Status", "Completed"),
        ("Status da devolução", "Concluída"),
        ("Situação da Devolução / Reembolso", "Reembolsado"),
    ],
)
def test_what_is_called_returned_came_back(column: str, state: str) -> None:
    found = reading(table(column, "", state, "NA", ""))

    assert sold(found)["returned_units"].to_list() == [0, 2, 0, 0]
    assert sold(found)["refund"].to_list() == [0, 200, 0, 0]
    assert CAME_BACK_BY.format(column=column, rows=1) in found.report.warnings


def test_a_column_of_refunds_stands_for_the_money() -> None:
    lines = sold(reading(table("Item Return Status", "", "Returned", "", refunds=True)))

    assert lines["returned_units"].to_list() == [0, 2, 0]
    assert lines["refund"].to_list() == [0, 200, 0]


def test_a_return_that_is_under_way_leaves_it_unknown() -> None:
    lines = sold(reading(table("Item Return Status", "", "Returned", "Requested", "")))

    assert lines["returned_units"].null_count() == lines.height


TAXED = "sub_order_num;order_date;quantity;total_taxable_value;total_invoice_value;end_customer_state"


def test_a_report_of_which_each_row_came_back_is_of_returns() -> None:
    rows = [f"9{n}_1;2026-04-0{n};1;{n}00,00;{n}12,00;Goa" for n in range(1, 7)]
    sales = reading("\n".join([TAXED, *rows]))
    back = reading("\n".join([f"{TAXED};cancel_return_date", *(f"{row};2026-04-2{n}" for n, row in enumerate(rows))]))

    assert sold(sales)["revenue"].to_list() == [112, 212, 312, 412, 512, 612]
    assert (back.lines, back.report.kind) == (None, "returns")
    # of few rows each may have come back, and of sales some
    some = [f"{row};{'2026-04-29' if n < 2 else ''}" for n, row in enumerate(rows)]
    assert sold(reading("\n".join([f"{TAXED};cancel_return_date", *some]))).height == 6
