"""Writes figures as people of each language do: money in its currency, or without a sign if none is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from babel.dates import format_date, format_skeleton

from gateway.figures.currency import code_of
from gateway.ui.i18n import current
from gateway.ui.i18n import gettext as _

BRL: Final = "BRL"
#: Language -> the separators of thousands and of the fraction. A page has hundreds of numbers, and Babel would parse
#: its patterns and tables again for each.
_PARTS: Final = {"en": str.maketrans(",.", ",."), "pt_BR": str.maketrans(",.", ".,")}


def brl(amount: float | None) -> str:
    """Return money the Brazilian way in either language: `R$ 1.234,56`."""
    return "" if amount is None else money(amount, BRL)


def money(amount: float, unit: str) -> str:
    """Return an amount with its currency if one is known: by its code, since `$` is many, and reais as `R$`."""
    if unit == BRL:
        text = bare(amount, unit)
        return f"-R$\xa0{text[1:]}" if text.startswith("-") else f"R$\xa0{text}"
    code = code_of(unit)
    return f"{code} {bare(amount, unit)}" if code else bare(amount, unit)


def bare(amount: float, unit: str) -> str:
    """Return an amount to the cent without a sign, as its currency's people write it, for a table that names it."""
    return _written(amount, 2, _writing(unit))


def sign(unit: str) -> str:
    """Return the short name of a currency; "" if none is known."""
    return "R$" if unit == BRL else code_of(unit) or ""


def number(value: float) -> str:
    """Return a number with the language's separators, and up to three digits of its fraction."""
    return _written(value, 3, current(), whole="0")


def counted(value: int, at_least: bool) -> str:
    """Return how many rows fit a filter; `10,000+` if there are at least so many."""
    return f"{number(value)}+" if at_least else number(value)


def percent(share: float, digits: int = 1) -> str:
    """Return a share, 0 to 1, as a percentage."""
    return f"{_written(_exact(share) * 100, digits, current())}%"


def figure(value: float, unit: str) -> str:
    """Return one figure in its unit: a currency, ratio, count, days, or money of a currency that nobody knows."""
    if unit == "ratio":
        return percent(value)
    if unit == "days":
        return _("%(n)s days", n=number(round(value, 1)))
    if unit == "count":
        return number(round(value, 2))
    return money(value, unit)


def month(iso: str, *, short: bool = False) -> str:
    """Return a calendar month in words: `2026-03` as `Mar 2026`, `short` as `Mar`."""
    year, _dash, number_of = iso.partition("-")
    try:
        first = date(int(year), int(number_of), 1)
    except ValueError:
        return iso
    return str(format_skeleton("MMM" if short else "yMMM", first, locale=current()))


def day(iso: str, *, short: bool = False) -> str:
    """Return a calendar day in words; `short`: without its year."""
    try:
        given = date.fromisoformat(iso)
    except ValueError:
        return iso
    return str(
        format_skeleton("MMMd", given, locale=current()) if short else format_date(given, "medium", locale=current())
    )


def _writing(unit: str) -> str:
    return "pt_BR" if unit == BRL else current()


def _exact(value: float | Decimal) -> Decimal:
    """Return a float as the decimal number that people read: 2.675, not the nearest binary one."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _written(value: float | Decimal, digits: int, locale: str, *, whole: str = "") -> str:
    """Return a number with so many digits of its fraction, rounded half to even; `whole`: ends with none of these."""
    text = f"{_exact(value):,.{digits}f}"
    if whole:
        text = text.rstrip(whole).rstrip(".")
    return text.translate(_PARTS[locale])
