"""Orders that lose: by what is known of all of their rows, costs as far as they are told, and never by a name."""

from typing import Any

import polars as pl

from gateway.intake.figures import channel_facts
from gateway.intake.goods import Cost, Goods
from gateway.intake.layouts.lines import LINES
from schemas.facts import Figure
from tests.unit.gateway.intake.test_figures import line


def losing(*rows: dict[str, Any], costs: list[Cost] | None = None, metric: str = "losing_orders") -> Figure | None:
    frame = pl.DataFrame([{"currency": "BRL"} | row for row in rows], schema=LINES)
    (own,) = channel_facts(frame, None, goods=Goods(costs or []))
    return next((one for one in own.figures if one.metric == metric), None)


def sale(order: str | None, revenue: float, fees: float | None = 10.0, **more: Any) -> dict[str, Any]:
    return line(order_id=order, revenue=revenue, fees=fees, shipping=5.0, refund=0.0) | more


def test_an_order_loses_by_all_of_its_rows_together() -> None:
    found = losing(
        sale("1", 20.0, shipping=25.0, sku="A"),  # -15
        sale("1", 30.0, sku="B"),  # +15: the order pays
        sale("2", 10.0, shipping=25.0, sku="A"),  # -25
        sale("2", 30.0, sku="B"),  # +15
        sale("3", 50.0),
        sale("4", 90.0, refund=90.0, status="returned"),  # -15
        sale("5", 1.0, status="cancelled"),
    )

    assert found is not None
    assert (found.value, found.unit, found.detail["orders"]) == (25.0, "BRL", 2)
    assert found.detail["by_order"] == {
        "4": {"revenue": 90.0, "fees": 10.0, "shipping": 5.0, "refund": 90.0, "net": -15.0, "left": -15.0},
        "2": {"revenue": 40.0, "fees": 20.0, "shipping": 30.0, "refund": 0.0, "net": -10.0, "left": -10.0},
    }
    assert found.rows is not None
    assert (found.rows.used, found.rows.left_out) == (3, {"status": 1, "not_losing": 3})
    assert [(row.order, row.amount) for row in found.rows.sample] == [("2", 25.0), ("4", 15.0), ("2", -15.0)]


def test_a_known_cost_is_taken_off_and_an_unknown_one_is_not() -> None:
    rows = (sale("1", 50.0, sku="A"), sale("2", 50.0, sku="B"))
    assert losing(*rows) is None
    found = losing(*rows, costs=[Cost("A", 40.0, "", "", 2.0, 0.1, "BRL")])

    assert found is not None
    assert found.detail["by_order"] == {
        "1": {
            "revenue": 50.0, "fees": 10.0, "shipping": 5.0, "refund": 0.0, "net": 35.0, "cost": 42.0, "taxes": 5.0,
            "left": -12.0,
        }
    }  # fmt: skip
    assert found.skus == ["A"]


def test_an_order_of_which_a_row_is_not_known_is_not_judged() -> None:
    found = losing(
        sale("1", 10.0, shipping=25.0),
        sale("2", 10.0, shipping=25.0),
        sale("2", 30.0, fees=None),
        sale(None, 10.0, shipping=25.0),
    )

    assert found is not None
    assert list(found.detail["by_order"]) == ["1"]
    assert found.rows is not None
    assert found.rows.left_out == {"no_order": 1, "no_net": 1, "not_losing": 1}


def test_what_may_be_a_person_is_no_orders_number_and_its_loss_counts() -> None:
    found = losing(sale("Maria Silva", 10.0, shipping=25.0), sale("123.456.789-01", 10.0, shipping=25.0))

    assert found is not None
    assert (found.value, found.detail["orders"], found.detail["by_order"]) == (50.0, 2, {})


def test_a_cent_is_rounding() -> None:
    assert losing(sale("1", 15.0 - 1e-9)) is None


def test_orders_without_a_refund_of_products_that_pay_stand_for_themselves() -> None:
    """One that came back loses by that; a product that loses as a whole has figures of its own."""
    rows = (
        *(sale(f"far{n}", 100.0, shipping=95.0, sku="A") for n in range(3)),
        *(sale(f"near{n}", 100.0, sku="A") for n in range(9)),
        sale("back", 100.0, refund=100.0, returned_units=1.0, sku="A"),
        *(sale(f"dear{n}", 12.0, sku="B") for n in range(3)),
        sale("both", 100.0, shipping=50.0, sku="A"),
        sale("both", 3.0, shipping=90.0, sku="B"),
    )
    found = losing(*rows, metric="losing_unrefunded")

    assert found is not None
    assert (found.value, found.skus) == (15.0, ["A"])
    counted = {name: found.detail[name] for name in ("orders", "successes", "trials")}
    assert counted == {"orders": 3, "successes": 3, "trials": 16}
    assert found.detail["parts"] == {
        "revenue": 300.0, "fees": 30.0, "shipping": 285.0, "refund": 0.0, "net": -15.0
    }  # fmt: skip
    assert found.detail["at_least"] == []
    assert found.rows is not None
    assert (found.rows.used, found.rows.left_out) == (3, {"not_losing": 9, "loses_otherwise": 6})
    assert losing(*rows[12:13], metric="losing_unrefunded") is None


def test_a_part_that_some_rows_do_not_tell_is_the_least_that_it_is() -> None:
    """Of two products that lose the cost of one is known: what is known of it is not all that it is."""
    rows = (
        *(sale(f"a{n}", 50.0, shipping=60.0, sku="A") for n in range(2)),
        *(sale(f"b{n}", 50.0, shipping=60.0, sku="B") for n in range(2)),
        *(sale(f"{sku}{n}", 90.0, sku=sku) for n in range(9, 19) for sku in "AB"),
    )
    found = losing(*rows, costs=[Cost("A", 5.0, currency="BRL")], metric="losing_unrefunded")

    assert found is not None
    assert (found.detail["parts"]["cost"], found.detail["at_least"]) == (10.0, ["cost"])
