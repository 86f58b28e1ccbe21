"""Small charts as geometry: bars of slots, of which a part is bad, and lines that break where nothing is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Tone = Literal["good", "bad"]

#: All charts are drawn so high, and stretched by the page.
HEIGHT: Final = 40.0
#: Of a slot: its own width, and of its bar.
_SLOT: Final = 10.0
_BAR: Final = 8.0
#: What is there is seen, however little.
_LEAST: Final = 1.5


@dataclass(frozen=True, slots=True)
class Bar:
    tone: Tone
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bars:
    width: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """`parts`: the points of each piece, as an SVG polyline takes them; a piece of one point is a short dash."""

    width: float
    top: float
    parts: tuple[str, ...]


def bars_of(slots: Sequence[tuple[int, int] | None]) -> Bars:
    """Return a bar for each slot, (all, bad): the bad part stands at the foot. A slot without anything has none."""
    top = max((total for total, _ in filter(None, slots)), default=0)
    drawn: list[Bar] = []
    for n, slot in enumerate(slots):
        if slot is None or not slot[0]:
            continue
        total, bad = slot
        whole = max(_LEAST, total / top * HEIGHT)
        foot = min(whole, max(_LEAST, bad / top * HEIGHT)) if bad else 0.0
        x = n * _SLOT + (_SLOT - _BAR) / 2
        if whole > foot:
            drawn.append(_standing("good", x, foot, whole - foot))
        if foot:
            drawn.append(_standing("bad", x, 0.0, foot))
    return Bars(len(slots) * _SLOT, tuple(drawn))


def line_of(values: Sequence[float | None], top: float | None = None) -> Line:
    """Return the line through values, `top` being as high as the chart; what is unknown leaves a gap."""
    known = [value for value in values if value is not None]
    highest = max([top or 0.0, *known]) or 1.0
    pieces: list[list[str]] = [[]]
    for n, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{n * _SLOT:g},{round(HEIGHT - max(0.0, value) / highest * HEIGHT, 2):g}")
    return Line(max(0, len(values) - 1) * _SLOT, highest, tuple(_joined(piece) for piece in pieces if piece))


def _joined(piece: list[str]) -> str:
    if len(piece) > 1:
        return " ".join(piece)
    x, y = piece[0].split(",")
    return f"{piece[0]} {float(x) + _LEAST:g},{y}"


def _standing(tone: Tone, x: float, foot: float, height: float) -> Bar:
    return Bar(tone, x, round(HEIGHT - foot - height, 2), _BAR, round(height, 2))
