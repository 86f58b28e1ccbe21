"""Page by cursor, a place in an order: rows that arrive meanwhile shift nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, Literal, TypeVar
from uuid import UUID

import orjson

from projections.reads.rows import Reader, Where

T = TypeVar("T")

MAX_LIMIT: Final = 200
DEFAULT_LIMIT: Final = 50
#: Beyond so many rows a page of the dashboard does not count those that fit a filter: "10,000+" says enough.
COUNTED: Final = 10_000


class BadCursor(ValueError):  # noqa: N818 - it says what it is
    """The cursor was not made by this list in this order; the message is safe to show."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows, the cursor of the next page (None: this is the last) and, where asked for, how many match.

    `at_least`: more than `total` match, and were not counted.
    """

    items: list[T]
    next_cursor: str | None = None
    total: int | None = None
    at_least: bool = False


#: bits beside the sign
_BITS: Final = {"integer": 31, "bigint": 63}


@dataclass(frozen=True, slots=True)
class Key:
    """One expression of an order. Never null in SQL."""

    expression: str
    kind: Literal["timestamptz", "text", "integer", "bigint", "uuid"]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A total order: the last key is unique."""

    name: str
    keys: tuple[Key, ...]

    def order_by(self) -> str:
        return "order by " + ", ".join(f"{k.expression}{' desc' if k.descending else ''}" for k in self.keys)

    def columns(self) -> str:
        """Return the keys as one text array column, from which the next cursor is made."""
        return f"array[{', '.join(f'({k.expression})::text' for k in self.keys)}] as cursor_keys"

    def start_after(self, cursor: str, where: Where) -> None:
        """Limit to the rows after the cursor's place. Raises BadCursor."""
        values = _decode(cursor, self)
        places = [where.arg(v) + f"::{k.kind}" for k, v in zip(self.keys, values, strict=True)]
        condition = ""
        for key, place in zip(reversed(self.keys), reversed(places), strict=True):
            beyond = f"{key.expression} {'<' if key.descending else '>'} {place}"
            condition = f"({beyond} or ({key.expression} = {place} and {condition}))" if condition else beyond
        first = self.keys[0]
        # said twice so that an index on the first key can be used
        where.add(f"{first.expression} {'<=' if first.descending else '>='} {places[0]}")
        where.add(condition)

    def place(self, cursor: str) -> list[Any]:
        """Return the values of the keys at the cursor's place. Raises BadCursor."""
        return _decode(cursor, self)

    def cursor(self, row: Mapping[str, Any]) -> str:
        data = orjson.dumps([self.name, *row["cursor_keys"]])
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(cursor: str, order: Order) -> list[Any]:
    wrong = BadCursor("this cursor is not from this list: take nextCursor of an answer with the same sort, unchanged")
    if len(cursor) > 2_000:
        raise wrong
    try:
        data = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise wrong from None
    if not isinstance(data, list) or len(data) != len(order.keys) + 1 or data[0] != order.name:
        raise wrong
    try:
        return [_value(key, text) for key, text in zip(order.keys, data[1:], strict=True)]
    except (ValueError, TypeError, OverflowError):
        raise wrong from None


def _value(key: Key, text: Any) -> Any:
    if not isinstance(text, str) or "\0" in text:
        raise TypeError
    if key.kind == "timestamptz":
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise ValueError
        return at
    if key.kind in _BITS:
        number, bits = int(text), _BITS[key.kind]
        if not -(2**bits) <= number < 2**bits:
            raise ValueError
        return number
    if key.kind == "uuid":
        return UUID(text)
    return text


async def counted(db: Reader, rows: str, args: Sequence[Any], most: int | None) -> tuple[int, bool]:
    """Count the rows of SQL such as `from plan where ...` up to a limit; return whether there are more.

    `most` are counted; None: all of them.
    """
    if most is None:
        return await db.fetchval(f"select count(*) {rows}", *args), False
    found = await db.fetchval(f"select count(*) from (select 1 {rows} limit {most + 1:d}) c", *args)  # noqa: S608 - a caller's own SQL
    return min(found, most), found > most


def page_of(rows: list[Any], limit: int, order: Order, items: list[T], total: int | None) -> Page[T]:
    """Make the page of rows that were read with `limit + 1`."""
    more = len(rows) > limit
    return Page(items[:limit], order.cursor(rows[limit - 1]) if more else None, total)


async def every(find: Callable[[str | None, int], Awaitable[Page[T]]], most: int) -> AsyncIterator[T]:
    """Yield rows page by page, `most` at most. `find` takes a cursor and how many rows to read."""
    cursor: str | None = None
    while most > 0:
        page = await find(cursor, min(MAX_LIMIT, most))
        for one in page.items:
            yield one
        most -= len(page.items)
        cursor = page.next_cursor
        if cursor is None:
            return
