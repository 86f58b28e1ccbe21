"""Merges the rows of a sale's installments, so that each sale counts once."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.fields import BESIDE_REVENUE
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words
from gateway.intake.values import CENTS

ONCE: Final = (
    "Há uma linha por parcela (coluna “{column}”), e cada uma repete a venda inteira: {rows} linha(s) repetidas não "
    "foram contadas."
)
SUMMED: Final = (
    "Há uma linha por parcela (coluna “{column}”), com o valor dela: as parcelas de cada venda foram somadas, e as "
    "unidades contadas uma vez ({rows} linha(s) a mais)."
)
INCOMPLETE: Final = "{rows} venda(s) têm só parte das parcelas no documento: o valor delas não é conhecido."
UNSURE: Final = (
    "Há uma linha por parcela (coluna “{column}”), e nada diz se o valor é da venda inteira ou da parcela: a receita "
    "não foi calculada."
)
UNTIED: Final = (
    "Há linhas de parcelas (coluna “{column}”), e nenhuma coluna diz de qual pedido é cada uma: receita e unidades não "
    "foram calculadas."
)
_WORDS: Final = frozenset(("parcela", "parc", "prestacao", "installment", "instalment", "cuota", "cicilan", "angsuran"))
#: Beside such a word the name is that of an amount, or of how many there are.
_OF_AMOUNTS: Final = frozenset(("valor", "amount", "value", "monto", "importe", "total", "juro", "taxa"))
#: By these an amount's name says that it is of all of the sale.
_WHOLE: Final = frozenset(("total", "pedido", "order", "venda", "venta", "compra", "nota", "nf", "pesanan"))
#: `1/3`, `1 de 3`, `1ª`, `1`
_PLACE: Final = r"^(\d{1,2})\s*(?:[ªºax°.]|(?:/|de|of|-)\s*(\d{1,2}))?$"
_MOST: Final = 0.9


def each_sale_once(table: Columns, columns: Assignment) -> Assignment:
    """Keep the first installment's row of each sale, with what all of its rows say of its amount.

    Where every row repeats the whole sale the first has it. Where each has an installment's amount these are added up:
    then costs, which may be of either, are unknown, as are those that differ from row to row. Returns the columns
    without those that nobody can tell.
    """
    column, order = _column(table), columns.column("order_id")
    if column is None or not table.height:
        return columns
    header = table.headers[column]
    rows = _rows(table, columns, column)
    if order is None:
        if not (rows["count"] > 1).any():  # of how many installments, and not which
            return columns
        table.warnings.append(UNTIED.format(column=header))
        return without(columns, "revenue", "price", "units", "status", *BESIDE_REVENUE)
    several = rows.filter(pl.col("rows") > 1)
    if several.is_empty() and ((rows["count"] > 1) & (rows["place"] > 1)).any():
        # each installment has a number of its own, which is none of the sale
        table.warnings.append(UNTIED.format(column=header))
        return without(columns, "order_id", "revenue", "price", "units", *BESIDE_REVENUE)
    if several.is_empty() or not several["apart"].all():  # of how many installments, and not which
        return columns
    index = columns.column("revenue")
    is_whole = None if index is None else _is_whole(table, columns, index, several)
    first = rows["is_first"]
    repeated = table.height - int(first.sum())
    if is_whole is not False:
        apart = [name for name in BESIDE_REVENUE if _differs(table, columns.column(name), rows)]
        table.keep(first)
        if is_whole is None and index is not None:
            table.warnings.append(UNSURE.format(column=header))
            return without(columns, "revenue", "price", *BESIDE_REVENUE)
        table.warnings.append(ONCE.format(column=header, rows=repeated))
        return without(columns, *apart)
    assert index is not None
    complete = pl.col("count").is_null() | (pl.col("rows") >= pl.col("count"))
    amounts = rows.with_columns(table.amounts(index).alias("amount")).with_columns(
        pl.when(complete).then(pl.col("amount").sum().over("sale")).alias("amount")
    )
    own = amounts.filter("is_first")["amount"]
    table.keep(first)
    table.put_amounts(index, own)
    table.warnings.append(SUMMED.format(column=header, rows=repeated))
    if own.null_count():
        table.warnings.append(INCOMPLETE.format(rows=own.null_count()))
    return without(columns, "price", *BESIDE_REVENUE)


def _column(table: Columns) -> int | None:
    """Return the column that tells which installment a row is."""
    for index, header in enumerate(table.headers):
        named = set(words(header))
        if named & _WORDS and not named & _OF_AMOUNTS:
            return index
    return None


def _rows(table: Columns, columns: Assignment, column: int) -> pl.DataFrame:
    """Return of each row its sale, how many rows that has, its place among them, and whether it is the first."""
    names = [index for name in ("order_id", "sku", "title") if (index := columns.column(name)) is not None]
    cells = table.cells(column)
    place = cells.str.to_lowercase().str.extract_groups(_PLACE).struct.unnest().cast(pl.Int32)
    frame = pl.DataFrame(
        {
            "sale": pl.DataFrame([table.cells(index).alias(str(index)) for index in names] or [cells]).hash_rows(),
            "cell": cells,
            "place": place["1"],
            "count": place["2"],
            "row": table.rows,
        }
    )
    if columns.column("order_id") is not None:  # a row without an order's number is a sale of its own
        numbered = table.cells(names[0]).is_not_null()
        frame = frame.with_columns(pl.when(numbered).then("sale").otherwise(pl.col("row").hash()).alias("sale"))
    return frame.with_columns(
        pl.len().over("sale").alias("rows"),
        ((pl.col("cell").n_unique() == pl.len()) & pl.col("cell").is_not_null().all()).over("sale").alias("apart"),
        (pl.struct("place", "row").rank("ordinal").over("sale") == 1).alias("is_first"),
    )


def _is_whole(table: Columns, columns: Assignment, index: int, several: pl.DataFrame) -> bool | None:
    """Say whether each row's amount is that of the whole sale; None where nothing tells."""
    amounts = {i: table.amounts(i) for i, one in enumerate(columns.profiles) if one.number >= _MOST or i == index}
    frame = pl.DataFrame({"row": table.rows, **{str(i): one for i, one in amounts.items()}})
    units, price = columns.column("units"), columns.column("price")
    items = pl.lit(None, pl.Float64)
    if units in amounts and price in amounts:
        items = pl.col(str(units)) * pl.col(str(price))
    own = pl.col(str(index))
    others = [pl.col(name).sum().alias(name) for name in map(str, amounts) if name != str(index)]
    sales = (
        several.select("sale", "row")
        .join(frame.with_columns(items.alias("items")), on="row", maintain_order="left")
        .group_by("sale")
        .agg(own.first().alias("own"), own.sum().alias("sum"), own.min().alias("least"), own.max().alias("most"),
             pl.col("items").first(), *others)
    )  # fmt: skip

    def fits(left: pl.Expr) -> bool:
        close = sales.select((left.abs() <= CENTS).mean()).item()
        return close is not None and float(close) >= _MOST

    if fits(pl.col("items") - pl.col("sum")) or not fits(pl.col("most") - pl.col("least")):
        return False
    parts = [str(i) for i in amounts if str(i) in sales.columns and i not in (units, price)]
    if fits(pl.col("items") - pl.col("own")) or any(fits(pl.col(name) - pl.col("own")) for name in parts):
        return True
    named = set(words(table.headers[index]))
    if named & _WORDS:
        return False
    return True if named & _WHOLE else None


def _differs(table: Columns, index: int | None, rows: pl.DataFrame) -> bool:
    """Say whether rows of one sale have different amounts in the column."""
    if index is None:
        return False
    amounts = rows.select("sale", table.amounts(index).alias("amount"))
    return bool(amounts.select((pl.col("amount").n_unique().over("sale") > 1).any()).item())


def without(columns: Assignment, *names: str) -> Assignment:
    """Return the columns without the columns of these fields, whose meaning is unknown."""
    return replace(columns, guesses={name: one for name, one in columns.guesses.items() if name not in names})
