"""Tells rows of what came back by a quantity below zero: of units, or of a weight or length that was sold."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.amounts import Given
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words
from gateway.intake.tables import NUMBER_MARK
from gateway.intake.values import CENTS

ODD_SIGN: Final = (
    "{rows} linha(s) têm unidades negativas e valor positivo, e nada diz se são devoluções: o valor e as unidades "
    "delas não foram contados."
)
#: Words of a name that counts, weighs or measures what is sold.
_MEASURES: Final = frozenset(
    (
        *(
            "kg",
            "kilo",
            "quilo",
            "quilograma",
            "kilogram",
            "peso",
            "weight",
            "grama",
            "gram",
            "litro",
            "liter",
            "litre",
        ),
        *("metro", "meter", "metre", "quantidade", "quantity", "cantidad"),
    )
)
#: Beside such a word the name is of money, or of what is no sale.
_OF_MONEY: Final = frozenset(
    (
        *(
            "preco",
            "price",
            "precio",
            "valor",
            "value",
            "custo",
            "cost",
            "costo",
            "frete",
            "freight",
            "total",
            "amount",
        ),
        *("taxa", "tarifa", "fee", "estoque", "stock", "saldo", "balance", "ajuste", "diferenca", "difference", "por"),
    )
)
#: A quantity below zero, with or without its unit: `-1,254 kg`, `(1,254)`, `1,254-`.
_BELOW_ZERO: Final = r"^\s*(?:[-\u2212]\s*\d[\d.,\s]*|\(\s*\d[\d.,\s]*\)|\d[\d.,\s]*-)\s*(?:[a-zA-Z]{1,6}\.?)?\s*$"
#: Where more of the units are negative they are written so.
_MOST: Final = 0.5


def as_units_say(table: Columns, columns: Assignment, given: Given) -> Given:
    """Return revenue and units where rows have negative units and a positive amount; {} without any.

    The amount of such a row is written without its sign where its price makes it of its units: it is negative. Else
    nobody knows what the row is, and neither counts.
    """
    revenue, units, price = given["revenue"], given["units"], columns.column("price")
    if revenue is None or units is None:
        return {}
    odd = ((units < 0) & (revenue > 0)).fill_null(value=False)
    if not odd.any() or int((units < 0).sum()) > _MOST * (len(units) - units.null_count()):
        return {}
    proven = pl.Series([False]).new_from_index(0, len(odd))
    if price is not None:
        proven = odd & ((table.amounts(price) * units + revenue).abs() <= CENTS).fill_null(value=False)
    unknown = odd & ~proven
    if unknown.any():
        table.warnings.append(ODD_SIGN.format(rows=int(unknown.sum())))
    signed = pl.when(proven).then(-revenue).when(~unknown).then(revenue)
    counted = pl.when(~unknown).then(units)
    return {one.name: one for one in pl.select(revenue=signed, units=counted)}


def below_zero(table: Columns, columns: Assignment, units: pl.Series | None) -> pl.Series:
    """Say which rows have units below zero, or a weight or length in a column that is nothing else."""
    found = pl.Series([False]).new_from_index(0, table.height) if units is None else (units < 0)
    taken = {guess.index for name in columns.guesses if (guess := columns.guesses[name]).index == columns.column(name)}
    for index, header in enumerate(table.headers):
        named = set(words(header))
        if index in taken or not named & _MEASURES or named & _OF_MONEY:
            continue
        cells = table.cells(index).str.strip_chars_start(NUMBER_MARK)
        found |= cells.str.contains(_BELOW_ZERO).fill_null(value=False)
    return found
