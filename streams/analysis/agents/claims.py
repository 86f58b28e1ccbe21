"""What each number of a text claims to be (money, a share, a count, days) and how exactly it is meant. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from schemas.numbers import Number, numbers_in

#: What a number is of. `count`: of something that the figures have no name for; `bare`: the text does not say.
Kind = Literal["money", "share", "units", "orders", "products", "count", "time", "date", "rating", "bare"]

#: From here on a whole number has three digits.
_COARSE: Final = 100.0
#: How far a number may lie from what it rounds, as a share of it, where the text says that it is no exact one.
ROUNDED: Final = 0.05

_NOUNS: Final[tuple[tuple[Kind, str], ...]] = (
    ("money", r"reais|real|brl"),
    ("units", r"unidades?|un|unid|peças?|pecas?|units?|devoluç\w+|devolvid[ao]s?"),
    ("orders", r"pedidos?|encomendas?|cancelamentos?|orders?"),
    ("products", r"produtos?|skus?|anúncios?|anuncios?|listings?|products?"),
    ("count", r"vendas?|itens|items?|linhas?|clientes?|compradores|compras?|cliques?|impressões|visitas?"),
    ("time", r"dias?|semanas?|m[eê]s|meses|anos?|horas?|minutos?|quinzenas?|days?|weeks?|months?"),
    ("date", r"janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"),
    ("rating", r"estrelas?|stars?|notas?"),
)
_NOUN: Final = {kind: re.compile(words, re.IGNORECASE) for kind, words in _NOUNS}
#: Words that end as a plural does and count nothing.
_NO_NOUNS: Final = frozenset(
    {"mais", "menos", "depois", "antes", "vezes", "após", "reais", "apenas", "através", "todos"}
)
_AFTER: Final = re.compile(r"\s*(?:(?P<of>d[eao]s?)\s+)?(?P<word>[^\W\d_]+)")
_BEFORE: Final = re.compile(r"(?P<word>[^\W\d_]+)\s*[:=(]?\s*$")
_ABOUT: Final = re.compile(
    r"\b(?:cerca|aproximadamente|aprox|quase|perto|torno|volta|uns|umas|por volta|about|around|nearly)\b\.?"
    r"(?:\s+d[eao]s?)?\s*$",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(r"\s*(?:-|\u2013|\u2014|a|e|ou|at[ée]|to)\s*", re.IGNORECASE)
_A_MONTH: Final = re.compile(
    r"\b(?:por|ao|a|cada)\s+m[eê]s\b|/\s*m[eê]s\b|\bmensa(?:l|is)\b|\ba month\b", re.IGNORECASE
)
_DIGITS: Final = re.compile(r"\d")
#: How far from a number a word stands beside it, in characters. Documents are long, and so no more is looked at.
_BESIDE: Final = 24
#: A step's own time: "testar por 15 dias".
_OWN_TIME: Final = re.compile(
    r"\b(?:por|durante|em|at[ée]|dentro de|próxim[ao]s|cada|após|depois de|prazo de)\s*$", re.IGNORECASE
)
#: What happened and was counted, and goods that something happened to: a small number of these is no mere word.
_HAPPENED: Final = re.compile(
    r"\s*(?:(?:devoluç|cancelament|reclamaç|reembols)\w+|(?:pedidos?|vendas?|encomendas?|orders?|sales|returns?)\b"
    r"|(?:unidades?|un|peças?|produtos?|itens|item|units?)\s+(?:(?:foram|was|were)\s+)?"
    r"(?:vendid|devolvid|cancelad|reembolsad|sold|returned|cancelled)\w*)",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[.;!?]\s+|\n")


@dataclass(frozen=True, slots=True)
class Claim:
    """A number in a text, its kind, and its readings: (value, the tolerance of its rounding)."""

    written: str
    kind: Kind
    readings: tuple[tuple[float, float], ...]
    sentence: str
    is_small: bool = False  # a whole number below ten
    is_word: bool = False  # a small one of nothing that happened, as good as a word
    is_coarse: bool = False  # of so few digits that one alike proves nothing
    a_month: bool = False
    is_own_time: bool = False  # the time that a step is to take


def claims_in(text: str) -> list[Claim]:
    """Return the numbers of a text in their order, each with its possible meanings."""
    numbers = numbers_in(text)
    kinds = [_kind(text, one) for one in numbers]
    for n, (one, then) in enumerate(pairwise(numbers)):
        digits = _DIGITS.search(text, then.start)
        if digits is None or not _RANGE.fullmatch(text[one.end : digits.start()]):
            continue
        if kinds[n + 1] == "bare":
            kinds[n + 1] = kinds[n]
        elif kinds[n] == "bare":
            kinds[n] = kinds[n + 1]
    ends, sentences = zip(*_sentences(text), strict=True)
    return [
        _claim(text, _as(one, kind), kind, sentences[bisect_right(ends, one.start)])
        for one, kind in zip(numbers, kinds, strict=True)
    ]


def _claim(text: str, number: Number, kind: Kind, sentence: str) -> Claim:
    before = text[max(0, number.start - _BESIDE) : number.start]
    after = text[number.end : number.end + _BESIDE]
    is_about = _ABOUT.search(before) is not None
    is_small = number.is_small and kind != "money"
    readings = tuple((value, _margin(value, half, number, is_about=is_about)) for value, half in number.readings)
    return Claim(
        number.written,
        kind,
        readings,
        sentence,
        is_small=is_small,
        is_word=is_small and _HAPPENED.match(text, number.end) is None,
        is_coarse=_is_coarse(number, kind),
        a_month=_A_MONTH.search(f"{before} \0 {after}") is not None,
        is_own_time=kind == "time" and _OWN_TIME.search(before) is not None,
    )


def _is_coarse(number: Number, kind: Kind) -> bool:
    """Return whether a number has two digits or fewer: a whole percent, `40`, `1,5 mil`."""
    if kind == "share":
        return all(half >= 0.005 for _, half in number.readings)
    if number.scaled:
        return all(value < _COARSE * half * 2 for value, half in number.readings)
    return all(value < _COARSE and value == int(value) for value, _ in number.readings)


def _as(number: Number, kind: Kind) -> Number:
    """Return the number as one of its kind: `12` of `12 a 15%` is a share, and `R$ 1.500` no one and a half."""
    readings = number.readings
    if kind == "share" and not number.percent:
        readings = tuple((value / 100, half / 100) for value, half in readings)
    elif kind == "money" and len(readings) > 1:
        readings = readings[:1]
    return replace(number, readings=readings)


def _margin(value: float, half: float, number: Number, *, is_about: bool) -> float:
    """Return half of the last digit that is meant, which a round number has before its zeros."""
    if number.scaled:
        half = min(half, ROUNDED * value)
    elif is_about and value == int(value):
        digits = str(int(value))
        zeros = len(digits) - len(digits.rstrip("0"))
        half = max(half, min(0.5 * 10.0**zeros, ROUNDED * value))
    return max(half * 1.01, 1e-9)


def _kind(text: str, number: Number) -> Kind:
    if number.money:
        return "money"
    if number.percent:
        return "share"
    found = _AFTER.match(text, number.end)
    if found is not None and (kind := _of_word(found["word"])) is not None and (not found["of"] or kind == "date"):
        return kind
    if found is not None and not found["of"] and _is_plural(found["word"]) and _is_whole(number):
        return "count"
    named = _BEFORE.search(text, max(0, number.start - _BESIDE), number.start)
    return (_of_word(named["word"]) if named is not None else None) or "bare"


def _of_word(word: str) -> Kind | None:
    return next((kind for kind, words in _NOUN.items() if words.fullmatch(word)), None)


def _is_plural(word: str) -> bool:
    return len(word) > 3 and word.casefold().endswith("s") and word.casefold() not in _NO_NOUNS


def _is_whole(number: Number) -> bool:
    return all(value == int(value) for value, _ in number.readings[:1])


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a text, each with the place where it ends."""
    start = 0
    for mark in _SENTENCE.finditer(text):
        yield mark.end(), text[start : mark.end()]
        start = mark.end()
    yield len(text) + 1, text[start:]
