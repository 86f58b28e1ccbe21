"""Figures, tables and columns in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gateway.figures import words
from gateway.ui import amounts, i18n
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from schemas.channels import channel_name
from schemas.facts import CurrencySource

KINDS: Final[dict[str, str]] = {
    "sales": mark("sales"),
    "stock": mark("stock"),
    "returns": mark("returns"),
    "advertising": mark("advertising"),
    "costs": mark("costs"),
    "prices": mark("prices"),
    "performance": mark("performance of products"),
    "payouts": mark("payouts"),
    "unknown": mark("unknown kind"),
}
GUESSED_BY: Final[dict[str, str]] = {
    "layout": mark("the known layout"),
    "name": mark("its name"),
    "content": mark("its content"),
    "person": mark("a person"),
    "agent": mark("an agent"),
}
#: What stands beside each product of a figure (`Figure.detail`): its name, and its unit.
DETAILS: Final[dict[str, tuple[str, str]]] = {
    "click_rate": (mark("Click rate"), "ratio"),
    "impressions": (mark("Impressions"), "count"),
    "clicks": (mark("Clicks"), "count"),
    "revenue": (mark("Revenue"), "money"),
    "return_rate": (mark("Return rate"), "ratio"),
    "returned_units": (mark("Returned units"), "count"),
    "units": (mark("Units"), "count"),
    "unit_price": (mark("Price of a unit"), "money"),
    "refund": (mark("Refunds"), "money"),
    "net": (mark("Net receipts"), "money"),
    "fees": (mark("Fees"), "money"),
    "shipping": (mark("Shipping"), "money"),
    "depth": (mark("Discounts"), "ratio"),
    "discount": (mark("Given as discount"), "money"),
    "now": (mark("Last 30 days"), "money"),
    "then": (mark("The 30 days before"), "money"),
    "usual": (mark("Usual before"), "money"),
    "fall": (mark("Fall"), "money"),
    "silent_days": (mark("Days without sales"), "count"),
    "daily_revenue": (mark("Revenue a day"), "money"),
    "usual_pause": (mark("Usual pause in days"), "count"),
    "sale_days": (mark("Days with sales"), "count"),
    "lines": (mark("Rows"), "count"),
    "here": (mark("Price here"), "money"),
    "other": (mark("Price there"), "money"),
    "here_high": (mark("Price here at most"), "money"),
    "here_low": (mark("Price here at least"), "money"),
    "other_high": (mark("Price there at most"), "money"),
    "other_low": (mark("Price there at least"), "money"),
    "other_units": (mark("Units there"), "count"),
    "other_channel": (mark("Other channel"), "channel"),
    "other_sku": (mark("SKU there, by the same title"), "text"),
    "gap": (mark("Price gap"), "ratio"),
    "contribution": (mark("Contribution"), "money"),
    "taxes": (mark("Taxes"), "money"),
    "cost": (mark("Cost of goods"), "money"),
    "left": (mark("What is left"), "money"),
    "unit_cost": (mark("Cost of a unit"), "money"),
    "break_even": (mark("Break-even price"), "money"),
    "bearable": (mark("Highest return rate it bears"), "ratio"),
    "bearable_acos": (mark("Bearable ACOS"), "ratio"),
    "room": (mark("Room for returns"), "ratio"),
    "stock": (mark("In stock"), "count"),
    "per_day": (mark("Units a day"), "count"),
    "stock_days": (mark("Days of stock"), "count"),
    "paced_units": (mark("Units that the pace is of"), "count"),
    "spare": (mark("Units too many"), "count"),
    "tied": (mark("Money in them"), "money"),
    "ad_cost": (mark("Advertising cost"), "money"),
    "ad_sales": (mark("Sold by advertising"), "money"),
    "acos": (mark("ACOS"), "ratio"),
    "tacos": (mark("TACOS"), "ratio"),
    "abc_xyz": (mark("Class"), "text"),
    "share": (mark("Share of the revenue"), "ratio"),
    "variation": (mark("Variation of the units"), "ratio"),
}
#: How sure a reading of a column has to be, so that nobody is asked to look at it.
SURE: Final = 0.7


class _Language:
    """The language of this request, as figures are told in it."""

    def text(self, message: str) -> str:
        return i18n.raw(message)


LANGUAGE: Final = _Language()


def title(metric: str) -> str:
    return words.title(metric, LANGUAGE)


def titles(metrics: Iterable[str]) -> str:
    """Return the names of several metrics."""
    return ", ".join(title(metric) for metric in metrics)


def stated_title(metric: str) -> str:
    """Return the name of what a text states; of these one is no figure of its own."""
    return _("Cancelled orders") if metric == "cancelled_orders" else title(metric)


def formula(metric: str) -> str:
    return words.formula(metric, LANGUAGE)


def fields(names: Iterable[str]) -> str:
    return words.fields(names, LANGUAGE)


def policy(of: str) -> str:
    return words.policy(of, LANGUAGE)


def field(name: str) -> str:
    return words.field(name, LANGUAGE)


def currency(code: str, source: CurrencySource) -> str:
    """Say what amounts are in, and how that is known."""
    return words.currency(code, source, LANGUAGE)


def left_out(reason: str) -> str:
    return words.left_out(reason, LANGUAGE)


def detail(name: str) -> str:
    """Return the label of a value beside a product; one of a later version keeps its name."""
    known = DETAILS.get(name)
    return _(known[0]) if known else name


def value_of_detail(name: str, value: object, currency: str) -> str:
    """Return such a value in its unit; empty where it is no number, channel, SKU or class."""
    if name == "other_channel" and isinstance(value, str):
        return channel_name(value)
    if name in ("other_sku", "abc_xyz") and isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    unit = DETAILS.get(name, ("", "count"))[1]
    return amounts.figure(value, currency or unit if unit == "money" else unit)


def kind(name: str) -> str:
    """Say what a table tells of; a kind of a later version keeps its name."""
    known = KINDS.get(name)
    return _(known) if known else name


def guessed_by(name: str) -> str:
    """Say by what a column was understood."""
    known = GUESSED_BY.get(name)
    return _(known) if known else name
