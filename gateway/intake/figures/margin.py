"""Computes contribution and margin after the goods' cost: of a channel, of its known part, of each product."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from gateway.intake.figures.measure import MAX_SKUS, by_sku, known_sum, money, ratio, rounded, total
from gateway.intake.figures.products import MIN_RETURNED_UNITS, MIN_UNITS, MIN_UNITS_FOR_LOSS
from gateway.intake.figures.rows import rows_behind
from gateway.intake.goods import OF_ALL, OF_PART, Goods
from schemas.facts import Figure, FigureRows, MissingCost
from schemas.product import MAX_MISSING_COSTS, sku_key

_MAX_TITLE_CHARS: Final = 120
_COVERED: Final = pl.col("no_cost").is_null()
#: A row that has neither money nor units needs no cost, and tells nothing of what is left.
MATTERS: Final = (pl.col("revenue").fill_null(1.0) != 0) | (pl.col("units").fill_null(1.0) != 0)


def with_contribution(costed: pl.DataFrame) -> pl.DataFrame:
    """Add `cost`, `taxes` and `contribution` to sales that have their costs; null where a part of it is unknown.

    What came back is a cost all the same: no document tells whether it can be sold again. Taxes count where they are
    known, on what was not given back.
    """
    kept = pl.col("revenue") - pl.col("refund").fill_null(0)
    return costed.with_columns(
        pl.when(_COVERED).then(pl.col("unit_cost") * pl.col("units")).alias("cost"),
        pl.when(_COVERED).then(pl.col("tax_rate") * kept).alias("taxes"),
    ).with_columns((pl.col("net") - pl.col("cost") - pl.col("taxes").fill_null(0)).alias("contribution"))


def margin_sums(costed: pl.DataFrame | None) -> pl.DataFrame:
    """Return a row per product whose cost is known for every sale; other products are left out."""
    if costed is None or not costed.filter(_COVERED).height:
        empty = dict.fromkeys(("cost", "taxes", "contribution", "break_even", "bearable", "unit_cost"), pl.Float64())
        return pl.DataFrame(schema={"product": pl.String(), **empty})
    fixed = pl.col("revenue") - pl.col("fees") - pl.col("refund").fill_null(0) - pl.col("net")
    sums = (
        costed.group_by("product")
        .agg(
            (_COVERED | ~MATTERS).all().alias("whole"),
            known_sum("cost"),
            known_sum("taxes"),
            (pl.col("contribution").is_not_null() | ~MATTERS).all().alias("left_is_known"),
            known_sum("contribution"),
            *(known_sum(name) for name in ("units", "revenue", "fees", "refund", "returned_units")),
            pl.when((fixed.is_not_null() | ~MATTERS).all()).then(fixed.sum()).alias("fixed"),
        )
        .filter(pl.col("whole") & pl.col("cost").is_not_null())
        .with_columns(pl.when(pl.col("left_is_known")).then(pl.col("contribution")).alias("contribution"))
    )
    return sums.with_columns(
        _break_even().alias("break_even"),
        _bearable().alias("bearable"),
        pl.when(pl.col("units") > 0).then(pl.col("cost") / pl.col("units")).alias("unit_cost"),
    ).select("product", "cost", "taxes", "contribution", "break_even", "bearable", "unit_cost")


def _break_even() -> pl.Expr:
    """Return the unit price with a contribution of zero: fees, refunds and taxes grow with it, the rest is fixed.

    Null where no price pays, or where a part is unknown.
    """
    refunds = pl.col("refund").fill_null(0) / pl.col("revenue")
    taxes = pl.col("taxes").fill_null(0) / pl.col("revenue")
    left_of_each = 1 - pl.col("fees") / pl.col("revenue") - refunds - taxes
    a_unit = (pl.col("cost") + pl.col("fixed")) / pl.col("units")
    known = (pl.col("units") > 0) & (pl.col("revenue") > 0) & pl.col("contribution").is_not_null()
    return pl.when(known & (left_of_each > 0) & (a_unit > 0)).then(a_unit / left_of_each)


def _bearable() -> pl.Expr:
    """Return the return rate at which nothing is left, if each return costs what it did, or the price; 0 where none is.

    Null where the product has no units, or where what is left is unknown.
    """
    price = pl.col("revenue") / pl.col("units")
    a_return = (
        pl.when(pl.col("returned_units") > 0)
        .then(pl.col("refund") / pl.col("returned_units"))
        .otherwise(pl.when(pl.col("refund").fill_null(0) == 0).then(price))
    )
    tax_of_it = pl.col("taxes").fill_null(0) / (pl.col("revenue") - pl.col("refund").fill_null(0)) * a_return
    before = pl.col("contribution") + pl.col("returned_units") * (a_return - tax_of_it)
    rate = before / (pl.col("units") * (a_return - tax_of_it))
    known = (pl.col("units") > 0) & (pl.col("revenue") > 0) & (a_return > 0) & pl.col("returned_units").is_not_null()
    return pl.when(known).then(rate.clip(0, 1))


def margin_figures(costed: pl.DataFrame, sums: pl.DataFrame, currency: str, no_sales: int) -> list[Figure]:
    """Return the channel's cost, contribution and margin. `sums` are all products' sums, `margin_sums` joined to them.

    `no_sales`: rows that are none, which no figure counts.

    Where some sale's cost is unknown, they are those of the covered part alone, under names of their own.
    """
    covered, revenue = costed.filter(_COVERED), total(costed, "revenue")
    cost, known_revenue = total(covered, "cost"), total(covered, "revenue")
    if cost is None:
        return []
    complete = not costed.filter(MATTERS & ~_COVERED).height
    share = rounded(known_revenue / revenue, 4) if revenue and known_revenue is not None else None
    detail: dict[str, Any] = {
        "coverage": share,
        "revenue": None if known_revenue is None else rounded(known_revenue),
        "products_without": int(costed.filter(MATTERS & ~_COVERED)["product"].n_unique()),
        "later_rows": int(covered["cost_is_later"].sum() or 0),
    }
    left_out = dict(costed.filter(~_COVERED)["no_cost"].value_counts().sort("no_cost").rows()) | {"status": no_sales}
    cost_name, left_name, margin_name = OF_ALL if complete else OF_PART
    of_revenue = _rows(covered, "revenue", left_out)
    figures = ratio("cost_coverage", known_revenue, revenue, detail=detail, rows=of_revenue)
    figures.append(money(cost_name, cost, currency, detail=detail, rows=_rows(covered, "cost", left_out)))
    if not covered.filter(MATTERS & pl.col("net").is_null()).height:
        left = float(covered["contribution"].sum())
        rows = _rows(covered, "contribution", left_out)
        figures.append(money(left_name, left, currency, detail=detail | _taxes(covered), rows=rows))
        figures += ratio(margin_name, left, known_revenue, detail=detail | _taxes(covered), rows=rows)
    return [*figures, *_below(sums, currency), *_room(sums)]


def _rows(covered: pl.DataFrame, amount: str, left_out: dict[str, int]) -> FigureRows:
    return rows_behind(covered.with_columns(pl.col(amount).alias("amount")), left_out)


def _taxes(covered: pl.DataFrame) -> dict[str, Any]:
    """Return the taxes that were taken off, and on which share of the revenue they are known."""
    taxed = covered.filter(pl.col("taxes").is_not_null())
    of, whole = total(taxed, "revenue"), total(covered, "revenue")
    share = rounded(of / whole, 4) if of is not None and whole else 0.0
    return {"taxes": rounded(float(taxed["taxes"].sum())), "tax_share": share}


def _below(sums: pl.DataFrame, currency: str) -> list[Figure]:
    """Return the products that earn something by the channel, and nothing once their own cost is paid."""
    low = sums.filter(
        (pl.col("contribution") < 0) & (pl.col("net") >= 0) & (pl.col("units") >= MIN_UNITS_FOR_LOSS)
    ).sort("contribution", "product")
    if low.is_empty():
        return []
    worst = low.head(MAX_SKUS)
    names = ("contribution", "revenue", "net", "units", "unit_price", "unit_cost", "break_even", "bearable")
    detail = {
        "products": low.height,
        "by_sku": by_sku(worst, *names, "return_rate", "taxes", "returned_units", "refund"),
    }
    loss = -float(low["contribution"].sum())
    return [money("below_break_even", loss, currency, skus=worst["product"].to_list(), detail=detail)]


def _room(sums: pl.DataFrame) -> list[Figure]:
    """Return how many more returns products bear that come back often: the smallest difference first."""
    tight = (
        sums.filter(
            (pl.col("contribution") >= 0)
            & (pl.col("units") >= MIN_UNITS)
            & (pl.col("returned_units") >= MIN_RETURNED_UNITS)
            & pl.col("bearable").is_not_null()
        )
        .with_columns((pl.col("bearable") - pl.col("return_rate")).alias("room"))
        .sort("room", "product")
        .head(MAX_SKUS)
    )
    if tight.is_empty():
        return []
    names = ("return_rate", "bearable", "room", "returned_units", "units", "contribution", "revenue")
    detail = {"by_sku": by_sku(tight, *names)}
    return [Figure("return_room", rounded(tight["room"][0], 4), "ratio", tight["product"].to_list(), detail)]


def missing_costs(sums: pl.DataFrame, sold: pl.DataFrame, goods: Goods, currency: str) -> tuple[list[MissingCost], int]:
    """Return the products whose cost is unknown, highest revenue first, and their number."""
    known = {one.key for one in goods.costs if one.currency == currency}
    named = set(sold["sku"].drop_nulls().unique().to_list())
    unknown = [
        (product, title, units, revenue)
        for product, title, units, revenue in sums.filter(pl.col("cost").is_null())
        .select("product", "title", "units", "revenue")
        .rows()
        if product in named and sku_key(product) not in known and (revenue or units)
    ]
    first = [
        MissingCost(str(product), str(title or "")[:_MAX_TITLE_CHARS], _maybe(units), _maybe(revenue))
        for product, title, units, revenue in unknown[:MAX_MISSING_COSTS]
    ]
    return first, len(unknown)


def _maybe(value: float | None) -> float | None:
    return None if value is None else rounded(value)
