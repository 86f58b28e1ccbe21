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
    frame, cell = cells.cast(pl.String).to_frame("cell"), pl.col("cell")
    is_marked = cell.str.starts_with(NUMBER_MARK)
    marked, digits = frame.select(is_marked.any(), digits=cell.str.contains(r"\d").any()).row(0)
    if marked:
        own = pl.when(is_marked).then(cell.str.strip_prefix(NUMBER_MARK)).cast(pl.Float64, strict=False)
        split = frame.select(own.alias("own"), pl.when(~is_marked).then(cell).alias("text"))
        return split["own"].fill_null(numbers(split["text"])).alias(cells.name)
    if not digits:  # most columns of a table are words
        return pl.Series(cells.name, [None], dtype=pl.Float64).new_from_index(0, len(cells))
    bare = (
        cell.str.replace_all(r"[\s\u00a0'\"]", "")
        .str.replace_all("\u2212", "-", literal=True)
        .str.replace_all("\u2013", "-", literal=True)
        .str.replace(_BEFORE, "${1}")
        .str.replace(_AFTER, "${1}")
    )
    in_brackets = cell.str.starts_with("(") & cell.str.ends_with(")")
    inner = cell.str.strip_chars("()-+")
    frame = frame.select(bare).select(
        inner.alias("cell"), negative=cell.str.starts_with("-") | cell.str.ends_with("-") | in_brackets
    )
    frame = frame.with_columns(pl.when(cell.str.contains(r"^\d[\d.,]*$|^[.,]\d+$")).then(cell).alias("cell"))
    value = _plain_of(frame).cast(pl.Float64, strict=False)
    signed = pl.when(pl.col("negative")).then(-value).otherwise(value)
    return frame.select(signed.alias(cells.name)).to_series()


def _plain_of(frame: pl.DataFrame) -> pl.Expr:
    """Return the digits of the column `cell` with a point before the decimals, as all its cells together tell it."""
    cell = pl.col("cell")
    dot, comma = cell.str.contains(".", literal=True), cell.str.contains(",", literal=True)
    comma_is_decimal, only_groups, is_separated = frame.select(
        cell.str.contains(r",\d{1,2}$|^\d{1,3}(\.\d{3})+,\d+$|^\d{1,3}(\.\d{3}){2,}$").any().alias("decimal"),
        ((cell.str.contains(r"^[1-9]\d{0,2}(\.\d{3})+$") | ~dot).all() & dot.any()).alias("groups"),
        (dot | comma).any().alias("separated"),
    ).row(0)
    if not is_separated:
        return cell
    without_dots = cell.str.replace_all(".", "", literal=True)
    without_commas = cell.str.replace_all(",", "", literal=True)
    in_portuguese = cell.str.contains(r",\d*$")
    if not comma_is_decimal:
        in_portuguese &= ~cell.str.contains(r"^\d{1,3}(,\d{3})+$")
    plain = pl.when(in_portuguese).then(without_dots.str.replace(",", ".", literal=True)).otherwise(without_commas)
    if comma_is_decimal or only_groups:  # two groups of dots make the comma decimal, too
        plain = pl.when(cell.str.contains(r"^\d{1,3}(\.\d{3})+$")).then(without_dots).otherwise(plain)
    return plain


def currencies(cells: pl.Series) -> pl.Series | None:
    """Return the code of the currency that stands with each amount (`US$ 10`), null where none; None if none does."""
    frame, cell = pl.DataFrame({"cell": cells}), pl.col("cell")
    if not frame.select(cell.str.contains(_NAMED).any()).item():
        return None
    found = frame.select(
        pl.coalesce(cell.str.extract(_NAMED, group) for group in (1, 2))
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
