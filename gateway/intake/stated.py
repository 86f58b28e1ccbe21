"""Finds figures that a text states, such as "Receita total R$ 48.230,15", with their words and place.

Only what is plainly said of the sales as a whole is taken. A target, a forecast, another period's figure, a part of
the sales (a category, a day) or a rounded "about" stays text: a figure is right, or it is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from gateway.intake.masking import mask
from gateway.intake.stated_words import (
    AFTER_COUNT,
    BEFORE_PART,
    CHANNEL,
    EXTREME,
    METRICS,
    NOT_OF_NOW,
    OF_SOMETHING,
    PART,
    ROUNDED,
    SCALES,
    SKIPPED,
    Metric,
)
from gateway.intake.words import currency_named, fold
from schemas.facts import UNKNOWN_MONEY
from schemas.stated import StatedFigure

#: A text that states more is a list of figures, which nobody reads as a summary.
MAX_STATED: Final = 40
MAX_QUOTE_CHARS: Final = 240
#: From a figure's name to its number: more words than this, and it is the number of something else.
_REACH: Final = 48
_AMOUNT: Final = (
    r"(?P<sign>(?:r\$|us\$|u\$|\u20ac|\u00a3|\u20b9|brl|usd|eur)\s*)?"
    r"(?P<number>\d{1,3}(?:[., ]\d{3})+(?:[.,]\d{1,2})?(?![\d])|\d+(?:[.,]\d+)?)"
    r"(?:\s*(?P<scale>bilh(?:ao|oes)|milh(?:ao|oes)|mil|mi|million|k|m)\b)?(?P<percent>\s*(?:%|por cento|percent))?"
)
_NUMBER: Final = re.compile(_AMOUNT)
_NAME: Final = re.compile("|".join(f"(?P<{metric.key}>{metric.words})" for metric in METRICS))
_BY_KEY: Final = {metric.key: metric for metric in METRICS}
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý\d\"“(])")
#: Between a name and a bare number: a year, or a count of something else, is joined otherwise.
_JOINS: Final = re.compile(r"\s*(?::|=|foi|foram|de|e de|chegou a|chegaram a|somaram|was|were|is|of|\s)*\s*")
_ROW: Final = re.compile(r"\t|\||;.*;| {3,}")


def stated_figures(text: str, parts: Sequence[tuple[str, str]]) -> list[StatedFigure]:
    """Return the figures that the text states, in order, each value once. `parts` are its places and their texts."""
    found: list[StatedFigure] = []
    seen: set[tuple[str, float, str]] = set()
    for sentence, line in _sentences(text):
        for metric, value, unit, channel in _of_sentence(fold(sentence)):
            if (metric, value, channel) in seen or len(found) >= MAX_STATED:
                continue
            seen.add((metric, value, channel))
            quote = mask(" ".join(sentence.split()))[:MAX_QUOTE_CHARS]
            found.append(StatedFigure(metric, value, unit, _place(line, text, parts), quote, channel))
    return found


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """Yield each sentence and the line in which it, or what is joined with it, begins. Rows of tables are none.

    A line that ends in the middle of a sentence is joined with the next.
    """
    joined = first = ""
    for raw in [*text.splitlines(), ""]:
        line = raw.strip()
        goes_on = line[:1].islower() or bool(re.match(r"R\$|US\$|[€£\d]", line))
        if joined and line and goes_on and not joined.endswith((".", "!", "?")):
            joined = f"{joined} {line}"
            continue
        if joined and not _ROW.search(joined):
            yield from ((sentence, first) for sentence in _SENTENCE.split(joined))
        joined = first = line


def _of_sentence(sentence: str) -> Iterator[tuple[str, float, str, str]]:
    """Yield metric, value, unit and channel of what a folded sentence states."""
    if SKIPPED.search(sentence):
        return
    names = list(_NAME.finditer(sentence))
    last = 0
    for number in _NUMBER.finditer(sentence):
        name = _named_before(sentence, names, number, last) or _named_after(sentence, names, number)
        start, last = last, number.end()
        if name is None:
            continue
        names = [other for other in names if other is not name]  # one number a name
        read = _value(number, _BY_KEY[str(name.lastgroup)])
        channel = _channel(sentence, start, number.end())
        if read is not None and channel is not None:
            yield *read, channel


def _named_before(
    sentence: str, names: Sequence[re.Match[str]], number: re.Match[str], last: int
) -> re.Match[str] | None:
    """Return the name that stands before the number, with nothing between that makes it another figure's."""
    before = [name for name in names if last <= name.start() and name.end() <= number.start()]
    if not before:
        return None
    between = sentence[before[-1].end() : number.start()]
    if EXTREME.search(sentence[: before[-1].start()]):
        return None
    if len(between) > _REACH or PART.search(between) or ROUNDED.search(between):
        return None
    if NOT_OF_NOW.search(sentence[last : number.start()]) or BEFORE_PART.match(sentence[number.end() :]):
        return None
    is_bare = not number["sign"] and not number["percent"]
    return None if is_bare and not _JOINS.fullmatch(between) else before[-1]


def _named_after(sentence: str, names: Sequence[re.Match[str]], number: re.Match[str]) -> re.Match[str] | None:
    """Return the name that follows the number at once: `1.234 pedidos`, `9,4% de devolução`."""
    after = next((name for name in names if name.start() >= number.end()), None)
    if after is None or not re.fullmatch(r"\s*(?:de|em|of|in)?\s*", sentence[number.end() : after.start()]):
        return None
    before = sentence[: number.start()]
    if OF_SOMETHING.fullmatch(before):
        return None
    if AFTER_COUNT.match(sentence[after.end() :]) or ROUNDED.search(before[-24:]) or NOT_OF_NOW.search(before):
        return None
    return after


def _value(number: re.Match[str], metric: Metric) -> tuple[str, float, str] | None:
    """Return metric, value and unit; None where the number is of another sort than the figure."""
    value = _parsed(number["number"]) * SCALES.get(number["scale"] or "", 1.0)
    sign = (number["sign"] or "").strip()
    if number["percent"]:
        known = metric.share and not sign and 0 <= value <= 100
        return (metric.share, round(value / 100, 6), "ratio") if known else None
    if sign:
        return (metric.money, value, currency_named(sign) or UNKNOWN_MONEY) if metric.money else None
    if metric.count and value.is_integer() and not number["scale"]:
        return metric.count, value, "count"
    return None


def _parsed(written: str) -> float:
    """Return the number: what stands last is the decimal sign, unless three digits follow it."""
    last = max(written.rfind(","), written.rfind("."))
    if last < 0 or len(written) - last - 1 == 3:
        return float(re.sub(r"[., ]", "", written))
    return float(re.sub(r"[., ]", "", written[:last]) + "." + written[last + 1 :])


def _channel(sentence: str, start: int, end: int) -> str | None:
    """Return the channel that is named with the number, "" for none, None where it is open which."""
    named = {match.lastgroup for match in CHANNEL.finditer(sentence, start, end)}
    if not named:
        named = {match.lastgroup for match in CHANNEL.finditer(sentence)}
    return None if len(named) > 1 else str(named.pop()) if named else ""


def _place(line: str, text: str, parts: Sequence[tuple[str, str]]) -> str:
    """Return where the line stands."""
    for where, content in parts or _paragraphs(text):
        if any(one.strip() == line for one in content.splitlines()):
            return where
    return "texto"


def _paragraphs(text: str) -> list[tuple[str, str]]:
    lines = [line for line in text.splitlines() if line.strip()]
    return [(f"parágrafo {number}", line) for number, line in enumerate(lines, start=1)]
