"""Which product a row is of: its SKU, or what tells the same product apart where the SKU is missing."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.values import folded

UNNAMED: Final = "(sem SKU)"


def with_product(lines: pl.DataFrame) -> pl.DataFrame:
    """Add `product`. A row without a SKU belongs to the one that its listing, or else its title, has elsewhere.

    Only where it is exactly one: a title that two SKUs share tells neither.
    """
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
