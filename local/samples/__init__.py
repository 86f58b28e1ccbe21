"""Sample documents in the marketplaces' own layouts, made with a seed, their truth known.

`python -m local.samples OUTDIR [--seed N] [--rows N]` writes them for a person to try.
"""

from pathlib import Path

from local.samples import amazon, mercado_livre, plain, reports, shopee, tiktok
from local.samples.truth import ChannelTruth, Sample, Truth

__all__ = ["ChannelTruth", "Sample", "Truth", "write_samples"]


def write_samples(folder: Path, seed: int = 7, rows: int = 3000) -> list[Sample]:
    """Write every sample into `folder`; the same seed and rows give the same content."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        mercado_livre.write(folder, seed, rows),
        shopee.write(folder, seed, rows),
        amazon.write_orders(folder, seed, rows),
        amazon.write_sales(folder, seed, rows),
        tiktok.write(folder, seed, rows),
        plain.write(folder, seed, rows),
        *reports.write_all(folder, seed),
    ]
