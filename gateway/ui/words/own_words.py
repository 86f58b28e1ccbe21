"""What the system itself wrote down of a failure, in the reader's language; what others said stays as they said it."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.ui.formats import SPEECH
from gateway.verdict.words.own import own


@dataclass(frozen=True, slots=True)
class Said:
    """`foreign`: a receiver, an agent or a library said it, in a language that the page does not choose."""

    text: str
    foreign: bool = False


def said(text: str) -> Said:
    """Return a sentence of ours in the reader's language, and what is not ours as it stands."""
    ours = own(text, SPEECH)
    return Said(text, foreign=True) if ours is None else Said(ours)
