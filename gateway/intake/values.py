"""Text cells into numbers, currencies and plain words, whatever the country, the program or the month wrote."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import polars as pl

from gateway.intake.tables import NUMBER_MARK

#: Symbols and codes of currencies, in capitals -> the code. A bare `$` could be many: it names none.
_CURRENCIES: Final[dict[str, str]] = {
    "R$": "BRL", "US$": "USD", "U$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "AR$": "ARS",
    "MX$": "MXN", "CLP$": "CLP", "COL$": "COP", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "NT$": "TWD",
    "€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY", "S/": "PEN", "S/.": "PEN", "REAIS": "BRL",
    "RP": "IDR", "RP.": "IDR", "RM": "MYR", "₫": "VND", "Đ": "VND", "฿": "THB", "₱": "PHP",
} | {
    code: code
    for code in (
        "BRL", "USD", "EUR", "GBP", "INR", "JPY", "CNY", "ARS", "MXN", "CLP", "COP", "PEN", "UYU", "PYG", "BOB", "CAD",
        "AUD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "TRY", "ZAR", "KRW", "SGD", "HKD", "TWD", "THB",
        "IDR", "MYR", "PHP", "VND", "AED", "SAR", "ILS", "PKR", "BDT", "LKR", "EGP", "NGN", "KES", "RUB", "UAH", "RON",
        "QAR", "KWD", "MAD",
    )
}  # fmt: skip
_SYMBOLS: Final = "|".join(re.escape(name) for name in sorted(_CURRENCIES, key=len, reverse=True))
#: What may stand before or after an amount, once blanks are gone; the sign stands on either side of it.
_BEFORE: Final = rf"(?i)^([-+(]*)(?:{_SYMBOLS}|R|\p{{Sc}})+"
_AFTER: Final = rf"(?i)(?:{_SYMBOLS}|R|\p{{Sc}}|%)+([-)]*)$"
_NAMED: Final = rf"(?i)^[-+(\s]*({_SYMBOLS})|({_SYMBOLS})[-)\s]*$"


_BARRED: Final = str.maketrans("đĐ", "dD")


def fold(text: str) -> str:
    """Return the text in lower case, without accents and doubled spaces: how names are compared."""
    return " ".join(unaccented(text).lower().split())


def unaccented(text: str) -> str:
    """Return the text without accents; the barred d of Vietnamese counts as one."""
    plain = unicodedata.normalize("NFKD", text).translate(_BARRED)
    return "".join(char for char in plain if not unicodedata.combining(char))


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


def cleaned(column: pl.Expr) -> pl.Expr:
    """Return the text without spaces around it; empty and dash-only cells become null."""
    text = column.str.strip_chars(" \t\r\n\u00a0\ufeff'\"")
    return pl.when(text.str.strip_chars_start("-\u2013\u2014").str.len_bytes() > 0).then(text)


def numbers(cells: pl.Series) -> pl.Series:
    """Return the column's numbers (f64), null where a cell holds none.

    Reads `1.234,56`, `1,234.56`, `R$ 1.234,56`, `US$ 10.50`, `10,50 €`, `-12,90`, `(12,90)`, `12,90-`, `10%` (as 10)
    and `1234.5`.
    What a single separator means (`1.234`, `1,234`) is decided from the column's text cells, all together.
    A cell that is a number in the workbook itself (`NUMBER_MARK`) means what it says, and decides nothing.
    """
    cells = cells.cast(pl.String)
    marked = cells.str.starts_with(NUMBER_MARK).fill_null(value=False)
    if marked.any():
        exact = cells.str.strip_prefix(NUMBER_MARK).set(~marked, None).cast(pl.Float64, strict=False)
        return exact.fill_null(numbers(cells.set(marked, None)))
    if not cells.str.contains(r"\d").any():  # most columns of a table are words
        return pl.Series(cells.name, [None], dtype=pl.Float64).new_from_index(0, len(cells))
    bare = (
        cells.str.replace_all(r"[\s\u00a0'\"]", "")
        .str.replace_all("[\u2212\u2013]", "-")
        .str.replace(_BEFORE, "${1}")
        .str.replace(_AFTER, "${1}")
    )
    negative = bare.str.contains(r"^\(.*\)$|-$|^-").fill_null(value=False)
    digits = bare.str.strip_chars("()-+")
    digits = digits.set(~digits.str.contains(r"^\d[\d.,]*$|^[.,]\d+$").fill_null(value=False), None)
    comma_is_decimal = bool(digits.str.contains(r",\d{1,2}$|^\d{1,3}(\.\d{3})+,\d+$|^\d{1,3}(\.\d{3}){2,}$").any())
    dots = digits.filter(digits.str.contains(".", literal=True).fill_null(value=False))
    only_groups = bool(dots.str.contains(r"^[1-9]\d{0,2}(\.\d{3})+$").all()) and not dots.is_empty()
    frame = pl.DataFrame({"digits": digits, "negative": negative})
    cell = pl.col("digits")
    comma_last = cell.str.contains(r",\d*$")
    grouped_dots = cell.str.contains(r"^\d{1,3}(\.\d{3})+$")
    grouped_commas = cell.str.contains(r"^\d{1,3}(,\d{3})+$")
    many_dots = cell.str.contains(r"\..*\.")
    without_dots = cell.str.replace_all(".", "", literal=True)
    without_commas = cell.str.replace_all(",", "", literal=True)
    as_portuguese = without_dots.str.replace(",", ".", literal=True)
    dots_are_groups = grouped_dots & (many_dots | pl.lit(comma_is_decimal or only_groups))
    commas_are_groups = grouped_commas & pl.lit(not comma_is_decimal)
    plain = (
        pl.when(dots_are_groups)
        .then(without_dots)
        .when(commas_are_groups)
        .then(without_commas)
        .when(comma_last)
        .then(as_portuguese)
        .otherwise(without_commas)
    )
    value = plain.cast(pl.Float64, strict=False)
    signed = pl.when(pl.col("negative")).then(-value).otherwise(value)
    return frame.select(signed.alias("value")).to_series().alias(cells.name)


def currencies(cells: pl.Series) -> pl.Series | None:
    """Return the code of the currency that stands with each amount (`US$ 10`), null where none; None if none does."""
    found = pl.DataFrame({"cell": cells}).select(
        pl.coalesce(pl.col("cell").str.extract(_NAMED, group) for group in (1, 2))
        .str.to_uppercase()
        .replace_strict(_CURRENCIES, default=None, return_dtype=pl.String)
        .alias("currency")
    )["currency"]
    return None if found.null_count() == len(found) else found


def currency_named(text: str) -> str | None:
    """Return the code of the currency that a word or sign names (`R$`, `usd`), None where it names none."""
    return _CURRENCIES.get(text.strip().upper())


def classify(column: pl.Expr, rules: list[tuple[str, str]], default: str | None) -> pl.Expr:
    """Return the value of the first rule (regular expression, value) that a folded text matches."""
    text = folded(column)
    result: pl.Expr = pl.lit(default, dtype=pl.String)
    for pattern, value in reversed(rules):
        result = pl.when(text.str.contains(pattern).fill_null(value=False)).then(pl.lit(value)).otherwise(result)
    return result
