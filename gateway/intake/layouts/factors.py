"""Tells in thousands or millions of what amounts are written: `Receita (R$ mil)`, `Doanh thu (triệu đồng)`.

A column's name may say so, or what stands above the table: `Valores em milhares de reais`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from gateway.intake.words import fold

#: Words of a factor, without accents -> it. The longer ones come first: `mil millones` is no `mil`.
_FACTORS: Final[tuple[tuple[str, int], ...]] = (
    (r"mil milh(?:ao|oes)|mil millones|miles de millones", 10**9),
    (r"milhar(?:es)?|miles|mil|thousands?|ribu(?:an)?|rb|nghin|ngan|tausend|tsd\.?|milliers?|тыс\.?|тысячи?|千", 10**3),
    (r"milh(?:ao|oes)|millon(?:es)?|millions?|millionen|mio\.?|mln\.?|juta(?:an)?|jt|trieu|tr\.?|млн\.?|百万", 10**6),
    (r"bilh(?:ao|oes)|billions?|miliar(?:an)?|milyar|milliarden?|mrd\.?|ty|ti|млрд\.?", 10**9),
)
#: Beside such a sign a letter is a factor, too: `R$ mi`, `US$ k`. Alone it may be anything, and of rupiahs `M` is more.
_LETTERS: Final = (("k", 10**3), ("mi|mm|mn|m", 10**6), ("bi|bn|b", 10**9))
_SIGN: Final = r"(?:[a-z]{0,3}\s?[$€£₹]|usd|brl|eur|mxn|ars|clp|cop|gbp|inr)"
_MONEY: Final = (
    r"(?:[a-z]{0,3}\s?[$€£₹₫¥฿]|usd|brl|eur|mxn|ars|clp|cop|pen|gbp|inr|vnd|idr|rp\.?|reais|real|"
    r"(?:us )?(?:dolar(?:es)?|dollars?)|pesos?|soles|euros?|dong|d|rupiah|rupees?|руб\.?)"  # noqa: RUF001
)
#: What may stand before the factor, where it is said in words.
_IN: Final = r"(?:em|in|en|dalam|theo|v)"
_UNIT: Final = r"(?:dvt|don vi(?: tinh)?|satuan|unidade|unidad|unit|moeda|moneda|currency)"
_WORDS: Final = "|".join(f"(?P<f{n}>{words})" for n, (words, _) in enumerate(_FACTORS))
_COUNTED: Final = rf"(?:{_MONEY}\s*)?(?:{_WORDS})(?:\s*(?:de\s+|of\s+|d'|/)?{_MONEY})?"
_ZEROS: Final = (
    rf"(?:{_IN}\s+)?(?:{_MONEY}\s*)?(?:x\s?1[.,]?000|'?000'?s?|1[.,]?000\s?(?:d|dong|vnd|₫|rp|rupiah))"
    rf"(?:\s*{_MONEY})?"
)
#: The whole of what stands in brackets.
_IN_BRACKETS: Final = re.compile(
    rf"(?:(?:valores|values|valor|nilai|{_UNIT})\s*:?\s*)?(?:{_IN}\s+)?{_COUNTED}|(?P<zeros>{_ZEROS})|"
    + "|".join(
        rf"(?:{_IN}\s+)?(?:{_SIGN}\s?(?P<a{n}>{letters})|(?P<b{n}>{letters})\s?{_SIGN})"
        for n, (letters, _) in enumerate(_LETTERS)
    )
)
#: The end of a name without brackets: `Receita em milhares`, `Doanh thu triệu đồng`. A number before it is an amount.
_AT_END: Final = re.compile(
    rf"(?<!\d)(?<!\d\s)(?:\b{_IN}\s+{_COUNTED}|(?<![^\W_]){_MONEY}\s?(?:{_WORDS.replace('<f', '<g')})|"
    rf"(?<!\bde\s)(?<!\bof\s)\b(?:{_WORDS.replace('<f', '<h')})\s(?:de\s+|of\s+)?{_MONEY})\s*$"
)
_ENDS: Final = r"(?=\s*(?:[)\].,;:|”-]|$))"
#: The same above a table, where a sentence may go on behind a mark.
_ABOVE: Final = re.compile(
    rf"(?<!\d)(?<!\d\s)\b(?:{_IN}|{_UNIT}\s?:?)\s+(?:{_IN}\s+)?{_COUNTED}{_ENDS}|"
    rf"\b(?P<zeros>{_UNIT}\s?:?\s*{_ZEROS}|(?:valores|cifras|montos|importes|values|amounts)\s+(?:\w+\s+)?{_IN}\s+"
    rf"{_MONEY}\s?1[.,]000(?:[.,]00)?){_ENDS}"
)
_OF_FACTOR: Final = re.compile(rf"(?<![^\W\d_]){_MONEY}(?![^\W\d_])")
_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
#: Two letters that only a sign of money makes a factor: `TI` is a department, `tr` a part of a word.
_SHORT: Final = frozenset(("ti", "tr", "tr."))


@lru_cache(maxsize=4096)
def times(header: str) -> int:
    """Return by how much the amounts of a column are less than they are worth: 1000 of `Receita (R$ mil)`."""
    return _named(header)[0]


@lru_cache(maxsize=4096)
def without_factor(header: str) -> str:
    """Return the name without the factor; the currency that is said with it is no part of the name, either."""
    return _named(header)[1]


def money_of_factor(header: str) -> str:
    """Return the money that a name counts in thousands, as it is said: `dong` of `(nghìn đồng)`; empty without any."""
    found = _OF_FACTOR.search(_named(header)[2])
    return found[0].strip() if found else ""


def times_above(texts: list[str]) -> int:
    """Return the factor that stands above a table: `Valores em R$ mil`, `ĐVT: nghìn đồng`; 1 where none does."""
    for text in texts:
        plain = _plainly(text)
        inner = (_of(_IN_BRACKETS.fullmatch(found[1].strip())) for found in _BRACKETS.finditer(plain))
        many = next((one for one in (*inner, _of(_ABOVE.search(plain)), _of(_AT_END.search(plain))) if one > 1), 1)
        if many > 1:
            return many
    return 1


def _named(header: str) -> tuple[int, str, str]:
    """Return the factor of a name, the name without it, and how it is said."""
    plain = _plainly(header)
    # a letter that is several without its accent puts the others elsewhere
    name = header if len(plain) == len(header) else plain
    for found in _BRACKETS.finditer(plain):
        many = _of(_IN_BRACKETS.fullmatch(found[1].strip()))
        if many > 1:
            return many, f"{name[: found.start()]} {name[found.end() :]}".strip(), found[1]
    last = _AT_END.search(plain)
    if last is None or (many := _of(last)) == 1:
        return 1, header, ""
    return many, name[: last.start()].strip(" _-"), last[0]


def _of(found: re.Match[str] | None) -> int:
    """Return the factor of what was found; a short word alone is none."""
    if found is None:
        return 1
    for name, word in found.groupdict().items():
        if word is None:
            continue
        if name == "zeros":
            return 10**3
        if name[0] in "ab":
            return _LETTERS[int(name[1:])][1]
        return 1 if word in _SHORT and found[0].strip() == word else _FACTORS[int(name[1:])][1]
    return 1


def _plainly(text: str) -> str:
    return fold(text.replace("_", " "))
