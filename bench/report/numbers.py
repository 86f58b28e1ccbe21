"""How a number is printed: three figures, and thousands apart. Pure."""

from __future__ import annotations


def short(value: float | None) -> str:
    """Return a number with three figures that count; a dash for one that is not known."""
    if value is None:
        return "-"
    if value and abs(value) < 100:
        digits = 2 if abs(value) < 10 else 1
        return f"{value:.{digits}f}" if abs(value) >= 0.01 else f"{value:.2g}"
    return f"{value:,.0f}"
