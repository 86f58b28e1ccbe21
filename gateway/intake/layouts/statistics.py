"""Recognise columns of statistics (`Amount_mean`, `Amount_std`), which hold no sale."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from gateway.intake.words import fold

#: Words that only those who describe amounts write; a sum is what it was.
_SPREAD: Final = frozenset(
    (
        *("std", "stddev", "sd", "var", "variance", "median", "mediana", "desvio", "desvio padrao", "desviacion"),
        *("25%", "50%", "75%", "q1", "q3", "p25", "p75", "quantile"),
    )
)
_TELLING: Final = _SPREAD | frozenset(
    ("count", "mean", "avg", "average", "media", "promedio", "min", "minimo", "max", "maximo", "nunique", "contagem")
)
#: So many of them of one amount, one of its spread, are no accident.
_SEVERAL: Final = 3
_LAST_WORD: Final = re.compile(r"^(.+?)[\s_.:-]+\(?([^\s_.:()]+)\)?$")


def statistics(headers: Sequence[str]) -> set[int]:
    """Return the places of columns that describe the amounts of others, among them their spread."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for index, header in enumerate(headers):
        named = _LAST_WORD.match(fold(header))
        if named is not None and named[2] in _TELLING:
            found[named[1]][index] = named[2]
    described = (places for places in found.values() if len(places) >= _SEVERAL and _SPREAD & set(places.values()))
    return {index for places in described for index in places}
