"""Identifies the product of a row: by its SKU, else by its listing or title."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.values import folded
from schemas.product import UNNAMED, sku_key

#: SKUs are compared between channels without regard to case.
KEY: Final = pl.col("sku").str.to_uppercase()


def with_product(lines: pl.DataFrame) -> pl.DataFrame:
    """Add `product`. A row without a SKU belongs to the one that its listing, or else its title, has elsewhere.

    Only where it is exactly one: a title that two SKUs share tells neither. A SKU that is written in several ways is
    one, and the first of them is shown.
    """
    lines = _spelled_once(lines)
    if not lines["sku"].has_nulls():  # the usual case of a large table: nothing is to be found out
        return lines.with_columns(pl.col("sku").alias("product"))
    keyed = lines.with_columns(folded(pl.col("title")).alias("folded"))
    for name in ("listing", "folded"):
        known = (
            keyed.filter(pl.col(name).is_not_null() & pl.col("sku").is_not_null())
            .group_by(name)
            .agg(pl.col("sku").n_unique().alias("skus"), pl.col("sku").first().alias(f"sku_of_{name}"))
            .filter(pl.col("skus") == 1)
            .drop("skus")
        )
        keyed = keyed.join(known, on=name, how="left", maintain_order="left")
    named = pl.coalesce("sku", "sku_of_listing", "sku_of_folded", "listing", "title", pl.lit(UNNAMED))
    return keyed.with_columns(named.alias("product")).drop("folded", "sku_of_listing", "sku_of_folded")


def _spelled_once(lines: pl.DataFrame) -> pl.DataFrame:
    first: dict[str, str] = {}
    skus = lines["sku"].drop_nulls().unique(maintain_order=True).to_list()
    other = {sku: one for sku in skus if (one := first.setdefault(sku_key(sku), sku)) != sku}
    return lines.with_columns(pl.col("sku").replace(other)) if other else lines


def joined_keys(lines: pl.DataFrame) -> dict[str, str]:
    """Return one channel's SKUs by the SKUs of the same products on another channel, both as `KEY`.

    Only where no other channel has the SKU itself, and the title is exactly one SKU on each of its channels.
    """
    told = lines.select("channel", KEY.alias("key"), pl.col("title")).drop_nulls().unique()
    known = told.with_columns(folded(pl.col("title")).alias("title")).unique()
    one = known.group_by("title").agg(
        pl.col("key").n_unique().alias("keys"), pl.col("channel").n_unique().alias("channels"), pl.len(), pl.min("key")
    )
    alone = known.filter(pl.col("channel").n_unique().over("key") == 1)
    sure = one.filter(
        (pl.col("channels") > 1) & (pl.col("keys") == pl.col("channels")) & (pl.col("len") == pl.col("keys"))
    )
    pairs = alone.join(sure.select("title", of="key"), on="title").select("key", "channel", "of").unique()
    one_each = (pl.col("of").n_unique().over("key") == 1) & (
        pl.col("channel").n_unique().over("of") == pl.len().over("of")
    )
    pairs = pairs.filter(one_each)
    whole = pairs.filter(pl.col("of").is_in(pairs["key"].to_list()) & (pl.col("key") != pl.col("of")))
    return dict(whole.select("key", "of").rows())


def own_titles(lines: pl.DataFrame) -> dict[str, str]:
    """Return for each SKU (`KEY`) of a channel a title that no other one of its SKUs has, where there is one."""
    told = lines.select(KEY.alias("key"), "title").drop_nulls().unique(maintain_order=True)
    sure = told.filter(pl.col("key").n_unique().over(folded(pl.col("title"))) == 1)
    return dict(sure.unique("key", keep="first", maintain_order=True).select("key", "title").rows())


def names_of(lines: pl.DataFrame) -> dict[str, str]:
    """Return products by their other names, folded: listing and title, where just one product has the name."""
    found: dict[str, str] = {}
    for name in ("title", "listing"):
        known = (
            lines.select(folded(pl.col(name)).alias("name"), "product")
            .drop_nulls()
            .group_by("name")
            .agg(pl.col("product").n_unique().alias("products"), pl.col("product").first())
            .filter(pl.col("products") == 1)
        )
        found |= dict(known.select("name", "product").rows())
    return found
