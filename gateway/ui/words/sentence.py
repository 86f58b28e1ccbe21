"""The one sentence at the top of a page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """`tone` and `icon` as in a Look; `link` with `action` is what to do next."""

    tone: str
    icon: str
    text: str
    advice: str = ""
    link: str = ""
    action: str = ""
