"""The figures of costs, stock and advertising, as `catalogue` has all others."""

from __future__ import annotations

from typing import Final

from gateway.figures.metric import Metric, Needs

_COST: Final[Needs] = (("cost", "units"),)
_LEFT: Final[Needs] = (("cost", "units", "revenue", "fees"),)

_SPENT: Final[Needs] = (("ad_cost",),)

OF_GOODS: Final[dict[str, Metric]] = {
    "advertising_cost": Metric(
        "Advertising cost", "what advertising cost in the document's days, by a report of it", _SPENT
    ),
    "advertising_sales": Metric(
        "Sold by advertising",
        "what buyers paid for what advertising sold, as the marketplace attributes it",
        (("ad_sales",),),
    ),
    "acos": Metric(
        "ACOS",
        "advertising cost / sold by advertising",
        (("ad_cost", "ad_sales"),),
        ("advertising_cost", "advertising_sales"),
    ),
    "tacos": Metric("TACOS", "advertising cost / revenue", (("ad_cost", "revenue"),), ("advertising_cost", "revenue")),
    "ads_without_sales": Metric(
        "Advertising without sales",
        "what advertising cost of the products of which it sold nothing, as the marketplace attributes it",
        (("ad_cost", "ad_sales"),),
        ("advertising_cost",),
    ),
    "cost_coverage": Metric(
        "Share with a known cost",
        "revenue of sales whose cost is known / revenue",
        (("cost", "revenue"),),
        ("revenue",),
    ),
    "cost": Metric("Cost of goods", "(unit cost + packaging) x units, if the cost of every sale is known", _COST),
    "contribution": Metric(
        "Contribution",
        "net receipts - cost of the units sold - taxes where known, if the cost of every sale is known",
        _LEFT,
        ("net_receipts", "cost"),
    ),
    "margin": Metric("Margin", "contribution / revenue", _LEFT, ("contribution", "revenue")),
    "covered_cost": Metric(
        "Cost of goods, known part", "(unit cost + packaging) x units of the sales whose cost is known", _COST
    ),
    "covered_contribution": Metric(
        "Contribution, known part",
        "net receipts - cost of the units sold - taxes where known, of the sales whose cost is known",
        _LEFT,
        ("covered_cost",),
    ),
    "covered_margin": Metric(
        "Margin, known part",
        "contribution / revenue of the sales whose cost is known",
        _LEFT,
        ("covered_contribution",),
    ),
    "below_break_even": Metric(
        "Sold below break-even",
        "what products lose whose net receipts do not pay their cost and taxes (at least 3 units)",
        _LEFT,
    ),
    "bearable_acos": Metric(
        "Bearable ACOS",
        "contribution / revenue, before advertising, of products whose every cost is known, at least 10 units; up to it"
        " an ad earns; beside it the return rate that each bears",
        (("cost", "units", "revenue", "fees", "shipping"),),
        ("contribution", "revenue"),
    ),
    "losing_orders": Metric(
        "Lost on single orders",
        "what orders lose whose net receipts, less the unit costs and taxes that are known, are below zero",
        (("order_id", "revenue", "fees"),),
    ),
    "losing_unrefunded": Metric(
        "Lost on orders without a refund",
        "of the orders that lose, those of which nothing came back and whose products pay as a whole",
        (("order_id", "revenue", "fees"),),
        ("losing_orders",),
    ),
    "return_room": Metric(
        "Room for returns",
        "highest return rate that a product bears - its return rate; at least 10 units and 5 returned; the least first",
        (("cost", "units", "revenue", "fees", "returned_units"),),
    ),
    "low_stock": Metric(
        "Stock that ends soon",
        "units on hand / units sold a day, of products with at least 10 units sold, below 15 days (a setting)",
        (("stock", "units", "at"),),
    ),
    "slow_stock": Metric(
        "Money in slow stock",
        "unit cost x units on hand beyond 180 days (a setting) of sales",
        (("stock", "cost", "units", "at"),),
    ),
    "idle_stock": Metric(
        "Stock without a sale",
        "products with units on hand of which the document has no row, in 28 days or more",
        (("stock", "sku", "at"),),
    ),
}
