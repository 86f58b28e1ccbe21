"""The figures of each channel in a document. Each is documented in docs/analysis.md, by its metric's name."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.figures.exposure import exposure_figures
from gateway.intake.figures.prices import price_gaps
from gateway.intake.figures.products import listed, product_figures, product_sums
from gateway.intake.figures.time import time_figures
from gateway.intake.figures.totals import counted, totals
from schemas.facts import ChannelFacts, Figure

#: Brazil's marketplaces pay in this; a document that names another currency is taken at its word.
DEFAULT_CURRENCY: Final = "BRL"


def channel_facts(lines: pl.DataFrame | None, exposure: pl.DataFrame | None) -> list[ChannelFacts]:
    """Return the facts of every channel that the document has lines (or a performance report) of."""
    by_channel = _split(lines)
    shown = _split(exposure)
    gaps = price_gaps(lines) if lines is not None and len(by_channel) > 1 else {}
    facts: list[ChannelFacts] = []
    for channel in sorted(by_channel.keys() | shown.keys()):
        own = by_channel.get(channel)
        if own is None:
            facts.append(_from_exposure(channel, shown[channel]))
            continue
        facts.append(_from_lines(channel, own, shown.get(channel), gaps.get(channel)))
    return facts


def _split(frame: pl.DataFrame | None) -> dict[str, pl.DataFrame]:
    if frame is None:
        return {}
    parts = frame.filter(pl.col("channel").is_not_null()).partition_by("channel", as_dict=True)
    return {str(channel): part for (channel,), part in parts.items()}


def _from_lines(channel: str, lines: pl.DataFrame, shown: pl.DataFrame | None, gap: Figure | None) -> ChannelFacts:
    lines = lines.with_columns(pl.coalesce("sku", "title", pl.lit("(sem SKU)")).alias("product"))
    currency = _currency(lines)
    sold = counted(lines)
    sums = product_sums(sold)
    figures = [
        *totals(lines, sold, currency),
        *product_figures(sums, currency),
        *time_figures(lines, sold, currency),
        *([] if shown is None else exposure_figures(shown, currency, alone=False)),
        *([] if gap is None else [gap]),
    ]
    named = [sku for figure in figures for sku in figure.skus]
    return ChannelFacts(channel, _period(lines), currency, figures, listed(sums, named))


def _from_exposure(channel: str, shown: pl.DataFrame) -> ChannelFacts:
    return ChannelFacts(channel, [], DEFAULT_CURRENCY, exposure_figures(shown, DEFAULT_CURRENCY, alone=True))


def _currency(lines: pl.DataFrame) -> str:
    codes = lines["currency"].drop_nulls().str.to_uppercase()
    if codes.is_empty():
        return DEFAULT_CURRENCY
    most = str(codes.mode().sort()[0])
    return {"R$": DEFAULT_CURRENCY, "REAL": DEFAULT_CURRENCY}.get(most, most[:3])


def _period(lines: pl.DataFrame) -> list[str]:
    days = lines["at"].dt.date().drop_nulls()
    return [] if days.is_empty() else [str(days.min()), str(days.max())]
