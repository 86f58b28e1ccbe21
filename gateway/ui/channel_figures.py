"""What the page of a plan shows of one channel's figures: the main ones in order, months, products, the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gateway.figures import words
from gateway.figures.catalogue import INSTEAD, RECONCILED_WELL
from gateway.figures.unknown import why
from gateway.ui.charts import Bar, Chart, Kind, months_chart, share_bar
from gateway.ui.words.figure_words import LANGUAGE
from schemas.facts import ChannelFacts, Figure, Month, Product, TableRead

#: From the revenue to what is left of it, in this order; with each the share that is told beside it.
MONEY: Final = (
    ("revenue", ""),
    ("fees", "fee_share"),
    ("shipping_cost", "shipping_share"),
    ("refunds", ""),
    ("net_receipts", ""),
)
#: How much was sold, and what went wrong; with each the figure that is told beside it.
VOLUME: Final = (
    ("orders", "average_ticket"),
    ("units", ""),
    ("cancellation_rate", "cancelled_revenue"),
    ("returned_units", "return_rate"),
    ("advertising_share", ""),
)
#: The columns of a month: its attribute, and the metric that the head leads to. Money first.
MONTHLY: Final[tuple[tuple[str, str], ...]] = (
    ("revenue", "revenue"),
    ("fees", "fees"),
    ("shipping", "shipping_cost"),
    ("refunds", "refunds"),
    ("net", "net_receipts"),
    ("orders", "orders"),
    ("units", "units"),
    ("cancelled_orders", "cancellation_rate"),
    ("returned_units", "returned_units"),
)
#: Those of a product, which has no cancelled orders of its own.
OF_PRODUCT: Final = MONTHLY[:7] + MONTHLY[8:]
COUNTED: Final = frozenset({"orders", "units", "cancelled_orders", "returned_units"})
#: Products that are shown at once; the others are one press away.
FIRST_PRODUCTS: Final = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the page: known, or unknown with the reason in words."""

    metric: str
    title: str
    value: float | None
    unit: str = ""
    unknown: str = ""
    aside: Figure | None = None
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: an attribute of its rows, the metric that its head leads to."""

    name: str
    metric: str
    counted: bool


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """The figures of one channel, in the order in which they are read. `silent` columns are unknown in every row."""

    facts: ChannelFacts
    money: list[Line]
    volume: list[Line]
    others: list[Figure]
    months: list[Column]
    silent_months: list[str]
    chart: Chart | None
    products: list[tuple[Product, Bar | None]]
    product_columns: list[Column]
    reconciled: bool

    @property
    def unit(self) -> str:
        """Return the unit of money of this channel, for tables that name it once."""
        return self.facts.currency


def of_channel(facts: ChannelFacts, tables: Sequence[TableRead]) -> ChannelFigures:
    """Arrange the figures of a channel."""
    known = {figure.metric: figure for figure in facts.figures}
    money = _with_bars([_line(metric, aside, known, tables) for metric, aside in MONEY])
    volume = [_line(metric, aside, known, tables) for metric, aside in VOLUME]
    shown = {name for pair in (*MONEY, *VOLUME) for name in pair} | {line.metric for line in money}
    columns = _columns(MONTHLY, facts.months)
    products = sorted(facts.products, key=lambda product: (-(product.revenue or 0), product.sku))
    matched = facts.reconciliation
    return ChannelFigures(
        facts=facts,
        money=money,
        volume=volume,
        others=[figure for figure in facts.figures if figure.metric not in shown],
        months=columns,
        silent_months=[words.title(m, LANGUAGE) for n, m in MONTHLY if n not in {c.name for c in columns}],
        chart=months_chart(facts.months),
        products=[(p, share_bar("revenue", 0, p.revenue or 0, products[0].revenue or 0)) for p in products],
        product_columns=_columns(OF_PRODUCT, products),
        reconciled=matched is None or matched.share <= RECONCILED_WELL,
    )


def _line(metric: str, aside: str, known: dict[str, Figure], tables: Sequence[TableRead]) -> Line:
    if metric not in known and INSTEAD.get(metric) in known:
        metric = INSTEAD[metric]
    found, title = known.get(metric), words.title(metric, LANGUAGE)
    if found is None:
        return Line(metric, title, None, unknown=words.unknown(why(metric, tables), LANGUAGE), aside=known.get(aside))
    return Line(metric, title, found.value, found.unit, aside=known.get(aside))


def _with_bars(lines: list[Line]) -> list[Line]:
    """Draw how each cost takes its part of the revenue, from the right, and what is left of it."""
    revenue = lines[0].value
    if revenue is None or revenue <= 0:
        return lines
    left = revenue
    drawn: list[Line] = []
    for line in lines:
        value = line.value
        bar = None
        if value is not None and line.metric in ("revenue", "net_receipts"):
            kind: Kind = "revenue" if line.metric == "revenue" else "net"
            bar = share_bar(kind, 0, value, revenue)
        elif value is not None and line.metric in INSTEAD.values():
            bar = share_bar("net", left, value, revenue)
            left += value
        elif value is not None:
            left -= value
            bar = share_bar("cost", left, value, revenue)
        drawn.append(Line(line.metric, line.title, value, line.unit, line.unknown, line.aside, bar))
    return drawn


def _columns(wanted: Sequence[tuple[str, str]], rows: Sequence[Month] | Sequence[Product]) -> list[Column]:
    """Return the columns that at least one row knows."""
    return [
        Column(name, metric, name in COUNTED)
        for name, metric in wanted
        if any(getattr(row, name) is not None for row in rows)
    ]
