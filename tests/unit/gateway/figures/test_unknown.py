"""What is not there is unknown for a reason, and the reason is the right one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.figures import words
from gateway.figures.unknown import Unknown, why
from schemas.facts import ColumnRead, TableRead


def table(*fields: str, kind: str = "sales") -> TableRead:
    columns = [ColumnRead(name.upper(), field=name, confidence=1.0, by="layout") for name in fields]
    return TableRead("arquivo", "plain", 3, kind=kind, columns=columns)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("metric", "columns", "expected"),
    [
        ("fees", ["revenue"], Unknown("fees", "no_column", ("fees",))),
        ("fees", ["fees", "revenue"], Unknown("fees", "no_values", ("fees",))),
        ("net_receipts", ["revenue"], Unknown("net_receipts", "no_column", ("fees",))),
        ("return_rate", ["units"], Unknown("return_rate", "no_column", ("returned_units",))),
        ("refunds", ["revenue"], Unknown("refunds", "no_column", ("refund",))),
        ("refunds", ["revenue", "status"], Unknown("refunds", "no_returns", ("refund",))),
        ("return_rate", ["units", "status"], Unknown("return_rate", "no_returns", ("returned_units",))),
        ("refunds", ["revenue", "status", "refund"], Unknown("refunds", "no_values", ("refund",))),
        ("revenue", ["price", "units"], Unknown("revenue", "no_values", ("revenue",))),
        ("period_days", ["year", "month"], Unknown("period_days", "no_values", ("at",))),
        ("dispatch_days", ["ship_days"], Unknown("dispatch_days", "no_values", ("dispatched",))),
        ("missing_sku_share", ["title"], Unknown("missing_sku_share", "no_column", ("sku",))),
        ("of_a_later_version", ["sku"], Unknown("of_a_later_version", "not_told")),
    ],
)  # fmt: skip
def test_the_missing_column_is_named(metric: str, columns: list[str], expected: Unknown) -> None:
    assert why(metric, [table(*columns)]) == expected


def test_columns_that_nobody_told_are_not_called_missing() -> None:
    """An earlier version's reading tells no columns, and one table of two may tell none."""
    silent = replace(table(), columns=[])
    assert why("fees", [silent]) == Unknown("fees", "not_told", ("fees",))
    assert why("fees", [table("revenue"), silent]).reason == "not_told"
    assert why("fees", []).reason == "not_told"


def test_only_tables_of_sales_have_the_columns() -> None:
    """A table of costs has a column of fees, and no sale in it."""
    assert why("fees", [table("revenue"), table("fees", kind="costs")]).reason == "no_column"


def test_the_reason_is_said() -> None:
    assert words.unknown(why("fees", [table("revenue")])).text == "Missing column: fees of the channel."
    assert words.unknown(Unknown("x", "not_told")).text == "Not in the document."


def test_costs_are_told_on_costs_where_nothing_else_is_missing() -> None:
    sold = [table("revenue", "units", "sku", "at")]

    assert why("cost", sold).reason == why("low_stock", sold).reason == "no_goods"
    assert why("margin", sold) == Unknown("margin", "no_column", ("cost", "fees"))
    assert words.unknown(why("cost", sold)).place == "costs"


def test_what_a_later_version_names_keeps_its_name() -> None:
    assert (words.title("new"), words.formula("new"), words.field("new")) == ("new", "", "new")
    assert words.left_out("new") == "for another reason (new)"
    assert words.left_out("status") == "cancelled or not paid"
