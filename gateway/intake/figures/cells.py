"""Select the rows behind each cell of the tables by month and by product, so that a person can open them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from gateway.intake.figures.measure import rounded
from gateway.intake.figures.rows import order_name
from gateway.intake.figures.totals import IS_SALE
from gateway.intake.layouts.lines import CANCELLED
from schemas.facts import CellRow, CellRows

#: Months whose rows are kept at most, the latest ones.
MAX_MONTHS: Final = 24
#: Rows of each that are kept: with most revenue, with most refunded, and cancelled with most revenue.
OF_MONTH: Final = (8, 4, 4)
OF_PRODUCT: Final = (4, 3, 2)
_AMOUNTS: Final = ("revenue", "units", "fees", "shipping", "refund", "net", "returned_units")


def rows_by_month(lines: pl.DataFrame) -> dict[str, CellRows]:
    """Return rows of each of the last months, the oldest first."""
    month = pl.col("at").dt.strftime("%Y-%m")
    found = _rows_by(lines, month, OF_MONTH)
    return {name: found[name] for name in sorted(found)[-MAX_MONTHS:]}


def rows_by_product(lines: pl.DataFrame, products: Sequence[str]) -> dict[str, CellRows]:
    """Return rows of each of these products, in their order."""
    found = _rows_by(lines.filter(pl.col("product").is_in(list(products))), pl.col("product"), OF_PRODUCT)
    return {name: found[name] for name in products if name in found}


def _rows_by(lines: pl.DataFrame, key: pl.Expr, most: tuple[int, int, int]) -> dict[str, CellRows]:
    """Return rows by a key; of equal amounts the first ones of the document."""
    sold, cancelled = IS_SALE, (pl.col("status") == CANCELLED).fill_null(value=False)
    told = lines.select(
        key.alias("key"), sold.alias("sold"), cancelled.alias("cancelled"), "revenue", "refund"
    ).with_row_index("place")
    groups = (
        told.filter(pl.col("key").is_not_null())
        .group_by("key")
        .agg(
            pl.col("sold").sum().alias("sales"),
            pl.col("cancelled").sum().alias("lost"),
            _first(pl.col("sold"), "revenue", most[0]).alias("best"),
            _first(pl.col("sold") & (pl.col("refund") > 0), "refund", most[1]).alias("back"),
            _first(pl.col("cancelled"), "revenue", most[2]).alias("gone"),
        )
        .rows(named=True)
    )
    return {
        group["key"]: CellRows(
            group["sales"],
            group["lost"],
            _told(lines, list(dict.fromkeys([*group["best"], *group["back"], *group["gone"]]))),
        )
        for group in groups
    }


def _first(wanted: pl.Expr, amount: str, most: int) -> pl.Expr:
    """Return the places of the wanted rows with the largest amounts."""
    amounts, places = pl.col(amount).filter(wanted), pl.col("place").filter(wanted)
    return places.sort_by(amounts, places, descending=[True, False], nulls_last=True).head(most)


def _told(lines: pl.DataFrame, places: list[int]) -> list[CellRow]:
    rows = lines[places].select("order_id", "table", "row", "status", *_AMOUNTS).rows(named=True)
    return [
        CellRow(
            order_name(row["order_id"]),
            row["table"] or 0,
            row["row"] or 0,
            cancelled=row["status"] == CANCELLED,
            **{
                "refunds" if name == "refund" else name: None if row[name] is None else rounded(row[name])
                for name in _AMOUNTS
            },
        )
        for row in rows
    ]
