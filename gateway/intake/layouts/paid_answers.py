"""Reads what became of the payment: a column of its states, or one that answers whether a row is paid."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.words import NO, YES, fold

NOT_PAID: Final = "“{column}” diz não em {rows} linha(s): elas não estão pagas."
#: What a column is called that answers whether a row is paid, and its answers that say no; a blank one says nothing.
_PAID: Final = re.compile(
    r"^(is|was|foi|fue|esta|order|pedido|venda|venta)? ?(pag[oa]|paid|pagad[oa]|recebid[oa]|cobrad[oa]|bezahlt|payee?)$"
)
_SAYS_NO: Final = tuple(word for word in NO if word.isalnum())
_BESIDE: Final = re.compile(r"[^a-z]+")


def payment_of(table: Columns, columns: Assignment, *, tell: bool) -> pl.Series | None:
    """Return the state of payment from a column beside the order's status; None without one. `tell`: of answers."""
    index = next((index for index, name in columns.others.items() if name == "_paid"), None)
    return _told_by_answers(table, tell=tell) if index is None else table.text_at(index)


def _told_by_answers(table: Columns, *, tell: bool) -> pl.Series | None:
    """Return the state of payment, in words, from a yes-or-no column; None without one.

    A blank cell answers nothing, and without a single yes nobody keeps the column.
    """
    for index, header in enumerate(table.headers):
        if not _PAID.match(_BESIDE.sub(" ", fold(header)).strip()):
            continue
        cells = table.cells(index).cast(pl.String).str.strip_chars().str.to_lowercase()
        yes, no = (cells.is_in(words).fill_null(value=False) for words in (YES, _SAYS_NO))
        if (yes | no | cells.is_null()).all() and yes.any() and no.any():
            table.warnings += [NOT_PAID.format(column=header, rows=int(no.sum()))] if tell else []
            return pl.select(pl.when(yes).then(pl.lit("pago")).when(no).then(pl.lit("pendente"))).to_series()
    return None
