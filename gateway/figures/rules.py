"""Every rule of the analysis by its name: what it is called, when it speaks, and the figures that it judges.

When it speaks is said in the words of docs/analysis.md; a test holds them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rule:
    """What is to be known of a rule. `metrics`: the figures that it judges."""

    title: str
    when: str
    metrics: tuple[str, ...]


RULES: Final[dict[str, Rule]] = {
    "stopped-everywhere": Rule(
        "Best seller that stopped on all channels",
        "best sellers stopped on all channels at once, for longer than chance explains",
        ("stopped_everywhere",),
    ),
    "stock-out": Rule(
        "Best seller that stopped selling",
        "a best seller is silent for longer than chance explains, and not on all channels",
        ("days_without_sales",),
    ),
    "losses": Rule(
        "Products that lose money",
        "products with negative net receipts, also with as few refunds as chance allows",
        ("product_losses",),
    ),
    "losing-orders": Rule(
        "Orders that lose without a refund",
        "surely one in a hundred of the orders without a refund loses, five at least, of products that pay as a "
        "whole; named is what weighs more in them than in others",
        ("losing_unrefunded",),
    ),
    "low-stock": Rule(
        "Stock that ends soon",
        "the stock of a product that still sells lasts less than 15 days (`MARKETPLACE_STOCK_LOW_DAYS`)",
        ("low_stock",),
    ),
    "below-break-even": Rule(
        "Sold below the break-even price",
        "products whose net receipts do not pay their cost and taxes, also with as few refunds as chance allows",
        ("below_break_even",),
    ),
    "returns": Rule(
        "Products that come back too often",
        "a product's return rate is 8 % or more and twice the channel's",
        ("product_return_rate", "return_rate"),
    ),
    "return-room": Rule(
        "Returns that eat the margin",
        "a product pays, and chance allows that its return rate is above the highest it bears",
        ("return_room",),
    ),
    "return-causes": Rule(
        "Returns with one cause",
        "a known cause has five returned rows or more; a step for each of the three most frequent",
        ("returns_by_cause",),
    ),
    "reputation": Rule(
        "Close to a reputation limit",
        "claims, cancellations or late dispatch from 75 % of the channel's limit on; late dispatch alone is low, "
        "and left to `slow-dispatch` where that speaks",
        ("recent_claims", "recent_cancellations", "recent_late_dispatch"),
    ),
    "fee-audit": Rule(
        "Fees above the tariff",
        "R$ 1 or more was charged above the tariff",
        ("fee_over_tariff",),
    ),
    "price-cliffs": Rule(
        "Prices just above a step",
        "a product sells just above a tariff's step",
        ("price_cliffs",),
    ),
    "fees": Rule(
        "High fees",
        "fee share from 20 % (20 orders at least); where the tariff is known to the cent, only if more than it was "
        "charged or kits had saved some of it",
        ("fee_share",),
    ),
    "shipping": Rule(
        "High shipping",
        "shipping share from 10 % (20 orders at least)",
        ("shipping_share",),
    ),
    "cancellations": Rule(
        "Many cancellations",
        "cancellation rate from 5 % (20 orders at least)",
        ("cancellation_rate",),
    ),
    "discounts": Rule(
        "Deep discounts",
        "discount depth from 15 % (20 orders at least)",
        ("discount_depth",),
    ),
    "unpaid": Rule(
        "Unpaid orders",
        "unpaid share from 8 % (20 orders at least)",
        ("unpaid_share",),
    ),
    "falling-sales": Rule(
        "Falling sales",
        "30 days surely 10 % or more below the 30 before (by month: the last month but one below the one before); "
        "without the silent best sellers surely below, and 10 % as counted, also below what is usual: the mean of "
        "the whole spans before both, where there are any with a quarter of the rows or more. No finding, but "
        "told: a fall from a peak to what is usual; a fall that the same days of the year before had as well, "
        "within 10 points; without a year before, one that has a week more of 11 November to 24 December in the "
        "days before",
        ("revenue_growth",),
    ),
    "price-gap": Rule(
        "Cheaper than on another channel",
        "the same SKU 8 % or more below another channel, the intervals of both medians apart",
        ("price_gap",),
    ),
    "price-gap-elsewhere": Rule(
        "Cheaper on another channel",
        "the same SKU 8 % or more cheaper on another channel by its last document of the same days, the intervals "
        "of both medians apart",
        ("price_gap_elsewhere",),
    ),
    "unprofitable-ads": Rule(
        "Advertising that does not pay",
        "ACOS above what is left of sales before advertising, chance allowed for, of products or of all; TACOS "
        "above it, where the report tells no sales",
        ("acos", "tacos"),
    ),
    "ads-without-sales": Rule(
        "Advertising without sales",
        "products whose advertising paid for three sales or more, as sales cost elsewhere, and sold nothing",
        ("ads_without_sales",),
    ),
    "advertising": Rule(
        "Much advertising",
        "35 % of revenue or more from advertising (20 orders at least)",
        ("advertising_share",),
    ),
    "try-advertising": Rule(
        "Little advertising",
        "less than 5 % from advertising (20 orders at least)",
        ("advertising_share",),
    ),
    "little-clicked": Rule(
        "Products that are clicked too little",
        "products with a low click rate",
        ("low_click_rate",),
    ),
    "slow-dispatch": Rule(
        "Late dispatch",
        "15 % of sales or more dispatched late (20 orders at least)",
        ("slow_shipping_share",),
    ),
    "concentration": Rule(
        "Sales of few products",
        "60 % of revenue or more from a tenth of the products (20 orders at least)",
        ("concentration_top10",),
    ),
    "missing-skus": Rule(
        "Listings without SKU",
        "5 % of the rows or more without a SKU",
        ("missing_sku_share",),
    ),
    "slow-stock": Rule(
        "Money in slow stock",
        "stock of a known cost lasts more than 180 days (`MARKETPLACE_STOCK_HIGH_DAYS`)",
        ("slow_stock",),
    ),
    "idle-stock": Rule(
        "Stock that stands still",
        "there is stock without any sale in the document's days, 28 at least",
        ("idle_stock",),
    ),
}


def rule_of(opportunity_id: str, channel: str) -> str:
    """Return the rule that found an opportunity; empty if an agent did."""
    name = opportunity_id.removeprefix(f"{channel}-")
    return name if name in RULES else ""
