"""Formats numbers as Brazilians read them: `R$ 1.234,56`, `12,5%`, `03/2026`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal


def number(value: float | Decimal, digits: int = 0) -> str:
    """Return `1.234,56`. It is rounded by its decimals, as pages do: 2.15 is below itself in binary."""
    return f"{Decimal(str(value)):,.{digits}f}".replace(",", "\0").replace(".", ",").replace("\0", ".")


def money(value: float, currency: str = "BRL") -> str:
    """Return `R$ 1.234,56`, `INR 1.234,56` for another currency, `1.234,56` for an unknown one."""
    sign = "-" if value < 0 else ""
    symbol = {"BRL": "R$ ", "": ""}.get(currency, f"{currency} ")
    return f"{sign}{symbol}{number(abs(value), 2)}"


def percent(ratio: float, digits: int = 1) -> str:
    """Return `12,5%` for 0.125."""
    return f"{number(Decimal(str(ratio)) * 100, digits)}%"


def day(iso: str) -> str:
    """Return `31/03/2026` for `2026-03-31`."""
    year, month, date = iso[:10].split("-")
    return f"{date}/{month}/{year}"


def between(first: str, last: str) -> float:
    """Return how many days lie from one ISO date to another, both included."""
    return float((date.fromisoformat(last) - date.fromisoformat(first)).days + 1)


def capital(text: str) -> str:
    """Return the text with a capital first letter, as a sentence begins."""
    return text[0].upper() + text[1:]


def listing(words: list[str], most: int = 3) -> str:
    """Return `A, B e C`, or `A, B, C e mais 2`."""
    if len(words) > most:
        return f"{', '.join(words[:most])} e mais {len(words) - most}"
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} e {words[-1]}"


def agree(words: list[str], one: str, many: str) -> str:
    """Return the word that agrees with one or with many."""
    return one if len(words) == 1 else many


def plural(count: float, one: str, many: str) -> str:
    """Return `1 produto` or `2 produtos`."""
    return f"{number(count)} {one if count == 1 else many}"
