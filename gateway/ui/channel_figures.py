"""Arranges one channel's figures for the page of a plan: the main ones in order, months, products, the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gateway.figures import words
from gateway.figures.catalogue import RECONCILED_WELL, instead_of
from gateway.figures.silent import MONTHLY, OF_PRODUCT, silent
from gateway.figures.unknown import By, why_beside
from gateway.ui.charts import Bar, Chart, Kind, months_chart, share_bar
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from gateway.ui.words.figure_words import LANGUAGE
from schemas.facts import NETS, CellRow, ChannelFacts, Figure, Month, Product, TableRead
from schemas.product import UNNAMED

#: The metrics from the revenue to what is left of it, in this order, each with the share beside it.
MONEY: Final = (
    ("revenue", ""),
    ("fees", "fee_share"),
    ("shipping_cost", "shipping_share"),
    ("refunds", ""),
    ("net_receipts", ""),
)
#: The metrics of what was sold and what went wrong, each with the figure beside it.
VOLUME: Final = (
    ("orders", "average_ticket"),
    ("units", ""),
    ("cancellation_rate", "cancelled_revenue"),
    ("returned_units", "return_rate"),
    ("advertising_share", ""),
)
#: The contribution: of all sales or, if costs are missing, of those whose cost is known.
MARGIN: Final = (("cost", ""), ("contribution", "margin"))
COVERED: Final = (("covered_cost", ""), ("covered_contribution", "covered_margin"))
#: More columns of a product, once its cost or stock is known.
OF_GOODS: Final[tuple[tuple[str, str], ...]] = (
    ("cost", "cost"),
    ("contribution", "contribution"),
    ("margin", "margin"),
    ("break_even", "below_break_even"),
    ("stock", "low_stock"),
    ("stock_days", "low_stock"),
)
#: The heads of columns without a figure of the same name.
HEADS: Final[dict[str, str]] = {
    "break_even": mark("Break-even price"),
    "stock": mark("In stock"),
    "stock_days": mark("Days of stock"),
    "advertising": mark("Advertising cost"),
    "after_ads": mark("Net after advertising"),
}
RATIOS: Final = frozenset({"margin", "acos"})
COUNTED: Final = frozenset({"orders", "units", "cancelled_orders", "returned_units", "stock", "stock_days"})
#: The products that are shown at first; a button shows the others.
FIRST_PRODUCTS: Final = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the page: known, or unknown with the reason in words."""

    metric: str
    title: str
    value: float | None
    unit: str = ""
    unknown: words.Said | None = None
    aside: Figure | None = None
    bar: Bar | None = None

    @property
    def is_net(self) -> bool:
        """Return whether it is a net amount: what is left after deductions, even if not all of them are known."""
        return self.metric in NETS


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: an attribute of its rows, the metric that its head leads to."""

    name: str
    metric: str
    counted: bool
    ratio: bool = False
    head: str = ""  # where it is called otherwise than the metric


@dataclass(frozen=True, slots=True)
class Ways:
    """Titles of unknown figures or columns with the same reason, or the same way to know them."""

    titles: str
    said: words.Said


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """The figures of one channel, in the order in which they are read."""

    facts: ChannelFacts
    money: list[Line]
    volume: list[Line]
    others: list[Figure]
    months: list[Column]
    silent_months: list[Ways]  # the columns that are unknown in every row
    chart: Chart | None
    products: list[tuple[Product, Bar | None]]
    product_columns: list[Column]
    silent_products: list[Ways]
    reconciled: bool
    margin: list[Line]
    covered: Figure | None  # the share of the revenue that `margin` is of, where it is not all
    net: str  # the metric of what is left, which says what it does not contain

    @property
    def unknown(self) -> list[Line]:
        """Return the main figures that are unknown."""
        return [line for line in (*self.money, *self.volume) if line.unknown]

    @property
    def ways(self) -> list[Ways]:
        """Return the ways to know the unknown figures, with all figures of one way together."""
        together: dict[str, list[Line]] = {}
        for line in self.unknown:
            together.setdefault(line.unknown.advice if line.unknown else "", []).append(line)
        return [
            Ways(", ".join(line.title for line in lines), said)
            for lines in together.values()
            if (said := lines[0].unknown)
        ]

    @property
    def unit(self) -> str:
        """Return the unit of money of this channel, for tables that name it once."""
        return self.facts.currency


def of_channel(facts: ChannelFacts, tables: Sequence[TableRead]) -> ChannelFigures:
    """Arrange the figures of a channel."""
    known = {figure.metric: figure for figure in facts.figures}
    money = _with_bars([_line(metric, aside, known, tables) for metric, aside in MONEY])
    volume = [_line(metric, aside, known, tables) for metric, aside in VOLUME]
    covered = known.get("cost_coverage") if "cost" not in known else None
    margin = [line for line in (_margin(metric, aside, known) for metric, aside in (*MARGIN, *COVERED)) if line]
    shown = (
        {name for pair in (*MONEY, *VOLUME, *MARGIN, *COVERED) for name in pair}
        | {line.metric for line in money}
        | {"cost_coverage"}
    )
    net = instead_of("net_receipts", known)
    columns = columns_of(MONTHLY, facts.months, net)
    named = facts.products if any(one.sku != UNNAMED for one in facts.products) else []
    products = sorted(named, key=lambda product: (-(product.revenue or 0), product.sku))
    matched = facts.reconciliation
    return ChannelFigures(
        facts=facts,
        money=money,
        volume=volume,
        others=[figure for figure in facts.figures if figure.metric not in shown],
        months=columns,
        silent_months=_silent("month", facts.months, tables),
        chart=months_chart(facts.months),
        products=[(p, share_bar("revenue", 0, p.revenue or 0, products[0].revenue or 0)) for p in products],
        product_columns=columns_of(OF_PRODUCT + OF_GOODS, products, net),
        silent_products=_silent("product", products, tables),
        reconciled=matched is None or matched.share <= RECONCILED_WELL,
        margin=margin,
        covered=covered,
        net=net,
    )


def _silent(by: By, rows: Sequence[Month | Product], tables: Sequence[TableRead]) -> list[Ways]:
    """Return the columns without a value in any row, by the reason."""
    metrics, together = dict(OF_PRODUCT), dict[words.Said, list[str]]()
    for name, reason in silent(by, rows, tables, LANGUAGE).items():
        head = _(HEADS[name]) if name in HEADS else words.title(metrics[name], LANGUAGE)
        together.setdefault(reason, []).append(head)
    return [Ways(", ".join(heads), said) for said, heads in together.items()]


def _margin(metric: str, aside: str, known: dict[str, Figure]) -> Line | None:
    """Return the line of a contribution; none if it is unknown, because the page asks for the costs below."""
    found = known.get(metric)
    if found is None:
        return None
    return Line(metric, words.title(metric, LANGUAGE), found.value, found.unit, aside=known.get(aside))


def _line(metric: str, aside: str, known: dict[str, Figure], tables: Sequence[TableRead]) -> Line:
    metric = instead_of(metric, known)
    found, title = known.get(metric), words.title(metric, LANGUAGE)
    if found is None:
        reason = words.unknown(why_beside(metric, known, tables), LANGUAGE)
        return Line(metric, title, None, unknown=reason, aside=known.get(aside))
    return Line(metric, title, found.value, found.unit, aside=known.get(aside))


def _with_bars(lines: list[Line]) -> list[Line]:
    """Add the bars: each cost takes its part of the revenue, from the right, down to what is left."""
    revenue = lines[0].value
    if revenue is None or revenue <= 0:
        return lines
    left = revenue
    drawn: list[Line] = []
    for line in lines:
        value = line.value
        bar = None
        if value is not None and (line.metric == "revenue" or line.is_net):
            kind: Kind = "revenue" if line.metric == "revenue" else "net"
            bar = share_bar(kind, 0, value, revenue)
        elif value is not None and line.metric == "shipping_income":
            bar = share_bar("net", left, value, revenue)
            left += value
        elif value is not None:
            left -= value
            bar = share_bar("cost", left, value, revenue)
        drawn.append(Line(line.metric, line.title, value, line.unit, line.unknown, line.aside, bar))
    return drawn


def columns_of(
    wanted: Sequence[tuple[str, str]], rows: Sequence[Month] | Sequence[Product] | Sequence[CellRow], net: str
) -> list[Column]:
    """Return the columns with a value in at least one row; `net` is the title of the net amount here."""
    return [
        Column(
            name,
            net if metric == "net_receipts" else metric,
            name in COUNTED,
            name in RATIOS,
            _(HEADS[name]) if name in HEADS else "",
        )
        for name, metric in wanted
        if any(getattr(row, name) is not None for row in rows)
    ]
