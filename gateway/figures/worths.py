"""How the worth of each rule's opportunity is computed, and from which figures: each of them opens on its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from gateway.figures.catalogue import instead_of

#: What is left of a sale after fees and shipping.
_COSTS: Final = ("fee_share", "shipping_share")
#: The days of a document that worths a month are of: it is divided by its months.
DAYS: Final = "period_days"
MAIN_DAYS: Final = "main_days"
_OF_DOCUMENT: Final = (DAYS,)


@dataclass(frozen=True, slots=True)
class Worth:
    """A formula in words, and the figures in it, as the catalogue of figures calls them."""

    formula: str
    made_of: tuple[str, ...]


#: Rule -> how its worth is computed; docs/analysis.md, The rules. A rule without a worth is not here.
WORTHS: Final[Mapping[str, Worth]] = {
    "stopped-everywhere": Worth(
        "what these products sold a day on this channel x the days of a month x (1 - fee share - shipping share)",
        ("stopped_everywhere", *_COSTS),
    ),
    "stock-out": Worth(
        "what these products sold a day x the days of a month x (1 - fee share - shipping share)",
        ("days_without_sales", *_COSTS),
    ),
    "losses": Worth("what these products lose / months of the document", ("product_losses", *_OF_DOCUMENT)),
    "losing-orders": Worth("what these orders lose / months of the document", ("losing_unrefunded", *_OF_DOCUMENT)),
    "below-break-even": Worth(
        "what these products lose after their costs and taxes / months of the document",
        ("below_break_even", *_OF_DOCUMENT),
    ),
    "returns": Worth(
        "units that came back above 3 % (or the channel's rate, if lower) x what a returned unit costs / months of the "
        "document",
        ("product_return_rate", "return_rate", *_OF_DOCUMENT),
    ),
    "fee-audit": Worth("fees charged above the tariff / months of the judged days", ("fee_over_tariff",)),
    "price-cliffs": Worth(
        "what the price below the step would leave more, on the same units / months of the judged days",
        ("price_cliffs",),
    ),
    "fees": Worth(
        "fixed fees that kits had saved by the tariff / months of the judged days", ("fee_over_tariff", "fee_share")
    ),
    "shipping": Worth(
        "(shipping share - 8 %) x revenue / months of the document", ("shipping_share", "revenue", *_OF_DOCUMENT)
    ),
    "cancellations": Worth(
        "cancelled amount x (cancellation rate - 2 %) / cancellation rate x (1 - fee share - shipping share) / months "
        "of the document",
        ("cancelled_revenue", "cancellation_rate", *_COSTS, *_OF_DOCUMENT),
    ),
    "discounts": Worth(
        "(discount depth - 10 %) x revenue at full price / months of the document",
        ("discount_depth", "revenue", *_OF_DOCUMENT),
    ),
    "falling-sales": Worth(
        "the fall of the five products that fell most, at most that of all x (1 - fee share - shipping share)",
        ("revenue_growth", *_COSTS),
    ),
    "price-gap": Worth(
        "half of the gap x units sold x (1 - fee share - shipping share) / months of the document",
        ("price_gap", *_COSTS, *_OF_DOCUMENT),
    ),
    "unprofitable-ads": Worth(
        "advertising cost - what is left, before advertising, of the sales that it brought / months of the report's "
        "days",
        ("advertising_cost", "advertising_sales", "acos", "bearable_acos"),
    ),
    "ads-without-sales": Worth(
        "what the advertising of these products costs / months of the report's days", ("ads_without_sales",)
    ),
}


def worth_of(opportunity_id: str, channel: str) -> Worth | None:
    """Return how the worth of a rule's opportunity is computed; None if it has none, or an agent found it."""
    return WORTHS.get(opportunity_id.removeprefix(f"{channel}-"))


def figures_in(worth: Worth, known: Iterable[str]) -> list[str]:
    """Return the figures of a formula that a document has in their place; of its days those with nearly all sales."""
    there = set(known)
    names = [MAIN_DAYS if name == DAYS and MAIN_DAYS in there else name for name in worth.made_of]
    return [instead_of(name, there) for name in names]
