"""The headings above a place in a text, from the outermost one to the nearest."""

from __future__ import annotations


class Headings:
    """Hears of each heading of a text; a heading ends those of its level and of deeper ones."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}

    def begin(self, level: int, text: str) -> None:
        """Take note of a heading; one without a text ends others, too."""
        self._texts = {above: said for above, said in self._texts.items() if above < level}
        if text:
            self._texts[level] = text

    def above(self) -> tuple[str, ...]:
        """Return the headings that what comes now stands under."""
        return tuple(self._texts.values())
