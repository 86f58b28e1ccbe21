"""Parses columns of text into numbers, currencies and plain words, whatever country or program wrote them."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.distinct import by_distinct
from gateway.intake.tables import NUMBER_MARK
from gateway.intake.words import CURRENCIES

#: Amounts that differ by less are the same: rounding makes so much.
CENTS: Final = 0.02
_SYMBOLS: Final = "|".join(re.escape(name) for name in sorted(CURRENCIES, key=len, reverse=True))
#: What may stand before or after an amount, once blanks are gone; the sign stands on either side of it.
_BEFORE: Final = rf"(?i)^([-+(]*)(?:{_SYMBOLS}|RS\.?|R|\p{{Sc}})+"
_AFTER: Final = rf"(?i)(?:{_SYMBOLS}|R|\p{{Sc}}|%)+([-)]*)$"
#: A number whose one dot, if any, is the decimal point, unless all of a column's dots may part thousands.
_PLAIN: Final = r"^-?\d+(?:\.\d+)?$"
#: What is neither a digit nor a mark of an amount.
_SAYS_MORE: Final = r"[^\d.,+()\s-]"
_NAMED: Final = rf"(?i)^[-+(\s]*({_SYMBOLS})|({_SYMBOLS})[-)\s]*$"


def folded(column: pl.Expr) -> pl.Expr:
    """Return the column as `fold` would, for matching; null stays null."""
    return (
        column.str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.replace_many(["đ", "Đ"], ["d", "D"])
        .str.to_lowercase()
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )


def says(texts: pl.Series, pattern: str) -> pl.Series:
    """Say which texts, folded, have the pattern; a blank one has not."""
    found = folded(pl.col("text")).str.contains(pattern).fill_null(value=False)
    return by_distinct(texts, lambda different: different.to_frame("text").select(found).to_series())


#: What may stand before the dash that a spreadsheet shows for nothing.
_SIGNS: Final = ("R$", "US$", "$", "€", "£", "Rs.", "Rs", "₹", "Rp")


def cleaned(column: pl.Expr) -> pl.Expr:
    """Return the text without spaces around it; empty and dash-only cells become null, also `R$ -` of an accountant."""
    text = column.str.strip_chars(" \t\r\n\u00a0\ufeff'\"")
    bare = text.str.strip_chars_end("- \u00a0\u2013\u2014")
    return pl.when((bare.str.len_bytes() > 0) & ~(bare.is_in(_SIGNS) & (bare != text))).then(text)


_CELL: Final = pl.col("cell")
# Expressions that no cell changes are built once: for a small table that takes longer than to work them out.
_IS_MARKED: Final = _CELL.str.starts_with(NUMBER_MARK)
_HOW_WRITTEN: Final = (_IS_MARKED.any().alias("marked"), _CELL.str.contains(r"\d").any().alias("digits"))
_APART: Final = (
    pl.when(_IS_MARKED).then(_CELL.str.strip_prefix(NUMBER_MARK)).cast(pl.Float64, strict=False).alias("own"),
    pl.when(~_IS_MARKED).then(_CELL).alias("text"),
)
_BARE: Final = (
    _CELL.str.replace_all(r"[\s\u00a0'\"]", "")
    .str.replace_all("\u2212", "-", literal=True)
    .str.replace_all("\u2013", "-", literal=True)
    .str.replace(_BEFORE, "${1}")
    .str.replace(_AFTER, "${1}")
)
_IN_BRACKETS: Final = _CELL.str.starts_with("(") & _CELL.str.ends_with(")")
_WITHOUT_SIGN: Final = (
    _CELL.str.strip_chars("()-+").alias("cell"),
    (_CELL.str.starts_with("-") | _CELL.str.ends_with("-") | _IN_BRACKETS).alias("negative"),
)
_DIGITS: Final = pl.when(_CELL.str.contains(r"^\d[\d.,]*$|^[.,]\d+$")).then(_CELL).alias("cell")
_DOT: Final = _CELL.str.contains(".", literal=True)
_HOW_SEPARATED: Final = (
    _CELL.str.contains(r",\d{1,2}$|^\d{1,3}(\.\d{3})+,\d+$|^\d{1,3}(\.\d{3}){2,}$").any().alias("decimal_comma"),
    ((_CELL.str.contains(r"^[1-9]\d{0,2}(\.\d{3})+$") | ~_DOT).all() & _DOT.any()).alias("only_groups"),
    (_DOT | _CELL.str.contains(",", literal=True)).any().alias("separated"),
)


def _signed(plain: pl.Expr) -> pl.Expr:
    value = plain.cast(pl.Float64, strict=False)
    return pl.when(pl.col("negative")).then(-value).otherwise(value).alias("cell")


def _with_point(*, comma_is_decimal: bool, dots_are_groups: bool) -> pl.Expr:
    """Return the digits of a column with a point before the decimals, by what its separators are."""
    without_dots = _CELL.str.replace_all(".", "", literal=True)
    in_portuguese = _CELL.str.contains(r",\d*$")
    if not comma_is_decimal:
        in_portuguese &= ~_CELL.str.contains(r"^\d{1,3}(,\d{3})+$")
    as_portuguese = without_dots.str.replace(",", ".", literal=True)
    plain = pl.when(in_portuguese).then(as_portuguese).otherwise(_CELL.str.replace_all(",", "", literal=True))
    if not dots_are_groups:
        return plain
    return pl.when(_CELL.str.contains(r"^\d{1,3}(\.\d{3})+$")).then(without_dots).otherwise(plain)


_UNSEPARATED: Final = _signed(_CELL)
#: By whether a comma is decimal and whether dots part groups. (Two dots in a number make its column's comma decimal.)
_SEPARATED: Final = {
    (comma, dots): _signed(_with_point(comma_is_decimal=comma, dots_are_groups=dots))
    for comma, dots in ((True, True), (False, True), (False, False))
}


def numbers(cells: pl.Series) -> pl.Series:
    """Return the column's numbers (f64), null where a cell holds none.

    Reads `1.234,56`, `1,234.56`, `R$ 1.234,56`, `US$ 10.50`, `10,50 €`, `-12,90`, `(12,90)`, `12,90-`, `10%` (as 10)
    and `1234.5`.
    What a single separator means (`1.234`, `1,234`) is decided from the column's text cells, all together.
    A cell that is a number in the workbook itself (`NUMBER_MARK`) means what it says, and decides nothing.
    """
    frame = cells.cast(pl.String).to_frame("cell")
    marked, digits = frame.select(_HOW_WRITTEN).row(0)
    if marked:
        apart = frame.select(_APART)
        return apart["own"].fill_null(numbers(apart["text"])).alias(cells.name)
    if not digits:  # most columns of a table are words
        return pl.Series(cells.name, [None], dtype=pl.Float64).new_from_index(0, len(cells))
    if frame["cell"].str.contains(_PLAIN).all() and not _are_groups(frame["cell"]):  # as a program writes them
        return frame["cell"].cast(pl.Float64).alias(cells.name)
    frame = frame.select(_BARE).select(_WITHOUT_SIGN).with_columns(_DIGITS)
    comma_is_decimal, only_groups, is_separated = frame.select(_HOW_SEPARATED).row(0)
    value = _SEPARATED[comma_is_decimal, comma_is_decimal or only_groups] if is_separated else _UNSEPARATED
    return frame.select(value).to_series().alias(cells.name)


_NAMES_ONE: Final = _CELL.str.contains(_NAMED).any()
_CURRENCY: Final = (
    pl.when(_CELL.str.contains(r"\d"))  # a name in place of an amount (`Bob`) names no currency
    .then(pl.coalesce(_CELL.str.extract(_NAMED, group) for group in (1, 2)))
    .str.to_uppercase()
    .replace_strict(CURRENCIES, default=None, return_dtype=pl.String)
)


def _are_groups(plain: pl.Series) -> bool:
    """Say whether each dot among plain numbers parts thousands: `1.234`, and never `1.5`."""
    dots = plain.filter(plain.str.contains(".", literal=True).fill_null(value=False))
    return not dots.is_empty() and bool(dots.str.contains(r"^-?[1-9]\d{0,2}\.\d{3}$").all())


def currencies(cells: pl.Series) -> pl.Series | None:
    """Return each amount's currency code (`US$ 10`), null without one; None if no amount has one."""
    if not cells.str.contains(_SAYS_MORE).any():  # most columns of amounts: the names are looked for at a price
        return None
    frame = cells.to_frame("cell")
    if not frame.select(_NAMES_ONE).item():
        return None
    found = frame.select(_CURRENCY).to_series().alias("currency")
    return None if found.null_count() == len(found) else found


def classify(column: pl.Expr, rules: list[tuple[str, str]], default: str | None) -> pl.Expr:
    """Return the value of the first rule (regular expression, value) that a folded text matches."""
    return classify_folded(folded(column), rules, default)


def classify_folded(text: pl.Expr, rules: list[tuple[str, str]], default: str | None) -> pl.Expr:
    """Classify a text that is folded already, as `classify` does: each rule would fold it anew."""
    result: pl.Expr = pl.lit(default, dtype=pl.String)
    for pattern, value in reversed(rules):
        result = pl.when(text.str.contains(pattern).fill_null(value=False)).then(pl.lit(value)).otherwise(result)
    return result
