"""Computes the figures of each channel of a document. docs/analysis.md explains each under its metric's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from gateway.intake.elsewhere import Elsewhere
from gateway.intake.figures.ad_products import Sold
from gateway.intake.figures.bearable import bearable
from gateway.intake.figures.between import Between, between, period_of
from gateway.intake.figures.came_back import with_returned_before
from gateway.intake.figures.cancelled import cancelled_orders
from gateway.intake.figures.causes import cause_figures, with_returned
from gateway.intake.figures.cells import rows_by_month, rows_by_product
from gateway.intake.figures.classes import class_figures
from gateway.intake.figures.costing import tells_costs, with_costs
from gateway.intake.figures.currency import Currency, currency_of, in_words
from gateway.intake.figures.exposure import exposure_figures
from gateway.intake.figures.identity import names_of, with_product
from gateway.intake.figures.idle import idle_stock
from gateway.intake.figures.losing import losing_orders
from gateway.intake.figures.margin import margin_figures, margin_sums, missing_costs, with_contribution
from gateway.intake.figures.measure import total
from gateway.intake.figures.months import months_of
from gateway.intake.figures.net import Net, with_own_net
from gateway.intake.figures.nothing import without_nothing
from gateway.intake.figures.products import listed, product_figures, product_sums
from gateway.intake.figures.reconcile import doubts_of, reconciled
from gateway.intake.figures.repeats import without_repeats
from gateway.intake.figures.reputation import reputation_figures
from gateway.intake.figures.rows import with_rows
from gateway.intake.figures.sold import for_comparing
from gateway.intake.figures.spending import Spending, spending
from gateway.intake.figures.stock import Pace, pace_of, stock_figures, stock_of
from gateway.intake.figures.tariff import tariff_figures
from gateway.intake.figures.time import NO_PERIODS, Period, days_told, period_told, time_figures
from gateway.intake.figures.told_returns import with_told_returns
from gateway.intake.figures.totals import counted, told_of_blanks, told_of_numbers, totals
from gateway.intake.goods import Goods
from gateway.intake.returned_before import ReturnedBefore
from gateway.intake.stock_limits import StockLimits, current_limits
from gateway.intake.tariffs import Tariffs, current
from schemas.facts import ChannelFacts, Month

_ALONE: Final = "Se são outras vendas, envie essa tabela em um arquivo só dela."


@dataclass(frozen=True, slots=True)
class _Own:
    """One channel's lines, in one currency and each sale once."""

    net: Net
    currency: Currency
    repeated: int
    apart: int
    told: tuple[str, ...]

    @property
    def lines(self) -> pl.DataFrame:
        return self.net.lines

    @classmethod
    def of(cls, every: pl.DataFrame) -> _Own:
        """Leave out rows in another currency and repeats, and add the net to each sale."""
        currency = currency_of(every)
        once = without_repeats(with_product(every.filter(currency.is_in_it)))
        lines, told = without_nothing(once.lines)
        return cls(with_own_net(with_told_returns(lines)), currency, once.repeated, once.apart, (*once.told, *told))


@dataclass(frozen=True, slots=True)
class _Known:
    """Facts from outside the document's sales. `paces`: each channel's sales a day, where they matter."""

    tariffs: Tariffs
    goods: Goods
    limits: StockLimits
    paces: Mapping[str, Pace]
    ads: Mapping[str, pl.DataFrame]
    periods: Mapping[int, Period]


def channel_facts(  # noqa: PLR0913 - each is what is known from elsewhere, of a kind of its own
    lines: pl.DataFrame | None,
    exposure: pl.DataFrame | None,
    *,
    goods: Goods | None = None,
    ads: pl.DataFrame | None = None,
    returned: pl.DataFrame | None = None,
    elsewhere: Sequence[Elsewhere] = (),
    returned_before: Sequence[ReturnedBefore] = (),
    periods: Mapping[int, Period] = NO_PERIODS,
) -> list[ChannelFacts]:
    """Return the facts of every channel that the document has lines (or a performance report) of.

    Of one that it has only returns of (`returned`) they are why these came back; beside sales, too, where they tell it.

    `goods`: the known costs and stock of its products. `ads`: what advertising cost by the document
    (`layouts.advertising.SPENT`), which stands above the reports in `goods`.
    `elsewhere` are the last documents of channels, which those that are not in this one are compared by.
    `returned_before` are earlier documents of returns alone: they tell why sales came back that do not tell it.
    `periods`: by its index, of what days a table is whose rows have none.
    """
    goods = goods or Goods()
    by_channel = {channel: _Own.of(every) for channel, every in _split(lines).items()}
    shown, back = _split(exposure), _split(returned)
    compared = between({channel: (own.lines, own.currency) for channel, own in by_channel.items()}, elsewhere)
    found = {channel: pace_of(counted(own.lines)) for channel, own in by_channel.items()} if goods.stock else {}
    paces = {channel: pace for channel, pace in found.items() if pace is not None}
    known = _Known(current(), goods, current_limits(), paces, _split(ads), periods)
    if lines is not None and goods.stock:
        codes = {channel: own.currency.code for channel, own in by_channel.items()}
        for channel, figure in idle_stock(lines, paces, codes, goods).items():
            compared.figures[channel].append(figure)
    facts: list[ChannelFacts] = []
    for channel in sorted(by_channel.keys() | shown.keys()):
        own = by_channel.get(channel)
        if own is None:
            facts.append(_from_exposure(channel, shown[channel]))
            continue
        facts.append(_from_lines(channel, own, shown.get(channel), compared, known))
    told = with_returned(facts, back)
    if not returned_before:
        return told
    own_lines = {channel: own.lines for channel, own in by_channel.items()}
    return [
        with_returned_before(one, own_lines[one.channel], returned_before) if one.channel in own_lines else one
        for one in told
    ]


def _split(frame: pl.DataFrame | None) -> dict[str, pl.DataFrame]:
    if frame is None:
        return {}
    first = frame.select(pl.col("channel").first()).item() if frame.height else None
    if first is not None and frame.select((pl.col("channel") == first).all(ignore_nulls=False)).item():
        return {str(first): frame}  # the usual case: nothing is copied
    parts = frame.filter(pl.col("channel").is_not_null()).partition_by("channel", as_dict=True)
    return {str(channel): part for (channel,), part in parts.items()}


def _from_lines(channel: str, own: _Own, shown: pl.DataFrame | None, compared: Between, known: _Known) -> ChannelFacts:
    lines, currency = own.lines, own.currency
    # first: of a large table they would stand beside the copy of what was sold
    months, month_rows = months_of(lines), rows_by_month(lines)
    sold = counted(lines)
    # without any cost nothing is joined: of a large table it would stand beside what was sold
    has_costs = bool(known.goods.costs) or tells_costs(sold)
    costed = with_contribution(with_costs(sold, known.goods, currency.code)) if has_costs else None
    stock, notes = stock_of(channel, known.paces, known.goods)
    sums = product_sums(sold).join(margin_sums(costed), on="product", how="left", maintain_order="left")
    sums = sums.join(stock, on="product", how="left", maintain_order="left")
    before = {"currency": currency.foreign_rows, "repeated": own.repeated, "apart": own.apart}
    period = period_told(lines, known.periods)
    spent = _spending(channel, months, sold, sums, currency, known)
    figures = [
        *totals(lines, sold, currency.unit, own.net.metric),
        *product_figures(sums, currency.unit),
        *time_figures(lines, sold, currency.unit),
        *class_figures(lines, sold),
        *cause_figures(lines),
        *reputation_figures(lines, channel, currency.code, known.tariffs),
        *tariff_figures(lines, known.tariffs.of(channel), currency.unit),
        *compared.figures[channel],
        *([] if costed is None else margin_figures(costed, sums, currency.unit, lines.height - sold.height)),
        *bearable(sums, is_whole=not own.net.lacking),
        *losing_orders(sold, costed, sums, currency.unit, lines.height - sold.height),
        *stock_figures(sums, known.limits, currency.unit),
    ]
    figures = [*with_rows(figures, lines, before), *days_told(period), *spent.figures]
    figures += [] if shown is None else exposure_figures(shown, currency.unit, alone=False)
    named = [sku for figure in figures for sku in figure.skus]
    matched = reconciled(sold)
    products, rest = listed(sums.join(cancelled_orders(lines), on="product", how="left"), named, spent.products)
    return ChannelFacts(
        channel,
        [str(day) for day in period] if period else period_of(lines),
        currency.code,
        figures,
        products,
        currency.source,
        spent.months,
        matched,
        [
            *in_words(currency),
            *_of_repeats(own.repeated),
            *_of_apart(own.apart),
            *own.told,
            *told_of_numbers(sold),
            *told_of_blanks(sold),
            *doubts_of(matched, currency.code),
            *own.net.in_words(),
            *notes,
            *spent.notes,
            *compared.notes[channel],
        ],
        *missing_costs(sums, sold, known.goods, currency.code),
        month_rows,
        rows_by_product(lines, [product.sku for product in products]),
        for_comparing(compared.sold[channel], figures, rest),
    )


def _spending(
    channel: str, months: list[Month], sold: pl.DataFrame, sums: pl.DataFrame, currency: Currency, known: _Known
) -> Spending:
    """Return the months and figures with the advertising cost; without a report nothing is looked up."""
    own, kept = known.ads.get(channel), [one for one in known.goods.ads if one.channel == channel]
    if own is None and not kept:
        return Spending(months, [], [])
    days = sold["at"].dt.date()
    told = Sold(days, total(sold, "revenue"), currency.code, sums, names_of(sold) if kept else {})
    return spending(months, own, kept, told, currency.unit)


def _of_repeats(rows: int) -> list[str]:
    if not rows:
        return []
    told = f"{rows} linha(s) repetem vendas que outra tabela do documento já traz: cada venda foi contada uma vez."
    return [f"{told} {_ALONE}"]


def _of_apart(rows: int) -> list[str]:
    if not rows:
        return []
    told = f"{rows} linha(s) de uma tabela sem pedidos e sem produtos não foram somadas aos pedidos"
    return [f"{told}: podem ser um resumo. {_ALONE}"]


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
