"""Take the titles of cards, as boards of work export them, for no products: each is that of one job or one order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gateway.intake.layouts.guesses import Guess
from gateway.intake.words import fold

#: What a board calls the place where a card is.
_PLACES: Final = frozenset(
    (
        *("current phase", "phase", "fase atual", "fase actual", "fase", "list", "list name", "lista", "nome da lista"),
        *("board", "board name", "quadro", "card id", "card url", "card name", "id do card", "pipe"),
    )
)
_TITLES: Final = frozenset(("title", "titulo", "card name", "card title", "nome do card", "titulo do card", "name"))


def without_cards(guesses: dict[str, Guess], headers: Sequence[str]) -> dict[str, Guess]:
    """Drop the titles where they are those of cards; a column that counts or prices pieces shows that they are not."""
    title = guesses.get("title")
    names = [fold(header).replace("_", " ").strip() for header in headers]
    if title is None or title.by != "name" or names[title.index] not in _TITLES or _PLACES.isdisjoint(names):
        return guesses
    if "units" in guesses or "price" in guesses:
        return guesses
    return {name: guess for name, guess in guesses.items() if name != "title"}
