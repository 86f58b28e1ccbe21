"""Rules about how the shop is run: dispatch, and listings without a SKU."""

from __future__ import annotations

from typing import Final

from streams.analysis.rules.finding import Finding, Step, found
from streams.analysis.rules.formats import number, percent
from streams.analysis.rules.view import View

#: Orders that wait for dispatch longer than two days.
HIGH_SLOW_SHARE: Final = 0.15
HIGH_MISSING_SKU_SHARE: Final = 0.05


def slow_dispatch(view: View) -> Finding | None:
    """Find many late dispatches. No worth: the document does not show what they cost in ranking."""
    counted, days = view.rate("slow_shipping_share"), view.value("dispatch_days")
    if counted is None or days is None or not counted.surely(HIGH_SLOW_SHARE) or view.has_few_orders:
        return None
    share = counted.value
    return found(
        view,
        "slow-dispatch",
        title=f"Postar mais rápido ({percent(share)} dos pedidos levam mais de 2 dias)",
        what=(
            "O atraso na postagem derruba a reputação e a posição na busca e aumenta os cancelamentos. Defina o "
            "horário de corte, separe os pedidos duas vezes por dia e deixe os mais vendidos já embalados."
        ),
        evidence=[
            view.evidence("slow_shipping_share", f"Postados depois de mais de 2 dias: {counted.told('vendas')}"),
            view.evidence("dispatch_days", f"Metade dos pedidos é postada em até {number(days, 1)} dias"),
        ],
        priority="normal",
        steps=[
            Step(
                1,
                "Separar pedidos duas vezes por dia",
                "Definir o horário de corte, separar de manhã e à tarde e acompanhar os pedidos com mais de um dia.",
            )
        ],
    )


def missing_skus(view: View) -> Finding | None:
    """Find listings without a SKU, which cannot be followed across reports. No worth of its own."""
    counted = view.rate("missing_sku_share")
    if counted is None or not counted.surely(HIGH_MISSING_SKU_SHARE):
        return None
    share = counted.value
    return found(
        view,
        "missing-skus",
        title=f"Preencher o SKU dos anúncios ({percent(share)} das vendas sem SKU)",
        what=(
            "Sem SKU não dá para ligar venda, custo e estoque do mesmo produto entre os canais. Preencha o SKU em "
            "todos os anúncios, o mesmo em cada canal."
        ),
        evidence=[view.evidence("missing_sku_share", f"Linhas de venda sem SKU: {counted.told('linhas')}")],
        priority="low",
        steps=[Step(2, "Preencher os SKUs", "Exportar os anúncios, completar a coluna de SKU e importar de volta.")],
    )
