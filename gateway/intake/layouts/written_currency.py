"""Reads the currency that amounts are written with, and finds columns in another one."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.lines import OWN_CURRENCY
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import currency_in
from gateway.intake.layouts.orders import filled_by_order
from gateway.intake.words import currency_spoken

#: A name that says so well that a column tells the currency is believed, whatever its cells are.
_CALLED: Final = 0.9
#: So many currencies at most, and so long names of them: else the column tells something else.
_KINDS: Final = 12
_LETTERS: Final = 24
#: What is told of amounts in currencies that nobody could name.
NOT_NAMED: Final = (
    "{rows} linha(s) ficaram de fora: a coluna “{column}” diz outra moeda ({others}). Os números são só das linhas em "
    "“{own}”, que não foi reconhecida como moeda de um país."
)
#: What is told of amounts with a sign that several countries use.
WHICH: Final = (
    "Os valores estão escritos com “{sign}”, que vários países usam: a moeda é desconhecida. Diga qual é ao enviar o "
    "documento, ou escreva o código (USD, INR) no cabeçalho."
)
#: Such signs, as they stand before an amount or in a name.
_SIGNS: Final = (
    ("$", r"^\s*[-(]?\s*\$\s*\d", r"(?:^|[\s(\[])\$(?:$|[\s)\]])"),
    ("Rs.", r"(?i)^\s*[-(]?\s*rs\.?\s*\d", r"(?i)(?:^|[\s(\[])rs\.?(?:$|[\s)\]])"),
)
_LOOKED_AT: Final = 50
#: A column that names the currency of fewer rows names an exception: the others are in the document's own.
_MOST_NAMED: Final = 0.5


def with_currency(frame: pl.DataFrame, columns: Columns) -> pl.DataFrame:
    """Give the lines the currency that their amounts are written with, where no column names it.

    A column that is filled in few rows (`different_currency`) says nothing of the others: these get `OWN_CURRENCY`.
    """
    frame = _spelt(_in_one(frame, columns))
    by_amounts = columns.currency
    if by_amounts is not None and len(by_amounts) != frame.height:
        by_amounts = None
    if _are_exceptions(frame):
        written = pl.lit(None) if by_amounts is None else by_amounts
        return frame.with_columns(pl.coalesce("currency", written, pl.lit(OWN_CURRENCY)).alias("currency"))
    if by_amounts is None or "currency" not in frame.columns or not frame["currency"].is_null().all():
        return frame
    return frame.with_columns(by_amounts.alias("currency"))


def tell_which(frame: pl.DataFrame, columns: Columns, assignment: Assignment) -> None:
    """Say that a sign of several countries names no currency, where nothing else does."""
    index = next((at for name in ("revenue", "price") if (at := assignment.column(name)) is not None), None)
    named = [frame[name] for name in ("currency", "assumed_currency") if name in frame.columns]
    if index is None or any(one.null_count() < len(one) for one in named):
        return
    header, cells = columns.headers[index], columns.cells(index).drop_nulls().head(_LOOKED_AT)
    for sign, of_cells, of_names in _SIGNS:
        if re.search(of_names, header) or (len(cells) and bool(cells.str.contains(of_cells).all())):
            columns.warnings.append(WHICH.format(sign=sign))
            return


def _spelt(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the lines with the code of each currency that a cell says in words: `EURO (€)`."""
    if "currency" not in frame.columns or frame["currency"].is_null().all():
        return frame
    said = frame["currency"].unique().drop_nulls().to_list()
    codes = {text: code for text in said if (code := currency_spoken(text)) is not None and code != text}
    return frame.with_columns(pl.col("currency").replace(codes)) if codes else frame


def _in_one(frame: pl.DataFrame, columns: Columns) -> pl.DataFrame:
    """Return the lines in the currency of most of them, where a column names several and none is known (`Peso`).

    Lines that have a currency each have it of another column: what was converted is not in what buyers paid with.
    """
    if "currency" in frame.columns and frame.height and not frame["currency"].null_count():
        return frame
    for index, header in enumerate(columns.headers):
        if index in columns.places or concepts(header).get("currency", 0.0) < _CALLED:
            continue
        cells = columns.cells(index)
        kinds = cells.drop_nulls().unique().to_list()
        if len(cells) != frame.height or not 1 < len(kinds) <= _KINDS or max(map(len, kinds)) > _LETTERS:
            return frame
        if any(text.strip()[:1].isdigit() for text in kinds):  # a rate of exchange, or an amount
            return frame
        own = str(cells.drop_nulls().mode().sort()[0])
        is_own = (cells == own).fill_null(value=False)
        others = ", ".join(sorted(f"“{text}”" for text in kinds if text != own))
        told = NOT_NAMED.format(rows=int((~is_own).sum()), column=header, others=others, own=own)
        columns.warnings.append(told)
        columns.keep(is_own)
        return frame.filter(is_own)
    return frame


def _are_exceptions(frame: pl.DataFrame) -> bool:
    """Say whether a column names the currency of few rows. On one row of an order it is that of all of them."""
    if "currency" not in frame.columns or frame["currency"].is_null().all():
        return False
    named = filled_by_order(frame["order_id"] if "order_id" in frame.columns else None, frame["currency"])
    return named is not None and named.count() < _MOST_NAMED * frame.height


def note_other_currencies(columns: Columns, assignment: Assignment) -> None:
    """Say which columns of amounts were left aside because the others are in another currency."""
    own = set() if columns.currency is None else set(columns.currency.drop_nulls().unique())
    aside = [
        header
        for index, header in enumerate(columns.headers)
        if index not in columns.places
        and assignment.profiles[index].number >= SURE
        and (code := currency_in(header)) is not None
        and code not in own
    ]
    if own and aside:
        columns.warnings.append(
            f"Colunas em outra moeda não foram usadas ({', '.join(f'“{name}”' for name in aside)}): "
            f"os números são em {', '.join(sorted(own))}."
        )
