"""The rule about best sellers that stopped on all channels at once: no fault of one channel."""

from __future__ import annotations

from typing import Final

from schemas.channels import channel_name
from streams.analysis.rules.across import by_document
from streams.analysis.rules.finding import Finding, Step, found
from streams.analysis.rules.formats import agree, listing, number
from streams.analysis.rules.silence import sold_on, stopped
from streams.analysis.rules.view import View

_METRIC: Final = "stopped_everywhere"


def stopped_everywhere(view: View) -> Finding | None:
    """Find best sellers that no channel sells any more. Worth: a month of what this channel sold, less costs."""
    gone = stopped(view, _METRIC)
    if not gone:
        return None
    skus = list(gone)
    channels = sorted({channel_name(name) for p in gone.values() for name in p["channels"]})
    where = listing(channels, len(channels))
    others = sorted({name for p in gone.values() for name in p["channels"] if name != view.channel})
    documents = by_document(view, _METRIC, *others)
    # of a channel whose last document is of other days nobody knows: then only those that were compared are named
    at_once = f"ao mesmo tempo em {where}" if documents else "em todos os canais"
    evidence = [
        view.evidence(
            _METRIC,
            f"{view.title_of(sku)}: sem vendas em {listing([channel_name(c) for c in p['channels']], 9)} há "
            f"{number(p['silent_days'])} dias ou mais; antes vendia {view.money(p['daily_revenue'])} por dia em "
            f"{view.name}{sold_on(p)}{by_document(view, _METRIC, *(c for c in p['channels'] if c != view.channel))}",
            value=float(p["silent_days"]),
            skus=[sku],
        )
        for sku, p in list(gone.items())[:5]
    ]
    return found(
        view,
        "stopped-everywhere",
        title=f"Repor {listing(skus)}: {agree(skus, 'parou', 'pararam')} {at_once}",
        what=(
            f"{listing(skus)} {agree(skus, 'estava', 'estavam')} entre os mais vendidos e "
            f"{agree(skus, 'deixou', 'deixaram')} de vender ao mesmo tempo em {where}. Isso aponta para falta de "
            "estoque, e não para um problema de um canal: confira o estoque e o pedido ao fornecedor antes de mexer "
            "nos anúncios."
        ),
        evidence=evidence,
        gain=view.share_of_days(sum(p["daily_revenue"] for p in gone.values())) * view.kept_share,
        priority="high",
        steps=[
            Step(
                1,
                f"Repor o estoque de {listing(skus)}",
                "Conferir hoje o estoque e o pedido ao fornecedor; ao repor, reativar os anúncios em todos os canais.",
            ),
            Step(
                2,
                "Criar alerta de estoque mínimo",
                "Definir o estoque mínimo dos mais vendidos pelas vendas por dia e pelo prazo do fornecedor.",
            ),
        ],
    )
