"""What the document hints at on too few cases: told by name among the limits, never as a finding."""

from __future__ import annotations

from typing import Final

from streams.analysis.rules import costs, products, upkeep
from streams.analysis.rules.formats import percent
from streams.analysis.rules.view import View

#: Products that are named at most.
_MOST: Final = 5
_SHARES: Final[tuple[tuple[str, str, float, str], ...]] = (
    ("cancellation_rate", "Cancelamentos", costs.HIGH_CANCELLATION_RATE, "pedidos"),
    ("unpaid_share", "Pedidos não pagos", costs.HIGH_UNPAID_SHARE, "pedidos"),
    ("slow_shipping_share", "Postagem depois de 2 dias", upkeep.HIGH_SLOW_SHARE, "vendas"),
    ("missing_sku_share", "Vendas sem SKU", upkeep.HIGH_MISSING_SKU_SHARE, "linhas"),
)


def unsure(view: View) -> list[str]:
    """Return the rates that pass their limit as counted, but not with the interval that so few cases leave."""
    told = [
        f"{name}: {rate.told(of)}. São poucos dados para afirmar que passa de {percent(limit, 0)}."
        for metric, name, limit, of in _SHARES
        if (rate := view.rate(metric)) is not None and rate.perhaps(limit)
    ]
    limit = products.return_limit(view)
    if limit is None:
        return told
    rates = {sku: products.product_rate(p) for sku, p in view.products("product_return_rate").items()}
    doubtful = [(sku, rate) for sku, rate in rates.items() if rate.perhaps(limit)]
    return told + [
        f"Devoluções de {view.title_of(sku)}: {rate.told('unidades')}. São poucos dados para afirmar que passam de "
        f"{percent(limit)}."
        for sku, rate in doubtful[:_MOST]
    ]
