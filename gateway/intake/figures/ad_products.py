"""Compute the advertising cost and sales of single products, and the cost of products without a sale from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from gateway.intake.ads import Advertised
from gateway.intake.figures.measure import MAX_SKUS, money, rounded
from gateway.intake.words import fold
from schemas.facts import Figure
from schemas.product import sku_key


@dataclass(frozen=True, slots=True)
class Sold:
    """The sales that advertising is joined with. `sums` has a row for each product, with its revenue."""

    days: pl.Series  # of sales
    revenue: float | None
    currency: str
    sums: pl.DataFrame
    listings: dict[str, str]  # the marketplace's number, or the folded title -> product, where it is just one


#: Product -> what its advertising cost and sold; None: not known.
Spent = dict[str, tuple[float, float | None]]
#: What is known of a product of which no report tells.
NOT_TOLD: Final[tuple[None, None]] = (None, None)
_REVENUE: Final = ("product", "revenue")


def by_product(spent: Spent, sold: Sold) -> dict[str, dict[str, float]]:
    """Return the advertising cost and sales of the document's products, the dearest first."""
    revenue: dict[str, float | None] = {str(p): r for p, r in sold.sums.select(_REVENUE).rows()}
    shown: dict[str, dict[str, float]] = {}
    of_sold = {product: told for product, told in spent.items() if product in revenue}
    for product, (amount, sales) in _dearest(of_sold):
        shown[product] = {"ad_cost": rounded(amount)}
        if sales is not None:
            shown[product] |= {"ad_sales": rounded(sales)}
            shown[product] |= {"acos": rounded(amount / sales, 4)} if sales > 0 else {}
        if (own := revenue[product]) is not None and own > 0:
            shown[product] |= {"revenue": rounded(own), "tacos": rounded(amount / own, 4)}
    return shown


def without_sales(spent: Spent, unit: str) -> list[Figure]:
    """Return the advertising cost of products without a sale from it, by the marketplace's attribution."""
    idle = {product: told for product, told in spent.items() if told[1] == 0 and told[0] > 0}
    if not idle:
        return []
    by_sku = {product: {"ad_cost": rounded(amount)} for product, (amount, _) in _dearest(idle)}
    detail: dict[str, Any] = {"products": len(idle), "by_sku": by_sku}
    return [money("ads_without_sales", sum(one[0] for one in idle.values()), unit, skus=list(by_sku), detail=detail)]


def spent_on(advertised: Iterable[Advertised], sold: Sold) -> Spent:
    """Return the cost under the product's name in the sales, else under its name in the report."""
    known = {sku_key(str(product)): str(product) for product in sold.sums["product"].to_list()}
    found: Spent = {}
    for one in advertised:
        product = (
            known.get(sku_key(one.code))
            or sold.listings.get(fold(one.code))
            or sold.listings.get(fold(one.title))
            or one.code
            or one.title
        )
        amount, sales = found.get(product, (0.0, 0.0))
        found[product] = (amount + one.amount, None if sales is None or one.sales is None else sales + one.sales)
    return found


def _dearest(spent: Spent) -> list[tuple[str, tuple[float, float | None]]]:
    return sorted(spent.items(), key=lambda pair: (-pair[1][0], pair[0]))[:MAX_SKUS]
