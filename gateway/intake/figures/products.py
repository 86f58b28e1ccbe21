"""Computes sums by product, and the figures that name products: returns, losses, concentration, discounts."""

from __future__ import annotations

import math
from typing import Final

import polars as pl

from gateway.intake.figures.ad_products import NOT_TOLD, Spent
from gateway.intake.figures.measure import MAX_SKUS, by_sku, known_sum, money, order_key, ratio, rounded
from gateway.intake.figures.net import net_sum
from gateway.intake.figures.told_returns import judged_units, returned_sum
from schemas.facts import Figure, Product
from schemas.product import MAX_REST, MOST_PRODUCTS, UNNAMED

#: Products that the facts list at most.
MAX_PRODUCTS: Final = MOST_PRODUCTS
#: Below this a product's rate says nothing.
MIN_UNITS: Final = 10.0
MIN_RETURNED_UNITS: Final = 5.0
MIN_UNITS_FOR_LOSS: Final = 3.0
#: With fewer products "the top 10 %" is one product, and the share says nothing.
MIN_PRODUCTS_FOR_CONCENTRATION: Final = 10
MAX_TITLE_CHARS: Final = 120
#: What a product is told to cost and to have in stock, where that was joined to the sums.
_OF_GOODS: Final = ("cost", "taxes", "contribution", "break_even", "stock", "stock_days")
_SUMMED: Final = ("units", "revenue", "returned_units", "refund", "fees", "shipping", "discount", "undeducted")
_FULL_PRICE: Final = pl.col("discount") + pl.col("revenue") - pl.col("undeducted").fill_null(0)


def product_sums(sold: pl.DataFrame) -> pl.DataFrame:
    """Return a row per product, the best seller first; unknown sums are null."""
    numbered = pl.col("order").drop_nulls().n_unique()
    # three goes over the rows of a large table, one after the other, need less at a time than one
    sums = (
        sold.select("product", *_SUMMED, "net", "at")
        .group_by("product")
        .agg(
            *(known_sum(name) for name in _SUMMED),
            net_sum(),
            returned_sum().alias("whole_returned"),
            judged_units(),
            pl.col("at").max().dt.date().alias("last_sale"),
        )
    )
    titles = sold.select("product", "title").drop_nulls("title").unique("product", keep="first", maintain_order=True)
    orders = (
        sold.select("product", order_key())
        .group_by("product")
        .agg(pl.when(pl.col("order").is_not_null().any()).then(numbered).alias("orders"))
    )
    for more in (titles, orders):
        sums = sums.join(more, on="product", how="left", nulls_equal=True)
    return sums.with_columns(
        (pl.col("returned_units") / pl.col("judged_units")).alias("return_rate"),
        (pl.col("discount") / _FULL_PRICE).alias("depth"),
        pl.when(pl.col("units") > 0).then(pl.col("revenue") / pl.col("units")).alias("unit_price"),
    ).sort("revenue", "product", descending=[True, False], nulls_last=True)


def product_figures(sums: pl.DataFrame, currency: str) -> list[Figure]:
    """Return the figures that name products; what names none is no product, and counts in sums alone."""
    named = sums.filter(pl.col("product") != UNNAMED)
    return [
        *_returns(named),
        *_losses(named, currency),
        *_concentration(sums),
        *_discounts(named),
    ]


def listed(sums: pl.DataFrame, named: list[str], spent: Spent) -> tuple[list[Product], list[Product]]:
    """Return the products that figures name and the best sellers, at most `MAX_PRODUCTS`, and the best of the others.

    `sums` with their cancelled orders; `spent` is what a report tells of their advertising.
    """
    wanted = sums.with_columns(pl.col("product").is_in(list(dict.fromkeys(named))).alias("named"))
    ranked = wanted.sort("named", descending=True, maintain_order=True)
    first = ranked.head(MAX_PRODUCTS).sort("revenue", "product", descending=[True, False], nulls_last=True)
    return _products(first, spent), _products(ranked.slice(MAX_PRODUCTS, MAX_REST), spent)


def _products(sums: pl.DataFrame, spent: Spent) -> list[Product]:
    return [
        Product(
            sku=str(row["product"]),
            title=str(row["title"] or "")[:MAX_TITLE_CHARS],
            units=_maybe(row["units"]),
            revenue=_maybe(row["revenue"]),
            orders=row["orders"],
            returned_units=_maybe(row["whole_returned"]),
            refunds=_maybe(row["refund"]),
            fees=_maybe(row["fees"]),
            shipping=_maybe(row["shipping"]),
            net=_maybe(row["net"]),
            unit_price=_maybe(row["unit_price"]),
            last_sale=None if row["last_sale"] is None else str(row["last_sale"]),
            cancelled_orders=row["cancelled_orders"],
            advertising=_maybe(spent.get(str(row["product"]), NOT_TOLD)[0]),
            advertising_sales=_maybe(spent.get(str(row["product"]), NOT_TOLD)[1]),
            **{name: _maybe(row.get(name)) for name in _OF_GOODS},
        )
        for row in sums.to_dicts()
    ]


def _maybe(value: float | None) -> float | None:
    return None if value is None else rounded(value)


def _returns(sums: pl.DataFrame) -> list[Figure]:
    """Return the products with the highest return rates, of those sold and returned often enough to tell."""
    worst = (
        sums.with_columns(pl.col("judged_units").alias("units"))
        .filter((pl.col("units") >= MIN_UNITS) & (pl.col("returned_units") >= MIN_RETURNED_UNITS))
        .sort("return_rate", "product", descending=[True, False])
        .head(MAX_SKUS)
    )
    if worst.is_empty():
        return []
    detail = {"by_sku": by_sku(worst, "return_rate", "returned_units", "units", "unit_price", "refund")}
    skus = worst["product"].to_list()
    return [Figure("product_return_rate", rounded(worst["return_rate"][0], 4), "ratio", skus, detail)]


def _losses(sums: pl.DataFrame, currency: str) -> list[Figure]:
    """Return the loss of products that cost more in fees, shipping and refunds than they bring in."""
    losing = sums.filter((pl.col("net") < 0) & (pl.col("units") >= MIN_UNITS_FOR_LOSS)).sort("net", "product")
    if losing.is_empty():
        return []
    loss = -float(losing["net"].sum())
    worst = losing.head(MAX_SKUS)
    detail = {
        "products": losing.height,
        "by_sku": by_sku(worst, "net", "revenue", "units", "fees", "shipping", "refund"),
    }
    return [money("product_losses", loss, currency, skus=worst["product"].to_list(), detail=detail)]


def _concentration(sums: pl.DataFrame) -> list[Figure]:
    """Return the revenue share of the best-selling tenth of the products."""
    known = sums.filter(pl.col("revenue") > 0)
    named = known.filter(pl.col("product") != UNNAMED)
    if named.height < MIN_PRODUCTS_FOR_CONCENTRATION:
        return []
    size = math.ceil(named.height / 10)
    top = named.head(size)
    best, every = float(top["revenue"].sum()), float(known["revenue"].sum())
    return ratio(
        "concentration_top10",
        best,
        every,
        skus=top["product"].to_list()[:MAX_SKUS],
        detail={"products": named.height, "top": size, **_by_units(known, best / every)},
    )


def _by_units(known: pl.DataFrame, share: float) -> dict[str, float]:
    """Return the sample of a share of the products' revenue: their units, each at its product's price."""
    sold = known.filter(pl.col("units") > 0)
    if sold.height < known.height:
        return {}
    every = float(known["revenue"].sum())
    trials = every**2 / float((known["revenue"] ** 2 / known["units"]).sum())
    return {"successes": rounded(share * trials, 4), "trials": rounded(trials, 4), "cases": float(known["units"].sum())}


def _discounts(sums: pl.DataFrame) -> list[Figure]:
    """Return the products whose discounts cost most."""
    deep = (
        sums.filter((pl.col("discount") > 0) & (pl.col("units") >= MIN_UNITS) & pl.col("depth").is_not_null())
        .sort("discount", "product", descending=[True, False])
        .head(MAX_SKUS)
    )
    if deep.is_empty():
        return []
    detail = {"by_sku": by_sku(deep, "depth", "discount", "revenue")}
    deepest = float(deep.select(pl.col("depth").max()).item())
    return [Figure("product_discount_depth", rounded(deepest, 4), "ratio", deep["product"].to_list(), detail)]
