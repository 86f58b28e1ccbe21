"""Documents of every layout whose truth is known because they are drawn here, never because they were read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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

__all__ = ["ROWS", "SEED", "SKUS", "Golden", "each_layout", "write_golden", "write_layouts"]


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
    return list(each_layout(folder, seed, rows))


def each_layout(folder: Path, seed: int = SEED, rows: int = ROWS) -> Iterator[Golden]:
    """Write the same documents as they are asked for, so that each can be read and removed before the next."""
    folder.mkdir(parents=True, exist_ok=True)
    for sample in write_samples(folder, seed, rows):
        yield Golden(sample.path, sample.channels, sample.truth.layout, sample.truth.channels)
    for write in _WRITERS:
        written = write(folder, seed, rows)
        yield from [written] if isinstance(written, Golden) else written


#: Each writes a document, or several.
_WRITERS: Final[tuple[Callable[[Path, int, int], Golden | list[Golden]], ...]] = (
    shein.write,
    shopify.write,
    vtex.write,
    nuvemshop.write,
    woocommerce.write,
    shopee_abroad.write_all,
    shopee_asia.write_all,
    spanish.write_all,
    named.write_all,
    erps.write_all,
    dump.write,
    overlapping.write,
    own_tables.write_all,
    with_costs.write_all,
    with_ads.write,
    payouts.write_all,
    payouts_of_shops.write_all,
    more_channels.write_all,
    stripe.write_all,
    abroad.write_all,
    summaries.write_all,
    website_builders.write_all,
    digital_products.write_all,
    pieces_and_charges.write_all,
)
