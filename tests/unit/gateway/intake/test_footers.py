"""What stands below the last sale of a sheet, without a number and a day, is no sale."""

from __future__ import annotations

import polars as pl

from gateway.intake.layouts.columns import SUMMED_UP
from gateway.intake.layouts.footers import below_the_last_sale
from tests.unit.gateway.intake.tables import reading, sold

HEADER = "DATA;NFE;EMPRESA;VALOR"
SALES = [f"0{day}/04/2026;70{day};Empresa {day};{day}0,50" for day in range(1, 8)]
#: Who sold how much, and what another sheet comes to: no two of them are a sum of the rows above.
BELOW = [";;JOANA;120,00", ";;PAULO;151,00", ";;ORÇAMENTOS S/N;999,90", ";;;1.270,90"]
NAMED = {"0": frozenset({"at"}), "1": frozenset({"order_id"}), "2": frozenset[str](), "3": frozenset({"revenue"})}


def amounts(*lines: str) -> list[float]:
    return sold(reading("\n".join([HEADER, *lines])))["revenue"].to_list()


def below(lines: list[str], named: dict[str, frozenset[str]] = NAMED) -> list[int] | None:
    cells = [[cell or None for cell in line.split(";")] for line in lines]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(named, pl.String), orient="row")
    found = below_the_last_sale(frame, named)
    return None if found is None else found.arg_true().to_list()


def test_sums_by_salesperson_below_the_last_sale_are_not_sold_and_told() -> None:
    found = reading("\n".join([HEADER, *SALES, *BELOW]))

    assert sold(found)["revenue"].sum() == 283.5
    assert SUMMED_UP.format(rows=len(BELOW)) in found.report.warnings


def test_a_sale_among_others_may_lack_its_number_and_its_day() -> None:
    assert len(amounts(*SALES[:6], ";;Empresa 9;33,00", SALES[6])) == 8


def test_what_stands_below_is_looked_at_where_enough_sales_have_both_and_no_product_is_named() -> None:
    assert below([*SALES, *BELOW]) == [7, 8, 9, 10]
    assert below(SALES) is None
    assert below([*SALES, ";;nota;"]) is None
    assert below([*SALES[:4], *BELOW]) is None
    assert below([";;a;5,00", ";;b;6,00", *SALES[:5], *BELOW]) is None
    assert below([*SALES, *BELOW], NAMED | {"2": frozenset({"title"})}) is None
    assert below([*SALES, *BELOW], NAMED | {"1": frozenset()}) is None
    assert below([]) is None
