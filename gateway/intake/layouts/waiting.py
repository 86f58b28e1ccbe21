"""Find pending orders, which without a sign of payment are no sales, and statuses that nobody knows."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.lines import SOLD, UNPAID
from gateway.intake.layouts.names import words
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.status import are_known
from gateway.intake.masking import mask
from gateway.intake.values import says
from gateway.intake.words import in_portuguese

WAITING: Final = (
    "{rows} linha(s) estão pendentes (coluna “{column}”), e nada diz que foram pagas: elas não contam como venda "
    "(valor: {amount})."
)
UNMET: Final = (
    "{rows} linha(s) têm na coluna “{column}” uma situação que não é conhecida ({texts}): contam como vendidas. Se não "
    "foram vendidas, tire-as do arquivo e envie-o de novo."
)
TO_SEND: Final = (
    "Todos os pedidos estão por enviar: é a lista do que falta enviar, e os cancelados, enviados e devolvidos não "
    "estão nela. Quantos foram cancelados ou devolvidos é desconhecido."
)
_TO_SEND: Final = (
    r"^(a|para|por) (enviar|ser enviad[oa])\b|^(pronto|pronta) para (o )?envi|^(ready )?to ship\b|"
    r"^(aguardando|awaiting|esperando) (o |a )?(envio|coleta|shipment|collection)|^perlu dikirim|"
    r"^cho (lay|gui) hang|^unshipped$"
)
#: So many statuses are shown; a column of more texts that nobody knows is one of notes.
_SHOWN: Final = 3
_AT_MOST: Final = 12
_LENGTH: Final = 40
NO_AMOUNT: Final = "o relatório não diz"
_PENDING: Final = (
    r"^(pedido |order )?(aguardando|em espera|en espera|pendentes?|pendientes?|pending|on.?hold|en.attente|in.attesa|"
    r"ausstehend|beklemede)$"
)
#: An open bill is not paid, where the others of its column are.
_OPEN: Final = r"^(fatura |boleto |titulo )?(em )?abert[oa]s?$|^abiert[oa]s?$|^open$|^offen$"
_PAID: Final = r"^(fatura |boleto |titulo )?(pag[oa]s?|pagad[oa]s?|quitad[oa]s?|paid|bezahlt)$"
#: A status of one of these tells what is still to be sent.
OF_DELIVERY: Final = frozenset(
    ("entrega", "envio", "expedicao", "delivery", "shipping", "shipment", "fulfillment", "fulfilment", "courier")
)


def without_waiting(
    text: pl.Series, status: pl.Series, header: str, payment: pl.Series | None, revenue: pl.Series | None
) -> tuple[pl.Series, str]:
    """Return the status with pending orders and open bills as unpaid, and the remark; empty without any.

    `text` has the orders' texts, `header` their column's name. Where a column tells of the payment, it decides.
    """
    if OF_DELIVERY & set(words(header)):
        return status, ""
    pending = says(text, _PENDING)
    if says(text, _PAID).any():
        pending |= says(text, _OPEN)
    waits = pending & (status == SOLD)
    if payment is not None:
        waits &= payment.is_null()
    if not waits.any():
        return status, ""
    told = WAITING.format(rows=int(waits.sum()), column=header, amount=amount_of(waits, revenue))
    return status.zip_with(~waits, constant(UNPAID, len(status))), told


def unmet(text: pl.Series, spoken: pl.Series, status: pl.Series, header: str) -> str:
    """Return the remark on rows that count as sold by a status that nobody knows; empty without any.

    `spoken` has the texts as their words are looked up, `text` as they stand in the document.
    """
    strange = (status == SOLD) & spoken.is_not_null() & ~are_known(spoken)
    texts = text.filter(strange).drop_nulls().unique(maintain_order=True)
    if texts.is_empty() or len(texts) > _AT_MOST:
        return ""
    shown = "; ".join(f"“{mask(one)[:_LENGTH]}”" for one in texts.head(_SHOWN))
    more = "; …" if len(texts) > _SHOWN else ""
    return UNMET.format(rows=int(strange.sum()), column=header, texts=shown + more)


def amount_of(rows: pl.Series, revenue: pl.Series | None) -> str:
    """Return what these rows come to, as a person reads it."""
    amounts = None if revenue is None else revenue.filter(rows)
    if amounts is None or amounts.null_count() == len(amounts):
        return NO_AMOUNT
    return in_portuguese(float(amounts.sum()))


def are_to_send(text: pl.Series | None) -> bool:
    """Say whether every order waits to be sent: then the export was filtered by it, and has no cancelled ones."""
    return text is not None and text.null_count() < len(text) and bool(says(text.drop_nulls(), _TO_SEND).all())
