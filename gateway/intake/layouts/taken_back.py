"""Reads rows with a negative amount among sales: returned goods, or deductions from the revenue."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.amounts import Given
from gateway.intake.layouts.bare import DESCRIBES, IS_SALE, NATURE
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.lines import RETURNED as CAME_BACK
from gateway.intake.layouts.measured_back import as_units_say, below_zero
from gateway.intake.layouts.names import words
from gateway.intake.values import says
from gateway.intake.words import in_portuguese

RETURNED: Final = "{rows} linha(s) são devoluções: contam como reembolso e unidades devolvidas, e não como venda."
TAKEN_OFF: Final = (
    "{rows} linha(s) com valor negativo foram tiradas da receita, sem contar unidades: nada diz que são devoluções."
)
WRITTEN_OFF: Final = (
    "{rows} linha(s) com unidades negativas e sem valor não foram contadas: são baixas de estoque, e não devoluções "
    "({units} unidades)."
)
_BACK: Final = (
    r"devol|estorn|reembols|refund|return|credit note|nota de credito|chargeback|retur|hoan tra|ruckerstatt|rembours"
)
_DISCOUNT: Final = r"descont|discount|cupom|coupon|voucher|rebate|abatimento|descuento"
#: What a row is called that takes a sale back, and no fee or freight.
_IS_BACK: Final = (
    r"^(estornos?|reembolsos?|devoluc(ao|oes)|devolucion(es)?|refunds?|returns?|chargebacks?|contracargos?)"
    r"( (de |da |do |of )?(vendas?|ventas?|compras?|pedidos?|produtos?|clientes?|sales?|orders?))?$|"
    r"^(notas? de credito|nota credito|credit (notes?|memos?))( electronica)?( [a-z])?$"
)
#: What a row with a bill is called, in a column of their kind: `Factura A` beside `Nota de crédito A`.
_BILL: Final = (
    r"^(tax )?(invoices?|bills?|facturas?|faturas?|boletas?|tickets?|notas? (de venta|de venda|fiscal|fiscais))"
    r"( (de venta|electronica))?( [a-z])?$"
)
_JUST_SALE: Final = r"^(vendas?|ventas?|sales?)$"
BOTH_SIGNS: Final = (
    "Mais da metade dos valores é negativa, e os outros são positivos: parece um extrato, e não são só vendas. A "
    "receita é desconhecida."
)
ALL_BELOW: Final = (
    "As unidades e os valores são negativos: nada mostra se são saídas de estoque, isto é, vendas, ou devoluções. A "
    "receita e as unidades são desconhecidas. Se são vendas, escreva as unidades sem o sinal e envie de novo."
)
#: Words by which an amount is one that was paid back, and of how many cells it is one.
_REFUNDED: Final = frozenset(("refund", "refunded", "reembolso", "reembolsado", "estorno", "estornado"))
_SOME_AMOUNTS: Final = 0.5
REFUNDS_ASIDE: Final = (
    "A coluna “{column}” parece trazer reembolsos e não foi entendida: o que foi devolvido em dinheiro é desconhecido. "
    "Se são, diga em “Ver as colunas”."
)
#: Where more of the amounts are negative they are written so, unless for each so many others are positive.
_MOST: Final = 0.5
_SOME: Final = 0.1
#: A text tells of rows where so many of them say it.
_SAY: Final = 0.9


def with_returns(table: Columns, columns: Assignment, given: Given) -> Given:
    """Return revenue, units, refunds and returned units where rows with a negative amount are no sales; else {}.

    Such a row came back where its units or its weight are negative or a column says so (`Tipo`, `Natureza da
    operação`). Any other lowers the revenue. A number that no sale has is none of an order.
    """
    signed = as_units_say(table, columns, given)
    return signed | _with_returns(table, columns, {**given, **signed})


def _with_returns(table: Columns, columns: Assignment, given: Given) -> Given:
    revenue, units = given["revenue"], given["units"]
    if revenue is None:
        return {}
    called = _called_back(table)
    if called.any():
        revenue = pl.select(pl.when(called).then(-revenue.abs()).otherwise(revenue)).to_series()
    negative = (revenue < 0).fill_null(value=False)
    if not negative.any():
        return {}
    if int(negative.sum()) > _MOST * (len(revenue) - revenue.null_count()):
        if int((revenue > 0).sum()) < _SOME * int(negative.sum()):
            if units is None or not (units.filter(negative) < 0).all():
                return {}  # it is how they are written
            table.warnings.append(ALL_BELOW)
            return {"revenue": None, "units": None}
        table.warnings.append(BOTH_SIGNS)
        # a statement repeats the units on its fees; where it names neither goods nor units, its rows are of no orders
        bare = units is None and given["sku"] is None and given["title"] is None
        return {"revenue": None, "units": None, **({"order_id": None} if bare else {})}
    came_back = _said(table, columns, negative) | below_zero(table, columns, units)
    returned = negative & came_back.fill_null(value=False) & ~_tells(given["title"], _DISCOUNT, len(revenue))
    for rows, said in ((returned, RETURNED), (negative & ~returned, TAKEN_OFF)):
        if rows.any():
            table.warnings.append(said.format(rows=int(rows.sum())))
    frame = pl.DataFrame(
        {
            "negative": negative,
            "returned": returned,
            "revenue": revenue,
            "refund": _or_nothing(given["refund"], revenue),
            "units": _or_nothing(units, revenue),
            "returned_units": _or_nothing(given["returned_units"], revenue),
            "order_id": _or_nothing(given["order_id"], revenue, pl.String()),
        }
    )
    was = pl.col("returned")
    of_sale = pl.col("order_id").is_in(frame.filter(~negative)["order_id"].drop_nulls().implode())
    told = frame.select(
        revenue=pl.when(was).then(0.0).otherwise("revenue"),
        refund=pl.when(was).then(-pl.col("revenue")).otherwise(pl.col("refund").fill_null(0)),
        units=pl.when("negative").then(0.0).otherwise("units"),
        returned_units=pl.when(was).then(pl.col("units").abs()).otherwise(pl.col("returned_units").fill_null(0)),
        order_id=pl.when(~pl.col("negative") | of_sale).then("order_id"),
    )
    unknown = {"units", "returned_units"} if units is None else set[str]()
    unknown |= set() if returned.any() else {"refund", "returned_units"}
    return {one.name: one for one in told if one.name not in unknown}


def drop_written_off(table: Columns, columns: Assignment) -> None:
    """Drop rows with negative units and no worth beside sales: written-off stock."""
    units = columns.column("units")
    worth = [index for name in ("revenue", "price") if (index := columns.column(name)) is not None]
    if units is None or not worth or not table.height:
        return
    counted = table.amounts(units)
    nothing = pl.select(pl.all_horizontal(table.amounts(index).fill_null(0) == 0 for index in worth)).to_series()
    off = (nothing & (counted < 0)).fill_null(value=False)
    if off.any() and int((counted > 0).sum()) > _MOST * table.height:
        told = in_portuguese(-float(counted.filter(off).sum()))
        table.warnings.append(WRITTEN_OFF.format(rows=int(off.sum()), units=told))
        table.keep(~off)


def _or_nothing(one: pl.Series | None, like: pl.Series, kind: pl.DataType | None = None) -> pl.Series:
    return pl.Series([None], dtype=kind or pl.Float64()).new_from_index(0, len(like)) if one is None else one


def _said(table: Columns, columns: Assignment, negative: pl.Series) -> pl.Series:
    """Say which rows came back, by the column that says so of the negative ones and of few others."""
    nothing = pl.Series([False]).new_from_index(0, table.height)
    for index, profile in enumerate(columns.profiles):
        if profile.letters < _SAY or columns.others.get(index) in ("_person", "_place"):
            continue
        back = says(table.cells(index), _BACK)
        of_negative, of_others = back.filter(negative), back.filter(~negative)
        if of_negative.sum() >= _SAY * len(of_negative) and of_others.sum() <= (1 - _SAY) * len(of_others):
            return back
    return nothing


def _called_back(table: Columns) -> pl.Series:
    """Say which rows a column of their nature (`Tipo`) calls refunds, beside some that it calls sales.

    One that describes them may be of products: there a sale has to be called that and nothing else.
    """
    nothing = pl.Series([False]).new_from_index(0, table.height)
    for index, header in enumerate(table.headers):
        named = set(words(header))
        if named & (NATURE | DESCRIBES):
            cells = table.cells(index)
            back = says(cells, _IS_BACK)
            if back.any() and (says(cells, f"{IS_SALE}|{_BILL}" if named & NATURE else _JUST_SALE) & ~back).any():
                return back
    return nothing


def _tells(cells: pl.Series | None, pattern: str, height: int) -> pl.Series:
    return pl.Series([False]).new_from_index(0, height) if cells is None else says(cells, pattern)


def returned_by_status_too(taken: Given, given: Given) -> Given:
    """Return refunds and returned units by status, for orders without a refund row of their own.

    An order with such a row (`taken`) is told by it. Without numbers of orders nobody knows which rows are the same.
    """
    order, amounts = given["order_id"], {"refund": given["revenue"], "returned_units": given["units"]}
    told = {name: whole for name, whole in amounts.items() if name in taken and whole is not None}
    if order is None or not told:
        return {}
    rows = pl.DataFrame({"order": order, "back": given["status"] == CAME_BACK, **{name: taken[name] for name in told}})
    by_row = rows.filter(pl.any_horizontal(pl.col(name) > 0 for name in told))["order"].drop_nulls()
    also = rows.select(pl.col("back") & ~pl.col("order").is_in(by_row.implode()).fill_null(value=False)).to_series()
    if not also.any():
        return {}
    frame = pl.DataFrame(
        {"also": also, **{name: taken[name] for name in told}, **{f"of_{n}": w for n, w in told.items()}}
    )
    whole = frame.select(pl.when("also").then(f"of_{name}").otherwise(name).alias(name) for name in told)
    return {one.name: one for one in whole}


def refunds_aside(table: Columns, columns: Assignment) -> str:
    """Return the name of an unused column of amounts that is called refunds; empty without one."""
    taken = {guess.index for guess in columns.guesses.values()}
    for index, (header, profile) in enumerate(zip(table.headers, columns.profiles, strict=True)):
        if index not in taken and profile.number > _SOME_AMOUNTS and _REFUNDED & set(words(header)):
            return header
    return ""
