"""The tables on a figure's page: in an order that a database does not keep."""

from gateway.ui.pages.figure import ORDER_PARTS, _table
from schemas.facts import Figure


def test_products_stand_as_the_figure_names_them() -> None:
    named = {"A": {"net": 1.0}, "BBB": {"net": 2.0}, "CC": {"net": 3.0}, "later": 4}
    figure = Figure("product_losses", 1.0, "BRL", ["CC", "A"], {"by_sku": named})

    assert _table("by_sku", figure) == (["net"], [("CC", {"net": 3.0}), ("A", {"net": 1.0}), ("BBB", {"net": 2.0})])


def test_orders_stand_by_what_they_lose_and_their_parts_as_they_are_taken_off() -> None:
    orders = {
        "1": {"net": -1.0, "left": -1.0, "fees": 2.0, "revenue": 1.0, "new": 1.0},
        "22": {"left": -5.0, "taxes": 1.0},
        "3": {"left": -3.0},
    }
    names, rows = _table("by_order", Figure("losing_orders", 9.0, "BRL", [], {"by_order": orders}))

    assert names == ["revenue", "fees", "net", "taxes", "left", "new"]
    assert names[:-1] == [name for name in ORDER_PARTS if name in names]
    assert [order for order, _ in rows] == ["22", "3", "1"]


def test_a_figure_without_them_has_no_table() -> None:
    assert _table("by_order", None) == ([], [])
    assert _table("by_order", Figure("revenue", 1.0, "BRL", detail={"by_order": "later"})) == ([], [])
