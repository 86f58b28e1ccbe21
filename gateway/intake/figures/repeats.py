"""Find tables of one document that contain the same sales twice: a summary beside its rows, or overlapping exports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from gateway.intake.figures.same_orders import NAMES, is_of_another_time, names_products, orders_with_items
from gateway.intake.layouts.lines import NOT_SOLD

#: A table of products repeats another where so many of its products have the same sum there.
SAME_PRODUCTS_SHARE: Final = 0.8
#: Fewer products than this could agree by chance.
MIN_PRODUCTS: Final = 2
#: Fewer rows than this could all stand in another table by chance.
_FEWEST_ROWS: Final = 5
_SAME_SUM: Final = 0.005
#: Of a table of orders so many rows may lack their number.
_FEW: Final = 0.05
#: So many sales of so many products do not have the numbers of other orders by chance.
_MANY_SALES: Final = 100
_MANY_PRODUCTS: Final = 20
#: What is told of rows of orders and products that another table has, too, with other amounts.
OTHER_AMOUNTS: Final = (
    "{rows} linha(s) de uma tabela trazem pedidos e produtos que outra tabela do documento já traz, com outras "
    "quantidades ou valores: não foram somadas. Se são elas que valem, envie só a tabela delas."
)
#: What is told of products by month beside numbered orders of the same months, where their sums differ.
BY_MONTH: Final = (
    "{rows} linha(s) de uma tabela por mês, sem números de pedidos, não foram somadas aos pedidos dos mesmos meses: "
    "podem ser um resumo. Se são outras vendas, envie essa tabela em um arquivo só dela."
)
_ROW: Final = ("order_id", "product", "at", "units", "revenue")


@dataclass(frozen=True, slots=True)
class Once:
    """The lines with each sale once. `repeated` rows tell what others do.

    `apart` are those of tables without orders and products beside orders, with sums of their own: a summary of another
    time or of more than these orders, or sales that stand nowhere else. Nobody can tell, so they are not added.
    `told`: how the amounts of orders and of their items, in tables of their own, differ.
    """

    lines: pl.DataFrame
    repeated: int = 0
    apart: int = 0
    told: tuple[str, ...] = ()


def without_repeats(lines: pl.DataFrame) -> Once:
    """Return each sale once, and how many rows went. The table that tells most of a sale is kept.

    A row is the same where its order, product, moment, units and money are. A table of orders beside one of their items
    tells the same sales (`same_orders`). Of one product of one order two tables may tell other amounts, as of two
    versions of a sheet: their sum is what nobody sold, so the second is left out and told. So are products by month
    beside orders of these months. A table without orders is the same where its sum is that of the others, in all or in
    its days or months, or where its products sum up to what they do there.
    """
    least, most = lines.select(pl.col("table").min().alias("least"), pl.col("table").max().alias("most")).row(0)
    if least == most:
        return Once(lines)  # nothing is copied
    tables = sorted(lines.partition_by("table", maintain_order=True), key=_detail, reverse=True)
    kept, apart, told, others, months = tables[0], 0, [], 0, 0
    for table in tables[1:]:
        new = _not_told(table, kept)
        if (whole := orders_with_items(table, kept)) is not None:
            kept = whole[0]
            told += [whole[1]] if whole[1] else []
            continue
        if _is_summary(new, kept) or _is_part(new, kept):
            continue
        if _tells_again(new, kept):
            back = _taken_back(new, kept)
            kept, others = pl.concat([kept, back]), others + new.height - back.height
        elif _is_of_months(new, kept):
            months += new.height
        elif _is_apart(new, kept):
            apart += new.height
        else:
            kept = pl.concat([kept, new])
    told += [OTHER_AMOUNTS.format(rows=others)] if others else []
    told += [BY_MONTH.format(rows=months)] if months else []
    repeated = lines.height - kept.height - apart - others - months
    return Once(kept.sort("table", "row", maintain_order=True), repeated, apart, (*told,))


def _detail(table: pl.DataFrame) -> tuple[bool, bool, bool, int]:
    whole = table["order_id"].null_count() == 0, table["at"].null_count() == 0
    return _has(table, "order_id"), *whole, table.height


def _not_told(table: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are no others' again. Two that are alike and have no number may be two sales.

    They are one where nearly all rows of their table stand in the others, and enough of these have a number.
    """
    new = _new_rows(table, kept)
    if not table["order_id"].null_count():
        return new
    numbered = table["order_id"].count() - new["order_id"].count()
    most = table.height - new.height >= table.height * SAME_PRODUCTS_SHARE
    return new if most and numbered >= _FEWEST_ROWS else table


def _new_rows(table: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    return table.join(kept.select(_ROW).unique(), on=_ROW, how="anti", nulls_equal=True, maintain_order="left")


def _tells_again(table: pl.DataFrame, kept: pl.DataFrame) -> bool:
    """Say whether nearly all products of the table's orders stand in the others: these are the same sales.

    What came back is a row of its own, and so is what was taken off: one table may have such rows of the sales that
    both tell. Orders of another time are others, whatever their numbers are; but what was ordered on one day is billed
    on another, and so many numbers with so many products do not come together by chance. A few sales may lack theirs.
    """
    if table["order_id"].null_count() > table.height * _FEW or not names_products(table):
        return False
    key = [pl.col("order_id"), pl.col("product")]
    dated = _has(table, "at") and _has(kept, "at")
    sales = table.filter(pl.col("order_id").is_not_null() & ((pl.col("revenue") >= 0) | pl.col("revenue").is_null()))
    if _most_stand_in(sales.select(*key, *([pl.col("at").dt.date()] if dated else [])), kept):
        return True
    many = sales.height >= _MANY_SALES and sales["product"].n_unique() >= _MANY_PRODUCTS
    return many and not is_of_another_time(table["at"], kept["at"]) and _most_stand_in(sales.select(key), kept)


def _most_stand_in(sales: pl.DataFrame, kept: pl.DataFrame) -> bool:
    sales = sales.unique()
    others = kept.select("order_id", "product", pl.col("at").dt.date()).select(sales.columns).unique()
    known = sales.join(others, on=sales.columns, how="semi", nulls_equal=True)
    return known.height >= _FEWEST_ROWS and known.height >= sales.height * SAME_PRODUCTS_SHARE


def _taken_back(table: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Return the rows below zero, where the others have none: then this table alone tells what came back."""
    return table.clear() if bool((kept["revenue"] < 0).any()) else table.filter(pl.col("revenue") < 0)


def _is_part(table: pl.DataFrame, kept: pl.DataFrame) -> bool:
    """Say whether all sales of a table without orders stand in the others (`Todas as lojas`), day, product and sum."""
    if _has(table, "order_id") or table.height < _FEWEST_ROWS or not names_products(table):
        return False
    return not any(table[name].null_count() for name in ("at", "revenue")) and _new_rows(table, kept).is_empty()


def _is_summary(table: pl.DataFrame, kept: pl.DataFrame) -> bool:
    if _has(table, "order_id"):
        return False
    named = names_products(table) and names_products(kept)
    # a few products can have the others' sum by chance
    proves = (_has(kept, "order_id") and table.height >= MIN_PRODUCTS) if named else True
    if proves and _same_total(table, kept):
        return True
    if is_of_another_time(table["at"], kept["at"]):
        return False
    sums = _sums(table)
    if sums.height < MIN_PRODUCTS:
        return False
    both = sums.join(_sums(kept), on="product", how="inner", suffix="_kept")
    gap = (pl.col("revenue") - pl.col("revenue_kept")).abs()
    same = both.filter(gap <= pl.col("revenue_kept").abs() * _SAME_SUM)
    return same.height / sums.height >= SAME_PRODUCTS_SHARE


def _is_apart(table: pl.DataFrame, kept: pl.DataFrame) -> bool:
    return _has(kept, "order_id") and not _has(table, "order_id", *NAMES)


def _is_of_months(table: pl.DataFrame, kept: pl.DataFrame) -> bool:
    """Say whether products of whole months stand beside numbered orders of days of the same months."""
    if not _has(kept, "order_id") or _has(table, "order_id") or not names_products(table):
        return False
    at, days = table["at"].drop_nulls(), kept["at"].drop_nulls()
    if at.is_empty() or bool((at.dt.day() != 1).any()) or bool((days.dt.day() == 1).all()):
        return False
    return set(at.dt.truncate("1mo").to_list()) <= set(days.dt.truncate("1mo").to_list())


def _has(table: pl.DataFrame, *columns: str) -> bool:
    return any(table[column].null_count() < table.height for column in columns)


def _same_total(table: pl.DataFrame, kept: pl.DataFrame) -> bool:
    """Say whether a table's sum is that of the others, of its days or months where it has them, cancelled or not."""
    theirs = _sum(table)
    if not theirs:
        return False
    for part in _of_its_time(table, kept):
        sold = part.filter(~pl.col("status").is_in(NOT_SOLD).fill_null(value=False))
        if any(ours and abs(theirs - ours) <= abs(ours) * _SAME_SUM for ours in (_sum(part), _sum(sold))):
            return True
    return False


def _sum(lines: pl.DataFrame) -> float:
    return float(lines["revenue"].sum() or 0.0)


def _of_its_time(table: pl.DataFrame, kept: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the lines that a summary may be of: of a table with days those of its days, and those of its months."""
    if not _has(table, "at"):
        yield kept
        return
    for unit in ("1d", "1mo"):
        yield kept.filter(pl.col("at").dt.truncate(unit).is_in(table["at"].dt.truncate(unit).unique().implode()))


def _sums(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("revenue").is_not_null()).group_by("product").agg(pl.col("revenue").sum())
