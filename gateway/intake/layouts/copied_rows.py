"""Find rows that occur twice in one table, order number included, and tell copies from equal pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from gateway.intake.dates import moments
from gateway.intake.layouts.columns import Columns, key
from gateway.intake.layouts.lines import NOT_SOLD
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.unkept import each_column
from gateway.intake.words import in_portuguese

#: What is told of rows that are left out, and of rows that are counted.
ONCE: Final = (
    "{rows} linha(s) repetem outra em todas as colunas, também no número do pedido: cada venda foi contada uma "
    "vez{worth}."
)
COUNTED: Final = (
    "{rows} linha(s) são iguais em todas as colunas a outra do mesmo pedido, e foram contadas, porque podem ser peças "
    "iguais{worth}. Se são repetições, tire-as do arquivo e envie-o de novo."
)
#: Exports of orders and their items. In one of payouts a row may come twice: the same fee, on the same day.
OF_ORDERS: Final = frozenset(
    (
        *("mercado_livre.vendas", "shopee.order_all", "amazon.orders", "amazon.sales", "tiktok.orders", "shein.orders"),
        *("shopify.orders", "vtex.orders", "nuvemshop.orders", "woocommerce.orders", "etsy.items", "lazada.orders"),
        *("woocommerce.order_items", "ebay.orders", "seller_center.orders", "squarespace.orders", "wix.orders"),
    )
)
#: Fewer rows than this have different numbers, or stand in the same order, by chance.
_FEWEST: Final = 10
#: Codes of products that differ in so many rows are of goods that are sold once.
_MANY: Final = 100
_PRODUCTS: Final = frozenset(("sku", "title"))
#: So many more runs of rows than orders there may be where the rows of an order stand together.
_TOGETHER: Final = 1.02
#: A name that says so well that a column numbers orders is believed; one that may be of something else is no code.
_NUMBERS: Final = 0.85
_NAMED: Final = 0.5
_CODE: Final = r"^[A-Za-z#_-]*\d[A-Za-z0-9_-]*$"
#: What a column has, of which no name says that it is of codes: a number of fewer digits may be a weight or points.
_CODE_ALONE: Final = r"[A-Za-z]|\d{6}"
#: From this fit on a name is of the day of the sale. A weaker one is of another day: of birth, of a contract.
_WHEN: Final = 0.6


@dataclass(frozen=True, slots=True)
class CopiedRows:
    """The numbers of rows: those that are left out with the row that each repeats, and those that are counted."""

    left_out: pl.Series
    counted: pl.Series

    def tell(self, columns: Columns, lines: pl.DataFrame) -> None:
        """Report the number of copies, and their worth by the lines that were read."""
        for rows, text in ((self.left_out, ONCE), (self.counted, COUNTED)):
            if len(rows):
                columns.warnings.append(text.format(rows=len(rows), worth=_worth(rows, lines)))


def order_column(headers: list[str], required: tuple[str, ...]) -> int | None:
    """Return the column of a known export that numbers its orders; of its names the first, if none says so."""
    named = {key(name): place for place, header in enumerate(reversed(headers)) if (name := header)}
    places = [
        len(headers) - 1 - named[key(one)] for name in required for one in alternatives(name) if key(one) in named
    ]
    return next(
        (one for one in places if concepts(headers[one]).get("order_id", 0.0) >= _NUMBERS), next(iter(places), None)
    )


def without_copies(columns: Columns, order: int | None, units: int | None = None) -> CopiedRows | None:
    """Drop the rows that are copies; None without any.

    A row is a copy where a column numbers the rows, or where it is one of ten and more that stand below in the order of
    the first ones: an export has been put below itself. Else the buyer may have taken two alike. Where no column tells
    the days, the numbers may begin anew each day, as a till's do: no row is a copy.
    """
    table = columns.table
    if order is None or not columns.height or (table.whole is not None and table.needed is None):
        return None  # of a large table it is the first look
    ids = columns.cells(order)
    if ids.null_count():  # a row without a number is of the order above: which one, would change
        return None
    twice = _twice(columns, ids)
    if twice.is_empty():
        return None
    once = pl.Series([True]).new_from_index(0, columns.height).scatter(twice["place"], False)
    days = _days(columns, ids)
    if days is None:
        copies = twice.clear()
    elif _are_numbered(columns, order, units, ids, once):
        copies = twice.filter(days.gather(twice["place"]).is_not_null())
    else:
        copies = _apart(twice, ids, once, days)
    counted = twice.join(copies, on="place", how="anti")
    found = CopiedRows(columns.rows.gather(copies["first"]), columns.rows.gather(counted["place"]))
    columns.keep(pl.Series([True]).new_from_index(0, columns.height).scatter(copies["place"], False))
    return found


def _twice(columns: Columns, ids: pl.Series) -> pl.DataFrame:
    """Return `place` and `first`: of each row that repeats one, and of the one that it repeats."""
    key = ids.hash()
    ordered = key.sort()  # takes less than to look for each in all others, where no order has two rows
    none = pl.DataFrame(schema={"place": pl.UInt32, "first": pl.UInt32})
    if not (ordered == ordered.shift()).any():
        return none
    place = key.is_duplicated().arg_true()
    key = key.gather(place)
    for _, cells in each_column(columns, range(len(columns.headers))):
        key = pl.DataFrame([key.alias("key"), cells(place).alias("cell")]).hash_rows()
        again = key.is_duplicated()
        if not again.all():
            place, key = place.filter(again), key.filter(again)
        if place.is_empty():
            return none
    rows = pl.DataFrame([place.alias("place"), key.alias("key")])
    return rows.with_columns(pl.col("place").first().over("key").alias("first")).filter(
        pl.col("place") != pl.col("first")
    )


def _days(columns: Columns, ids: pl.Series) -> pl.Series | None:
    """Return the day of each row, else the one day of its order; None where no column tells two days at least."""
    every = pl.int_range(columns.height, dtype=pl.UInt32, eager=True)
    of_sale = [index for index, header in enumerate(columns.headers) if _is_of_sale(concepts(header))]
    for _, cells in each_column(columns, of_sale):
        of_rows = pl.DataFrame({"order": ids, "day": moments(cells(every)).dt.date()})
        day = pl.when(pl.col("day").drop_nulls().n_unique() == 1).then(pl.col("day").min())
        days = of_rows.select(pl.coalesce("day", day.over("order")))["day"]
        if days.drop_nulls().n_unique() > 1:
            return days
    return None


def _is_of_sale(named: dict[str, float]) -> bool:
    """Say whether a name is of the day of the sale, or of an hour: other days are told without one."""
    others = (fit for name, fit in named.items() if name != "order_id")
    return bool(named.get("_period")) or named.get("at", 0.0) >= max((_WHEN, *others))


def _apart(twice: pl.DataFrame, ids: pl.Series, once: pl.Series, days: pl.Series) -> pl.DataFrame:
    """Return the rows of a piece that is put below itself, in a table that keeps the rows of an order together.

    Fewer than ten in the order of the first ones may be two alike each, of orders that are sorted by something else.
    One day in all of them may be the day of the export.
    """
    own = ids.filter(once)
    runs = int((own != own.shift()).fill_null(value=True).sum())
    if runs > own.n_unique() * _TOGETHER:
        return twice.clear()
    run = ids.rle_id()
    apart = twice.filter(run.gather(twice["place"]) != run.gather(twice["first"])).sort("place")
    follows = (pl.col("place").diff() == 1) & (pl.col("first").cast(pl.Int64).diff() == 1)
    apart = apart.with_columns(
        (~follows.fill_null(value=False)).cum_sum().alias("piece"), days.gather(apart["place"]).alias("day")
    )
    dated = pl.col("day").is_not_null().all() & (pl.col("day").n_unique() > 1)
    return apart.filter(((pl.len() >= _FEWEST) & dated).over("piece")).select("place", "first")


def _are_numbered(columns: Columns, order: int, units: int | None, ids: pl.Series, once: pl.Series) -> bool:
    """Say whether a column has another code in each row, copies aside.

    The order's number is one where units are counted beside it: two pieces would be one row. What is the buyer's, the
    parcel's or the bill's is one in each order, and none of the rows.
    """
    if int(once.sum()) < _FEWEST:
        return False
    several = int(ids.filter(once).is_duplicated().sum()) >= _FEWEST
    for index, header in enumerate(columns.headers):
        if str(index) not in columns.frame.columns or (index == order and not _counts(columns, units)):
            continue
        cells = columns.frame[str(index)].filter(once)
        if cells.null_count() or cells.n_unique() < len(cells) or not cells.str.contains(_CODE).all():
            continue
        if (index == order or _may_number(concepts(header), cells, several=several)) and _is_no_day(cells):
            return True
    return False


def _may_number(named: dict[str, float], cells: pl.Series, *, several: bool) -> bool:
    """Say whether codes that all differ number rows, by a row's name or because they differ in `several` of one order.

    Those of products do where none of many is sold twice.
    """
    row, order = named.get("_row", 0.0), named.get("order_id", 0.0)
    product = max((named.get(name, 0.0) for name in _PRODUCTS), default=0.0)
    other = max((fit for name, fit in named.items() if name not in _PRODUCTS | {"order_id", "_row"}), default=0.0)
    if other > max(row, order, _NAMED):
        return False
    if row >= _NUMBERS and product < _NUMBERS:
        return True
    if not several or (product if len(cells) < _MANY else 0.0) > max(row, order, _NAMED):
        return False
    return max(row, order, product) >= _NAMED or bool(cells.str.contains(_CODE_ALONE).all())


def _is_no_day(cells: pl.Series) -> bool:
    return moments(cells.head(_FEWEST)).null_count() > 0


def _counts(columns: Columns, units: int | None) -> bool:
    return units is not None and bool((columns.amounts(units) > 1).any())


def _worth(rows: pl.Series, lines: pl.DataFrame) -> str:
    sold = lines.filter(~pl.col("status").is_in(NOT_SOLD).fill_null(value=False))
    both = pl.DataFrame({"row": rows}).join(sold.select("row", "revenue"), on="row")
    worth = both["revenue"].drop_nulls()
    return f" (somam {in_portuguese(float(worth.sum()))})" if len(worth) else ""
