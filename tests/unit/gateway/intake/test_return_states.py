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
