"""Classes products twice: by their share of the revenue (ABC), and by how much their units vary (XYZ)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from gateway.intake.figures.measure import MAX_SKUS, by_sku, count, rounded
from gateway.intake.figures.spans import are_months, first_and_last
from schemas.facts import Figure
from schemas.product import UNNAMED

#: The best sellers up to the first share of the revenue are A, those up to the second one B.
SHARES: Final = (0.80, 0.95)
#: Up to the first variation of its units a product is X, up to the second one Y.
VARIATIONS: Final = (0.5, 1.0)
#: So many whole months, or else whole weeks, a product was sold in at least: fewer tell no variation.
MIN_MONTHS: Final = 6
MIN_WEEKS: Final = 8
#: Fewer products need no classes.
MIN_PRODUCTS: Final = 10


def class_figures(lines: pl.DataFrame, sold: pl.DataFrame) -> list[Figure]:
    """Return the number of products in a class, with all classes; none where too few products have one.

    Variation is the standard deviation of the units of each period / their mean, from the period of the product's first
    sale on; a period without a sale counts as 0. Products with sales without a date or units have none.
    """
    every = lines["at"].dt.date().drop_nulls()
    if every.is_empty():
        return []
    by, starts = _periods(*first_and_last(every), only_months=are_months(every))
    products = _by_revenue(sold).join(_varying(sold, by, starts), on="product", how="left", maintain_order="left")
    classed = products.filter(pl.col("xyz").is_not_null()).with_columns((pl.col("abc") + pl.col("xyz")).alias("class"))
    if classed.height < MIN_PRODUCTS:
        return []
    groups = classed.group_by("class").agg(pl.len().alias("products"), pl.col("share").sum()).sort("class")
    first = classed.head(MAX_SKUS)
    told: dict[str, dict[str, Any]] = dict(by_sku(first, "share", "variation", "revenue"))
    for name, of in first.select("product", "class").rows():
        told[name] = {"abc_xyz": of, **told[name]}
    detail = {
        "by": by,
        "periods": len(starts),
        "without_class": products.height - classed.height,
        "classes": {
            row["class"]: {"products": row["products"], "share": rounded(row["share"], 4)} for row in groups.to_dicts()
        },
        "by_sku": told,
    }
    return [count("product_classes", classed.height, skus=first["product"].to_list(), detail=detail)]


def _by_revenue(sold: pl.DataFrame) -> pl.DataFrame:
    """Return the named products with a revenue, the best seller first, with their share and its class."""
    before = pl.col("share").cum_sum() - pl.col("share")
    a, b = SHARES
    return (
        sold.filter(pl.col("product") != UNNAMED)
        .group_by("product")
        .agg(pl.col("revenue").sum())
        .filter(pl.col("revenue") > 0)
        .sort("revenue", "product", descending=[True, False])
        .with_columns((pl.col("revenue") / pl.col("revenue").sum()).alias("share"))
        .with_columns(_class_of(before.round(9), (a, b), "ABC", is_closed=False).alias("abc"))
    )


def _varying(sold: pl.DataFrame, by: str, starts: list[date]) -> pl.DataFrame:
    """Return the variation of each product's units and its class, for products with sales in enough periods."""
    least = MIN_MONTHS if by == "month" else MIN_WEEKS
    start = pl.col("at").dt.date().dt.truncate("1mo" if by == "month" else "1w").alias("start")
    earns = pl.col("revenue").fill_null(0) != 0
    untold = earns & (pl.col("at").is_null() | pl.col("units").is_null())
    # as categories: names would be copied for each row that is grouped
    product = pl.col("product").cast(pl.Categorical)
    dated = sold.select(product, "units", start, untold.alias("untold"))
    spans = dated.group_by("product").agg(pl.col("start").min().alias("first"), pl.col("untold").any())
    sums = (
        dated.filter(pl.col("start").is_in(starts))
        .group_by("product", "start")
        .agg(pl.col("units").sum())
        .group_by("product")
        .agg(pl.col("units").sum(), (pl.col("units") ** 2).sum().alias("squares"))
    )
    periods = pl.sum_horizontal(pl.lit(0), *((pl.col("first") <= one).cast(pl.Int32) for one in starts))
    mean = pl.col("units") / pl.col("periods")
    spread = (pl.col("squares") / pl.col("periods") - mean**2).clip(lower_bound=0.0).sqrt()
    return (
        spans.join(sums, on="product")
        .with_columns(periods.alias("periods"))
        .filter(~pl.col("untold") & (pl.col("periods") >= least) & (pl.col("units") > 0))
        .with_columns((spread / mean).alias("variation"))
        .with_columns(_class_of(pl.col("variation").round(9), VARIATIONS, "XYZ", is_closed=True).alias("xyz"))
        .select(pl.col("product").cast(pl.String), "variation", "xyz")
    )


def _class_of(value: pl.Expr, limits: tuple[float, float], names: str, *, is_closed: bool) -> pl.Expr:
    first, second = (value <= limit if is_closed else value < limit for limit in limits)
    return pl.when(first).then(pl.lit(names[0])).when(second).then(pl.lit(names[1])).otherwise(pl.lit(names[2]))


def _periods(first: date, last: date, *, only_months: bool) -> tuple[str, list[date]]:
    """Return the first days of the whole months between these days; of the whole weeks where these are too few."""
    months: list[date] = []
    begins = first.replace(day=1)
    while (ends := (begins + timedelta(days=31)).replace(day=1)) <= last + timedelta(days=1):
        months += [begins] if begins >= first else []
        begins = ends
    if only_months or len(months) >= MIN_MONTHS:
        return "month", months
    monday = first + timedelta(days=-first.weekday() % 7)
    weeks = ((last - monday).days + 1) // 7
    return "week", [monday + timedelta(weeks=n) for n in range(max(0, weeks))]
