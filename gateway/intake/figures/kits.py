"""Computes what kits of two would have saved: a tariff charges its fixed part per unit, but once per kit."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from gateway.intake.figures.measure import MAX_SKUS, by_sku, rounded
from gateway.intake.tariffs import Tariff

#: Where less than this share of the tariff's highest fee is charged, nobody knows whether its fixed part is in it.
WITH_FIXED: Final = 0.75
_CENT: Final = 0.005


def kits(judged: pl.DataFrame, tariffs: list[Tariff]) -> dict[str, Any]:
    """Return what pairs of one product in one order had cost less as a kit at twice the price; nothing where none had.

    `judged` are sales with their `tariff` (its place), `price`, `fees`, and `expected` fees. Only buyers who took two
    count: nobody knows who else would.
    """
    pairs = (pl.col("units") / 2).floor()
    apart, together = _fee(tariffs, 1), _fee(tariffs, 2)
    saved = (
        judged.filter((pairs >= 1) & (pl.col("fees") >= pl.col("expected") * WITH_FIXED))
        .with_columns((pairs * (2 * apart - together)).alias("saved"))
        .filter((pl.col("saved") > _CENT) & pl.col("product").is_not_null())
    )
    if saved.is_empty():
        return {}
    products = (
        saved.group_by("product").agg(pl.col("saved").sum()).sort("saved", "product", descending=[True, False])
    ).head(MAX_SKUS)
    told = {"saved": rounded(float(saved["saved"].sum())), "sales": saved.height, "by_sku": by_sku(products, "saved")}
    return {"kits": told}


def _fee(tariffs: list[Tariff], times: int) -> pl.Expr:
    """Return the fee of one unit at so many times the price; null where sources differ, or a kit costs freight."""
    price = pl.col("price") * times
    found: Any = pl  # a chain of conditions begins and goes on by the same word
    for place, tariff in enumerate(tariffs):
        free = pl.lit(value=tariff.kits_up_to is None) | (price <= (tariff.kits_up_to or 0.0) + _CENT)
        for band in tariff.bands:
            inside = pl.lit(value=True) if band.up_to is None else price <= band.up_to + _CENT
            charge = band.charge
            fee = price * (charge.percent + charge.fixed_share) + charge.fixed
            known = pl.lit(value=not band.also) & free
            # the first band that a price is in counts, also where its fee is not known
            found = found.when((pl.col("tariff") == place) & inside).then(pl.when(known).then(fee))
    return pl.coalesce(found)
