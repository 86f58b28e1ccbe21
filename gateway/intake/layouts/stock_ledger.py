"""Recognises ledgers of stock: what is left after each movement is no stock of its row, and no units that were sold."""

from __future__ import annotations

import re
from itertools import permutations
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.content import SAMPLE_ROWS
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.kinds import plain_name
from gateway.intake.values import CENTS

LEDGER: Final = (
    "“{column}” é o que resta depois de cada movimento, e não se soma: nenhum estoque foi guardado. O que saiu pode "
    "ter sido vendido ou não, e nada diz por quanto. Para as vendas, envie a exportação de pedidos do canal; para o "
    "estoque de hoje, uma lista com uma linha por produto."
)
#: What a count of goods that are left is called.
_LEFT: Final = re.compile(
    r"\b(saldos?|balance|solde|stocks?|stok|estoque|existencias?|inventory|inventario|on hand|qoh|remaining|restantes?|"
    r"left|sisa|ton kho|ton cuoi|bestand|giacenza|kalan|new (qty|quantity|stock)|closing|final)\b"
)
#: What was there before the movement.
_BEFORE: Final = re.compile(
    r"\b(opening|open|initial|inicial|starting|start|begin\w*|previous|anterior|before|old|antes)\b"
)
_NUMBERS: Final = 0.9
#: So many of the steps from row to row are what was moved; of fewer rows it is an accident.
_MOST: Final = 0.9
_FEWEST: Final = 4
#: Two of so many columns are looked at together: what came in, and what went out.
_BOTH: Final = 6


def told_of_ledger(table: Columns, assignment: Assignment) -> list[str]:
    """Return what is told of a ledger of stock; nothing of any other table."""
    left = running_stock(table, assignment)
    return [] if left is None else [LEDGER.format(column=table.headers[left])]


def running_stock(table: Columns, assignment: Assignment) -> int | None:
    """Return the column of what is left after each row, where nothing tells what the goods were sold for.

    Each count is that of the product's row before, or after, and what the row moved: one amount, or what came in less
    what went out. A list of sales may tell what is left after each of them: its amounts are sales all the same.
    """
    if max(assignment.confidence(name) for name in ("revenue", "price", "fees")) >= SURE:
        return None
    numeric = [index for index, profile in enumerate(assignment.profiles) if profile.number >= _NUMBERS]
    amounts = {index: table.amounts(index).head(SAMPLE_ROWS) for index in numeric}
    keys = [column for name in ("sku", "title") if (column := assignment.column(name)) is not None]
    groups = [table.cells(key).head(SAMPLE_ROWS).fill_null("") for key in keys]
    for index in numeric:
        name = plain_name(table.headers[index])
        if not _LEFT.search(name) or _BEFORE.search(name):
            continue
        moved = {other: values for other, values in amounts.items() if other != index}
        if any(_is_carried(amounts[index], moved, group) for group in [*groups, None]):
            return index
    return None


def _is_carried(left: pl.Series, moved: dict[int, pl.Series], group: pl.Series | None) -> bool:
    """Say whether what is left changes from row to row, of each group, by what was moved."""
    key = pl.lit("") if group is None else pl.Series("key", group)
    frame = pl.DataFrame({"left": left}).with_columns(key.alias("key"))
    steps = frame.select((pl.col("left") - pl.col("left").shift(by).over("key")).alias(str(by)) for by in (1, -1))
    filled = {index: values.fill_null(0.0) for index, values in moved.items()}
    both = list(filled.values())[:_BOTH]
    changes = [*filled.values(), *(came - went for came, went in permutations(both, 2))]
    return any(_fits(steps[by], change) for by in ("1", "-1") for change in changes)


def _fits(step: pl.Series, change: pl.Series) -> bool:
    """Say whether the steps are the changes; one that stands without a sign may have gone either way."""
    known = int(step.is_not_null().sum())
    signed = bool((change < 0).any())
    gap = (step - change).abs() if signed else (step.abs() - change).abs()
    close = int(((gap < CENTS) & (step.abs() >= CENTS)).fill_null(value=False).sum())
    return close >= _FEWEST and close >= known * _MOST
