"""What changed and what came of it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from babel.dates import format_date

from gateway.figures.rules import RULES
from gateway.ui import amounts, i18n
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from gateway.ui.words.look import Look
from projections.outcomes.reads import Comparison, HitRate, Outcome

VERDICTS: Final[dict[str, Look]] = {
    "improved": Look("done", "check-circle", mark("Improved")),
    "unchanged": Look("off", "circle", mark("Unchanged")),
    "worse": Look("bad", "alert", mark("Worse")),
    "unknown": Look("off", "blind", mark("Cannot be told")),
}
STEPS: Final[dict[str, str]] = {
    "volume": mark("Units sold"),
    "price": mark("Prices"),
    "mix": mark("Mix of products, new ones and those that are gone"),
    "unlisted": mark("Products that one of the documents does not list"),
    "price_mix": mark("Prices and mix of products"),
    "revenue": mark("Change of the revenue"),
    "refunds": mark("Returns and refunds"),
    "fees": mark("Channel's fees"),
    "shipping": mark("Shipping that you pay"),
}
METRICS: Final[dict[str, str]] = {
    "fee_share": mark("share of fees"),
    "fees": mark("share of fees"),
    "shipping_share": mark("share of shipping"),
    "shipping_cost": mark("share of shipping"),
    "cancellation_rate": mark("cancellations"),
    "cancelled_revenue": mark("cancellations"),
    "return_rate": mark("returns"),
    "product_return_rate": mark("returns"),
    "returned_units": mark("returns"),
    "refunds": mark("share of refunds"),
    "discount_depth": mark("discounts given"),
    "product_discount_depth": mark("discounts given"),
    "product_losses": mark("loss a month"),
    "below_break_even": mark("loss a month below break-even"),
    "losing_unrefunded": mark("orders that lose without a refund"),
    "ads_without_sales": mark("advertising a month that sells nothing"),
    "contribution": mark("contribution a month"),
    "margin": mark("margin"),
    "slow_stock": mark("days of stock"),
    "idle_stock": mark("products without a sale"),
    "low_stock": mark("days of stock"),
    "return_room": mark("returns"),
    "days_without_sales": mark("days without sales"),
    "stopped_everywhere": mark("days without sales"),
    "unpaid_share": mark("unpaid orders"),
    "slow_shipping_share": mark("late dispatch"),
    "dispatch_days": mark("days until dispatch"),
    "recent_claims": mark("claims of the last days"),
    "recent_cancellations": mark("cancellations of the last days"),
    "recent_late_dispatch": mark("late dispatch of the last days"),
    "missing_sku_share": mark("sales without SKU"),
    "concentration_top10": mark("revenue of the best-selling tenth"),
    "price_gap": mark("price below another channel"),
    "price_gap_elsewhere": mark("price above another channel"),
    "low_click_rate": mark("products that are clicked too little"),
    "click_rate": mark("click rate"),
    "revenue_growth": mark("growth of the last 30 days"),
    "revenue": mark("revenue a month"),
    "units": mark("units a month"),
    "orders": mark("orders a month"),
    "net_receipts": mark("receipts a month"),
    "net_without_freight": mark("receipts a month, without freight"),
    "net_without_refunds": mark("receipts a month, without refunds"),
    "net_without_freight_and_refunds": mark("receipts a month, without freight and refunds"),
    "average_ticket": mark("average ticket"),
    "advertising_share": mark("sales by advertising"),
    "acos": mark("ACOS"),
    "tacos": mark("TACOS"),
}
WHY: Final[dict[str, str]] = {
    "no-figure": mark("No figure supported it, so none can tell."),
    "not-measurable": mark("Nothing says which way its figures get better."),
    "not-then": mark("The earlier document does not tell this figure."),
    "not-now": mark("This document does not tell this figure."),
    "product-not-then": mark("The earlier document does not list these products."),
    "product-not-now": mark("This document does not list these products."),
    "few": mark("Too few sales to tell change from chance."),
    "short": mark("The document has too few days for amounts a month."),
}
UNLIKE: Final[dict[str, str]] = {
    "currency": mark("The document before and this one are not known to be in one currency, so nothing is compared."),
    "revenue": mark("The document before or this one tells no revenue, so nothing is compared."),
}
ACTED: Final[dict[str, str]] = {
    "done": mark("Its tasks were done in time."),
    "part": mark("Some of its tasks were done in time."),
    "late": mark("Its tasks were done only after the last day of this document: the change cannot come from them."),
    "not_done": mark("None of its tasks was done."),
    "no_task": mark("It had no task."),
}
#: Products that a line names.
MOST_SKUS: Final = 3


def measured(one: Outcome) -> str:
    """Return the measured figure with its values before and after: `returns of SKU-1: 12 % → 6 %`."""
    if not one.metric or one.baseline is None:
        return ""
    what = subject(one.metric, one.skus)
    then = amounts.figure(one.baseline, one.unit)
    if one.current is None:
        return _("%(what)s: it was %(then)s", what=what, then=then)
    return _("%(what)s: %(then)s → %(now)s", what=what, then=then, now=amounts.figure(one.current, one.unit))


def subject(metric: str, skus: Sequence[str]) -> str:
    """Return what is measured: `returns of SKU-1`."""
    name = _(METRICS.get(metric, metric))
    return _("%(metric)s of %(products)s", metric=name, products=_skus(skus)) if skus else name


def worth(one: Outcome) -> str:
    """Return the outcome of an opportunity, in words; empty where it is unknown."""
    if one.came is None:
        return "" if one.promised is None else _("%(promised)s a month promised", promised=amounts.brl(one.promised))
    if one.came < 0:
        return _("%(lost)s a month lost", lost=amounts.brl(-one.came))
    if one.promised is None:
        return _("%(came)s a month", came=amounts.brl(one.came))
    return _(
        "%(came)s of the %(promised)s a month that was promised",
        came=amounts.brl(one.came),
        promised=amounts.brl(one.promised),
    )


def target(one: Outcome) -> str:
    """Return the value that was promised; empty where none was."""
    return "" if one.target is None else _("target: %(value)s", value=amounts.figure(one.target, one.unit))


def why(one: Outcome) -> str:
    return _(WHY.get(one.why, one.why)) if one.why else ""


def acted(one: Outcome) -> str:
    return _(ACTED.get(one.acted, one.acted))


def verdict(name: str) -> Look:
    """Return the look of a verdict; one of a later version has that of what is not known."""
    return VERDICTS.get(name, VERDICTS["unknown"])


def not_compared(change: Comparison) -> str:
    """Return why this document and the one before it are not compared as they are; empty where they are."""
    found = change.not_compared
    if found is None:
        return ""
    if found["why"] != "days":
        return _(UNLIKE.get(found["why"], found["why"]))
    first, last = date.fromisoformat(found["first_day"]), date.fromisoformat(found["last_day"])
    return _(
        "The document before is of %(before)s days (%(first)s to %(last)s), this one of %(after)s (%(from)s to %(to)s):"
        " sums of so unlike periods are not compared.",
        **{
            "before": (last - first).days + 1,
            "first": day(first),
            "last": day(last),
            "after": (change.last_day - change.first_day).days + 1,
            "from": day(change.first_day),
            "to": day(change.last_day),
        },
    )


def rule(name: str) -> str:
    """Return a rule's name; one of another version keeps its id."""
    return i18n.raw(RULES[name].title) if name in RULES else name


def step(kind: str) -> str:
    return _(STEPS.get(kind, kind))


def analyst(rate: HitRate) -> str:
    """Return a rule's name, or an agent's model as it is."""
    return rule(rate.analyst) if rate.source == "rules" else rate.analyst


def day(at: date | str) -> str:
    """Return a day as people of each language write it."""
    known = date.fromisoformat(at) if isinstance(at, str) else at
    if i18n.current() == "pt_BR":
        return f"{known:%d/%m/%Y}"
    return str(format_date(known, "d MMM y", locale=i18n.current()))


def _skus(skus: Sequence[str]) -> str:
    if len(skus) <= MOST_SKUS:
        return ", ".join(skus)
    return _("%(products)s and %(n)s more", products=", ".join(skus[:MOST_SKUS]), n=len(skus) - MOST_SKUS)
