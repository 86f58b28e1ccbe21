"""Finds the numbers that a text states, in Brazilian and English writing, with every reading that each allows. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

#: Whole numbers below this, without a currency or a percent sign, are words as much as figures: "2 fotos".
SMALL: Final = 10.0

_DATE: Final = re.compile(r"\b(?:\d{4}-\d{2}(?:-\d{2})?|\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})|\d{1,2}/\d{4})\b")
_NUMBER: Final = re.compile(
    r"(?<![\w.,/#])(?<![^\W\d_]-)(?P<money>r\$\s*|brl\s*)?(?P<sign>[-+\u2212]\s*)?(?P<digits>\d+(?:[.,\u00a0]\d+)*)"
    r"(?P<after>\s*%|\s*por\s*cento\b|\s*percent\b|\s*(?:mil(?:h(?:ão|ões|oes|ao))?|k|mi)\b)?(?!\w)(?!/(?!(?:m[eê]s|dia|semana|ano|un|unid|unidade|peça|pedido|venda)\b))(?!-[^\W\d_])",
    re.IGNORECASE,
)
_SCALES: Final = {"mil": 1e3, "k": 1e3, "mi": 1e6}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written; `readings` are (value, half of its last digit). A percent is read as a share.

    `scaled`: written in thousands or millions ("1,5 mil"); `start` and `end` are its place in the text.
    """

    written: str
    readings: tuple[tuple[float, float], ...]
    money: bool = False
    percent: bool = False
    scaled: bool = False
    start: int = 0
    end: int = 0

    @property
    def is_small(self) -> bool:
        """Return whether it is a mere small count."""
        plain = not self.money and not self.percent
        return (
            plain and bool(self.readings) and all(value < SMALL and value == int(value) for value, _ in self.readings)
        )


def numbers_in(text: str) -> list[Number]:
    """Return the numbers of a text in their order; dates, and numbers that are part of a word or a code, are none."""
    return [_number(found) for found in _NUMBER.finditer(_without_dates(text))]


def dates_in(text: str) -> list[str]:
    """Return the dates and months of a text, as they are written."""
    return _DATE.findall(text)


def written_in(text: str) -> list[str]:
    """Return the numbers and the dates of a text as they are written, in their order."""
    found = [*_DATE.finditer(text), *_NUMBER.finditer(_without_dates(text))]
    return [one[0].strip() for one in sorted(found, key=lambda one: one.start())]


def those_in(text: str, numbers: Collection[str]) -> list[str]:
    """Return those of these numbers that a text has as they are written, each once, in the order of the text."""
    return [one for one in dict.fromkeys(written_in(text)) if one in numbers]


def _without_dates(text: str) -> str:
    """Return the text with blanks in place of dates, so that all else stays in its place."""
    return _DATE.sub(lambda found: " " * len(found[0]), text)


def _number(found: re.Match[str]) -> Number:
    after = (found["after"] or "").strip().casefold()
    percent = after in ("%", "percent") or after.startswith("por")
    scale = 1.0 if percent or not after else _SCALES.get(after, 1e6)
    readings = [(value * scale, half * scale) for value, half in _readings(found["digits"])]
    if percent:
        readings = [(value / 100, half / 100) for value, half in readings]
    return Number(
        found[0].strip(),
        tuple(readings),
        money=found["money"] is not None,
        percent=percent,
        scaled=scale > 1,
        start=found.start(),
        end=found.end(),
    )


def _readings(digits: str) -> list[tuple[float, float]]:
    """Return the values that a number's text may have: `1.234` is one thousand or one and a bit."""
    compact = digits.replace("\u00a0", ".")
    made: list[tuple[float, float]] = []
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", compact) and len(set(re.findall(r"[.,]", compact))) == 1:
        made.append((float(re.sub(r"[.,]", "", compact)), 0.5))
    if compact.isdigit():
        return [(float(compact), 0.5)]
    whole, mark, part = _split(compact)
    if not mark:
        return made
    made.append((float(f"{re.sub(r'[.,]', '', whole)}.{part}"), 0.5 * 10.0 ** -len(part)))
    return made


def _split(compact: str) -> tuple[str, str, str]:
    """Split a number's text at its last mark: digits before, the mark where it may be decimal, digits after."""
    at = max(compact.rfind("."), compact.rfind(","))  # digits alone never come here
    mark, whole, part = compact[at], compact[:at], compact[at + 1 :]
    if mark in whole:  # 1.234.567: a decimal mark stands once
        return compact, "", ""
    return whole, mark, part
