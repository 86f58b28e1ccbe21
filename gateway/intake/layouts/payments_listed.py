"""Tells that the rows of a table are payments: what is not paid yet is not in its amounts."""

from __future__ import annotations

from typing import Final

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words

PAYMENTS: Final = (
    "Cada linha é um pagamento (coluna “{column}”): a receita é o que foi pago, e o que ainda não foi pago não está "
    "nela. Para as vendas todas, envie a tabela delas."
)
_PAID: Final = frozenset(("payment", "pagamento", "pago", "cobro"))
_NUMBERED: Final = frozenset(("id", "codigo", "code", "numero"))
#: What tells more of a sale than who paid for it: then each row has its payment.
_OF_SALES: Final = ("sku", "title", "units", "price", "status", "channel")


def told_of_payments(columns: Columns, assignment: Assignment) -> list[str]:
    """Return what is told of a table that begins with a payment's number, and names neither goods nor states."""
    own = set(words(columns.headers[0]))
    listed = bool(own & _PAID) and bool(own & _NUMBERED) and assignment.column("revenue") not in (None, 0)
    if not listed or any(assignment.column(name) is not None for name in _OF_SALES):
        return []
    return [PAYMENTS.format(column=columns.headers[0])]
