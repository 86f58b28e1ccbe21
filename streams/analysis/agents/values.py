"""Reads single values: texts, numbers in Brazilian and English writing, units, priorities."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from schemas.plan import Priority

from .names import plain
from .shape import VALUE_LIMIT, Unit

_PRIORITY_WORDS: Final[dict[Priority, str]] = {
    "high": "alta alto high urgente urgent critica critico critical altissima altissimo maxima maximo highest "
    "muitoalta veryhigh imediata imediato immediate p0 p1",
    "normal": "media medio normal medium moderada moderado moderate regular mid padrao default p2",
    "low": "baixa baixo low minor menor baixissima minima minimo lowest p3 p4",
}
_PRIORITIES: Final[dict[str, Priority]] = {
    word: priority for priority, words in _PRIORITY_WORDS.items() for word in words.split()
}

_UNIT_WORDS: Final[dict[Unit, str]] = {
    "BRL": "brl r$ reais real rs",
    "ratio": "ratio % percent percentual porcento percentage fracao proporcao taxa",
    "count": "count unidades unidade units unit un qtd quantidade pedidos orders itens vendas contagem",
    "days": "days dias dia day d",
}
_UNITS: Final[dict[str, Unit]] = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}
_PERCENT: Final = frozenset({"%", "percent", "percentual", "porcento", "percentage"})
_SCALES: Final = {"mil": 1e3, "k": 1e3, "milhao": 1e6, "milhoes": 1e6, "mi": 1e6, "million": 1e6, "m": 1e6}
_NUMBER = re.compile(r"[-+]?\d[\d.,\u00a0 ]*")


def priority(value: Any) -> Priority | None:
    """Return the priority that a word means (`alta`, `Média`, `prioridade baixa`), None if none or several."""
    if not isinstance(value, str):
        return None
    whole = _PRIORITIES.get(plain(value))
    if whole is not None:
        return whole
    words = re.findall(r"\w+", value[:80])
    if any(plain(word) in ("nao", "not", "sem", "no") for word in words):
        return None
    found = {_PRIORITIES[plain(word)] for word in words if plain(word) in _PRIORITIES}
    return found.pop() if len(found) == 1 else None


def unit(value: Any) -> Unit | None:
    """Return the unit that a word means, None if it is none of a plan's units."""
    if not isinstance(value, str):
        return None
    return _UNITS.get(value.strip().casefold()) or _UNITS.get(plain(value))


def is_percent(value: Any) -> bool:
    """Return whether a unit means hundredths, so that the figure must be divided by 100."""
    return isinstance(value, str) and (value.strip() in _PERCENT or plain(value) in _PERCENT)


def figure(value: Any) -> float | None:
    """Return a figure that was given as a number, None for anything else and for impossible ones."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and abs(number) <= VALUE_LIMIT else None


def figure_in_text(text: str) -> float | None:
    """Return the one number that a text states: `R$ 1.234,56`, `12,5%` (0.125), `5 mil`; None if not plain.

    Ranges, sentences and several numbers are not plain. Dots and commas are read the Brazilian way where
    both ways are possible (`1.234` is one thousand two hundred thirty-four).
    """
    stripped = text.strip().casefold().replace("\u2212", "-")
    found = _NUMBER.findall(stripped)
    if len(stripped) > 60 or len(found) != 1:
        return None
    before, _, after = stripped.partition(found[0])
    number = _digits(found[0].strip().rstrip(".,"))
    if number is None:
        return None
    before, after = plain(before.replace("r$", "")), after.strip()
    if before not in ("", "brl", "rs", "cercade", "aproximadamente", "about"):
        return None
    if after in ("%", "por cento", "percent"):
        return number / 100
    scale, word = 1.0, re.match(r"[a-zãõ]+", after)
    if word is not None and plain(word.group()) in _SCALES:
        scale, after = _SCALES[plain(word.group())], after[word.end() :]
    rest = plain(after)
    if rest not in ("", "reais", "brl", "mes", "pormes", "aomes", "reaispormes", "reaisaomes", "dereais", "month",
                    "permonth", "unidades", "un", "dias", "days", "units", "pedidos"):  # fmt: skip
        return None
    return figure(number * scale)


def _digits(text: str) -> float | None:
    compact = re.sub(r"[\u00a0 ]", "", text)
    if re.fullmatch(r"[-+]?\d{1,3}(?:\.\d{3})+(?:,\d+)?", compact):  # 1.234 and 1.234,56
        compact = compact.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3}){2,}|[-+]?\d{1,3}(?:,\d{3})+\.\d+", compact):  # 1,234.56
        compact = compact.replace(",", "")
    elif re.fullmatch(r"[-+]?\d+,\d+", compact):  # 12,5
        compact = compact.replace(",", ".")
    elif not re.fullmatch(r"[-+]?\d+(?:\.\d+)?", compact):
        return None
    return figure(float(compact)) if len(compact) < 40 else None
