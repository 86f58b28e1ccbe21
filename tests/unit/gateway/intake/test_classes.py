"""Products have two classes: what they are of the revenue, and how much their units vary. Planted, and found."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import polars as pl
import pytest

from gateway.figures.catalogue_of_products import OF_PRODUCTS, POLICIES
from gateway.intake.figures import channel_facts, classes
from gateway.intake.layouts.lines import LINES
from schemas.facts import Figure
from tests.unit.gateway.intake.test_figures import line

#: SKU -> the price of a unit, and the units of each of six months; of these shares of the revenue each is A, B or C.
STEADY, UNEVEN, LUMPY = (10, 10, 11, 9, 10, 10), (4, 20, 6, 18, 2, 10), (2, 0, 58, 0, 0, 0)
PLANTED: dict[str, tuple[float, tuple[int, ...], str]] = {
    "a1": (600.0, STEADY, "AX"), "a2": (400.0, UNEVEN, "AY"), "a3": (250.0, LUMPY, "AZ"),
    "b1": (80.0, STEADY, "BX"), "b2": (70.0, UNEVEN, "BY"), "b3": (60.0, LUMPY, "BZ"),
    "c1": (15.0, STEADY, "CX"), "c2": (14.0, UNEVEN, "CY"), "c3": (13.0, LUMPY, "CZ"), "c4": (12.0, STEADY, "CX"),
}  # fmt: skip
_number = count(1)


def sale(sku: str, on: date | None, units: float | None, revenue: float, **more: Any) -> dict[str, Any]:
    number = next(_number)
    at = None if on is None else datetime.fromisoformat(str(on))
    return line(sku=sku, order_id=str(number), at=at, units=units, revenue=revenue, row=number, **more)


def sold(planted: dict[str, tuple[float, tuple[int, ...], str]], *, seed: str = "") -> list[dict[str, Any]]:
    draw = Random(seed)
    rows = []
    for sku, (price, months, _) in planted.items():
        for month, units in enumerate(months, start=1):
            parts = [units // 2, units - units // 2]
            days = [date(2026, month, draw.randint(1, 28)) for _ in parts]
            rows += [sale(sku, on, part, part * price) for on, part in zip(days, parts, strict=True) if part]
    return [*rows, sale("edge", date(2026, 1, 1), 1.0, 0.01), sale("edge", date(2026, 6, 30), 1.0, 0.01)]


def of(rows: list[dict[str, Any]]) -> Figure | None:
    (own,) = channel_facts(pl.DataFrame(rows, schema=LINES), None)
    return next((figure for figure in own.figures if figure.metric == "product_classes"), None)


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_what_was_planted_is_found(seed: str) -> None:
    found = of(sold(PLANTED, seed=seed))
    assert found is not None
    told = {sku: one["abc_xyz"] for sku, one in found.detail["by_sku"].items()}

    assert told == {sku: of for sku, (_, _, of) in PLANTED.items()}
    assert (found.value, found.unit) == (11, "count")
    assert (found.detail["by"], found.detail["periods"], found.detail["without_class"]) == ("month", 6, 0)
    assert found.detail["classes"]["CX"]["products"] == 2
    assert found.detail["classes"]["CZ"]["products"] == 2  # the one of the edges, too
    assert sum(one["share"] for one in found.detail["classes"].values()) == pytest.approx(1, abs=1e-3)
    assert found.detail["by_sku"]["a1"]["variation"] == pytest.approx((1 / 3) ** 0.5 / 10, abs=1e-4)
    assert found.detail["by_sku"]["a3"]["variation"] == pytest.approx((2768 / 6) ** 0.5 / 10, abs=1e-4)


def test_without_whole_months_enough_weeks_are_taken() -> None:
    monday = date(2026, 3, 2)
    rows = [
        sale(f"S{n}", monday + timedelta(weeks=week, days=n % 5), 5.0, 50.0 + n) for n in range(10) for week in range(9)
    ]
    found = of(rows)
    assert found is not None

    assert (found.detail["by"], found.detail["periods"]) == ("week", 8)  # the ninth ends after the last sale
    assert {one["abc_xyz"][1] for one in found.detail["by_sku"].values()} == {"X"}


@pytest.mark.parametrize(
    "rows", [sold(dict(list(PLANTED.items())[:8])), [r for r in sold(PLANTED) if r["at"].month < 3]]
)
def test_of_few_products_or_few_weeks_there_is_no_class(rows: list[dict[str, Any]]) -> None:
    assert of(rows) is None


def test_a_new_product_and_one_without_units_or_days_have_none() -> None:
    short = [sale("new", date(2026, month, 9), 10.0, 90.0) for month in (5, 6)]
    untold = [sale("dark", date(2026, month, 9), None if month == 3 else 1.0, 9.0) for month in range(1, 7)]
    undated = [sale("late", None if month == 3 else date(2026, month, 9), 1.0, 9.5) for month in range(1, 7)]
    found = of([*sold(PLANTED), *short, *untold, *undated])
    assert found is not None

    assert found.detail["without_class"] == 3
    assert found.value == 11


def test_a_product_is_judged_from_its_first_sale_on() -> None:
    later = [sale("young", date(2026, month, 9), 10.0, 9000.0) for month in range(7, 13)]
    found = of([*sold(PLANTED), *later, sale("edge", date(2026, 12, 31), 1.0, 0.01)])
    assert found is not None

    assert found.detail["periods"] == 12
    assert found.detail["by_sku"]["young"]["variation"] == 0


def test_the_formula_says_its_limits_and_each_class_has_a_policy() -> None:
    formula = OF_PRODUCTS["product_classes"].formula
    a, b = classes.SHARES
    x, y = classes.VARIATIONS

    for told in (
        f"first {100 * a:.0f} %",
        f"up to {100 * b:.0f} %",
        f"up to {x:g})",
        f"Y up to {y:g}",
        f"{classes.MIN_MONTHS} at least",
        f"{classes.MIN_WEEKS} at least",
        f"from {classes.MIN_PRODUCTS} on",
    ):
        assert told in formula
    assert set(POLICIES) == {first + second for first in "ABC" for second in "XYZ"}
