"""Tells abandoned baskets from orders, by a column or by the table's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

import polars as pl

from gateway.intake.layouts.bare import OTHER_NATURE
from gateway.intake.layouts.called import SOLD_WORDS
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.lines import SOLD
from gateway.intake.layouts.status import SENT, status_of
from gateway.intake.values import says
from gateway.intake.words import fold

#: None of the rows; all of them; some, or nobody can tell.
Left = Literal["", "all", "some"]

#: What a person is told of baskets that nobody paid for.
CARTS: Final = "São carrinhos abandonados, que ninguém pagou: nenhum número de vendas foi calculado deles."
#: What is told where rows may be baskets, and may be sales.
MAY_BE_CARTS: Final = (
    "O nome da tabela ou de uma coluna fala de carrinhos abandonados, e não está claro quais linhas são vendas. "
    "Se todas são, diga em “Ver as colunas” o que é cada coluna."
)
_BASKETS: Final = (
    r"\b(carrinhos?|carritos?|checkouts?|carts?) (abandonad\w+|abandoned)\b|\babandoned (carts?|checkouts?)\b"
)
#: The buyer came back and paid.
_RECOVERED: Final = r"\b(recuperad\w+|convertid\w+|recovered|converted)\b"
_NOT: Final = r"\b(nao|not)\b|\bun(recovered|converted|paid)"
_SOLD_TOO: Final = rf"\b({SOLD_WORDS}|pedidos?|orders?)\b"
#: A status that says so sells; any other may be the basket's own.
_SELLS: Final = (
    rf"{SENT}|\b(pag[oa]s?|pagad[oa]s?|paid|(aprovad|aprobad|autorizad|confirmad)\w+|approved)\b|{_RECOVERED}"
)
_LEFT: Final = r"abandon"
_OF_MESSAGES: Final = r"\b(e-?mail|mensage(m|ns)|mensajes?|messages?|whatsapp|sms|lembretes?|reminders?|notifica\w+)\b"
_SAYS_NO: Final = r"^(n|nao|no|false|falso|0)$"
_SAYS_YES: Final = r"^(s|sim|si|y|yes|true|verdadeiro|1|x)$"
#: So many of the rows are so, where all of them are.
_ALL: Final = 0.9


def left_baskets(table: Columns, assignment: Assignment, titles: Iterable[str]) -> Left:
    """Return which rows are unpaid baskets.

    A status that sells stands above columns and names, and so does a name that calls them recovered.
    """
    names = [re.sub(r"[\W_]+", " ", fold(title)) for title in titles]
    asked = [_by_column(table.cells(index)) for index, name in assignment.others.items() if name == "_abandoned"]
    asked += [_by_name(name) for name in names]
    if any(re.search(_RECOVERED, name) and not re.search(_NOT, name) for name in names):
        return ""
    found: Left = "all" if "all" in asked else "some" if "some" in asked else ""
    status = _status(table, assignment)
    return found if not found or status is None else _by_status(table.cells(status), found)


def drop_baskets(table: Columns, assignment: Assignment) -> None:
    """Drop rows that a column (`Carrinho abandonado`) marks as baskets, if it denies it of others.

    What a status calls sold is kept: its buyer came back.
    """
    status = _status(table, assignment)
    for index in [index for index, name in assignment.others.items() if name == "_abandoned"]:
        cells = table.cells(index)
        left = says(cells, _SAYS_YES)
        left = left if status is None else left & ~_sells(table.cells(status))
        if not left.any() or not _tells_both(cells):
            continue
        table.warnings.append(OTHER_NATURE.format(rows=int(left.sum()), column=table.headers[index]))
        table.keep(~left)


def _status(table: Columns, assignment: Assignment) -> int | None:
    """Return the column with the state of the order; the state of a message to the buyer does not count."""
    status = assignment.column("status")
    return None if status is None or re.search(_OF_MESSAGES, fold(table.headers[status])) else status


def _by_column(cells: pl.Series) -> Left:
    """Say what a column tells: a blank or a `Não` is no basket, and one that says yes or no tells it by row."""
    left = cells.is_not_null() & ~says(cells, _SAYS_NO)
    if not left.any() or _tells_both(cells):
        return ""
    return "all" if int(left.sum()) >= len(cells) * _ALL else "some"


def _tells_both(cells: pl.Series) -> bool:
    """Say whether each row has a yes or a no, and both are there."""
    yes, no = says(cells, _SAYS_YES), says(cells, _SAYS_NO)
    return bool(yes.any() and no.any() and (yes | no).all())


def _by_name(title: str) -> Left:
    if not re.search(_BASKETS, title):
        return ""
    return "some" if re.search(_SOLD_TOO, title) else "all"


def _by_status(status: pl.Series, found: Left) -> Left:
    """Say it by the status: none are baskets where it tells of each row what became of the order."""
    sells, left = _sells(status), says(status, _LEFT)
    if not sells.any():
        return found
    told = sells | (status_of(status, None, len(status)) != SOLD)
    return "some" if left.any() or int(told.sum()) < len(told) * _ALL else ""


def _sells(status: pl.Series) -> pl.Series:
    """Return which texts mean sold, each by a word of its own."""
    stands = status_of(status, None, len(status)) == SOLD
    return stands & says(status, _SELLS) & ~says(status, rf"{_NOT}|{_LEFT}")
