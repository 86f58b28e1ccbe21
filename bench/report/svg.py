"""Plots as SVG, without a library and without a script. Pure: figures in, text out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from bench.report.numbers import short

Points = Sequence[tuple[float, float]]

WIDTH: Final = 720
HEIGHT: Final = 360
#: Where the field of a plot begins and ends.
LEFT: Final = 70
RIGHT: Final = 540
TOP: Final = 44
BOTTOM: Final = 304
#: Colours that people who see few colours tell apart, and that carry white and black text.
COLOURS: Final = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"),
    *("#7f7f7f", "#332288", "#999933", "#882255", "#44aa99", "#bbbbbb"),
)
#: Between two numbers under an axis, so that each can be read.
APART: Final = 36


def logarithmic(value: float, low: float, high: float) -> float:
    """Return where a value stands between two others on a logarithmic axis: 0 to 1."""
    return math.log(value / low) / math.log(high / low) if high > low else 0.5


def decades(values: Sequence[float]) -> tuple[float, float]:
    """Return the powers of ten that all values lie between."""
    low, high = 10.0 ** math.floor(math.log10(min(values))), 10.0 ** math.ceil(math.log10(max(values)))
    return low, high if high > low else low * 10


def lines(title: str, across: str, up: str, series: Mapping[str, Points]) -> str:
    """Return a plot of lines on two logarithmic axes. Points at or below zero have no place on them."""
    shown = {name: [(x, y) for x, y in points if x > 0 and y > 0] for name, points in series.items()}
    shown = {name: points for name, points in shown.items() if points}
    if not shown:
        return _page(title, [_text(LEFT, TOP + 20, "nothing was measured")])
    xs = sorted({x for points in shown.values() for x, _ in points})
    low, high = decades([y for points in shown.values() for _, y in points])

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + logarithmic(x, xs[0], xs[-1]) * (RIGHT - LEFT),
            BOTTOM - logarithmic(y, low, high) * (BOTTOM - TOP),
        )

    body = _grid(low, high, up)
    body += [_text(x, BOTTOM + 18, text, "middle") for x, text in apart([(place(x, low)[0], short(x)) for x in xs])]
    body.append(_text((LEFT + RIGHT) / 2, BOTTOM + 38, across, "middle"))
    for n, (name, points) in enumerate(shown.items()):
        colour = COLOURS[n % len(COLOURS)]
        places = [place(x, y) for x, y in sorted(points)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        body.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        body += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        body += _legend(n, name, colour)
    return _page(title, body)


def apart(labels: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Return the labels by place, without those that would overlap the one before."""
    kept: list[tuple[float, str]] = []
    for x, text in labels:
        if not kept or x - kept[-1][0] >= APART:
            kept.append((x, text))
    return kept


def stacked(title: str, unit: str, bars: Mapping[str, Mapping[str, float]]) -> str:
    """Return a bar for each entry, made of its parts, the largest part of all at the bottom."""
    total = max((sum(parts.values()) for parts in bars.values()), default=0.0)
    if not total:
        return _page(title, [_text(LEFT, TOP + 20, "nothing was measured")])
    weight: dict[str, float] = {}
    for parts in bars.values():
        for name, value in parts.items():
            weight[name] = weight.get(name, 0.0) + value
    names = sorted(weight, key=lambda name: -weight[name])
    step = (RIGHT - LEFT) / len(bars)
    body = [_text(LEFT, TOP - 8, unit)]
    for n, (bar, parts) in enumerate(bars.items()):
        x, y = LEFT + n * step + step * 0.15, float(BOTTOM)
        for place, name in enumerate(names):
            height = parts.get(name, 0.0) / total * (BOTTOM - TOP)
            y -= height
            colour = COLOURS[place % len(COLOURS)]
            tip = f"<title>{escape(name)}: {short(parts.get(name))}</title>"
            body.append(_box(x, y, step * 0.7, height, colour, tip))
        body.append(_text(x + step * 0.35, y - 5, short(sum(parts.values())), "middle"))
        body.append(_text(x + step * 0.35, BOTTOM + 18, bar, "middle"))
    for place, name in enumerate(names):
        body += _legend(place, name, COLOURS[place % len(COLOURS)])
    return _page(title, body)


def _grid(low: float, high: float, up: str) -> list[str]:
    body = [_text(LEFT, TOP - 8, up)]
    value = low
    while value <= high * 1.001:
        y = BOTTOM - logarithmic(value, low, high) * (BOTTOM - TOP)
        body.append(f'<line x1="{LEFT}" x2="{RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>')
        body.append(_text(LEFT - 8, y + 4, f"{value:g}", "end"))
        value *= 10
    return body


def _legend(place: int, name: str, colour: str) -> list[str]:
    y = TOP + place * 20
    return [_box(RIGHT + 20, y, 12, 12, colour), _text(RIGHT + 38, y + 11, name)]


def _box(x: float, y: float, width: float, height: float, colour: str, inside: str = "") -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}">{inside}</rect>'


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _page(title: str, body: Sequence[str]) -> str:
    form = f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="12" fill="#222222"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {form}>',
            f"<title>{escape(title)}</title>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            f'<text x="{LEFT}" y="18" font-size="14" font-weight="bold">{escape(title)}</text>',
            *body,
            "</svg>\n",
        ]
    )
