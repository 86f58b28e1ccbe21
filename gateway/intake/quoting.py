"""Small tables of a report (an indicator and its value) as text, when nothing else is known of them."""

from __future__ import annotations

import re
from typing import Final

from gateway.intake.tables import RawTable
from gateway.intake.values import fold

MAX_ROWS: Final = 40
MAX_COLUMNS: Final = 8
#: A table with such a header is about people: nothing of it is quoted.
_PERSONAL: Final = re.compile(
    r"compra(dor|dora)\b|cliente|destinatari|nome|cpf|cnpj|e-?mail|telefone|celular|endereco|cep\b|bairro|"
    r"buyer|customer|recipient|phone|address|usuario|username|nascimento"
)


def quote(table: RawTable) -> str:
    """Return the table as lines of `a | b`, empty where it is large or about people."""
    rows = table.frame.rows()
    if len(rows) > MAX_ROWS or table.frame.width > MAX_COLUMNS:
        return ""
    header = " ".join(cell for row in rows[:2] for cell in row if cell)
    if _PERSONAL.search(fold(header)):
        return ""
    return "\n".join(" | ".join(cell or "" for cell in row) for row in rows)
