"""Recognises names of files, sheets and titles that speak of returned or cancelled sales."""

from __future__ import annotations

import re
from typing import Final, Literal

from gateway.intake.words import fold

#: Nothing; that all rows came back; that some of them did, or may have.
Says = Literal["", "all", "some"]

#: Words that a name says sales by.
SOLD_WORDS: Final = r"vendas?|ventas?|vendid\w+|sales?|sold"

#: What is told of a table that a name calls so; its columns alone would be read as those of sales.
BY_NAME: Final = "É o nome que diz isso. Se são vendas, diga em “Ver as colunas” o que é cada coluna."
#: What is told where rows that look like sales may be purchases or expenses, because their file is called so.
MAY_BE_SPENT: Final = (
    "O nome do arquivo fala de compras ou despesas. Se as linhas são vendas, diga em “Ver as colunas” o que é cada "
    "coluna."
)
NOT_SPENT: Final = (
    "O nome do arquivo fala de despesas, mas as linhas têm número de pedido e quantidade: foram contadas como vendas."
)
#: What is told of sales of which a name says that some came back, where no column tells which.
SOME: Final = (
    "O nome fala também de vendas canceladas ou devolvidas, e nenhuma coluna diz quais são: todas as linhas foram "
    "contadas como vendas. Se há canceladas entre elas, envie o relatório com a situação de cada pedido."
)
_ORDERS: Final = (
    r"(?:vendas?|ventas?|ventes?|vendite|sales?|pedidos?|orders?|ordenes|commandes?|bestellung\w*|bestelling\w*|auftrag\w*|"
    r"ordini|zamowieni\w*|pesanan)"
)
#: Said of orders, behind or before them.
_BACK: Final = (
    r"(?:cancelad\w+|devolvid\w+|estornad\w+|reembolsad\w+|devuelt\w+|anulad\w+|cancell?ed|returned|refunded|"
    r"annule\w*|annullat\w+|stornier\w+|geannuleerd\w*|anulowan\w+|dibatalkan|dikembalikan)"
)
#: A document that gives back what a bill came to.
CREDIT_NOTES: Final = r"notas? de credito|credit (?:notes?|memos?)|gutschrift(?:en)?"
_NOUNS: Final = (
    r"(?:devoluc\w+|devolucion\w*|returns?|refunds?|reembolsos?|estornos?|cancelamentos?|cancelacion\w*|"
    rf"{CREDIT_NOTES}|"
    r"cancell?ations?|retouren?|retours?|stornos?|zwrot\w*|pembatalan|retur(?! pembelian)|iadeler)"
)
_NOT: Final = r"(?:sem|exceto|menos|nao|sin|excepto|without|except|excluding|sans|ohne|bez|zonder|tanpa)"
_CAME_BACK: Final = re.compile(rf"(?<!\S)(?:{_ORDERS} {_BACK}|{_BACK} {_ORDERS})(?!\S)")
_MENTIONED: Final = re.compile(rf"(?<!\S)(?:{_BACK}|{_NOUNS})(?!\S)")
_AND: Final = r"(?:e|y|and|ou|or|et|und)"
#: What was not sold either.
_UNSOLD: Final = (
    r"(?:(?:excluid|removid|recusad|rejeitad|negad|expirad|extraviad|rechazad)[oa]s?|nao (?:pag[oa]s?|entregues?)|"
    r"unpaid|expired|rejected)"
)
#: `Devoluções e reembolsos`: both came back. Reasons of what came back are no other orders.
_BOTH: Final = re.compile(
    rf"(?<!\S)({_BACK}|{_NOUNS}) {_AND} (?:(?:seus|suas|their) )?"
    rf"(?:{_BACK}|{_NOUNS}|{_UNSOLD}|motivos?|causas?|reasons?)(?!\S)"
)
#: `Cancelados e finalizados`: whatever else stands there did not come back, or only perhaps.
_AND_OTHERS: Final = re.compile(rf"(?<!\S){_BACK} {_AND} [^\W\d]")
_LEFT_OUT: Final = re.compile(rf"(?<!\S){_NOT}(?!\S)")
#: Their amounts were taken off (`Já tirei as devoluções`), or it is what the shop promises (`Política: devoluções`).
_TAKEN_OFF: Final = re.compile(
    r"\b(descontad\w+|descontando|abatid\w+|abatendo|deduzid\w+|deducted|tirei|tirando|retirei|removi|removid[oa]s?|"
    r"removed|excluid[oa]s?|excluded|livres? de|liquid[oa]s? d(e|as?|os?)|neto de|net of|politicas?|policy|policies)\b"
)
#: `Total de devoluções: 0`
_NONE: Final = re.compile(rf"\b(?:{_BACK}|{_NOUNS})\b[^:=]*[:=]\s*(?:r\$\s*)?0+(?:[.,]0+)?(?!\S)")
_OF_ORDERS: Final = re.compile(rf"(?<!\S){_ORDERS}(?!\S)")
#: Beside what came back, what did not.
_SOLD_TOO: Final = re.compile(
    rf"\b({SOLD_WORDS}|pag[oa]s?|pagad[oa]s?|paid|entregues?|entregad[oa]s?|delivered|enviad[oa]s?|"
    r"shipped|aprovad\w+|aprobad\w+|conclu\w+|complet\w+|faturad\w+|finaliz\w+|process\w+|"
    r"atendid\w+|abert[oa]s?|ativ[oa]s|tod[oa]s?|all)\b"
)
#: What Excel writes above the rows behind a cell of a pivot table: an answer, and nothing that came back.
_ANSWERED: Final = re.compile(
    r"\b(data|dados|datos|donnees|rows|linhas|filas|records|registros) "
    r"(returned|retornad[oa]s|devolvid[oa]s|devuelt[oa]s|renvoyees) (for|para|por|pour)\b"
)
#: With one of these words it may be of sales, too: `Vendas e devoluções`, `Com devoluções`.
_MAY_SELL: Final = re.compile(rf"\b({SOLD_WORDS}|client\w*|customers?|com|e|and|y|mais|with)\b")


def says_of_returns(name: str, *, is_file: bool = False) -> Says:
    """Return what a name says of sales that came back. A file that is called after orders may have all of them."""
    folded = re.sub(r"[+&]", " e ", fold(name))
    plain = re.sub(r"[\W_]+", " ", folded).strip()
    plain = _ANSWERED.sub(" ", _BOTH.sub(r"\1", plain))
    if not _MENTIONED.search(plain) or _LEFT_OUT.search(plain) or _NONE.search(folded):
        return ""
    came_back = _CAME_BACK.search(plain)
    if _TAKEN_OFF.search(plain):
        return "some" if came_back else ""  # `Pedidos devolvidos descontados`: from what?
    if came_back:
        rest = f"{plain[: came_back.start()]} {plain[came_back.end() :]}"
        return "some" if _SOLD_TOO.search(rest) or _AND_OTHERS.search(plain) else "all"
    if _MAY_SELL.search(plain) or (is_file and _OF_ORDERS.search(plain)):
        return "some"
    return "all"
