"""Drop rows that stand for a whole order above its items, or repeat a sale for each of its charges."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words
from gateway.intake.values import CENTS, says

HEADS: Final = "{rows} linha(s) são o resumo de pedidos cujos itens estão em outras linhas: foram contados os itens."
CHARGES: Final = (
    "Há uma linha por tarifa (coluna “{column}”), e cada uma repete a venda: {rows} linha(s) repetidas não foram "
    "contadas, e as tarifas de cada venda foram somadas{freight}."
)
AND_FREIGHT: Final = ", as de envio à parte, como frete"
#: A name that tells what a row is a charge for.
_CHARGED: Final = frozenset(("detalhe", "detalle", "detail", "tarifa", "taxa", "fee", "charge", "cargo", "cobranca"))
_IS_FREIGHT: Final = r"envio|frete|shipping|freight|fulfil?lment|flete"
_MOST: Final = 0.9
_LETTERS: Final = 0.8


def is_head(order: pl.Series | None, item: pl.Series | None) -> pl.Series:
    """Return which rows have no item while their order's other rows have one: they stand for the order."""
    assert order is not None
    assert item is not None
    frame = pl.DataFrame({"order": order, "item": item})
    others = pl.col("item").is_not_null().any().over("order")
    return frame.select((pl.col("order").is_not_null() & pl.col("item").is_null() & others).alias("head")).to_series()


def drop_heads(table: Columns, columns: Assignment) -> None:
    """Drop a row without a product whose amount and units are those of the order's other rows, which have one."""
    order, units = columns.column("order_id"), columns.column("units")
    goods = [index for name in ("sku", "title") if (index := columns.column(name)) is not None]
    amount = next((index for name in ("price", "revenue") if (index := columns.column(name)) is not None), None)
    if order is None or amount is None or units is None or not goods or not table.height:
        return
    bare = pl.select(pl.all_horizontal(table.cells(index).is_null() for index in goods)).to_series()
    if not bare.any():
        return
    by_piece = pl.col("units") if amount == columns.column("price") else pl.lit(1.0)
    item = pl.col("order").is_not_null() & ~pl.col("bare")
    frame = pl.DataFrame(
        {"order": table.cells(order), "bare": bare, "amount": table.amounts(amount), "units": table.amounts(units)}
    ).with_columns(
        goods=pl.when(item).then(pl.col("amount") * by_piece).sum().over("order"),
        pieces=pl.when(item).then("units").sum().over("order"),
        items=item.sum().over("order"),
    )
    same = [(pl.col(own) - pl.col(others)).abs() < CENTS for own, others in (("amount", "goods"), ("units", "pieces"))]
    head = pl.col("bare") & pl.col("order").is_not_null() & (pl.col("items") > 1) & pl.all_horizontal(same)
    heads = frame.select(head.fill_null(value=False).alias("head")).to_series()
    if heads.any():
        table.warnings.append(HEADS.format(rows=int(heads.sum())))
        table.keep(~heads)


def each_charge_of_its_sale(table: Columns, columns: Assignment) -> Assignment:
    """Keep one row of each sale that a bill repeats for each of its charges, with the sum of these.

    A column tells what each row is a charge for, and order, product, units and amount are the same in all of a sale's
    rows. Returns the columns; those of a bill tell freight by row, and never by a column of its own.
    """
    names = ("order_id", "units", "fees")
    order, units, fees = (columns.column(name) for name in names)
    what = None if fees is None else _told_by(table, columns)
    amount = next((index for name in ("revenue", "price") if (index := columns.column(name)) is not None), None)
    if order is None or fees is None or what is None or amount is None:
        return columns
    told = [i for name in ("sku", "title") if (i := columns.column(name)) is not None]
    same = [*([] if units is None else [units]), amount]
    sale = [table.cells(order).alias("order"), *(table.cells(i).alias(f"of {i}") for i in told)]
    own = [f"own {i}" for i in same]
    frame = pl.DataFrame([*sale, table.cells(what).alias("what"), *(table.amounts(i).alias(f"own {i}") for i in same)])
    by = [one.name for one in sale]
    repeated = frame.drop_nulls("order").group_by(by).agg(
        pl.len().alias("rows"), pl.col("what").n_unique().alias("charges"),
        pl.all_horizontal(pl.col(name).n_unique() == 1 for name in own).alias("same"),
    ).filter(pl.col("rows") > 1)  # fmt: skip
    apart = ((repeated["rows"] == repeated["charges"]) & repeated["same"]).mean()
    if repeated.is_empty() or float(str(apart)) < _MOST:
        return columns
    return _summed(table, columns, frame.select(by), fees, what)


def _told_by(table: Columns, columns: Assignment) -> int | None:
    """Return the column of words that tells what each row is a charge for."""
    taken = {columns.column(name) for name in columns.guesses}
    for index, profile in enumerate(columns.profiles):
        named = set(words(table.headers[index])) & _CHARGED
        if named and index not in taken and profile.letters > _LETTERS and profile.yes_no < _LETTERS:
            return index
    return None


def _summed(table: Columns, columns: Assignment, sale: pl.DataFrame, fees: int, what: int) -> Assignment:
    freight = says(table.cells(what), _IS_FREIGHT)
    charge = table.amounts(fees)
    numbered = pl.col("order").is_not_null()
    frame = sale.with_columns(charge.alias("charge"), freight.alias("freight")).with_columns(
        fees=pl.when(~pl.col("freight")).then("charge").otherwise(0.0).sum().over(sale.columns),
        shipped=pl.when("freight").then("charge").otherwise(0.0).sum().over(sale.columns),
        first=(pl.struct(sale.columns).is_first_distinct() | ~numbered),
    )
    first = frame["first"]
    table.keep(first)
    table.put_amounts(fees, frame.filter("first")["fees"])
    told = CHARGES.format(
        column=table.headers[what], rows=int((~first).sum()), freight=AND_FREIGHT if freight.any() else ""
    )
    table.warnings.append(told)
    if not freight.any() or columns.column("shipping") is not None:
        return columns
    table.put_amounts(what, frame.filter("first")["shipped"])
    return replace(columns, guesses={**columns.guesses, "shipping": replace(columns.guesses["fees"], index=what)})
