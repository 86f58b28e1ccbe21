"""How an opportunity will be measured, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.cli.views.figures import amount
from schemas.facts import NETS

#: Why no later document will tell, by the code of the API.
_WHY: Final = {
    "no-figure": "no figure supports it",
    "not-measurable": "nothing says which way its figures get better",
    "not-then": "this document does not tell its figure",
    "product-not-then": "this document does not list its products",
    "few": "too few sales to tell change from chance",
    "short": "the document has too few days for amounts a month",
    "no-dates": "the document has no dates",
}
#: What is measured by its amount of a month: documents are of unlike days.
_OF_A_MONTH: Final = frozenset(
    ("revenue", "units", "orders", *NETS, "contribution", "product_losses", "below_break_even", "ads_without_sales")
)


def by_month(metric: str, unit: str) -> str:
    """Return what stands behind a metric's amount; a share is of no month."""
    return " a month" if metric in _OF_A_MONTH and unit != "ratio" else ""


def check(told: Mapping[str, Any] | None) -> str:
    """Return its figure now, the target and who will tell. Empty where an earlier version did not tell."""
    if not told:
        return ""
    if told["why"]:
        return f"not to be measured: {_WHY.get(told['why'], told['why'])}"
    of = f" of {', '.join(told['skus'][:3])}{', ...' if len(told['skus']) > 3 else ''}" if told["skus"] else ""
    target = f"a tenth {told['better']}" if told["target"] is None else amount(told["target"], told["unit"])
    now = amount(told["baseline"], told["unit"]) + by_month(told["metric"], told["unit"])
    days = f"{told['firstDay']} to {told['lastDay']}"
    return f"{told['metric']}{of}: {now} ({days}), target {target}; sales after {told['lastDay']} will tell"
