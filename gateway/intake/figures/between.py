"""Compares channels: price gaps and stopped best sellers, within a document and with other channels' documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from gateway.intake.elsewhere import Compared, Elsewhere, compared_with, same_products
from gateway.intake.figures.across import gaps_above, gaps_below, sold_elsewhere, with_documents
from gateway.intake.figures.currency import Currency
from gateway.intake.figures.identity import KEY, joined_keys
from gateway.intake.figures.prices import price_gaps
from gateway.intake.figures.silence import stopped_everywhere
from gateway.intake.figures.sold import sold_of
from gateway.intake.figures.spans import first_and_last
from schemas.facts import Figure
from schemas.product import Sold


@dataclass(frozen=True, slots=True)
class Between:
    """For each channel: figures that need other channels, the reasons against comparisons, and its sales."""

    figures: dict[str, list[Figure]]
    notes: dict[str, list[str]]
    sold: dict[str, Sold | None]


def between(channels: Mapping[str, tuple[pl.DataFrame, Currency]], elsewhere: Sequence[Elsewhere]) -> Between:
    """Compare the channels of a document with each other, and with the last documents of all others.

    Amounts are only compared in one currency.
    """
    sold = {channel: sold_of(lines, currency.code) for channel, (lines, currency) in channels.items()}
    periods = {channel: period_of(lines) for channel, (lines, _currency) in channels.items()}
    others = [one for one in elsewhere if one.channel not in channels]
    compared = {channel: compared_with(sold[channel], periods[channel], others) for channel in channels}
    known_days = all(one is not None and one.last_sale for one in sold.values())
    with_all = _of_all(list(compared.values())) if known_days else []
    inside: dict[str, Figure] = {}
    stopped: dict[str, Figure] = {}
    if len(channels) > 1 or with_all:
        every = pl.concat(
            [lines.with_columns(pl.lit(currency.unit).alias("unit")) for lines, currency in channels.values()]
        )
        joined = joined_keys(every) if len(channels) > 1 else {}
        every = every.with_columns(KEY.replace(joined).alias("key"))
        inside = price_gaps(every) if len(channels) > 1 else {}
        stopped = stopped_everywhere(every, _as_here(sold_elsewhere(with_all), sold.values(), with_all, joined))
    figures = {
        channel: [
            with_documents(figure, compared[channel].documents, periods[channel])
            for figure in (*_gaps(sold[channel], compared[channel], inside.get(channel)), stopped.get(channel))
            if figure is not None
        ]
        for channel in channels
    }
    return Between(figures, {channel: one.notes for channel, one in compared.items()}, sold)


def _as_here(
    elsewhere: pl.DataFrame, sold: Iterable[Sold | None], documents: Sequence[Elsewhere], joined: Mapping[str, str]
) -> pl.DataFrame:
    """Return the products of other documents by the keys that they have in this one."""
    same = {
        there.sku.upper(): here.sku.upper()
        for own in sold
        for one in documents
        for here, there in (same_products(own, one.sold) if own is not None else [])
    }
    return elsewhere.with_columns(pl.col("key").replace(same).replace(joined))


def _of_all(compared: list[Compared]) -> list[Elsewhere]:
    """Return the documents that all channels are compared with: a product stopped on all of them or on none."""
    if not compared:
        return []
    return [one for one in compared[0].documents if all(one in other.documents for other in compared[1:])]


def _gaps(own: Sold | None, compared: Compared, inside: Figure | None) -> tuple[Figure | None, Figure | None]:
    if own is None or not compared.documents:
        return inside, None
    return gaps_below(own, compared.documents, inside), gaps_above(own, compared.documents)


def period_of(lines: pl.DataFrame) -> list[str]:
    """Return the first and the last day of all lines; None without a known day."""
    days = lines["at"].dt.date().drop_nulls()
    return [] if days.is_empty() else [str(day) for day in first_and_last(days)]
