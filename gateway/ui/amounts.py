"""Figures as people of each language write them: money in its own currency, or without a sign where none is known."""

from __future__ import annotations

from datetime import date
from typing import Final

from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent

from gateway.figures.currency import code_of
from gateway.ui.i18n import current
from gateway.ui.i18n import gettext as _

BRL: Final = "BRL"
_MONEY: Final = "#,##0.00"


def brl(amount: float | None) -> str:
    """Return money the Brazilian way in either language: `R$ 1.234,56`."""
    return "" if amount is None else money(amount, BRL)


def money(amount: float, unit: str) -> str:
    """Return an amount with its currency if one is known: by its code, since `$` is many, and reais as `R$`."""
    if unit == BRL:
        return str(format_currency(amount, BRL, locale="pt_BR"))
    code = code_of(unit)
    return f"{code} {bare(amount, unit)}" if code else bare(amount, unit)


def bare(amount: float, unit: str) -> str:
    """Return an amount to the cent without a sign, as its currency's people write it, for a table that names it."""
    return str(format_decimal(amount, format=_MONEY, locale=_writing(unit)))


def sign(unit: str) -> str:
    """Return how the currency is called in short; empty where none is known."""
    return "R$" if unit == BRL else code_of(unit) or ""


def number(value: float) -> str:
    """Return a number with the language's separators."""
    return str(format_decimal(value, locale=current()))


def counted(value: int, at_least: bool) -> str:
    """Return how many rows fit a filter, `10,000+` where that is the least."""
    return f"{number(value)}+" if at_least else number(value)


def percent(share: float, digits: int = 1) -> str:
    """Return a share, 0 to 1, as a percentage."""
    return str(format_percent(share, format=f"#,##0.{'0' * digits}%", locale=current()))


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


def day(iso: str) -> str:
    """Return a calendar day in words."""
    try:
        return str(format_date(date.fromisoformat(iso), "medium", locale=current()))
    except ValueError:
        return iso


def _writing(unit: str) -> str:
    return "pt_BR" if unit == BRL else current()
