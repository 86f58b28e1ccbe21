"""Figures in words, in the language of whoever asks; English is the code's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Protocol

from gateway.figures.catalogue import FIELDS, LEFT_OUT, METRICS, OTHERWISE_LEFT_OUT
from gateway.figures.catalogue_of_products import POLICIES
from gateway.figures.currency import HOW
from gateway.figures.rules import RULES
from gateway.figures.unknown import NO_REPORT, NOTHING_SOLD, REASONS, WAYS, WITHOUT_NEEDS, Place, Unknown, Way
from gateway.figures.worths import WORTHS
from schemas.facts import CurrencySource


class Language(Protocol):
    """A language; texts keep their places (`%(name)s`) unfilled."""

    def text(self, message: str) -> str: ...


class _English:
    def text(self, message: str) -> str:
        return message


ENGLISH: Final = _English()


@dataclass(frozen=True, slots=True)
class Said:
    """Why something is unknown, with what makes it known and where a person does that."""

    text: str
    advice: str
    place: Place


def messages() -> Iterator[str]:
    """Return every text about figures, for a language's catalogue."""
    for metric in METRICS.values():
        yield from (metric.title, metric.formula)
    for rule in RULES.values():
        yield from (rule.title, rule.when)
    yield from (worth.formula for worth in WORTHS.values())
    yield from POLICIES.values()
    yield from HOW.values()
    yield from FIELDS.values()
    yield from (text for text, _ in LEFT_OUT.values())
    yield from REASONS.values()
    yield from (OTHERWISE_LEFT_OUT, WITHOUT_NEEDS)
    yield from (*NO_REPORT.values(), NOTHING_SOLD)
    yield from (way.text for way in WAYS.values())


def title(metric: str, language: Language = ENGLISH) -> str:
    """Return a metric's name for people; one of a later version keeps its id."""
    known = METRICS.get(metric)
    return language.text(known.title) if known else metric


def formula(metric: str, language: Language = ENGLISH) -> str:
    """Return how a metric is computed; empty for one of a later version."""
    known = METRICS.get(metric)
    return language.text(known.formula) if known else ""


def policy(of: str, language: Language = ENGLISH) -> str:
    """Return what a class of products asks for; empty for one of a later version."""
    known = POLICIES.get(of)
    return language.text(known) if known else ""


def currency(code: str, source: CurrencySource, language: Language = ENGLISH) -> str:
    """Return what amounts are in, and how that is known; that it is unknown, where nothing tells it."""
    return language.text(HOW[(source or "read") if code else ""]) % {"code": code}


def field(name: str, language: Language = ENGLISH) -> str:
    """Return the label of the field that a column was read as; a field of a later version keeps its name."""
    known = FIELDS.get(name)
    return language.text(known) if known else name


def fields(names: Iterable[str], language: Language = ENGLISH) -> str:
    """Return a list of fields in words."""
    return ", ".join(field(name, language) for name in names)


def left_out(reason: str, language: Language = ENGLISH) -> str:
    """Return why rows are not in a figure."""
    known = LEFT_OUT.get(reason)
    return language.text(known[0]) if known else language.text(OTHERWISE_LEFT_OUT) % {"reason": reason}


def unknown(found: Unknown, language: Language = ENGLISH) -> Said:
    """Return why a figure is unknown, and what makes it known."""
    told = said(REASONS[found.reason] if found.fields else WITHOUT_NEEDS, found.way, language)
    return replace(told, text=told.text % {"fields": fields(found.fields, language)})


def said(reason: str, way: Way, language: Language = ENGLISH) -> Said:
    """Return a reason and its way in a language."""
    return Said(language.text(reason), language.text(way.text), way.place)
