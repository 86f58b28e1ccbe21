"""Finds lists of quotes: what nobody approved is no sale, and which were approved has to be told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from gateway.intake.distinct import by_distinct
from gateway.intake.layouts.called import SOLD_WORDS
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.kinds import ORDERS, plain_name
from gateway.intake.layouts.waiting import amount_of
from gateway.intake.masking import mask
from gateway.intake.values import classify_folded, folded

UNAPPROVED: Final = (
    "{rows} linha(s) são orçamentos que ninguém aprovou, pela coluna “{column}” ({texts}): não contam como venda "
    "(valor: {amount}). Os aprovados contam como vendas."
)
APPROVED: Final = (
    "É uma lista de orçamentos: os aprovados, pela coluna “{column}”, contam como vendas. Os que ninguém aprovou não "
    "estão nela."
)
WHICH: Final = (
    "É uma lista de orçamentos, e nenhuma coluna diz quais foram aprovados: nenhum número foi calculado. Se são "
    "vendas, diga em “Ver as colunas” o que é cada coluna."
)
#: What a quote is called. A budget is called so as well, so the name alone is not enough.
_QUOTE: Final = (
    r"(quotes?|quotations?|orcamentos?|cotac(ao|oes)|cotizac(ion|iones)|presupuestos?|devis|angebote?|preventivi?|"
    r"penawaran|bao gia)"
)
#: A column that numbers them, or tells their state.
_NUMBERED: Final = re.compile(
    rf"^{_QUOTE} (id|no|nos|n|nr|nro|num|number|numero|code|codigo|ref|reference|status|state|estado|situacao)$|"
    rf"^(id|no|n|nr|nro|num|number|numero|cod|code|codigo|ref|status|estado|situacao|so) "
    rf"(do |da |de |del |of )?{_QUOTE}$|^(quote|quotation|cotizacion|cotacao)$"
)
#: A name that is of quotes, and of nothing that became of them.
_CALLED: Final = re.compile(rf"\b{_QUOTE}\b")
_SALES: Final = re.compile(rf"\b({SOLD_WORDS}|faturamento|revenue|invoices?|notas?)\b|{ORDERS}")
#: A column that numbers what was ordered or billed: then each row became a sale.
_BILL: Final = r"(order|sale|invoice|pedido|venda|venta|factura|nota( fiscal)?|nf)"
_BILLED: Final = re.compile(
    rf"^{_BILL} (id|no|n|nr|nro|number|numero)$|^(id|no|n|nr|nro|numero) (do |da |de |del |of )?{_BILL}$"
)
_YES: Final = "approved"
_NOT: Final = "open"
_IS_APPROVED: Final = (
    rf"^({_QUOTE} )?(foi |was )?(approved|accepted|won|aprovad[oa]|aceit[oa]|aceptad[oa]|aprobad[oa]|ganh[oa]|"
    r"ganad[oa]|fechad[oa]|cerrad[oa]|converted|convertid[oa]|confirmed|confirmad[oa]|signed|accepte|approuve|"
    r"angenommen|disetujui)\b"
)
_IS_NOT: Final = (
    rf"^({_QUOTE} )?((not|nao|no) \w+|(foi |was )?(rejected|declined|refused|lost|expired|cancell?ed|pending|sent|"
    r"draft|open|new|submitted|in review|under review|in negotiation|on hold|viewed|revised|recusad[oa]|rejeitad[oa]|"
    r"reprovad[oa]|perdid[oa]|expirad[oa]|vencid[oa]|cancelad[oa]|pendente|enviad[oa]|rascunho|abert[oa]|em \w+|"
    r"aguardando|rechazad[oa]|pendiente|abiert[oa]|borrador|caducad[oa]|anulad[oa]|en \w+|esperando|refuse|"
    r"envoye|ditolak)\b)"
)
_RULES: Final = [(_IS_APPROVED, _YES), (_IS_NOT, _NOT)]
_LETTERS: Final = 0.9
#: A column of so many different texts tells no state; so many of its cells are states.
_STATES: Final = 20
_MOST: Final = 0.8
_SHOWN: Final = 3
_LENGTH: Final = 40


def lists_quotes(assignment: Assignment, headers: Sequence[str], names: Sequence[str]) -> bool:
    """Say whether the rows are quotes: a column numbers them so, or a name of the sheet, the title or the file says it.

    Where a number of the order or the bill stands beside, each row became a sale. A name may be that of a budget: it
    counts only with a column of states.
    """
    plain = [plain_name(header).strip() for header in headers]
    if any(_BILLED.search(header) for header in plain):
        return False
    numbered = {index for index, header in enumerate(plain) if _NUMBERED.search(header)}
    order = assignment.column("order_id")
    if numbered:
        return order is None or order in numbered or not re.search(ORDERS, plain[order])
    called = any(_CALLED.search(name := plain_name(one)) and not _SALES.search(name) for one in names)
    return called and assignment.column("status") is not None


def told_of_quotes(table: Columns, assignment: Assignment, names: Sequence[str]) -> str:
    """Return what is told of quotes of which nothing says which were approved; empty otherwise."""
    if not lists_quotes(assignment, table.headers, names):
        return ""
    return WHICH if _states(table, assignment) is None else ""


def drop_unapproved(table: Columns, assignment: Assignment, names: Sequence[str]) -> None:
    """Drop quotes that nobody approved, and tell of the others that they count."""
    if not lists_quotes(assignment, table.headers, names) or (found := _states(table, assignment)) is None:
        return
    index, states = found
    left = (states == _NOT).fill_null(value=False)
    if not left.any():
        table.warnings.append(APPROVED.format(column=table.headers[index]))
        return
    texts = table.text_at(index).filter(left).unique(maintain_order=True)
    shown = "; ".join(f"“{mask(one)[:_LENGTH]}”" for one in texts.head(_SHOWN))
    total = assignment.column("revenue")
    table.warnings.append(
        UNAPPROVED.format(
            rows=int(left.sum()),
            column=table.headers[index],
            texts=f"{shown}; …" if len(texts) > _SHOWN else shown,
            amount=amount_of(left, None if total is None else table.amounts(total)),
        )
    )
    table.keep(~left)


def _states(table: Columns, assignment: Assignment) -> tuple[int, pl.Series] | None:
    """Return the column that tells which quotes were approved, and what it tells of each; None without one."""
    for index, profile in enumerate(assignment.profiles):
        if profile.letters < _LETTERS or not 1 <= profile.values <= _STATES:
            continue
        states = by_distinct(table.cells(index), _state)
        if states.count() >= profile.filled * _MOST and _YES in states:
            return index, states
    return None


def _state(texts: pl.Series) -> pl.Series:
    """Return whether each text says that a quote was approved; null where it says nothing of it."""
    plain = folded(pl.col("text")).str.replace_all(r"[\W_]+", " ").str.strip_chars()
    return texts.to_frame("text").select(classify_folded(plain, _RULES, None)).to_series()
