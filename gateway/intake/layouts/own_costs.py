"""Reads the goods' cost from a table of sales itself, where its arithmetic confirms it."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.agreeing import MOST, agree
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment

BY_UNITS: Final = "“{column}” foi lida como o custo dos produtos vendidos: é “{by}” vezes as unidades."
BY_PROFIT: Final = "“{column}” foi lida como o custo dos produtos vendidos: a receita menos ela é “{by}”."
NOT_TAKEN: Final = (
    "“{column}” não foi usada: nada na tabela confirma que é o custo dos produtos, e não outra despesa. Informe o "
    "custo de cada SKU em Custos e envie as vendas de novo."
)


def with_own_costs(frame: pl.DataFrame, columns: Columns, assignment: Assignment) -> pl.DataFrame:
    """Give each sale its unit cost from a column of total costs, if unit costs or profits confirm it.

    A total that nothing agrees with may be any expense: it is not used, and that is said.
    """
    totals = [
        i for i, concept in assignment.others.items() if concept == "_cost_total" and _is_of_amounts(assignment, i)
    ]
    if len(totals) != 1 or frame.is_empty():
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


def _why(frame: pl.DataFrame, columns: Columns, assignment: Assignment, total: int, cost: pl.Series) -> str:
    """Return a remark on what of the table agrees with the costs; empty where nothing does."""
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
