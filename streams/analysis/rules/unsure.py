"""Lists problems that too few cases suggest among the plan's limits, never as findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from streams.analysis.rules import across, costs, demand, margins, products, upkeep
from streams.analysis.rules.falling import falling_notes
from streams.analysis.rules.formats import percent, plural
from streams.analysis.rules.orders import losing_notes
from streams.analysis.rules.silence import perhaps_stopped
from streams.analysis.rules.view import View

#: Products that are named at most.
_MOST: Final = 5
_FEW: Final = "São poucos dados para afirmar que"
_SHARES: Final[tuple[tuple[str, str, float, str], ...]] = (
    ("cancellation_rate", "Cancelamentos", costs.HIGH_CANCELLATION_RATE, "pedidos"),
    ("unpaid_share", "Pedidos não pagos", costs.HIGH_UNPAID_SHARE, "pedidos"),
    ("slow_shipping_share", "Postagem depois de 2 dias", upkeep.HIGH_SLOW_SHARE, "vendas"),
    ("missing_sku_share", "Vendas sem SKU", upkeep.HIGH_MISSING_SKU_SHARE, "linhas"),
    ("fee_share", "Tarifas sobre a receita", costs.HIGH_FEE_SHARE, "vendas"),
    ("shipping_share", "Envio sobre a receita", costs.HIGH_SHIPPING_SHARE, "vendas"),
    ("discount_depth", "Desconto sobre o preço cheio", costs.HIGH_DISCOUNT_DEPTH, "vendas"),
    ("advertising_share", "Receita por publicidade", demand.HIGH_ADVERTISING_SHARE, "vendas"),
    ("concentration_top10", "Receita de 10% dos produtos", demand.HIGH_CONCENTRATION, "unidades"),
)


def unsure(view: View) -> list[str]:
    """Return the problems whose measured value passes its limit, but whose confidence interval does not."""
    return [
        *(
            f"{name}: {rate.told(of)}. {_FEW} passa de {percent(limit, 0)}."
            for metric, name, limit, of in _SHARES
            if (rate := view.rate(metric)) is not None and rate.perhaps(limit)
        ),
        *_advertising(view),
        *_returns(view),
        *_losses(view),
        *losing_notes(view),
        *_gaps(view),
        *_silent(view),
        *falling_notes(view),
    ]


def _advertising(view: View) -> Iterator[str]:
    rate, limit = view.rate("advertising_share"), demand.LOW_ADVERTISING_SHARE
    if rate is not None and rate.value < limit <= rate.high:
        yield f"Receita por publicidade: {rate.told('vendas')}. {_FEW} é menos de {percent(limit, 0)}."


def _returns(view: View) -> Iterator[str]:
    limit = products.return_limit(view)
    if limit is None:
        return
    rates = {sku: products.product_rate(p) for sku, p in view.products("product_return_rate").items()}
    doubtful = [(sku, rate) for sku, rate in rates.items() if rate.perhaps(limit)]
    for sku, rate in doubtful[:_MOST]:
        told = rate.told("unidades")
        yield f"Devoluções de {view.title_of(sku)}: {told}. {_FEW} passam de {percent(limit)}."


def _losses(view: View) -> Iterator[str]:
    for metric, left, sure in (
        ("product_losses", "net", products.sure_losses(view)),
        ("below_break_even", "contribution", margins.surely_below(view)),
    ):
        doubtful = [(sku, p) for sku, p in view.products(metric).items() if sku not in sure]
        for sku, p in doubtful[:_MOST]:
            units = plural(p["units"], "unidade", "unidades")
            lost = f"{view.money(-p[left])} em {units}"
            yield f"Prejuízo de {view.title_of(sku)}: {lost}, por reembolsos. {_FEW} o produto perde dinheiro."


def _gaps(view: View) -> Iterator[str]:
    for metric, is_sure, where in (
        ("price_gap", demand.is_sure_gap, "aqui"),
        ("price_gap_elsewhere", across.is_surely_cheaper_elsewhere, "lá"),
    ):
        doubtful = [(sku, p) for sku, p in across.wide_gaps(view, metric).items() if not is_sure(p)]
        for sku, p in doubtful[:_MOST]:
            other = p["other_channel"]
            units = across.units_of(view, metric, p)
            told = f"{percent(p['gap'])} abaixo ({units}{across.by_document(view, metric, other)})"
            yield f"Preço de {view.title_of(sku)}: {told}. {_FEW} é mais barato {where}."


def _silent(view: View) -> Iterator[str]:
    named = perhaps_stopped(view, "days_without_sales") | perhaps_stopped(view, "stopped_everywhere")
    for sku, p in list(named.items())[:_MOST]:
        silent, sold = plural(p["silent_days"], "dia", "dias"), plural(p["sale_days"], "dia", "dias")
        yield f"{view.title_of(sku)}: {silent} sem vender, depois de vender em {sold}. {_FEW} parou de vender."
