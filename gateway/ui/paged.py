"""Pages of admins' lists, with a search by words, because a large company has many people and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from starlette.requests import Request

T = TypeVar("T")
#: The rows of one page: each has a menu with forms.
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """The rows of one page. `of`: how many fit `q`; `begun`: it is not the first page.

    `last`: the key after which the next page begins, "" without one. `many`: the whole list has more than a page.
    """

    rows: list[T]
    q: str
    of: int
    begun: bool
    last: str
    many: bool


def paged(request: Request, rows: Sequence[T], key: Callable[[T], str], words: Callable[[T], str]) -> Paged[T]:
    """Return the page of the address: the rows whose `words` contain `q`, from the one after the key `after`.

    If no row has that key any more, it is the first page.
    """
    q, after = request.query_params.get("q", "").strip()[:200], request.query_params.get("after", "")
    found = fitting(rows, q, words)
    place = next((number for number, row in enumerate(found, start=1) if key(row) == after), 0)
    shown = found[place : place + MOST]
    last = key(shown[-1]) if place + MOST < len(found) else ""
    return Paged(shown, q, len(found), place > 0, last, len(rows) > MOST)


def fitting(rows: Sequence[T], q: str, words: Callable[[T], str]) -> list[T]:
    """Return the rows whose words have `q`, whatever the case."""
    return [row for row in rows if q.casefold() in words(row).casefold()]
