"""The figure that classes products, as `catalogue` has all others, and what each class asks for."""

from __future__ import annotations

from typing import Final

from gateway.figures.metric import Metric

OF_PRODUCTS: Final[dict[str, Metric]] = {
    "product_classes": Metric(
        "Classes of products (ABC x XYZ)",
        "products with both classes, from 10 on: A make the first 80 % of the revenue of all products, B up to 95 %, C"
        " the rest; of X the units of a month vary little (standard deviation / mean up to 0.5), of Y up to 1, of Z"
        " more; by whole months since the first sale, 6 at least, or else by whole weeks, 8 at least",
        (("at", "units", "revenue"),),
        ("revenue", "units"),
    ),
}
#: What to do with the products of a class.
POLICIES: Final[dict[str, str]] = {
    "AX": "Never be without them: order by a fixed rhythm, with a small reserve.",
    "AY": "Keep a reserve for the high months, and look at the order each time.",
    "AZ": "Find out what moves them (campaigns, season) before a large order.",
    "BX": "Order by a fixed rhythm; they need little attention.",
    "BY": "Order by need, with some reserve.",
    "BZ": "Order small amounts, and by need alone.",
    "CX": "Order seldom, several months at once.",
    "CY": "Keep little; it matters little if they are missing.",
    "CZ": "Sell out what is there; offer again only on order.",
}
