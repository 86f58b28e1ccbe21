"""Tells whose numbers and codes are that only a weak name, or their cells, call an order's or a product's."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.guesses import SURE, Guess

#: A name that says so well that a column is of orders or products is believed.
CALLED: Final = 0.85
#: So many of the cells differ where each row has its own.
APART: Final = 0.9
#: Numbers with letters that count rows are no further apart than this, on average.
_NEAR: Final = 10
#: So many sales, and no product twice, are no sales one by one.
_LONG: Final = 20
#: So many of the products come again on another day, where their code is called `ID`.
_MANY: Final = 0.5


def are_of_rows(guesses: dict[str, Guess], frame: pl.DataFrame) -> bool:
    """Say whether a code that cells or a weak name call a SKU is that of the rows, or of the orders: a payment's.

    No two rows share it while products come again, or each order of several rows has one of its own.
    """
    code, title, order = (guesses.get(name) for name in ("sku", "title", "order_id"))
    if code is None or code.by not in ("content", "name") or (code.by == "name" and code.confidence >= CALLED):
        return False
    codes = frame.to_series(code.index)
    if code.by == "name" and not _count_up(codes):
        return False
    if title is not None and codes.n_unique() > len(codes) * APART:
        return frame.to_series(title.index).n_unique() <= len(codes) * APART
    if order is None or order.confidence < SURE:
        return False
    pairs = pl.DataFrame({"code": codes, "order": frame.to_series(order.index)}).drop_nulls()
    kinds = {pairs["code"].n_unique(), pairs["order"].n_unique(), pairs.n_unique()}
    return len(kinds) == 1 and 1 < pairs["order"].n_unique() < pairs.height


def are_of_products(guesses: dict[str, Guess], frame: pl.DataFrame) -> bool:
    """Say whether an `ID` is the product's: each product has one of its own, and comes again on other days.

    An order is of one day. Without units and a price the rows may be its instalments. Where no day is told, and nothing
    becomes of the rows, a long list that names nothing twice is one of products, with what was sold of each.
    """
    order, title, at = (guesses.get(name) for name in ("order_id", "title", "at"))
    if order is None or title is None or not {"units", "price"} <= guesses.keys():
        return False
    if order.by != "name" or order.confidence >= CALLED:
        return False
    if at is None:
        names, ids = (frame.to_series(one.index).drop_nulls() for one in (title, order))
        apart = min(names.n_unique(), ids.n_unique()) > frame.height * APART
        return apart and frame.height >= _LONG and "status" not in guesses
    texts = {name: frame.to_series(one.index).cast(pl.String) for name, one in (("id", order), ("title", title))}
    rows = pl.DataFrame({**texts, "day": frame.to_series(at.index).cast(pl.String).str.slice(0, 10)}).drop_nulls()
    kinds = {rows["id"].n_unique(), rows["title"].n_unique(), rows.select("id", "title").n_unique()}
    again = rows.group_by("id").agg(days=pl.col("day").n_unique(), rows=pl.len()).filter(pl.col("rows") > 1)
    comes_again = rows["id"].n_unique() * 2 <= rows.height and len(kinds) == 1
    return comes_again and float(str((again["days"] > 1).mean() or 0)) > _MANY


def _count_up(codes: pl.Series) -> bool:
    """Say whether codes are numbers that go up, or down, from row to row: `item_id` then numbers an order's lines.

    All may begin with the same letters (`SO-1001`), and are close to each other then.
    """
    texts = codes.cast(pl.String).str.strip_chars()
    letters = texts.str.replace(r"\d{1,18}$", "")
    numbers = texts.str.extract(r"(\d{1,18})$").cast(pl.Int64, strict=False)
    if numbers.has_nulls() or letters.n_unique() > 1:
        return False
    in_order = numbers.is_sorted() or numbers.is_sorted(descending=True)
    # a list of products may be sorted by their codes, of which most are not in it
    close = letters[0] == "" or abs(numbers[-1] - numbers[0]) < _NEAR * len(numbers)
    return in_order and close and numbers.n_unique() > len(numbers) * APART
