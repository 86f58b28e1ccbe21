"""The message that tests a notifier, in the language of the alert engine's messages. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gateway.verdict.words.speech import Speech

_TITLE: Final = "Test of alerts"
_TEXT: Final = "This is a test: messages of alerts arrive here. %(who)s asked for it."


def said(who: str, speech: Speech) -> tuple[str, str]:
    """Return title and text of a test that somebody asked for."""
    return speech.text(_TITLE), speech.text(_TEXT) % {"who": who}


def messages() -> Iterator[str]:
    """Return every text, for the catalogues."""
    yield from (_TITLE, _TEXT)
