"""Documents of every layout whose truth is known because they are drawn here, never because they were read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.evaluate.golden import (
    abroad,
    across,
    digital_products,
    dump,
    erps,
    kept_back,
    look_alikes,
    more_channels,
    named,
    nuvemshop,
    overlapping,
    own_tables,
    payouts,
    payouts_of_shops,
    pieces_and_charges,
    planted,
    shein,
    shopee_abroad,
    shopee_asia,
    shopify,
    small_shops,
    spanish,
    strangers,
    stripe,
    summaries,
    summed_up,
    vtex,
    website_builders,
    with_ads,
    with_costs,
    woocommerce,
)
from bench.evaluate.golden.document import SKUS, Golden
from local.samples import write_samples

#: Another seed than the samples that are tried by hand.
SEED: Final = 11
ROWS: Final = 1500

__all__ = ["ROWS", "SEED", "SKUS", "Golden", "write_golden", "write_layouts"]


def write_golden(folder: Path, seed: int = SEED, rows: int = ROWS) -> list[Golden]:
    """Write every golden document into `folder`; the same seed and rows give the same."""
    return [
        *write_layouts(folder, seed, rows),
        *kept_back.write_all(folder, seed, rows),
        *planted.write_all(folder, seed),
        across.write(folder / "loja_e_shopee.csv", seed),
        *small_shops.write_all(folder, seed),
        *look_alikes.write_all(folder, seed),
        *summed_up.write_all(folder, seed),
        *strangers.write_all(folder, seed),
    ]


def write_layouts(folder: Path, seed: int = SEED, rows: int = ROWS) -> list[Golden]:
    """Write a document of so many rows in every layout."""
    folder.mkdir(parents=True, exist_ok=True)
    samples = [
        Golden(sample.path, sample.channels, sample.truth.layout, sample.truth.channels)
        for sample in write_samples(folder, seed, rows)
    ]
    return [
        *samples,
        shein.write(folder, seed, rows),
        shopify.write(folder, seed, rows),
        vtex.write(folder, seed, rows),
        nuvemshop.write(folder, seed, rows),
        woocommerce.write(folder, seed, rows),
        *shopee_abroad.write_all(folder, seed, rows),
        *shopee_asia.write_all(folder, seed, rows),
        *spanish.write_all(folder, seed, rows),
        *named.write_all(folder, seed, rows),
        *erps.write_all(folder, seed, rows),
        dump.write(folder, seed, rows),
        overlapping.write(folder, seed, rows),
        *own_tables.write_all(folder, seed, rows),
        *with_costs.write_all(folder, seed, rows),
        with_ads.write(folder, seed, rows),
        *payouts.write_all(folder, seed, rows),
        *payouts_of_shops.write_all(folder, seed, rows),
        *more_channels.write_all(folder, seed, rows),
        *stripe.write_all(folder, seed, rows),
        *abroad.write_all(folder, seed, rows),
        *summaries.write_all(folder, seed, rows),
        *website_builders.write_all(folder, seed, rows),
        *digital_products.write_all(folder, seed, rows),
        *pieces_and_charges.write_all(folder, seed, rows),
    ]
