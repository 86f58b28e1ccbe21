"""Takes the freight that the buyer paid out of the revenue of rows and orders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from gateway.intake.layouts.amounts import Given
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.freight_names import is_freight, sellers_pay_beside
from gateway.intake.layouts.freight_sums import Amounts, paid_besides, paid_by_order
from gateway.intake.layouts.freight_taken import with_freight_taken
from gateway.intake.layouts.guesses import SURE, Assignment, Guess
from gateway.intake.layouts.orders import shared_out
from gateway.intake.layouts.signatures import is_order_total
from gateway.intake.layouts.sums_told import of_sales
from gateway.intake.words import in_portuguese

IN_TOTAL: Final = "“{column}” está no total, pago pelo comprador: não é custo seu."
TAKEN_OUT: Final = (
    "“{column}” estava em “{total}”, pago pelo comprador: foi tirado da receita, {amount} ao todo, e não é custo seu."
)
BY_FORMAT: Final = (
    "Neste formato “{total}” contém o frete que o comprador pagou: “{column}” foi tirado da receita, {amount} ao todo, "
    "e não é custo seu."
)
UNKNOWN: Final = (
    "A receita é desconhecida: neste formato “{total}” contém o frete que o comprador pagou, e nem com “{column}” nem "
    "sem ele os valores dos produtos dão esse total."
)
WITHOUT_COLUMN: Final = (
    "A receita é desconhecida: “{total}” não é a soma dos produtos menos o desconto. Neste formato ele contém o frete "
    "que o comprador pagou, e nenhuma coluna diz quanto foi. Exporte o pedido com o frete."
)
MAY_HAVE_FREIGHT: Final = (
    "Neste formato “{total}” contém o frete que o comprador pagou, e nenhuma coluna diz quanto foi: se houve frete, a "
    "receita é menos na mesma medida."
)
_MOST: Final = 0.9


@dataclass(frozen=True, slots=True)
class Freed:
    """The columns and the revenue without the freight that the buyer paid, and that freight by row."""

    columns: Assignment
    revenue: pl.Series | None
    freight: pl.Series | None = None


def without_buyers_freight(table: Columns, columns: Assignment, given: Given) -> Freed:
    """Take freight that a total contains, which the buyer paid, out of revenue and costs.

    `given`: `revenue`, `units`, `price` and `order_id`. The total may be less a discount, and that of a whole order.
    In the exports whose order total contains it by their format, a total that nothing proves is without it, too.
    """
    revenue, columns = given["revenue"], with_freight_taken(table, columns)
    if revenue is None:
        return Freed(columns, revenue)
    by_format = (total := columns.column("revenue")) is not None and is_order_total(table.headers, total)
    asked = _columns_of_freight(table, columns)
    told = {index: Amounts.of(table, columns, given, index) for index in asked}
    for index, amounts in told.items():
        if (freight := amounts.in_revenue()) is not None:
            return _taken_out(table, columns, given, index, freight, TAKEN_OUT)
    besides = paid_besides(table, columns)
    for index in asked if besides else ():
        found = Amounts.of(table, columns, given, index, besides).in_revenue()
        if found is not None:
            freed = _taken_out(table, columns, given, index, found, TAKEN_OUT)
            return _without_besides(table, columns, given, freed, besides)
    own = columns.column("shipping")
    for index, amounts in told.items() if own is None else [(own, told[own])]:
        if index == own and amounts.in_other_total():
            table.warnings.append(IN_TOTAL.format(column=table.headers[index]))
            return Freed(_without_cost(table, columns), revenue)
        if by_format and not amounts.freight.is_empty() and not amounts.goods_alone():
            return _by_format(table, columns, given, index, amounts)
    if by_format and not asked:
        return _without_column(table, columns, given)
    return Freed(columns, revenue)


def _columns_of_freight(table: Columns, columns: Assignment) -> list[int]:
    """Return the columns of freight, the sure one first: of several a total may have the one that has all (insured)."""
    own = columns.column("shipping")
    taken = {columns.column(name) for name in columns.guesses}
    numeric = [i for i, one in enumerate(columns.profiles) if one.number > _MOST and i not in taken]
    return [*([] if own is None else [own]), *(i for i in numeric if is_freight(table.headers[i]))]


def _without_besides(table: Columns, columns: Assignment, given: Given, freed: Freed, besides: list[int]) -> Freed:
    """Take what else the buyer paid on top (interest, an insurance) out of the revenue, too: it is not the goods'."""
    for index in besides:
        paid = shared_out(given["order_id"], paid_by_order(table, given, index), given["revenue"])
        assert paid is not None
        left = _taken_out(table, columns, {**given, "revenue": freed.revenue}, index, paid, TAKEN_OUT)
        freed = replace(freed, revenue=left.revenue)
    return freed


def _by_format(table: Columns, columns: Assignment, given: Given, index: int, amounts: Amounts) -> Freed:
    """Take out what nothing proves, where the goods' sums stand nowhere; where they do and do not fit, it is unknown.

    The format says that the total contains the freight.
    """
    if amounts.goods:
        total = _name_of_revenue(table, columns)
        table.warnings.append(UNKNOWN.format(total=total, column=table.headers[index]))
        return Freed(_without_cost(table, columns), None)
    freight = shared_out(given["order_id"], paid_by_order(table, given, index), given["revenue"])
    assert freight is not None
    return _taken_out(table, columns, given, index, freight, BY_FORMAT)


def _without_column(table: Columns, columns: Assignment, given: Given) -> Freed:
    """Say what a total with freight is worth where no column of freight stands beside it."""
    revenue = given["revenue"]
    amounts, total = Amounts.of(table, columns, given, None), _name_of_revenue(table, columns)
    if amounts.goods and not amounts.goods_alone():
        table.warnings.append(WITHOUT_COLUMN.format(total=total))
        return Freed(columns, None)
    if not amounts.goods:
        table.warnings.append(MAY_HAVE_FREIGHT.format(total=total))
    return Freed(columns, revenue)


def _taken_out(table: Columns, columns: Assignment, given: Given, index: int, freight: pl.Series, said: str) -> Freed:
    revenue = given["revenue"]
    assert revenue is not None
    table.number_at(index)  # from here on it is used
    paid = in_portuguese(of_sales(table, columns, given.get("order_id"), freight))
    total = _name_of_revenue(table, columns)
    table.warnings.append(said.format(column=table.headers[index], total=total, amount=paid))
    own = columns.column("shipping")
    by_name = columns.others.get(index) == "_buyers_freight"
    stays = own is not None and own != index and (by_name or sellers_pay_beside(table.headers[own]))
    left = columns if stays else _without_cost(table, columns)
    return Freed(left, revenue - freight.fill_null(0), freight)


def _without_cost(table: Columns, columns: Assignment) -> Assignment:
    """Return the columns without what the buyer paid for freight; what the seller paid may stand in another one."""
    guesses = {name: guess for name, guess in columns.guesses.items() if name != "shipping"}
    others = [i for i in _columns_of_freight(table, columns) if i != columns.column("shipping")]
    sellers = [i for i in others if i not in columns.others and sellers_pay_beside(table.headers[i])]
    if len(sellers) == 1:
        guesses["shipping"] = Guess(sellers[0], SURE, "name")
    return replace(columns, guesses=guesses)


def _name_of_revenue(table: Columns, columns: Assignment) -> str:
    own = columns.column("revenue")
    return "preço vezes unidades" if own is None else table.headers[own]
