"""Says of rows that may be what suppliers sold to the shop why a person is asked whether they are sales."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gateway.intake.layouts.doubts import may_be_bought
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.kinds import NUMBERED, plain_name
from gateway.intake.layouts.suppliers import ordered_from_suppliers

BOUGHT: Final = (
    "“{order}” numera pedidos de compra, e “{supplier}” diz a que fornecedor: parece o que a loja comprou, e não o que "
    "vendeu. Nenhum número foi calculado. Se são vendas, diga em “Ver as colunas” o que é cada coluna."
)
ORDERED: Final = (
    "“{order}” numera pedidos de compra, e nada diz se são de clientes ou a fornecedores: nenhum número foi calculado. "
    "Se são vendas, diga em “Ver as colunas” o que é cada coluna."
)
SUPPLIED: Final = (
    "“{supplier}” traz fornecedores, e nada diz que as linhas são vendas, e não compras: nenhum número foi calculado. "
    "Se são vendas, diga em “Ver as colunas” o que é cada coluna."
)
_BUYERS: Final = re.compile(
    r"\b(customers?|clients?|clientes?|comprador(es)?|buyers?|consumers?|sold to|ship to|bill to|kunde|pelanggan|"
    r"khach hang)\b"
)


def told_of_purchases(assignment: Assignment, headers: Sequence[str], titles: Sequence[str]) -> str:
    """Return why rows that look like sales may be purchases; empty where nothing says so.

    A purchase order is the buyer's: of a list of sales a customer stands beside it, or a number of the shop's own.
    """
    order, supplier = ordered_from_suppliers(assignment, headers)
    if order is not None and supplier is not None:
        return BOUGHT.format(order=headers[order], supplier=headers[supplier])
    if order is not None:
        own = assignment.column("order_id")
        numbered = own not in (None, order) and assignment.confidence("order_id") >= NUMBERED
        if not numbered and not any(_BUYERS.search(plain_name(header)) for header in headers):
            return ORDERED.format(order=headers[order])
    if supplier is not None and may_be_bought(assignment, headers, titles):
        return SUPPLIED.format(supplier=headers[supplier])
    return ""
