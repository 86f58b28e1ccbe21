"""The figures of each channel in a document. Each is documented in docs/analysis.md, by its metric's name."""

from __future__ import annotations

import polars as pl

from gateway.intake.figures.currency import Currency, currency_of, in_words
from gateway.intake.figures.exposure import exposure_figures
from gateway.intake.figures.identity import with_product
from gateway.intake.figures.months import months_of
from gateway.intake.figures.net import with_own_net
from gateway.intake.figures.prices import price_gaps
from gateway.intake.figures.products import listed, product_figures, product_sums
from gateway.intake.figures.reconcile import doubts_of, reconciled
from gateway.intake.figures.repeats import without_repeats
from gateway.intake.figures.rows import with_rows
from gateway.intake.figures.time import time_figures
from gateway.intake.figures.totals import counted, totals
from schemas.facts import ChannelFacts, Figure


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


def _from_lines(channel: str, every: pl.DataFrame, shown: pl.DataFrame | None, gap: Figure | None) -> ChannelFacts:
    currency = currency_of(every)
    once, repeated = without_repeats(with_product(every.filter(currency.is_in_it)))
    lines = with_own_net(once)
    sold = counted(lines)
    sums = product_sums(sold)
    figures = [
        *totals(lines, sold, currency.unit),
        *product_figures(sums, currency.unit),
        *time_figures(lines, sold, currency.unit),
        *([] if gap is None else [gap]),
    ]
    figures = with_rows(figures, lines, {"currency": currency.foreign_rows, "repeated": repeated})
    figures += [] if shown is None else exposure_figures(shown, currency.unit, alone=False)
    named = [sku for figure in figures for sku in figure.skus]
    matched = reconciled(sold)
    return ChannelFacts(
        channel,
        _period(lines),
        currency.code,
        figures,
        listed(sums, named),
        currency.source,
        months_of(lines),
        matched,
        [*in_words(currency), *_of_repeats(repeated), *doubts_of(matched, currency.code)],
    )


def _of_repeats(rows: int) -> list[str]:
    if not rows:
        return []
    return [f"{rows} linha(s) repetem vendas que outra tabela do documento já traz: cada venda foi contada uma vez."]


def _from_exposure(channel: str, shown: pl.DataFrame) -> ChannelFacts:
    currency: Currency = currency_of(shown)
    return ChannelFacts(
        channel,
        [],
        currency.code,
        exposure_figures(shown, currency.unit, alone=True),
        currency_source=currency.source,
        warnings=in_words(currency),
    )


def _period(lines: pl.DataFrame) -> list[str]:
    days = lines["at"].dt.date().drop_nulls()
    return [] if days.is_empty() else [str(days.min()), str(days.max())]
