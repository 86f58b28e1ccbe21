"""A language to say a verdict in: how texts, numbers, lengths of time and moments read. English is the code's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, Protocol


class Speech(Protocol):
    """A language. Texts keep their places (`%(name)s`) unfilled; an age is a length of time that goes on."""

    def text(self, message: str) -> str: ...
    def plural(self, one: str, many: str, count: int) -> str: ...
    def number(self, value: float) -> str: ...
    def age(self, seconds: float) -> str: ...


class English:
    def text(self, message: str) -> str:
        return message

    def plural(self, one: str, many: str, count: int) -> str:
        return one if count == 1 else many

    def number(self, value: float) -> str:
        return f"{value:,}".removesuffix(".0")

    def age(self, seconds: float) -> str:
        return span(seconds, self)


ENGLISH: Final = English()


def largest_unit(seconds: float) -> tuple[int, str]:
    """Return the whole number and the largest unit (s, min, h, d) that fits `seconds`."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return int(seconds // size), unit
    return max(int(seconds), 0), "s"


def span(seconds: float, speech: Speech = ENGLISH) -> str:
    """Return a length of time in its largest unit: `340 ms`, `2.4 s`, `12 s`, `3 min`, `2 h`, `5 d`."""
    if seconds < 1:
        return f"{max(round(seconds * 1000), 0)} ms"
    if seconds < 10:
        return f"{speech.number(round(seconds, 1))} s"
    amount, unit = largest_unit(seconds)
    return f"{amount} {unit}"


def moment(at: datetime) -> str:
    """Return a time of day in UTC: what a breaker waits for is hours away at most."""
    return f"{at.astimezone(UTC):%H:%M:%S} UTC"


def ranges(numbers: Iterable[int]) -> str:
    """Return `0-3 7` of 0, 1, 2, 3 and 7."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs)
