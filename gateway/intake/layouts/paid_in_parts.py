"""Merge the rows of a sale with several payments, so that it counts once or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from gateway.intake.fields import BESIDE_REVENUE
from gateway.intake.layouts.amounts import is_of_order
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment, sold_singly
from gateway.intake.layouts.installments import without
from gateway.intake.layouts.names import words
from gateway.intake.values import CENTS
from gateway.intake.words import in_portuguese

ONCE: Final = (
    "Há uma linha por pagamento (coluna “{column}”), e cada uma repete a venda inteira: {rows} linha(s) repetidas não "
    "foram contadas."
)
ITEM_ONCE: Final = (
    "{rows} linha(s) repetem um item do mesmo pedido (coluna “{column}”), como em um cruzamento com pagamentos ou "
    "avaliações: cada item foi contado uma vez."
)
UNSURE: Final = (
    "Há linhas iguais que só diferem no pagamento (coluna “{column}”), e nada diz se cada uma é uma venda ou parte do "
    "pagamento de uma: a receita não foi calculada. Deixe uma linha por venda, ou ponha em uma coluna quanto foi pago "
    "em cada linha."
)
MAY_REPEAT: Final = (
    "{rows} linha(s) só diferem da linha acima no pagamento (coluna “{column}”): foram contadas. Se são partes do "
    "mesmo pagamento, a receita é {amount} menor; deixe uma linha por venda."
)
#: What the rows of one sale have in common.
_OF_SALE: Final = ("order_id", "sku", "title", "at", "units", "price", "status", "channel")
#: What a piece that is sold singly has, besides its number within the order.
_OF_PIECE: Final = ("order_id", "sku", "title", "price")
_ITEM: Final = frozenset(("item", "unit"))
_OF_BUYER: Final = ("_person", "_place")
#: What tells items apart that have no name; a `Tipo` may be that of the payment.
_OF_ITEM: Final = ("_category", "_cost", "_margin", "_list_price")
_ANY_KIND: Final = frozenset(("tipo", "type"))
#: Words of a name by which an amount is what was paid.
_PAID: Final = frozenset(("pago", "paga", "paid", "pagado", "pagada", "pagamento", "payment", "pagato", "paye"))
_MOST: Final = 0.9
_AMOUNTS: Final = 0.5
#: So many orders that have one total in all of their rows repeat it: halves of it would be an accident.
_SEVERAL: Final = 3


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows with the sale that each is of: `sale`, `whole`, `part`, `means`."""

    frame: pl.DataFrame
    has_buyer: bool

    @property
    def repeated(self) -> pl.DataFrame:
        """Return one row for each sale of several rows that differ in how they were paid."""
        return (
            self.frame.group_by("sale")
            .agg(
                pl.len().alias("rows"),
                pl.col("whole").first(),
                pl.col("part").sum(),
                pl.col("part").max().alias("most"),
                pl.struct("means", "part").n_unique().alias("ways"),
            )
            .filter((pl.col("rows") > 1) & (pl.col("ways") == pl.col("rows")))
        )


def each_payment_once(table: Columns, columns: Assignment) -> Assignment:
    """Keep one row of each sale that has a row for each payment; drop columns whose value is then unknown."""
    if not table.height:
        return columns
    if sold_singly(columns):
        _each_item_once(table, columns)
        return columns
    for whole, part in _pairs(table, columns):
        rows = _rows(table, columns, whole, part)
        if _add_up(rows):
            own = columns.guesses["revenue"]
            kept = columns if own.index == whole else _with_total(columns, whole)
            return _once(table, kept, rows, part)
    return _by_means(table, columns)


def _each_item_once(table: Columns, columns: Assignment) -> None:
    """Keep one row of each piece that a column numbers within its order (`order_item_id`), where rows repeat it."""
    numbered = [i for i, name in columns.others.items() if name == "_row" and _ITEM & set(words(table.headers[i]))]
    of_piece = [i for name in _OF_PIECE if (i := columns.column(name)) is not None]
    if not numbered:
        return
    cells = pl.DataFrame([table.cells(i).alias(str(i)) for i in (*numbered, *of_piece)])
    first = cells.select(pl.struct(pl.all()).is_first_distinct() | pl.any_horizontal(pl.all().is_null())).to_series()
    if again := table.height - int(first.sum()):
        table.warnings.append(ITEM_ONCE.format(column=table.headers[numbered[0]], rows=again))
        table.keep(first)


def _by_means(table: Columns, columns: Assignment) -> Assignment:
    """Tell rows that differ in the means of payment alone, where no amounts of it add up."""
    total, means, paid = columns.column("revenue"), _means(columns), _paid(table, columns)
    if total is None or (means is None and paid is None):
        return columns
    rows = _rows(table, columns, total, paid)
    found = rows.repeated
    if found.is_empty():
        return columns
    column = means if means is not None else paid
    assert column is not None
    header, ordered = table.headers[column], columns.column("order_id") is not None
    if ordered and (_is_whole(table, columns, total, rows) or found.height >= _SEVERAL):
        return _once(table, columns, rows, column)
    in_part = paid is not None and bool((found["most"] < found["whole"] - CENTS).all())
    named = rows.has_buyer and is_of_order(table.headers[total])
    if (ordered or in_part or named) and columns.guesses["revenue"].by != "person":
        table.warnings.append(UNSURE.format(column=header))
        return without(columns, "revenue", "price", "units", *BESIDE_REVENUE)
    if is_of_order(table.headers[total]):
        more = float((found["whole"] * (found["rows"] - 1)).sum())
        count = int((found["rows"] - 1).sum())
        table.warnings.append(MAY_REPEAT.format(rows=count, column=header, amount=in_portuguese(more)))
    return columns


def _pairs(table: Columns, columns: Assignment) -> Iterator[tuple[int, int]]:
    """Yield candidate pairs of columns: a sale's total, and the amount paid of it."""
    total = columns.column("revenue")
    if total is None:
        return
    taken = {guess.index for name, guess in columns.guesses.items() if name not in ("revenue", "price")}
    free = [
        index
        for index, profile in enumerate(columns.profiles)
        if profile.number >= _AMOUNTS and index not in taken and index != total and columns.others.get(index) is None
    ]
    free += [index for index, name in columns.others.items() if name == "_paid" and index != total]
    yield from ((total, index) for index in free)
    if _PAID & set(words(table.headers[total])):
        yield from ((index, total) for index in free)


def _rows(table: Columns, columns: Assignment, whole: int, part: int | None) -> _Rows:
    buyers = [index for index, name in columns.others.items() if name in _OF_BUYER]
    own = [index for name in _OF_SALE if (index := columns.column(name)) is not None and index != part]
    items = [index for index, name in columns.others.items() if name in _OF_ITEM and not _is_any(table, index)]
    means = _means(columns)
    apart = {*own, *buyers, *items, whole}
    key = pl.DataFrame([table.cells(index).alias(str(index)) for index in apart]).hash_rows()
    sale = key if columns.column("order_id") is not None else key.rle_id()
    empty = pl.Series([None], dtype=pl.Float64).new_from_index(0, table.height)
    frame = pl.DataFrame(
        {
            "sale": sale,
            "whole": table.amounts(whole),
            "part": empty if part is None else table.amounts(part),
            "means": pl.Series([""]).new_from_index(0, table.height) if means is None else table.cells(means),
        }
    )
    return _Rows(frame, bool(buyers))


def _is_any(table: Columns, index: int) -> bool:
    return set(words(table.headers[index])) <= _ANY_KIND


def _means(columns: Assignment) -> int | None:
    """Return the column that tells how a row was paid."""
    named = (index for index, name in columns.others.items() if name == "_payment")
    return next(
        (i for i in named if columns.profiles[i].number < _AMOUNTS and columns.profiles[i].date < _AMOUNTS), None
    )


def _paid(table: Columns, columns: Assignment) -> int | None:
    """Return the column that is called after what was paid, and is nothing else."""
    taken = {guess.index for guess in columns.guesses.values()}
    for index, profile in enumerate(columns.profiles):
        if index not in taken and profile.number >= _AMOUNTS and _PAID & set(words(table.headers[index])):
            return index
    return None


def _add_up(rows: _Rows) -> bool:
    """Say whether the parts of each sale of several rows are its total, and each less than it; a lone one is it."""
    found = rows.repeated.drop_nulls(["whole", "part"])
    if found.is_empty():
        return False
    lone = rows.frame.filter(pl.len().over("sale") == 1).drop_nulls(["whole", "part"])
    fits = ((found["part"] - found["whole"]).abs() <= CENTS) & (found["most"] < found["whole"] - CENTS)
    within = lone.is_empty() or bool(((lone["part"] - lone["whole"]) <= CENTS).all())
    same = lone.is_empty() or float(str(((lone["part"] - lone["whole"]).abs() <= CENTS).mean())) >= _AMOUNTS
    return within and same and float(str(fits.mean())) >= _MOST


def _is_whole(table: Columns, columns: Assignment, total: int, rows: _Rows) -> bool:
    """Say whether each row of several has the whole sale: units times price are it, or it is called the order's."""
    units, price = columns.column("units"), columns.column("price")
    if is_of_order(table.headers[total]):
        return True
    if units is None or price is None:
        return False
    several = rows.frame.select((pl.len().over("sale") > 1).alias("several"))["several"]
    close = (table.amounts(units) * table.amounts(price) - table.amounts(total)).abs() <= CENTS
    return float(str(close.filter(several).mean() or 0)) >= _MOST


def _once(table: Columns, columns: Assignment, rows: _Rows, column: int) -> Assignment:
    """Keep the first row of each sale whose rows are its payments. A cost that differs between them is unknown."""
    of_payments = pl.col("sale").is_in(rows.repeated["sale"].implode())
    first = rows.frame.select((~of_payments | pl.col("sale").is_first_distinct()).alias("first"))["first"]
    apart = [name for name in BESIDE_REVENUE if _differs(table, columns.column(name), rows)]
    again = table.height - int(first.sum())
    table.keep(first)
    table.warnings.append(ONCE.format(column=table.headers[column], rows=again))
    return without(columns, *apart)


def _differs(table: Columns, index: int | None, rows: _Rows) -> bool:
    if index is None:
        return False
    amounts = rows.frame.select("sale", table.amounts(index).alias("amount"))
    return bool(amounts.select((pl.col("amount").n_unique().over("sale") > 1).any()).item())


def _with_total(columns: Assignment, whole: int) -> Assignment:
    own = columns.guesses["revenue"]
    return replace(columns, guesses=columns.guesses | {"revenue": replace(own, index=whole)})
