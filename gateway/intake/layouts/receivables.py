"""Finds lists of what customers still owe: the invoices that are open, and not all that was sold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gateway.intake.layouts.kinds import plain_name

OWED: Final = (
    "Parece uma lista de contas a receber, com os dias de atraso e o saldo de cada uma: as vendas que já foram pagas "
    "podem não estar nela. Nenhum número foi calculado. Se são todas as vendas, diga em “Ver as colunas” o que é cada "
    "coluna."
)
_LATE: Final = (
    r"^(dias (vencid[oa]s?|de atraso|em atraso|de mora|atraso)|days (overdue|past due|late)|aging|antiguedad)$"
)
_LEFT: Final = r"^(saldo( (devedor|pendente|pendiente|em aberto|atual))?|balance( due)?|amount due|outstanding)$"


def told_of_receivables(headers: Sequence[str]) -> str:
    """Return what is told where columns count the days that a payment is late, beside what is still owed; else ""."""
    plain = [plain_name(header).strip() for header in headers]
    return OWED if all(any(re.search(said, name) for name in plain) for said in (_LATE, _LEFT)) else ""
