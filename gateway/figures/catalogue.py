"""Every figure by its metric: its name for people, its formula, the columns that it needs, the figures it is made of.

The formulas are those of docs/analysis.md, word for word; a test holds them together.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from gateway.figures.catalogue_across import ACROSS
from gateway.figures.catalogue_of_goods import OF_GOODS
from gateway.figures.catalogue_of_products import OF_PRODUCTS
from gateway.figures.metric import Metric, Needs
from schemas.facts import NETS

_RETURNS: Final[Needs] = (("returned_units",), ("status", "units"))
_DISCOUNT: Final[Needs] = (("discount", "revenue"),)
_SHOWN: Final[Needs] = (("impressions", "clicks"),)
_MORE: Final = ACROSS | OF_GOODS | OF_PRODUCTS

METRICS: Final[dict[str, Metric]] = {
    "revenue": Metric(
        "Revenue",
        "sum of what buyers paid for the items, after the seller's discounts; exports of Shopify, Squarespace, "
        "Wix, VTEX, Nuvemshop, WooCommerce: with their freight",
        (("revenue",),),
    ),
    "orders": Metric(
        "Orders", "different order numbers; rows of days, months or channels: their counts", (("order_id",),)
    ),
    "units": Metric("Units", "sum of units", (("units",),)),
    "average_ticket": Metric(
        "Average order",
        "revenue of sales whose orders are known / these orders",
        (("revenue", "order_id"),),
        ("revenue", "orders"),
    ),
    "fees": Metric("Fees", "sum of the channel's fees", (("fees",),)),
    "fee_share": Metric("Share of the fees", "fees / revenue", (("fees", "revenue"),), ("fees", "revenue")),
    "shipping_cost": Metric(
        "Shipping", "sum of the shipping that the seller paid, less what buyers paid for it", (("shipping",),)
    ),
    "shipping_income": Metric(
        "Shipping income",
        "sum of what buyers paid for shipping, less its cost, where that is more; then there is no cost and no share",
        (("shipping",),),
    ),
    "shipping_share": Metric(
        "Share of the shipping", "shipping / revenue", (("shipping", "revenue"),), ("shipping_cost", "revenue")
    ),
    "refunds": Metric("Refunds", "sum of refunds on sales", (("refund",), ("status", "revenue"))),
    "net_receipts": Metric(
        "Net receipts",
        "what the marketplace's own total says is left; where it has none, revenue - fees - shipping - refunds -"
        " discounts that revenue still contains, the fees known of every sale (the goods' own cost is not taken off)",
        (("revenue", "fees"), ("total",)),
        ("revenue", "fees", "shipping_cost", "refunds"),
    ),
    "net_without_freight": Metric(
        "Net without freight",
        "revenue - fees - refunds - discounts that revenue still contains, where nobody knows how much of the freight"
        " the seller paid: the most that may be left",
        (("revenue", "fees"),),
        ("revenue", "fees", "refunds"),
    ),
    "net_without_refunds": Metric(
        "Net without refunds",
        "revenue - fees - shipping - discounts that revenue still contains, where nobody knows what was paid back: the"
        " most that may be left",
        (("revenue", "fees"),),
        ("revenue", "fees", "shipping_cost"),
    ),
    "net_without_freight_and_refunds": Metric(
        "Net without freight and refunds",
        "revenue - fees - discounts that revenue still contains, where nobody knows the freight that the seller paid"
        " and what was paid back: the most that may be left",
        (("revenue", "fees"),),
        ("revenue", "fees"),
    ),
    "returned_units": Metric("Returned units", "sum of returned units", _RETURNS),
    "return_rate": Metric(
        "Return rate",
        "returned units / units, of the sales that tell what came back; for less than a week unknown if none did",
        _RETURNS,
        ("returned_units", "units"),
    ),
    "product_return_rate": Metric(
        "Return rate of products",
        "returned units / units of each product; at least 10 units and 5 returned; the worst first",
        _RETURNS,
        ("returned_units", "units"),
    ),
    "cancellation_rate": Metric(
        "Cancellations", "orders with all rows cancelled / orders that are not unpaid", (("status",),)
    ),
    "cancelled_revenue": Metric(
        "Cancelled amount", "money of the cancelled rows, with the products", (("status", "revenue"),)
    ),
    "unpaid_share": Metric("Unpaid orders", "unpaid orders / all orders", (("status",),)),
    "product_losses": Metric(
        "Losses of products",
        "sum of what products with negative net receipts lose (at least 3 units)",
        (("revenue", "fees"),),
    ),
    "concentration_top10": Metric(
        "Concentration",
        "revenue of the best-selling tenth of the products / revenue; from 10 products on",
        (("revenue",),),
        ("revenue",),
    ),
    "advertising_share": Metric(
        "Sales by advertising", "revenue of sales by advertising / revenue", (("advertised", "revenue"),), ("revenue",)
    ),
    "discount_depth": Metric(
        "Discounts",
        "the seller's discount / (revenue + what of the discount is not in it)",
        _DISCOUNT,
        ("revenue",),
    ),
    "product_discount_depth": Metric(
        "Discounts of products",
        "the seller's discount / (revenue + what of the discount is not in it) of each product, the costliest first; at"
        " least 10 units",
        _DISCOUNT,
    ),
    "dispatch_days": Metric("Days to dispatch", "median from order or payment to dispatch", (("dispatched",),)),
    "slow_shipping_share": Metric(
        "Late dispatch",
        "sales dispatched after more than 2 days / sales with a dispatch date",
        (("dispatched",),),
    ),
    "missing_sku_share": Metric(
        "Rows without a SKU", "rows of sales without a SKU / rows of sales, of tables that have SKUs", (("sku",),)
    ),
    "period_days": Metric(
        "Days of the document", "first to last day, both included; else by its comment lines", (("at",),)
    ),
    "best_month_revenue": Metric(
        "Best month",
        "the best calendar month, with all months; from two months on",
        (("at", "revenue"),),
        ("revenue",),
    ),
    "revenue_growth": Metric(
        "Growth",
        "revenue of the document's last 30 days / of the 30 before - 1 (by month: the last month but one / the one"
        " before); from 60 days and 10 rows before on; with the products that fell",
        (("at", "revenue"),),
        ("revenue",),
    ),
    "days_without_sales": Metric("Days without sales", "days since the last sale of former best sellers", (("at",),)),
    "fee_over_tariff": Metric(
        "Fees above the tariff",
        "what was charged above the channel's tariff, by sale, or by order where that has one fee",
        (("fees", "units", "revenue", "at"),),
        ("fees",),
    ),
    "price_cliffs": Metric(
        "Prices just above a step",
        "what is left less of sales just above a tariff's step than of the highest price below it",
        (("units", "revenue", "at"),),
    ),
    "returns_by_cause": Metric(
        "Returns by cause", "returned rows with a reason, by kind of cause with products", (("cause",),)
    ),
    "cancellations_by_cause": Metric(
        "Cancellations by cause", "cancelled rows with a reason, by kind of cause with products", (("cause",),)
    ),
    "recent_claims": Metric(
        "Claims of the last days",
        "orders of the last days that came back / orders of these days, against the channel's limit",
        (("at", "status", "order_id"),),
    ),
    "recent_cancellations": Metric(
        "Cancellations of the last days",
        "cancelled orders of the last days / orders of these days, against the channel's limit",
        (("at", "status", "order_id"),),
    ),
    "recent_late_dispatch": Metric(
        "Late dispatch of the last days",
        "orders of the last days dispatched after more than 2 days / orders of these days, against the channel's limit",
        (("at", "status", "order_id", "dispatched"),),
    ),
    "main_days": Metric(
        "Main days",
        "the days in which nearly all of the revenue lies, where few rows stretch the period",
        (("at", "revenue"),),
    ),
    "impressions": Metric("Impressions", "sum of how often the products were shown", (("impressions",),)),
    "clicks": Metric("Clicks", "sum of how often the products were clicked", (("clicks",),)),
    "click_rate": Metric("Click rate", "clicks / impressions", _SHOWN, ("clicks", "impressions")),
    "low_click_rate": Metric(
        "Products that are clicked little",
        "products shown 500 times or more and clicked less than half as often as usual",
        _SHOWN,
    ),
} | _MORE

#: What a person asks of each channel first. These are told to be unknown where they are not there; of the others, some
#: are there only where something is to be told.
ASKED: Final = (
    "revenue",
    "fees",
    "shipping_cost",
    "refunds",
    "net_receipts",
    "orders",
    "units",
    "average_ticket",
    "cancellation_rate",
    "returned_units",
    "return_rate",
    "advertising_share",
)

#: Where the first is not there, one of the others may tell the other side of it, or as much of it as is known.
INSTEAD: Final[dict[str, tuple[str, ...]]] = {"shipping_cost": ("shipping_income",), NETS[0]: NETS[1:]}


def instead_of(metric: str, known: Container[str]) -> str:
    """Return the metric that is shown for one: itself, or what is known in its place."""
    return metric if metric in known else next((one for one in INSTEAD.get(metric, ()) if one in known), metric)


#: Up to this share of its own total we and the marketplace agree; beyond it the difference asks for a look.
RECONCILED_WELL: Final = 0.005

#: What a column can be taken for, as `ColumnRead.field` names it.
FIELDS: Final[dict[str, str]] = {
    "order_id": "order number",
    "sku": "SKU",
    "title": "product",
    "at": "date of the sale",
    "year": "year of the sale",
    "month": "month of the sale",
    "day": "day of the sale",
    "status": "status of the order",
    "units": "units",
    "returned_units": "returned units",
    "revenue": "amount of the sale",
    "price": "price of a unit",
    "fees": "fees of the channel",
    "shipping": "shipping that the seller paid",
    "refund": "refund",
    "discount": "discount of the seller",
    "advertised": "sale by advertising",
    "channel": "sales channel",
    "dispatched": "date of dispatch",
    "ship_days": "days to dispatch",
    "currency": "currency",
    "cost": "cost of a unit",
    "packaging": "packaging of a unit",
    "tax_rate": "tax on the sale",
    "since": "first day of the cost",
    "stock": "units in stock",
    "counted_on": "day of the stock",
    "cause": "reason of a return or cancellation",
    "total": "total of the marketplace",
    "impressions": "impressions",
    "clicks": "clicks",
    "ad_cost": "cost of advertising",
    "ad_sales": "sold by advertising",
}

#: Why rows are not in a figure (`FigureRows.left_out`): in words, and whether they were rightly left out. Of the others
#: nobody can tell what they would have added: they are the share that could not be used.
LEFT_OUT: Final[dict[str, tuple[str, bool]]] = {
    "status": ("cancelled or not paid", True),
    "unpaid": ("not paid", True),
    "not_cancelled": ("not cancelled", True),
    "repeated": ("told by another table already", True),
    "has_sku": ("with a SKU", True),
    "other_products": ("of other products", True),
    "other_months": ("of other months", True),
    "other_days": ("of other days", True),
    "earlier": ("of earlier days", True),
    "before_tariff": ("of days without a known tariff", True),
    "as_tariff": ("charged as the tariff says", True),
    "not_losing": ("of orders that do not lose", True),
    "loses_otherwise": ("of orders that were paid back, or of products that lose as a whole", True),
    "no_cliff": ("at a price that is no step", True),
    "not_bad": ("neither cancelled, late nor claimed", True),
    "no_money": ("without an amount", False),
    "no_units": ("without units", False),
    "no_returns": ("without saying what came back", False),
    "no_net": ("without knowing what is left of it", False),
    "no_cost": ("of products whose cost is not known", False),
    "cost_currency": ("of products whose cost is in another currency", False),
    "no_order": ("without an order number", False),
    "no_date": ("without a date", False),
    "no_dispatch_date": ("without a date of dispatch", False),
    "no_mark": ("without saying whether by advertising", False),
    "no_status": ("without a status", False),
    "no_cause": ("without a reason", False),
    "order_in_part": ("of an order with one fee for all its items, of which some are not judged", False),
    "currency": ("in another currency", False),
    "apart": ("of a table that may be a summary", False),
}
OTHERWISE_LEFT_OUT: Final = "for another reason (%(reason)s)"
