"""Classifies the status text of orders by its words: cancelled, unpaid, returned or sold."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.distinct import by_distinct
from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD, UNPAID
from gateway.intake.layouts.status_abroad import (
    CANCELLED_ABROAD,
    OF_ORDERS_ABROAD,
    RETURNED_ABROAD,
    STANDS_ABROAD,
    UNPAID_ABROAD,
)
from gateway.intake.layouts.status_negated import CAME_BACK, DENIES, GIVEN_UP, NOT_PAID, NOT_RECEIVED
from gateway.intake.values import classify, classify_folded, folded, says

_OF_WHAT: Final = "((boleto|pix|pagamento|pedido|payment|order) )?"
#: First match wins; texts are folded (lower case, no accents).
RULES: Final[list[tuple[str, str]]] = [
    (r"(devolucao|reembolso|devolucion|return|refund).{0,20}(cancelad|recusad|rechazad|cancel?led|rejected)\w*$", SOLD),
    (STANDS_ABROAD, SOLD),
    (
        r"^(not|nao|no|non|sem|sin|never)[ _-](yet |was |foi |fue )?(re(fund|turn|embols)|devol|cancel|estorn|anul)",
        SOLD,
    ),
    (r"pode (pedir|solicitar|cancelar|devolver)|may request", SOLD),  # "O comprador pode pedir devolução até ..."
    (r"\b(caso|se) (o comprador|voce)\b.{0,40}(cancel|devolv)", SOLD),
    (r"\bsi (el|tu) comprador\b.{0,40}(cancel|devuelv)", SOLD),
    (r"cancelamos (a|sua|o|la|el|su|tu) (devolu|reclam|media|troca|cambio|reembolso)", SOLD),
    # The sale stands: the return did not happen, or the buyer has the product and the seller the money.
    (r"(devolvemos|enviamos de volta).{0,40}ao comprador|devolucao nao foi (feita|realizada)", SOLD),
    (r"(devolvimos|enviamos de vuelta).{0,40}al comprador|devolucion no se (hizo|realizo|concreto)", SOLD),
    (r"devolucao.*te demos o dinheiro|devolucion.*te dimos el dinero", RETURNED),  # the marketplace paid for it
    (r"(te demos|liberamos) o dinheiro|(te dimos|liberamos) el dinero", SOLD),
    (r"cancel|estornad|anulad|^void(ed)?$|^order closed$|\bstornier|\bstorno\b|\bannule|\bannullat", CANCELLED),
    (CANCELLED_ABROAD, CANCELLED),
    (GIVEN_UP, CANCELLED),
    (r"^(nf-?e |nota (fiscal )?)?(denegada|inutilizada)s?\b", CANCELLED),  # a bill that was refused, or never written
    (
        r"\b(orcamentos?|cotacao|rascunho|proposta|quote|quotation|draft|presupuesto|cotizacion)\b",
        UNPAID,
    ),  # nothing is sold yet
    (
        (
            r"nao pag|no pagad|unpaid|^(a|por) pagar$|pago pendiente|"
            r"\b(aguard\w*|pendente|em espera)[^,;:()-]{0,30}\b(pagamento|boleto|pix)\b|"
            r"\b(pendiente|en espera|esperando)[^,;:()-]{0,12}\b(de|del|el) pago\b|"
            r"\b(pending|await\w*)[^,;:()-]{0,30}\bpayment\b|\b(pagamento|payment) (pendente|pending)\b|"
            r"\bboleto (emitido|gerado|impresso)\b|\b(erro|error) (no|de|do|en|en el) (pagamento|pago)\b|"
            r"\bpayment error\b|^(pagamento|payment|pago)[ _](em |in |en )?(analise|review|revision)\b|"
            r"\b(wait(ing)?|pending|await(ing)?)[ _](for[ _]|of[ _])?payment\b|\bpayment_pending\b"
        ),
        UNPAID,
    ),
    (r"\b(unbezahlt|zahlung ausstehend|offene? zahlung|non payee?|non pagato)\b", UNPAID),
    (r"\ben attente (de|du) (paiement|virement|cheque)|\bin attesa (di|del) (pagamento|bonifico|assegno)", UNPAID),
    (
        r"\bwarte\w* auf (zahlung|vorkasse|uberweisung)|\b(erreur de paiement|errore di pagamento|zahlungsfehler)\b",
        UNPAID,
    ),
    (UNPAID_ABROAD, UNPAID),
    (NOT_PAID, UNPAID),
    # it was never paid: the bill ran out, or the payment was refused
    (
        rf"^{_OF_WHAT}(expirad|expired|duplicad|vencid|recusad|negad|rechazad|rejeitad|declined|refused|fail(ed|ure)?\b)",
        UNPAID,
    ),
    (r"^rejected$", UNPAID),
    (
        (
            r"devol|devuelt|reembols|reintegrad|return|refund|rejected|lost in transit|damaged|charged?[ _-]?back|"
            r"contracargo|"
            r"mediacao.*comprador"
        ),
        RETURNED,
    ),
    (r"\btroca\b|erstattet|\bretour|\brembours|\brimbors|\breso\b", RETURNED),
    (RETURNED_ABROAD, RETURNED),
    (CAME_BACK, RETURNED),
    (r"^rto(\b|_)", RETURNED),  # on its way back to the seller, undelivered
]
#: It tells of a part of the order: what was paid back is not the whole amount.
_IN_PART: Final = r"parcial|partial|em parte|en parte"
#: It was sent, invoiced or done.
SENT: Final = (
    r"entregue|entregad[oa]|enviad|faturad|conclu|atendid|finaliz|shipped|delivered|completed|invoiced|despachad|"
    r"em transito|^complet([eoa]|ad[oa])$|^(livre|expedie|livree|expediee)s?$|versendet|versandt|zugestellt|^consegnat|"
    r"^spedit"
)
#: It was not, whatever word of one that was it has.
_NOT_SENT: Final = (
    r"\b(nao|not|sem|sin|no)[ _](\w+ )?(entreg|enviad|despach|fatur|shipped|delivered|invoiced)|\bun(shipped|deliv)"
)
#: Not paid yet; what was refused is not paid at all.
_DUE: Final = r"pendente|pendiente|pending|em aberto|aguard|vencid|a vencer|a receber"
#: A column in which no text has one of these, nor means one of the above, says nothing of orders.
_OF_ORDERS: Final = (
    rf"{SENT}|{_DUE}|pag(ad)?[oa]\b|paid|aprovad|aprobad|abonad|approved|autoriz|authoriz|process|prepar|separa|receb|recib|received|aberto|open|nov[oa]\b|new\b|"
    r"confirm|accepted|aceit[oa]|aceptad|cobrad[oa]\b|"
    r"succe|trocad|retid|hold|transit|pronto|ready|entreg|finished|closed|fechad|ok\b|hoan thanh|da giao|huy|selesai|"
    r"versand|versendet|abgeschlossen|erfolgreich|ausstehend|bezahlt|geliefert|zugestellt|livree?\b|expediee?|payee?\b|terminee?\b|spedit|"
    r"consegnat|completat|stornier|annul|erstatt|rembours|rimbors|"
    r"batal|dikirim|^rto\b|emitid|liberad|venda|sold|settled|liquidad|ativ[oa]\b|unshipped|postad|colet|imprim|integrad|"
    rf"{OF_ORDERS_ABROAD}"
)
#: Where an order is: such a text alone makes no column one of orders, and nobody needs to be told of it.
_UNDER_WAY: Final = (
    r"transport|\brota\b|saiu para|expedi|produc|production|embal|pack|pick|retirad|a caminho|en camino|on the way|"
    r"\bout for|disponivel|available|shipp|shipment|deliver|fulfilled|etiqueta|label|await|wait|analise|review|placed|"
    r"created|criad|invoice|arriv|chegou|llego|agendad|scheduled|lieferung|preparation|attente|livraison|accepte|"
    r"^(a|para|por) (enviar|emitir|despachar|entregar|imprimir|facturar|faturar)$|^to (be )?(ship|sen[dt]|pack)|"
    r"\bganh(ou|[oa]s?)\b|\bwon\b|^sent\b|\bfacturad|\bdispatch|\bperjalanan\b|\bda xac nhan\b"
)
_KNOWN: Final = "|".join([_OF_ORDERS, *(pattern for pattern, _ in RULES)])
#: A text that tells whether it is paid, and nothing else of the order.
_OF_PAYMENT: Final = (
    r"^(parcialmente )?(nao )?pag[oa]s?$|^(partially.?|un)?paid$|^aguardando( o)? pagamento$|^(pagamento )?(nao )?"
    r"(aprovad|confirmad|pendente|recusad|negad|autorizad|estornad|em aberto)[oa]?$|"
    r"^(quitad|vencid|recebid|cobrad)[oa]$|"
    r"^(approved|authorized|pending|declined)$|^(payment )?(pending|approved|received|failed)$|^a receber$|"
    r"^(pagad|pendiente)[oae]?s?$"
)
#: What a text means that tells of the payment alone.
_PAYMENT: Final = [
    (r"cancel|anulad|voided", CANCELLED),
    (r"estornad|reembols|refund|charged?[ _-]?back|devol|devuelt", RETURNED),
    (
        (
            r"recusad|negad|rejeitad|rechazad|pendente|pendiente|pending|em aberto|expirad|expired|vencid|aguard|"
            r"en espera|esperando|nao pag|no pagad|sin pagar|^por pagar$|unpaid|declined|failed|falh|fallid"
        ),
        UNPAID,
    ),
    (NOT_RECEIVED, UNPAID),
    (UNPAID_ABROAD, UNPAID),
]
_FOLDED: Final = folded(pl.col("text"))
_CLASS: Final = classify_folded(pl.col("text"), RULES, SOLD)
#: A status that tells of trouble after the sale, whoever paid for it.
COMPLAINT: Final = (
    r"devol|devuelt|reembols|mediac|reclamac|\btroca\b|alteracao|charged?[ _-]?back|te demos o dinheiro|return|refund|"
    r"dispute|exchange"
)


def status_of(first: pl.Series | None, second: pl.Series | None, height: int) -> pl.Series:
    """Return the status class of each row: the second text decides only where the first says just "sold"."""
    one = _classes(first, height)
    return (one if second is None else one.zip_with(one != SOLD, _classes(second, height))).alias("status")


def with_payment(status: pl.Series, payment: pl.Series | None, order: pl.Series | None = None) -> pl.Series:
    """Return each row's status class: the payment's text decides for rows that would be sold otherwise.

    What the order's text says to be sent or invoiced is sold before it is paid.
    """
    if payment is None:
        return status
    paid = by_distinct(payment, lambda text: classified_as(text, _PAYMENT))
    if order is not None:
        sent = says(order, SENT) & ~says(order, _NOT_SENT)
        paid = paid.zip_with(~(sent & says(payment, _DUE)), status)
    return status.zip_with(status != SOLD, paid).alias("status")


def tells_of_orders(text: pl.Series) -> bool:
    """Say whether a column's texts are words about orders, and not codes of some program."""
    return bool(says(text.drop_nulls().unique(), _KNOWN).any())


def are_known(text: pl.Series) -> pl.Series:
    """Say which texts have a word about orders, or about the way of one to its buyer, that they do not deny."""
    return says(text, f"{_KNOWN}|{_UNDER_WAY}") & ~says(text, DENIES)


def tells_payment_only(text: pl.Series) -> bool:
    """Say whether all texts of a column are about payments and none says that an order was cancelled."""
    known = text.drop_nulls().unique()
    return not known.is_empty() and bool(says(known, _OF_PAYMENT).all())


def classified_as(text: pl.Series, rules: list[tuple[str, str]]) -> pl.Series:
    """Return the status class of each text by these rules, sold where none fits."""
    return text.to_frame("text").select(classify(pl.col("text"), rules, SOLD)).to_series()


def _classes(text: pl.Series | None, height: int) -> pl.Series:
    if text is None:
        return pl.Series([SOLD]).new_from_index(0, height)
    return by_distinct(text, _classified)


def _classified(text: pl.Series) -> pl.Series:
    return text.to_frame("text").select(_FOLDED).select(_CLASS).to_series()


def complaint_of(text: pl.Series) -> pl.Series:
    """Say of each status text whether it tells of a return, a dispute or an exchange; null where there is no text."""
    return by_distinct(text, _complaints)


def _complaints(text: pl.Series) -> pl.Series:
    return pl.DataFrame({"text": text}).select(folded(pl.col("text")).str.contains(COMPLAINT)).to_series()


def rows_in_part(text: pl.Series, status: pl.Series) -> int:
    """Return how many rows came back in part, by their status, which does not say how much did."""
    frame = pl.DataFrame({"text": text, "status": status}).filter(pl.col("status") == RETURNED)
    return int(frame.select(folded(pl.col("text")).str.contains(_IN_PART).sum()).item())
