"""Quotes what the document's text states, apart from what was computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from schemas.facts import UNKNOWN_MONEY, DocumentFacts
from schemas.stated import StatedFigure
from streams.analysis.rules.formats import listing, money, number, percent

#: In the order in which they are told.
_NAMES: Final = {
    "revenue": "receita de {}",
    "orders": "{} pedidos",
    "units": "{} unidades",
    "average_ticket": "ticket médio de {}",
    "fees": "tarifas de {}",
    "fee_share": "tarifas de {}",
    "shipping_cost": "envio de {}",
    "shipping_share": "envio de {}",
    "refunds": "reembolsos de {}",
    "return_rate": "devolução de {}",
    "returned_units": "{} unidades devolvidas",
    "cancelled_revenue": "cancelamentos de {}",
    "cancellation_rate": "cancelamento de {}",
    "cancelled_orders": "{} pedidos cancelados",
    "net_receipts": "valor líquido recebido de {}",
    "advertising_share": "{} da receita por publicidade",
    "discount_depth": "desconto médio de {}",
}


def stated_sentence(stated: Sequence[StatedFigure], computed: Sequence[str] = ()) -> str:
    """Return the figures that the document states and nothing has computed; empty where there are none."""
    told = sorted(
        (one for one in stated if one.metric in _NAMES and one.metric not in computed),
        key=lambda one: list(_NAMES).index(one.metric),
    )
    if not told:
        return ""
    places = listing(list(dict.fromkeys(one.where for one in told)), 3)
    figures = listing([_NAMES[one.metric].format(_value(one)) for one in told], len(told))
    return f"O documento afirma {figures} ({places}); são números do texto, não calculados das vendas."


def with_stated(summary: str, channel: str, facts: DocumentFacts) -> str:
    """Return the summary of a channel, followed by what the text states and nothing was computed for."""
    own = facts.for_channel(channel)
    computed = [] if own is None else [figure.metric for figure in own.figures]
    return " ".join(part for part in (summary, stated_sentence(facts.stated_of(channel), computed)) if part)


def _value(one: StatedFigure) -> str:
    if one.unit == "ratio":
        return percent(one.value)
    if one.unit == "count":
        return number(one.value)
    return number(one.value) if one.unit == UNKNOWN_MONEY else money(one.value, one.unit)
