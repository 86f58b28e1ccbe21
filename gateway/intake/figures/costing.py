"""Joins each sale with its product's cost, by SKU, as it was on the day of the sale."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from gateway.intake.goods import Cost, Goods
from gateway.intake.words import fold
from schemas.product import sku_key

#: Columns that a sale gets. `no_cost` says why its cost does not count; null: it does.
COST_COLUMNS: Final[dict[str, pl.DataType]] = {
    "unit_cost": pl.Float64(),
    "tax_rate": pl.Float64(),
    "cost_is_later": pl.Boolean(),  # it was told to hold from a later day on
    "no_cost": pl.String(),
}
_UNDATED: Final = date.min
_SCHEMA: Final = {
    "key": pl.String(),
    "since": pl.Date(),
    "unit_cost": pl.Float64(),
    "tax_rate": pl.Float64(),
    "cost_currency": pl.String(),
}


def with_costs(sold: pl.DataFrame, goods: Goods, currency: str) -> pl.DataFrame:
    """Add `COST_COLUMNS`. A sale of before the first known cost has that one; one in another currency has none.

    Packaging is a part of the cost. What the document itself tells of a sale stands above what is kept by SKU.
    """
    return _with_own(_joined(sold, goods, currency))


def tells_costs(sold: pl.DataFrame) -> bool:
    """Say whether the document itself tells what some of its sales cost."""
    return sold["own_cost"].null_count() < sold.height


def _with_own(costed: pl.DataFrame) -> pl.DataFrame:
    """Take the cost that the document itself tells of a sale before one that is kept by SKU."""
    if not tells_costs(costed):
        return costed
    own = pl.col("own_cost").is_not_null() & pl.col("units").is_not_null()
    return costed.with_columns(
        pl.when(own).then(pl.col("own_cost")).otherwise("unit_cost").alias("unit_cost"),
        pl.when(own).then(pl.lit(False)).otherwise("cost_is_later").alias("cost_is_later"),
        pl.when(~own).then(pl.col("no_cost")).alias("no_cost"),
    )


def _joined(sold: pl.DataFrame, goods: Goods, currency: str) -> pl.DataFrame:
    if not goods.costs or sold.is_empty():
        nothing = (pl.lit(None, dtype=kind).alias(name) for name, kind in COST_COLUMNS.items() if name != "no_cost")
        return sold.with_columns(*nothing, pl.lit("no_cost").alias("no_cost"))
    costs = _frame(goods.costs)
    keys = _keys(sold, goods.costs)
    day = pl.col("at").dt.date()
    # the join is of a few columns: the others of a million sales need not be copied
    placed = (
        sold.select("product", day.fill_null(pl.coalesce(day.max(), pl.lit(date.max))).alias("cost_day"))
        .join(keys, on="product", how="left", maintain_order="left")
        .drop("product")
    )
    pairs = placed.select("key", "cost_day").unique().drop_nulls("key").sort("cost_day")
    then = pairs.join_asof(costs.sort("since"), left_on="cost_day", right_on="since", by="key", check_sortedness=False)
    first = costs.sort("since").group_by("key", maintain_order=True).first()
    found = then.join(first, on="key", how="left", suffix="_first").with_columns(
        pl.col("unit_cost").is_null().alias("cost_is_later"),
        *(
            pl.when(pl.col("unit_cost").is_not_null()).then(pl.col(name)).otherwise(pl.col(f"{name}_first")).alias(name)
            for name in ("tax_rate", "cost_currency", "unit_cost")
        ),
    )
    told = placed.join(
        found.select("key", "cost_day", "unit_cost", "tax_rate", "cost_is_later", "cost_currency"),
        on=["key", "cost_day"],
        how="left",
        maintain_order="left",
    ).drop("key", "cost_day")
    foreign = pl.col("cost_currency") != currency
    reason = (
        pl.when(pl.col("unit_cost").is_null())
        .then(pl.lit("no_cost"))
        .when(foreign)
        .then(pl.lit("cost_currency"))
        .when(pl.col("units").is_null())
        .then(pl.lit("no_units"))
    )
    return sold.with_columns(told).with_columns(reason.alias("no_cost")).drop("cost_currency")


def _frame(costs: list[Cost]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "key": one.key,
                "since": date.fromisoformat(one.since) if one.since else _UNDATED,
                "unit_cost": one.unit_cost + (one.packaging or 0.0),
                "tax_rate": one.tax_rate,
                "cost_currency": one.currency,
            }
            for one in costs
        ],
        schema=_SCHEMA,
    )


def _keys(sold: pl.DataFrame, costs: list[Cost]) -> pl.DataFrame:
    """Return each product's key among the costs: its SKU, or for sales without one the only SKU with its title."""
    known = {one.key for one in costs}
    titles: dict[str, set[str]] = {}
    for one in costs:
        if one.title:
            titles.setdefault(fold(one.title), set()).add(one.key)
    by_title = {title: next(iter(keys)) for title, keys in titles.items() if len(keys) == 1}
    products = sold.group_by("product", maintain_order=True).agg(
        pl.col("title").drop_nulls().first(), pl.col("sku").is_null().all().alias("unnamed")
    )
    rows = []
    for product, title, unnamed in products.rows():
        key = sku_key(product)
        if key not in known and unnamed and title:
            key = by_title.get(fold(title), key)
        rows.append({"product": product, "key": key})
    return pl.DataFrame(rows, schema={"product": pl.String(), "key": pl.String()})
