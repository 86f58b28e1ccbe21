"""The look of a state on a page: its colour and icon."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """`tone` names a colour of the style sheet, `icon` a symbol of icons.svg; `word` is a message id."""

    tone: str
    icon: str
    word: str
