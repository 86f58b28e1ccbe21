"""Checks fees against the channel's tariff, and finds prices just above one of its steps."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from gateway.intake.figures.kits import kits
from gateway.intake.figures.measure import MAX_SKUS, by_sku, money, rounded
from gateway.intake.figures.rows import rows_behind
from gateway.intake.layouts.lines import SOLD
from gateway.intake.tariffs import Band, Tariff
from schemas.facts import Figure

#: Differences up to these are rounding: an amount for each unit, and a share of the fee.
TOLERANCE: Final = 0.10
TOLERANCE_SHARE: Final = 0.01
#: Where less than this share of the tariff's fee is charged, the seller has another deal: no price is advised.
SAME_TARIFF: Final = 0.95
#: A price is advised for products of which at least so many units were sold above a cliff.
MIN_UNITS: Final = 5.0
_CENT: Final = 0.005


def tariff_figures(lines: pl.DataFrame, tariffs: list[Tariff], currency: str) -> list[Figure]:
    """Return the fees above the tariff, and the prices that net less than a lower price.

    Only sales in reais, from the tariff's first day on, that were not given back, with units and money known.
    """
    if currency != "BRL" or not tariffs:
        return []
    priced = _priced(lines, tariffs)
    return [*_over(priced, tariffs), *_cliffs(priced, tariffs)]


def _priced(lines: pl.DataFrame, tariffs: list[Tariff]) -> pl.DataFrame:
    """Add each row's price, its fee by the tariff (`expected`), and why it is not judged (`reason`)."""
    day, fit = pl.col("at").dt.date(), []
    of_type_first = sorted(enumerate(tariffs), key=lambda placed: not placed[1].listing_type)
    for place, one in of_type_first:
        inside = day >= one.valid_from
        inside = inside if one.valid_until is None else inside & (day <= one.valid_until)
        inside = inside & (pl.col("listing_type") == one.listing_type) if one.listing_type else inside
        fit.append(pl.when(inside).then(place))
    priced = lines.with_columns(
        (pl.col("revenue") / pl.col("units")).alias("price"),
        pl.coalesce(*fit).alias("tariff"),
        day.alias("day"),
        (pl.col("fees") - pl.col("withheld").fill_null(0)).alias("fees"),
    ).with_columns(pl.coalesce("unit_price", "price").alias("agreed"))
    whole = (pl.col("status") == SOLD) & ~pl.col("complaint").fill_null(value=False)
    reason = (
        pl.when(~whole.fill_null(value=False))
        .then(pl.lit("status"))
        .when(pl.col("day").is_null())
        .then(pl.lit("no_date"))
        .when(pl.col("tariff").is_null())
        .then(pl.lit("before_tariff"))
        .when((pl.col("units") > 0).fill_null(value=False).not_())
        .then(pl.lit("no_units"))
        .when((pl.col("revenue") > 0).fill_null(value=False).not_())
        .then(pl.lit("no_money"))
    )
    # A coupon lowers what is paid and not always the price that the band goes by: the higher fee of both counts.
    fee = pl.max_horizontal(_most(tariffs, "price"), _most(tariffs, "agreed")) * pl.col("units")
    return _by_order(priced.with_columns(reason.alias("reason"), fee.alias("expected")))


def _by_order(priced: pl.DataFrame) -> pl.DataFrame:
    """Judge orders whose fee is told as one as a whole: their rows have parts of it as the tariff has them.

    Adds how much more a row may be charged (`allowed`), and which rows are judged so (`as_one`). Where a row of such
    an order is not judged, none is: nobody knows which part of the fee is whose.
    """
    as_one = pl.col("order_fees").fill_null(value=False) & pl.col("order_id").is_not_null()
    # worked out once, as each mention of an expression is worked out anew
    told = priced.select(
        *(pl.col(name).sum().over("order_id").alias(name) for name in ("fees", "expected", "units")),
        pl.col("reason").is_not_null().any().over("order_id").alias("in_part"),
    )
    of_order = {name: pl.lit(told[name]) for name in ("fees", "expected", "units")}
    in_part = as_one & pl.lit(told["in_part"])
    share = pl.col("expected") / of_order["expected"]
    whole = as_one & ~in_part & pl.col("fees").is_not_null() & (of_order["expected"] > 0)
    own = TOLERANCE * pl.col("units") + TOLERANCE_SHARE * pl.col("expected")
    every = TOLERANCE * of_order["units"] + TOLERANCE_SHARE * of_order["expected"]
    return priced.with_columns(
        pl.coalesce("reason", pl.when(in_part).then(pl.lit("order_in_part"))).alias("reason"),
        pl.when(whole).then(of_order["fees"] * share).otherwise("fees").alias("fees"),
        pl.when(whole).then(every * share).otherwise(own).alias("allowed"),
        whole.alias("as_one"),
    )


def _most(tariffs: list[Tariff], price: str) -> pl.Expr:
    """Return the highest fee that any source has for one unit at the price in this column."""
    return pl.coalesce(
        *(
            pl.when((pl.col("tariff") == place) & _within(band, price)).then(
                pl.max_horizontal(
                    pl.col(price) * (charge.percent + charge.fixed_share) + charge.fixed
                    for charge in (band.charge, *band.also)
                )
            )
            for place, tariff in enumerate(tariffs)
            for band in tariff.bands
        )
    )


def _within(band: Band, price: str) -> pl.Expr:
    """Say whether a price is at most the band's highest; lower bands are asked first."""
    return pl.lit(value=True) if band.up_to is None else pl.col(price) <= band.up_to + _CENT


def _over(priced: pl.DataFrame, tariffs: list[Tariff]) -> list[Figure]:
    told = priced.with_columns(
        pl.coalesce("reason", pl.when(pl.col("fees").is_null()).then(pl.lit("no_money"))).alias("reason")
    )
    judged = told.filter(pl.col("reason").is_null())
    if judged.is_empty():
        return []
    over = pl.col("fees") - pl.col("expected")
    high = judged.with_columns(over.alias("over")).filter(pl.col("over") > pl.col("allowed"))
    products = (
        high.group_by("product")
        .agg(pl.col("over", "fees", "expected").sum(), pl.len().alias("rows"))
        .sort("over", "product", descending=[True, False])
        .head(MAX_SKUS)
    )
    detail: dict[str, Any] = {
        "orders": _orders(high),
        "judged_orders": _orders(judged),
        "judged_as_one": judged.filter("as_one")["order_id"].n_unique(),
        "charged": rounded(float(high["fees"].sum())),
        "expected": rounded(float(high["expected"].sum())),
        "judged_revenue": rounded(float(judged["revenue"].sum())),
        "judged_fees": rounded(float(judged["fees"].sum())),
        "by_table": rounded(float(judged["expected"].sum())),
        **_days(judged),
        **_told(tariffs, judged),
        **kits(judged, tariffs),
        "by_sku": by_sku(products, "over", "fees", "expected", "rows"),
    }
    left_out = dict(told["reason"].drop_nulls().value_counts().sort("reason").rows())
    left_out["as_tariff"] = judged.height - high.height
    rows = rows_behind(high.with_columns(pl.col("over").alias("amount")), left_out)
    total = float(high["over"].sum())
    return [money("fee_over_tariff", total, "BRL", skus=products["product"].to_list(), detail=detail, rows=rows)]


def _told(tariffs: list[Tariff], judged: pl.DataFrame) -> dict[str, Any]:
    """Return the newest tariff that rows were judged by: where it was read, and from which price on sources differ."""
    tariff = max((tariffs[place] for place in judged["tariff"].unique()), key=lambda one: one.valid_from)
    before = [low.up_to for low, high in zip(tariff.bands, tariff.bands[1:], strict=False) if high.also]
    told = {"valid_from": str(tariff.valid_from), "source": tariff.source, "exact": tariff.exact}
    return told | ({"disputed_above": before[0], "other_source": tariff.disputed} if before else {})


def _orders(frame: pl.DataFrame) -> int:
    """Return the different orders; rows, where they have no number."""
    numbers = frame["order_id"].drop_nulls()
    return numbers.n_unique() + frame["order_id"].null_count()


def _days(judged: pl.DataFrame) -> dict[str, Any]:
    first, last = judged["day"].min(), judged["day"].max()
    return {"since": str(first), "until": str(last)}


def _cliffs(priced: pl.DataFrame, tariffs: list[Tariff]) -> list[Figure]:
    """Return the products whose price nets less than the highest price of the band below, and what they miss."""
    same = pl.col("fees").is_null() | (pl.col("fees") >= pl.col("expected") * SAME_TARIFF)
    judged = priced.filter(pl.col("reason").is_null() & pl.col("product").is_not_null())
    if judged.is_empty() or not any(_steps(tariff) for tariff in tariffs):
        return []
    better, gain = _better(tariffs)
    above = judged.filter(same).with_columns(better.alias("better"), gain.alias("gain_unit"))
    above = above.filter(pl.col("gain_unit") > _CENT).with_columns(
        (pl.col("gain_unit") * pl.col("units")).alias("gain")
    )
    products = (
        above.group_by("product")
        .agg(
            pl.col("price").median(),
            pl.col("better").max(),
            pl.col("units").sum().alias("units"),
            pl.col("gain").sum(),
        )
        .filter(pl.col("units") >= MIN_UNITS)
        .with_columns((pl.col("gain") / pl.col("units")).alias("gain_unit"))
        .sort("gain", "product", descending=[True, False])
    )
    if products.is_empty():
        return []
    worst = products.head(MAX_SKUS)
    used = above.filter(pl.col("product").is_in(products["product"].to_list()))
    left_out = dict(priced["reason"].drop_nulls().value_counts().sort("reason").rows())
    left_out["no_cliff"] = judged.height - used.height
    detail = {
        **_days(judged),
        **_told(tariffs, used),
        "judged_orders": _orders(judged),
        "products": products.height,
        "by_sku": by_sku(worst, "price", "better", "gain_unit", "units", "gain"),
    }
    rows = rows_behind(used.with_columns(pl.col("gain").alias("amount")), left_out)
    skus, total = worst["product"].to_list(), float(products["gain"].sum())
    return [money("price_cliffs", total, "BRL", skus=skus, detail=detail, rows=rows)]


def _steps(tariff: Tariff) -> list[tuple[Band, Band]]:
    """Return the adjacent bands on which every source agrees."""
    pairs = list(zip(tariff.bands, tariff.bands[1:], strict=False))
    return [(low, high) for low, high in pairs if tariff.exact and not low.also and not high.also]


def _better(tariffs: list[Tariff]) -> tuple[pl.Expr, pl.Expr]:
    """Return the highest price of the band below, and how much more of it is left; null where there is none."""
    prices, gains = [], []
    for place, tariff in enumerate(tariffs):
        for low, high in _steps(tariff):
            assert low.up_to is not None  # only the last band has no end
            inside = (pl.col("tariff") == place) & (pl.col("price") > low.up_to + _CENT) & _within(high, "price")
            charge, left = high.charge, low.up_to - low.charge.of(low.up_to)
            net = pl.col("price") * (1 - charge.percent - charge.fixed_share) - charge.fixed
            prices.append(pl.when(inside).then(low.up_to))
            gains.append(pl.when(inside).then(left - net))
    return pl.coalesce(*prices), pl.coalesce(*gains)
