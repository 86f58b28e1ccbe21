"""Reads the goods' cost from a table of sales itself, where its arithmetic confirms it."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.agreeing import MOST, agree
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words
from gateway.intake.layouts.unit_or_row import by_products

OF_A_UNIT: Final = "“{column}” foi lida como o custo de uma unidade: {why}."
OF_A_ROW: Final = "“{column}” foi lida como o custo de todas as unidades da linha: {why}."
BY_UNITS: Final = "“{column}” foi lida como o custo dos produtos vendidos: é “{by}” vezes as unidades."
BY_PROFIT: Final = "“{column}” foi lida como o custo dos produtos vendidos: a receita menos ela é “{by}”."
NOT_TAKEN: Final = (
    "“{column}” não foi usada: nada na tabela confirma que é o custo dos produtos, e não outra despesa. Informe o "
    "custo de cada SKU em Custos e envie as vendas de novo."
)
UNTAXED: Final = (
    "“{column}” não foi usada: a receita menos ela é “{by}”, que é imposto. É a venda sem imposto, e não o custo dos "
    "produtos."
)
#: Why a lone column of costs is of a unit, or of the row: what shows it.
WHY_TOLD: Final = "foi o que se disse em “Ver as colunas”"
WHY_NAMED: Final = "é o que o nome diz"
WHY_SINGLE: Final = "cada linha tem uma unidade só"
WHY_PROFIT_OF_UNITS: Final = "a receita menos ele vezes as unidades é “{by}”"
WHY_PROFIT_OF_ROW: Final = "a receita menos ele é “{by}”"
WHY_PROFIT_OF_ONE: Final = "o preço de uma unidade menos ele é “{by}”"
WHY_STEADY: Final = "de um mesmo produto, ele não muda com as unidades"
WHY_GROWS: Final = "de um mesmo produto, ele cresce com as unidades"
UNCLEAR: Final = (
    "“{column}” não foi usada: nada na tabela mostra se é o custo de uma unidade ou de toda a linha. Se é de uma "
    "unidade, diga isso em “Ver as colunas”."
)
#: A word of a name by which a cost is a unit's, and a name that is so without one.
_UNIT: Final = frozenset(("unitario", "unidade", "unidad", "unit", "each", "peca", "pieza", "piece"))
_PRICES: Final = frozenset(("preco", "price", "precio"))


def with_own_costs(frame: pl.DataFrame, columns: Columns, assignment: Assignment) -> pl.DataFrame:
    """Give each sale what one unit of it cost, as a column of the table tells it.

    A total is taken where unit costs or a column of profit agree with it: alone it may be any expense. A lone column of
    costs is a unit's or the row's by what adds up, by a product that was sold in several quantities, or by its name.
    What is not used is said.
    """
    if frame.is_empty():
        return frame
    totals, single = (
        [i for i, concept in assignment.others.items() if concept == named and _is_of_amounts(assignment, i)]
        for named in ("_cost_total", "_cost")
    )
    told = assignment.column("cost")
    if told is not None or (not totals and len(single) == 1):
        return _with_lone_cost(frame, columns, assignment, single[0] if told is None else told)
    if len(totals) != 1:
        return frame
    (index,) = totals
    cost = columns.amounts(index)
    if len(cost) != frame.height:
        return frame
    why = _why(frame, columns, assignment, index, cost)
    if not why:
        columns.warnings.append(NOT_TAKEN.format(column=columns.headers[index]))
        return frame
    columns.number_at(index)  # from here on it is used
    columns.warnings.append(why)
    a_unit = pl.when((pl.col("units") > 0) & (cost > 0)).then(cost / pl.col("units"))
    return frame.with_columns(a_unit.alias("own_cost"))


def _with_lone_cost(frame: pl.DataFrame, columns: Columns, assignment: Assignment, index: int) -> pl.DataFrame:
    """Give each sale the cost of a column that is a unit's, or its row's."""
    cost, header = columns.amounts(index), columns.headers[index]
    if len(cost) != frame.height or frame["units"].null_count() == frame.height or not (cost > 0).any():
        return frame
    tax = _tax_beside(frame, columns, assignment, cost)
    if tax and assignment.column("cost") is None:
        columns.warnings.append(UNTAXED.format(column=header, by=tax))
        return frame
    of_row, why = _of_row(frame, columns, assignment, index, cost)
    if not why:
        columns.warnings.append(UNCLEAR.format(column=header))
        return frame
    read = columns.number_at(index)  # from here on it is used; null where it is in another currency than the sale
    columns.warnings.append((OF_A_ROW if of_row else OF_A_UNIT).format(column=header, why=why))
    a_unit = read / pl.col("units") if of_row else pl.lit(read)
    known = (read > 0).fill_null(value=False)
    return frame.with_columns(pl.when(pl.lit(known) & (pl.col("units") > 0)).then(a_unit).alias("own_cost"))


def _tax_beside(frame: pl.DataFrame, columns: Columns, assignment: Assignment, cost: pl.Series) -> str:
    """Return the tax that is left of the revenue after the column: then it is the sale without it; "" without one."""
    taxes = [i for i, name in assignment.others.items() if name == "_tax" and _is_of_amounts(assignment, i)]
    found = (i for i in taxes if agree(frame["revenue"] - cost, columns.amounts(i)))
    return next((columns.headers[index] for index in found), "")


def _of_row(
    frame: pl.DataFrame, columns: Columns, assignment: Assignment, index: int, cost: pl.Series
) -> tuple[bool, str]:
    """Say whether a lone cost is of all units of its row, and what shows it; "" where nothing shows either."""
    units, revenue, named = frame["units"], frame["revenue"], frozenset(words(columns.headers[index]))
    if assignment.column("cost") is not None:
        return False, WHY_TOLD
    several = units.drop_nulls() != 1
    if not several.any():
        return False, WHY_SINGLE
    more = (units != 1).fill_null(value=False)
    for other in _amounts_beside(columns, assignment, index):
        profit = columns.amounts(other).filter(more)
        if agree((revenue - cost * units).filter(more), profit):
            return False, WHY_PROFIT_OF_UNITS.format(by=columns.headers[other])
        if agree((revenue - cost).filter(more), profit):
            return True, WHY_PROFIT_OF_ROW.format(by=columns.headers[other])
        if agree((revenue / units - cost).filter(more), profit):
            return False, WHY_PROFIT_OF_ONE.format(by=columns.headers[other])
    shown = by_products(frame["sku"] if frame["sku"].count() else frame["title"], units, cost)
    is_called = bool(named & (_UNIT | _PRICES))
    # one product in two rows, by whatever it cost then, says less than `Preço de custo` does
    if shown is None or (is_called and shown.field == "revenue" and not shown.surely):
        return False, WHY_NAMED if is_called else ""
    return (True, WHY_GROWS) if shown.field == "revenue" else (False, WHY_STEADY)


def _amounts_beside(columns: Columns, assignment: Assignment, index: int) -> list[int]:
    """Return the columns of amounts that may be a profit."""
    taken = {assignment.column(name) for name in assignment.guesses} | {index}
    return [i for i in range(len(columns.headers)) if i not in taken and _is_of_amounts(assignment, i)]


def _why(frame: pl.DataFrame, columns: Columns, assignment: Assignment, total: int, cost: pl.Series) -> str:
    """Return a remark on the table's sign for the costs; empty without one."""
    units, revenue = frame["units"], frame["revenue"]
    for index, concept in assignment.others.items():
        is_unit = concept == "_cost" and _is_of_amounts(assignment, index)
        if is_unit and agree(columns.amounts(index) * units, cost):
            return BY_UNITS.format(column=columns.headers[total], by=columns.headers[index])
    taken = {assignment.column(name) for name in assignment.guesses}
    for index in range(len(columns.headers)):
        if index in taken or assignment.others.get(index) in ("_cost", "_cost_total"):
            continue
        if _is_of_amounts(assignment, index) and agree(revenue - cost, columns.amounts(index)):
            return BY_PROFIT.format(column=columns.headers[total], by=columns.headers[index])
    return ""


def _is_of_amounts(assignment: Assignment, index: int) -> bool:
    return assignment.profiles[index].number > MOST
