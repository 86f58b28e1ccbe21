"""Puts items that stand beside each other in one row (`Product Name #1`, `Quantity #1`, ...) below each other.

Plugins of shops write an order's items so, and people who keep a list by hand. The order's amounts stay on the row of
its first item; the others have its words and days.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import HEADER_SEARCH_ROWS, headers_of
from gateway.intake.layouts.guesses import SURE
from gateway.intake.layouts.matching import concepts
from gateway.intake.tables import RawTable
from gateway.intake.values import numbers

#: `Quantity #2`, `SKU 2`, `qty_2`; and `Product #2 Name`, `item_2_sku`.
_LAST: Final = re.compile(r"^(?P<name>[^\W\d].*?)[\s_#(.\-]*(?P<n>[1-9]\d?)\)?$")
_WITHIN: Final = re.compile(
    r"^(?P<of>products?|items?|line[ _]?items?|produtos?|itens|productos?)[\s_#(.\-]*(?P<n>[1-9]\d?)\)?[\s_:\-]+"
    r"(?P<name>.+)$",
    re.IGNORECASE,
)
_FEWEST: Final = 2
_MOST: Final = 0.9
_GOODS: Final = ("title", "sku")
_SOLD: Final = ("units", "price", "revenue")


def in_item_rows(table: RawTable) -> RawTable:
    """Return the table with a row for each item; unchanged where its columns are not those of numbered items."""
    if table.whole is not None or table.free:
        return table
    for row in range(min(HEADER_SEARCH_ROWS, table.top.height - 1)):
        headers = headers_of(table, row)
        groups = _groups(headers)
        order = next((i for i, one in enumerate(headers) if concepts(one).get("order_id", 0.0) >= SURE), None)
        if groups and order is not None and not any(order in group.values() for group in groups.values()):
            return _long(table, row, headers, groups, order)
    return table


def _groups(headers: list[str]) -> dict[str, dict[int, int]]:
    """Return name -> number -> place of the columns of items; {} unless these are goods and what was sold of them."""
    found: dict[str, dict[int, int]] = {}
    for place, header in enumerate(headers):
        told = _WITHIN.match(header) or _LAST.match(header)
        if told is not None:
            of = f"{told['of']} " if "of" in told.groupdict() else ""
            found.setdefault(f"{of}{told['name']}".strip(), {}).setdefault(int(told["n"]), place)
    most = max((len(group) for group in found.values()), default=0)
    kept = {
        name: group for name, group in found.items() if len(group) == most and set(group) == set(range(1, most + 1))
    }
    named = [max((concepts(name).get(one, 0.0) for one in of), default=0.0) for of in (_GOODS, _SOLD) for name in kept]
    goods, sold = named[: len(kept)], named[len(kept) :]
    is_sold = most >= _FEWEST and max(goods, default=0.0) >= SURE and max(sold, default=0.0) >= SURE
    return kept if is_sold else {}


def _long(table: RawTable, row: int, headers: list[str], groups: dict[str, dict[int, int]], order: int) -> RawTable:
    """Return the rows above the header, the header and a row for each item, with the numbers of their rows."""
    items = {place for group in groups.values() for place in group.values()}
    fixed = [place for place in range(len(headers)) if place not in items]
    body = table.frame.slice(row + 1).with_row_index("row", offset=row + 1)
    parts = [table.frame.head(row).select(str(place) for place in fixed).with_row_index("row")]
    parts.append(pl.DataFrame({"row": [row], **{str(place): [headers[place] or None] for place in fixed}}))
    blank = pl.lit(None, dtype=pl.String)
    amounts = {place for place in fixed if place != order and _has_amounts(body[str(place)])}
    names = {name: f"item {at}" for at, name in enumerate(groups)}
    parts[1] = parts[1].with_columns(pl.lit(name).alias(column) for name, column in names.items())
    for number in range(1, max(next(iter(groups.values()))) + 1):
        own = [pl.col(str(group[number])).alias(names[name]) for name, group in groups.items()]
        keep = [blank.alias(str(one)) if number > 1 and one in amounts else pl.col(str(one)) for one in fixed]
        part = body.select("row", *keep, *own)
        some = pl.any_horizontal(pl.col(column).is_not_null() for column in names.values())
        parts.append(part if number == 1 else part.filter(some))
    frame = pl.concat([part.with_columns(pl.col("row").cast(pl.Int64)) for part in parts], how="diagonal")
    frame = frame.sort("row", maintain_order=True)
    places = frame["row"] + 1 if table.numbers is None else table.numbers.gather(frame["row"])
    rows = frame.drop("row")
    return replace(table, frame=rows.rename({old: str(at) for at, old in enumerate(rows.columns)}), numbers=places)


def _has_amounts(cells: pl.Series) -> bool:
    known = cells.drop_nulls()
    return bool(len(known)) and numbers(known).null_count() <= len(known) * (1 - _MOST)
