"""Causes, features and kinds of processes in words."""

from __future__ import annotations

from typing import Final

from gateway.ui.formats import SPEECH
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from gateway.verdict.words import say
from gateway.verdict.words.terms import FLAGS

ROLES: Final[dict[str, str]] = {
    "gateway": mark("Gateway"),
    "worker": mark("Worker"),
    "runner": mark("Analysis runner"),
    "projections": mark("Projections"),
    "pump": mark("Retry pump"),
    "watchdog": mark("Watchdog"),
    "alerts": mark("Alert engine"),
}


def cause(name: str) -> str:
    """Return a cause in words; one of a later version keeps its name."""
    return say.cause(name, SPEECH)


def action(name: str) -> str:
    """Return a recovery in words."""
    return say.action(name, SPEECH)


def flag(name: str) -> tuple[str, str]:
    """Return a feature's title, and what its being off means."""
    title, meaning = FLAGS.get(name, (name, ""))
    return _(title), _("Off: %(what)s", what=_(meaning)) if meaning else ""


def role(name: str) -> str:
    """Return a kind of process in words."""
    return _(ROLES[name]) if name in ROLES else name
