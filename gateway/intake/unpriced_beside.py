"""Leaves aside tables that only count what was sold, where another table of the document tells what it was sold for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from gateway.intake.layouts import UNKNOWN, Reading
from gateway.intake.layouts.unpriced import UNPRICED

BESIDE: Final = (
    "A tabela diz quanto foi vendido, e não por quanto; outra tabela do documento traz os valores, e só ela foi "
    "contada."
)


def without_unpriced(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings without the lines that have no amount, beside some that have one: they may be the same."""
    told = [_tells_amounts(reading) for reading in readings]
    if not any(told):
        return list(readings)
    return [
        _left_aside(reading) if UNPRICED in reading.report.warnings and not tells else reading
        for reading, tells in zip(readings, told, strict=True)
    ]


def _tells_amounts(reading: Reading) -> bool:
    frames = (frame for frame in (reading.lines, reading.exposure) if frame is not None)
    return any(frame["revenue"].null_count() < frame.height for frame in frames)


def _left_aside(reading: Reading) -> Reading:
    report = replace(reading.report, layout=UNKNOWN, kind="unknown", warnings=[BESIDE])
    return replace(reading, report=report, lines=None)
