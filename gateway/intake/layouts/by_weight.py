"""Takes the weight for the units where a price is said of a kilo: markets, butchers, cheese (`Kg`, `Preço/kg`)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from gateway.intake.layouts.guesses import SURE, Assignment, Guess
from gateway.intake.layouts.names import words
from gateway.intake.words import fold

#: What a price of a kilo is called.
_PRICE: Final = re.compile(
    r"^(?:(?:precos?|valor|price|precio|vlr\.?|vl\.?)(?: unit\w*\.?)?|[a-z]{0,3}\$)\s*(?:\([a-z]{0,3}\$\))?\s*"
    r"(?:/|por|p/|per|do|a|al|by)\s*(?:o )?\(?(?:kg|kgs|quilo|kilo|kilogram\w*|quilograma)\)?$"
)
_WEIGHT: Final = frozenset(("kg", "quilo", "kilo", "peso", "weight", "quilograma", "kilogram"))
#: Words beside it of a weight that was sold.
_SOLD: Final = frozenset(
    ("liquido", "net", "vendido", "vendida", "sold", "total", "quantidade", "quantity", "cantidad")
)
_AMOUNTS: Final = 0.9
#: As sure as a name that says it.
_NAMED: Final = 0.9


def is_weight(header: str) -> bool:
    """Say whether a column's name is that of a weight that was sold."""
    own = frozenset(words(header))
    return bool(own & _WEIGHT) and own <= _WEIGHT | _SOLD


def priced_by_weight(assignment: Assignment, headers: list[str]) -> Assignment:
    """Return the assignment with price and units of a table that has the price of a kilo, a weight and no total.

    Where pieces are counted beside the weight, price times units would be wrong: there nothing is changed.
    """
    guesses = assignment.guesses
    if any(guesses[name].confidence >= SURE for name in ("units", "revenue") if name in guesses):
        return assignment
    numeric = [i for i, one in enumerate(assignment.profiles) if one.number >= _AMOUNTS]
    prices = [i for i in numeric if _PRICE.search(fold(headers[i]).strip())]
    weights = [i for i in numeric if i not in prices and is_weight(headers[i])]
    if len(prices) != 1 or len(weights) != 1:
        return assignment
    own = {"price": Guess(prices[0], _NAMED), "units": Guess(weights[0], _NAMED)}
    taken = {prices[0], weights[0]}
    kept = {name: guess for name, guess in guesses.items() if guess.index not in taken and name not in own}
    others = {index: name for index, name in assignment.others.items() if index not in taken}
    return replace(assignment, guesses=kept | own, others=others)
