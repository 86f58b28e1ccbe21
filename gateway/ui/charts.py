"""Computes the geometry of charts in SVG. The numbers themselves are in the table beside each chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from schemas.facts import Month

Kind = Literal["revenue", "cost", "net", "loss"]

#: The length of a row's line in units of the drawing; the page stretches it.
LINE: Final = 100.0
#: The widths of a month and of its two bars.
_MONTH: Final = 20.0
_WIDE: Final = 14.0
_NARROW: Final = 7.0
HEIGHT: Final = 100.0
#: The least length of a bar, so that even a small one is visible.
_LEAST: Final = 0.75


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; `kind` gives its colour, its place gives the meaning without one."""

    kind: Kind
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over and under a line at `zero`."""

    width: float
    zero: float
    bars: list[Bar]


def share_bar(kind: Kind, start: float, length: float, whole: float) -> Bar | None:
    """Return the bar of a part of a whole, cut at the ends of the line; None if there is nothing to draw."""
    if whole <= 0 or length <= 0:
        return None
    left = max(0.0, min(LINE, start / whole * LINE))
    right = max(0.0, min(LINE, (start + length) / whole * LINE))
    if right - left < _LEAST:
        left, right = max(0.0, right - _LEAST), max(right, _LEAST)
    return Bar(kind, _rounded(left), 0.0, _rounded(right - left), 1.0)


def months_chart(months: Sequence[Month]) -> Chart | None:
    """Return the chart of each month's revenue, with its net receipts in it; None with fewer than two known months.

    A month without a figure has no bar; net receipts below zero hang under the line.
    """
    known = [value for m in months for value in (m.revenue, m.net) if value is not None]
    if sum(m.revenue is not None for m in months) < 2 or not any(known):
        return None
    top, bottom = max(0.0, *known), min(0.0, *known)
    scale = HEIGHT / (top - bottom)
    zero = top * scale
    bars: list[Bar] = []
    for n, m in enumerate(months):
        middle = n * _MONTH + _MONTH / 2
        if m.revenue is not None:
            bars.append(_standing("revenue" if m.revenue >= 0 else "loss", middle, _WIDE, m.revenue * scale, zero))
        if m.net is not None:
            bars.append(_standing("net" if m.net >= 0 else "loss", middle, _NARROW, m.net * scale, zero))
    return Chart(len(months) * _MONTH, _rounded(zero), bars)


def _standing(kind: Kind, middle: float, width: float, height: float, zero: float) -> Bar:
    top = zero - height if height >= 0 else zero
    return Bar(kind, _rounded(middle - width / 2), _rounded(top), width, _rounded(abs(height)))


def _rounded(value: float) -> float:
    return round(value, 2) + 0.0
