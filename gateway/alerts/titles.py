"""The titles of an alert's messages: why it is sent, and what is wrong."""

from __future__ import annotations

from gateway.alerts import words
from gateway.alerts.alert import About, Alert
from gateway.verdict.words.speech import ENGLISH, Speech, span


def lasted(alert: Alert) -> float | None:
    """Return for how many seconds it was wrong; None while it is."""
    return None if alert.resolved_at is None else (alert.resolved_at - alert.began).total_seconds()


def title(alert: Alert, about: About, text: str, speech: Speech = ENGLISH) -> str:
    """Return the title of a message about an alert. `text`: what is wrong, or what the receiver was told to be."""
    on_and_off = about is About.RESOLVED and alert.came > 1
    said = words.ON_AND_OFF if on_and_off else words.TITLES.get(about)
    return text if said is None else speech.text(said) % {"what": text, "time": span(lasted(alert) or 0.0, speech)}


def without_about(about: str, told: str, speech: Speech = ENGLISH) -> str:
    """Return what a title says is wrong, without why it was sent."""
    before, _, after = speech.text(words.TITLES.get(about, "%(what)s")).partition("%(what)s")
    return told.removeprefix(before).removesuffix(after)
