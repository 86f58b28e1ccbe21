"""Reads the number that a phase's name states, in Portuguese and English."""

from __future__ import annotations

import re
from typing import Final

from .names import plain

#: A phase's number lies in 1..PHASE_NUMBER_LIMIT.
PHASE_NUMBER_LIMIT: Final = 99

_NUMBER_WORDS: Final[dict[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            "um uma one primeira primeiro first i",
            "dois duas two segunda segundo second ii",
            "tres three terceira terceiro third iii",
            "quatro four quarta quarto fourth iv",
            "cinco five quinta quinto fifth v",
            "seis six sexta sexto sixth vi",
        ),
        1,
    )
    for word in words.split()
}
_PHASE_AFTER = re.compile(r"(?:fase|phase|etapa|stage|step)[\s_:.#nº°-]*(\d{1,2}|[a-z]+)\b")
_PHASE_BEFORE = re.compile(r"\b(\d{1,2}|[a-z]+)[ªºa]?\s+(?:fase|phase|etapa|stage)\b")


def phase_number(name: str) -> int | None:
    """Return the number that a phase's name states (`Fase 1`, `phase two`, `1ª etapa`), else None."""
    text = _without_accents(name[:200])
    stated = [_to_phase_number(m) for m in (*_PHASE_AFTER.findall(text), *_PHASE_BEFORE.findall(text))]
    numbers = {n for n in stated if n is not None}
    return numbers.pop() if len(numbers) == 1 else None


def _without_accents(text: str) -> str:
    return "".join(plain(c) if c.isalpha() else c for c in text.casefold().replace("ª", " ").replace("º", " "))


def _to_phase_number(word: str) -> int | None:
    number = int(word) if word.isdecimal() else _NUMBER_WORDS.get(word)
    return number if number is not None and 1 <= number <= PHASE_NUMBER_LIMIT else None
