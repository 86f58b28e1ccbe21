"""When an alert flaps: it came so often lately that one quiet moment does not end it. Pure."""

from __future__ import annotations

from typing import Final

from gateway.verdict.words.speech import ENGLISH, Speech, span

#: TIMES that an alert opened within `WITHIN_S` make it flap: it is over only when it was quiet for `QUIET_S`.
TIMES: Final = 3
WITHIN_S: Final = 900.0
QUIET_S: Final = 300.0
SAID: Final = "It opened %(n)s times within %(within)s, so it is over only when it is not seen for %(quiet)s."


def flaps(openings: int) -> bool:
    """Say whether an alert flaps that opened so often within `WITHIN_S`."""
    return openings >= TIMES


def said(openings: int, speech: Speech = ENGLISH) -> str:
    """Return when an alert is over that flaps, "" of one that does not."""
    if not flaps(openings):
        return ""
    values = {"n": openings, "within": span(WITHIN_S, speech), "quiet": span(QUIET_S, speech)}
    return speech.text(SAID) % values
