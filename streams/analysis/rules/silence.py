"""Distinguish best sellers that stopped selling from those that are silent by chance alone."""

from __future__ import annotations

from typing import Any, Final

from streams.analysis.rules.formats import number
from streams.analysis.rules.view import Products, View

#: A silence is a finding where chance alone would bring one to any of the best sellers in fewer than so many documents.
MOST_BY_CHANCE: Final = 0.01


def stopped(view: View, metric: str) -> Products:
    """Return the products of a figure of silence that chance does not explain; `metric` names the figure."""
    return {sku: p for sku, p in view.products(metric).items() if _chance(view, metric, p) <= MOST_BY_CHANCE}


def perhaps_stopped(view: View, metric: str) -> Products:
    """Return the products of a figure of silence that may only have had a quiet time."""
    return {sku: p for sku, p in view.products(metric).items() if _chance(view, metric, p) > MOST_BY_CHANCE}


def sold_on(product: dict[str, Any]) -> str:
    """Return `, em 40 dias com venda`; nothing where an earlier version's figure does not tell it."""
    return f", em {number(product['sale_days'])} dias com venda" if "sale_days" in product else ""


def _chance(view: View, metric: str, product: dict[str, Any]) -> float:
    """Return the chance that one of all best sellers is silent for so long with its usual pace; 0 where unknown.

    Days with a sale that fall anywhere in a span all fall into its first part with the chance that this part has of
    the span, each. The first of them begins the span.
    """
    days = product.get("sale_days")
    pause = product.get("usual_pause")
    if days is None or pause is None:  # an earlier version's figure
        return 0.0
    span = days * pause
    figure = view.figure(metric)
    candidates = 1 if figure is None else int(figure.detail.get("candidates", len(figure.skus)))
    return float(candidates * (span / (span + product["silent_days"])) ** (days - 1))
