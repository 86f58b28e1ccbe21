"""Readers of the figures that measure opportunities: they read the earlier and the later document alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from schemas.facts import NETS, Product
from schemas.product import sku_key
from streams.analysis.proof.bridge import lists_all
from streams.analysis.rules.orders import losing_rate
from streams.analysis.rules.view import View

#: Why something cannot be told.
Why = Literal[
    "no-figure", "not-measurable", "not-then", "not-now", "product-not-then", "product-not-now", "few", "short"
]


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of one metric for some products in one document.

    `base`: how many cases a rate is made of, where chance can be told from change. `lever`: what 1.0 of the value is
    worth a month, in the document's currency. `earned`: what came in a month by itself, where no lever tells it.
    """

    value: float
    unit: str
    base: float | None = None
    lever: float | None = None
    earned: float | None = None


#: What a document does not tell.
Lacking = Literal["figure", "product", "days"]
Reader = Callable[[View, list[str]], Reading | Lacking]


def _a_month(view: View, amount: float | None) -> float | None:
    """Return an amount of the document as one of a month; None where there is no month in it."""
    return None if amount is None or not view.covers_a_month else view.share_of_document(amount)


def _products(view: View, skus: list[str]) -> list[Product] | None:
    """Return the products, those that a list of all that was sold lacks as unsold; else None."""
    listed = {p.sku: p for p in view.own.products}
    if not skus or not (all(sku in listed for sku in skus) or lists_all(view.own)):
        return None
    return [listed[sku] if sku in listed else _unsold(sku) for sku in skus]


def _unsold(sku: str) -> Product:
    """Return a product without sales: its sums are zero, and it has no rates."""
    return Product(sku, "", 0.0, 0.0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, contribution=0.0)


def _told(*values: float | None) -> list[float] | None:
    """Return the values if all are known, else None."""
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) else None


def plain(metric: str, *, base: str | None = None) -> Reader:
    """Return the reader of one figure; `base` is the one that counts its cases."""

    def read(view: View, _: list[str]) -> Reading | Lacking:
        figure = view.figure(metric)
        if figure is None:
            return "figure"
        return Reading(figure.value, figure.unit, None if base is None else view.value(base))

    return read


def share(metric: str, income: str | None = None) -> Reader:
    """Read a share of revenue; `income` is the figure that stands there where the cost was none."""

    def read(view: View, _: list[str]) -> Reading | Lacking:
        value, revenue = view.value(metric), view.value("revenue")
        if value is None and income is not None and revenue:
            came = view.value(income)
            value = None if came is None else -came / revenue
        if value is None:
            return "figure"
        return Reading(value, "ratio", lever=_a_month(view, revenue))

    return read


def refund_share(view: View, _: list[str]) -> Reading | Lacking:
    """Read refunds by revenue."""
    refunds, revenue = view.value("refunds"), view.value("revenue")
    if refunds is None or not revenue:
        return "figure"
    return Reading(refunds / revenue, "ratio", lever=_a_month(view, revenue))


def discounts(view: View, _: list[str]) -> Reading | Lacking:
    """Read the depth of discounts: what they cost is a share of the full price."""
    depth, revenue = view.value("discount_depth"), view.value("revenue")
    if depth is None:
        return "figure"
    full = None if revenue is None or depth >= 1 else view.at_full_price(revenue)
    return Reading(depth, "ratio", lever=_a_month(view, full))


def cancellations(view: View, _: list[str]) -> Reading | Lacking:
    """Read the cancellation rate: at stake is what all orders would leave."""
    rate, lost, revenue = view.value("cancellation_rate"), view.value("cancelled_revenue"), view.value("revenue")
    if rate is None:
        return "figure"
    at_stake = lost / rate if lost and rate else revenue
    lever = _a_month(view, None if at_stake is None else at_stake * view.kept_share)
    return Reading(rate, "ratio", view.value("orders"), lever)


def returns(view: View, skus: list[str]) -> Reading | Lacking:
    """Read the return rate of some products together, or of the channel where none is named."""
    if not skus:
        sums = [view.value(m) for m in ("units", "returned_units", "refunds", "revenue")]
        rate, units_sold = view.value("return_rate"), view.value("units")
        if rate is None or units_sold is None:
            return "figure"
        return _rate_of_returns(view, rate, units_sold, _told(*sums))
    products = _products(view, skus)
    if products is None:
        return "product"
    units = _told(*(p.units for p in products))
    returned = _told(*(p.returned_units for p in products))
    if units is None or returned is None or sum(units) <= 0:
        return "figure"
    refunds, revenue = (_told(*(getattr(p, name) for p in products)) for name in ("refunds", "revenue"))
    totals = None if refunds is None or revenue is None else [sum(units), sum(returned), sum(refunds), sum(revenue)]
    return _rate_of_returns(view, sum(returned) / sum(units), sum(units), totals)


def _rate_of_returns(view: View, rate: float, units: float, totals: list[float] | None) -> Reading:
    """Return the rate; a unit that comes back costs what the refunded ones did, or its price where none came back."""
    lever = None
    if totals is not None:
        sold, returned, refunded, paid = totals
        lever = _a_month(view, refunded / returned * sold if returned > 0 else paid)
    return Reading(rate, "ratio", units, lever)


def losses(view: View, skus: list[str]) -> Reading | Lacking:
    """Read what products lose a month."""
    return _lost(view, skus, lambda product: product.net)


def below_cost(view: View, skus: list[str]) -> Reading | Lacking:
    """Read what products lose a month once their own cost is paid."""
    return _lost(view, skus, lambda product: product.contribution)


def _lost(view: View, skus: list[str], left_of: Callable[[Product], float | None]) -> Reading | Lacking:
    products = _products(view, skus)
    if products is None:
        return "product"
    left = _told(*map(left_of, products))
    if left is None:
        return "figure"
    lost = _a_month(view, sum(max(0.0, -one) for one in left))
    return "days" if lost is None else Reading(lost, view.own.currency or "money", lever=1.0)


def losing(view: View, _: list[str]) -> Reading | Lacking:
    """Read the share of losing orders among those without a refund; 0 if the document has nets and no such order."""
    figure = view.figure("losing_unrefunded")
    if figure is None:
        told = view.value("orders") is not None and any(view.value(name) is not None for name in NETS)
        return Reading(0.0, "ratio", view.value("orders")) if told else "figure"
    rate = losing_rate(view)
    assert rate is not None
    monthly = _a_month(view, figure.value)
    return Reading(rate.value, "ratio", rate.trials, None if monthly is None else monthly / rate.value)


def margin(view: View, skus: list[str]) -> Reading | Lacking:
    """Read the margin of some products together, or of the channel where none is named and all costs are known."""
    if not skus:
        value, revenue = view.value("margin"), view.value("revenue")
        return "figure" if value is None else Reading(value, "ratio", lever=_a_month(view, revenue))
    products = _products(view, skus)
    if products is None:
        return "product"
    left, paid = _told(*(p.contribution for p in products)), _told(*(p.revenue for p in products))
    if left is None or paid is None or sum(paid) <= 0:
        return "figure"
    return Reading(sum(left) / sum(paid), "ratio", lever=_a_month(view, sum(paid)))


def shortest_stock(view: View, skus: list[str]) -> Reading | Lacking:
    """Read how long the stock of the products lasts: of several, the one that ends first."""
    return _stock(view, skus, min)


def longest_stock(view: View, skus: list[str]) -> Reading | Lacking:
    """Read how long the stock of the products lasts: of several, the one that lasts longest."""
    return _stock(view, skus, max)


def _stock(view: View, skus: list[str], which: Callable[[list[float]], float]) -> Reading | Lacking:
    products = _products(view, skus)
    if products is None:
        return "product"
    days = _told(*(p.stock_days for p in products))
    return "figure" if not days else Reading(which(days), "days")


def silence(view: View, skus: list[str]) -> Reading | Lacking:
    """Read for how many days the products have not sold: of several, the one that is silent longest."""
    products, listed = _products(view, skus), {p.sku for p in view.own.products}
    if products is None:
        return "product"
    if not all(sku in listed for sku in skus):  # one that sold nothing is silent for the whole document
        days = view.value("period_days")
        return "product" if days is None else Reading(days, "days")
    if len(view.own.period) != 2 or any(p.last_sale is None for p in products):
        return "figure"
    end = date.fromisoformat(view.own.period[1])
    days = max((end - date.fromisoformat(p.last_sale or "")).days for p in products)
    revenue = _told(*(p.revenue for p in products))
    earned = None if revenue is None else _a_month(view, sum(revenue) * view.kept_share)
    return Reading(float(days), "days", earned=earned)


def idle(view: View, skus: list[str]) -> Reading | Lacking:
    """Count the products that sold nothing: idle ones, and those that a complete list lacks."""
    idle_now = {sku_key(sku) for sku in view.products("idle_stock")}
    sold = {sku_key(p.sku): p.units for p in view.own.products}
    whole = lists_all(view.own)
    still = 0
    for key in {sku_key(sku) for sku in skus}:
        if key in idle_now or (key not in sold and whole):
            still += 1
        elif key not in sold:
            return "product"
        elif not sold[key]:
            return "figure"
    return Reading(float(still), "count") if skus else "product"


def idle_ads(view: View, skus: list[str]) -> Reading | Lacking:
    """Read the monthly advertising cost of products without a sale from it."""
    if view.value("advertising_cost") is None or view.value("advertising_sales") is None:
        return "figure"
    figure, told = view.figure("ads_without_sales"), view.products("ads_without_sales")
    if figure is not None and len(told) < figure.detail.get("products", 0) and any(sku not in told for sku in skus):
        return "product"
    monthly = _a_month(view, sum(float(told[sku]["ad_cost"]) for sku in skus if sku in told))
    return "days" if monthly is None else Reading(monthly, view.own.currency, lever=1.0)


def advertised(metric: str, of: str) -> Reader:
    """Read the advertising cost as a share of `of`."""

    def read(view: View, _: list[str]) -> Reading | Lacking:
        value = view.value(metric)
        return "figure" if value is None else Reading(value, "ratio", lever=_a_month(view, view.value(of)))

    return read


def little_clicked(view: View, skus: list[str]) -> Reading | Lacking:
    """Count the products that are clicked too little; a report without such products has none."""
    if view.value("impressions") is None:
        return "figure"
    return Reading(float(len(set(skus) & view.products("low_click_rate").keys())), "count")


def amount_of(metric: str, of_product: Callable[[Product], float | None] | None = None) -> Reader:
    """Read an amount a month, of some products where they are named and can be told apart."""

    def read(view: View, skus: list[str]) -> Reading | Lacking:
        figure = view.figure(metric)
        if figure is None:
            return "figure"
        value: float | None = figure.value
        if skus and of_product is not None:
            products = _products(view, skus)
            if products is None:
                return "product"
            amounts = _told(*(of_product(p) for p in products))
            value = None if amounts is None else sum(amounts)
        if value is None:
            return "figure"
        monthly = _a_month(view, value)
        if monthly is None:
            return "days"
        return Reading(monthly, figure.unit, lever=view.kept_share if metric == "revenue" else None)

    return read
