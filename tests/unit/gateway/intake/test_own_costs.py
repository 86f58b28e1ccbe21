"""A total of costs in a table of sales is the goods' cost where unit costs or a profit agree with it; else nothing."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.goods import Cost, Goods
from gateway.intake.layouts.own_costs import BY_PROFIT, BY_UNITS, NOT_TAKEN, OF_A_ROW, OF_A_UNIT, UNCLEAR, UNTAXED
from tests.unit.gateway.intake.tables import reading, sold

ROWS = [
    ("7001", "2026-03-12", "Shirt", "A", "2", "100.00"),
    ("7002", "2026-03-13", "Hat", "B", "1", "80.00"),
    ("7003", "2026-03-14", "Shirt", "A", "3", "150.00"),
]


def table(names: str, *more: str) -> str:
    header = f"Order ID;Order Date;Product;SKU;Quantity;Total;{names}"
    return "\n".join([header, *(f"{';'.join(row)};{cells}" for row, cells in zip(ROWS, more, strict=True))])


BY_UNIT_COST = table("Unit Cost;Total Cost", "30.00;60.00", "45.50;45.50", "30.00;90.00")
WITH_PROFIT = table("Total Cost;Profit", "60.00;40.00", "45.50;34.50", "90.00;60.00")
ALONE = table("Total Cost", "60.00", "45.50", "90.00")


def figures(text: str, goods: Goods | None = None) -> dict[str, float]:
    (own,) = channel_facts(sold(reading(text)), None, goods=goods)
    return {one.metric: one.value for one in own.figures}


def test_a_total_is_the_unit_cost_times_the_units() -> None:
    found = reading(BY_UNIT_COST)

    assert sold(found)["own_cost"].to_list() == [30.0, 45.5, 30.0]
    assert BY_UNITS.format(column="Total Cost", by="Unit Cost") in found.report.warnings
    assert figures(BY_UNIT_COST)["cost"] == 195.5


def test_a_total_is_what_the_profit_lacks_to_the_revenue() -> None:
    assert BY_PROFIT.format(column="Total Cost", by="Profit") in reading(WITH_PROFIT).report.warnings
    assert figures(WITH_PROFIT)["cost"] == 195.5


def test_a_total_that_nothing_confirms_is_not_used_and_that_is_said() -> None:
    wrong = table("Unit Cost;Total Cost", "30.00;61.00", "45.50;47.00", "30.00;93.00")

    for text in (ALONE, wrong):
        assert "cost" not in figures(text)
        assert NOT_TAKEN.format(column="Total Cost") in reading(text).report.warnings


def test_the_sales_own_cost_stands_above_what_is_kept_by_sku() -> None:
    kept = Goods(costs=[Cost("A", 99.0, currency="USD"), Cost("B", 99.0, currency="USD")])

    assert figures(BY_UNIT_COST, kept)["cost"] == 195.5


def test_a_row_without_its_cost_leaves_the_cost_of_the_rest() -> None:
    text = table("Unit Cost;Total Cost", "30.00;60.00", "45.50;45.50", ";")
    found = figures(text)

    assert "cost" not in found
    assert found["covered_cost"] == 105.5


def lone(name: str, *costs: str, more: str = "") -> str:
    return table(f"{name}{more}", *costs)


@pytest.mark.parametrize("name", ["Unit Cost", "Custo unitário", "Preço de custo", "Cost per unit"])
def test_a_lone_cost_of_a_unit_is_the_products(name: str) -> None:
    text = lone(name, "30.00", "45.50", "31.00")

    assert sold(reading(text))["own_cost"].to_list() == [30.0, 45.5, 31.0]
    assert figures(text)["cost"] == 198.5
    assert any(
        one.startswith(f"“{name}” foi lida como o custo de uma unidade") for one in reading(text).report.warnings
    )


def test_a_lone_cost_that_grows_with_the_units_is_the_rows() -> None:
    text = lone("Custo", "60.00", "45.50", "90.00")

    assert sold(reading(text))["own_cost"].to_list() == [30.0, 45.5, 30.0]
    assert OF_A_ROW.format(column="Custo", why="de um mesmo produto, ele cresce com as unidades") in (
        reading(text).report.warnings
    )


def test_a_profit_tells_of_what_a_lone_cost_is() -> None:
    of_units = lone("CMV", "30.00;40.00", "45.50;34.50", "31.00;57.00", more=";Lucro")
    of_row = lone("CMV", "60.00;40.00", "45.50;34.50", "93.00;57.00", more=";Lucro")

    assert figures(of_units)["cost"] == figures(of_row)["cost"] == 198.5


def test_a_profit_of_one_unit_tells_of_a_units_cost() -> None:
    of_one = lone("Custo", "30.00;20.00", "45.50;34.50", "31.00;19.00", more=";Lucro")

    assert figures(of_one)["cost"] == 198.5
    assert OF_A_UNIT.format(column="Custo", why="o preço de uma unidade menos ele é “Lucro”") in (
        reading(of_one).report.warnings
    )


def test_one_product_in_two_rows_does_not_stand_above_the_name_of_a_price() -> None:
    rows = ["7001;2026-03-12;Shirt;A;4;200.00;12.00", "7002;2026-03-13;Shirt;A;2;100.00;6.00"]
    text = "\n".join(["Order ID;Order Date;Product;SKU;Quantity;Total;{}", *rows])

    assert sold(reading(text.format("Preço de custo")))["own_cost"].to_list() == [12.0, 6.0]
    assert sold(reading(text.format("Custo")))["own_cost"].to_list() == [3.0, 3.0]


def test_a_lone_cost_that_nothing_tells_of_is_not_used() -> None:
    rows = ["7001;2026-03-12;Shirt;A;2;100.00;30.00", "7002;2026-03-13;Hat;B;3;240.00;45.50"]
    text = "\n".join(["Order ID;Order Date;Product;SKU;Quantity;Total;Cost", *rows])

    assert "cost" not in figures(text)
    assert UNCLEAR.format(column="Cost") in reading(text).report.warnings


def test_a_person_says_that_it_is_a_units_cost() -> None:
    rows = ["7001;2026-03-12;Shirt;A;2;100.00;30.00", "7002;2026-03-13;Hat;B;3;240.00;45.50"]
    text = "\n".join(["Order ID;Order Date;Product;SKU;Quantity;Total;Cost", *rows])
    found = reading(text, mappings={"*": {"Cost": "cost", "Total": "revenue"}})

    assert sold(found)["own_cost"].to_list() == [30.0, 45.5]
    assert OF_A_UNIT.format(column="Cost", why="foi o que se disse em “Ver as colunas”") in found.report.warnings


def test_what_is_left_for_the_tax_is_no_cost() -> None:
    """A bill's `Cost` beside its `VAT`: both make the total."""
    found = reading(table("Cost;VAT", "80.00;20.00", "64.00;16.00", "120.00;30.00"))

    assert sold(found)["own_cost"].null_count() == len(ROWS)
    assert UNTAXED.format(column="Cost", by="VAT") in found.report.warnings


def test_a_tax_is_no_profit_and_what_is_without_it_no_cost() -> None:
    found = reading(table("Costo;IVA", "86.21;13.79", "68.97;11.03", "129.31;20.69"))

    assert UNTAXED.format(column="Costo", by="IVA") in found.report.warnings
    assert sold(found)["own_cost"].null_count() == 3
