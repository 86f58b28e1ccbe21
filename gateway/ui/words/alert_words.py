"""Alerts in the reader's language, and what was told of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from gateway.ui.formats import SPEECH, Ageing, ageing
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from gateway.ui.words.finding_looks import FINDINGS, NOWHERE, Way
from gateway.verdict import flapping
from gateway.verdict.stored import from_json
from gateway.verdict.words.findings import say
from gateway.verdict.words.say import Said
from projections.reads.alerts import Alert, Silence

#: What a notice tells of an alert.
ABOUT: Final[dict[str, str]] = {
    "opened": mark("It began"),
    "worsened": mark("It got worse"),
    "reopened": mark("Wrong still after its silence"),
    "recurred": mark("It came again"),
    "escalated": mark("Nobody acknowledged it"),
    "acknowledged": mark("Somebody sees to it"),
    "resolved": mark("It is over"),
    "test": mark("Test"),
}


def said(alert: Alert, *, seen: bool = True) -> Said:
    """Say an alert, of which the age goes on; one of another version keeps the words that it was written with.

    `seen`: what it tells of is so now. Else its age is the one at which it was seen last.
    """
    finding = from_json(alert.finding)
    if finding is None:
        return Said(alert.text, alert.evidence, alert.advice)
    age = finding.values.get("age")
    if alert.state == "resolved" or not seen or finding.since is None or not isinstance(age, float):
        return say(finding, SPEECH)
    told = say(finding, Ageing(finding.since + timedelta(seconds=age)))
    return Said(ageing(told.text), ageing(told.evidence), ageing(told.advice))


def title(silence: Silence) -> str:
    """Return what is silenced."""
    finding = from_json(silence.finding)
    return silence.text if finding is None else say(finding, SPEECH).text


def unseen(alert: Alert, engine_works: object) -> str:
    """Say when an alert is over whose finding is not seen now: an engine has to say so."""
    if not engine_works:
        return _("It is not seen now. The alert stays as it is until an alert engine works.")
    flaps = flapping.said(alert.opened_lately, SPEECH)
    if flaps:
        return " ".join((_("It is not seen now."), flaps))
    return _("It is not seen now: the alert ends when it has stayed away for long enough.")


def way(alert: Alert) -> Way:
    """Return where what it tells of is seen and mended; nowhere for one of another version."""
    finding = from_json(alert.finding)
    return NOWHERE if finding is None else FINDINGS[finding.kind][1]


def consequence(told: Mapping[str, Any]) -> str:
    """Say a finding that follows from an alert; one of another version keeps its words."""
    finding = from_json(told)
    return str(told["text"]) if finding is None else say(finding, SPEECH).text


def about(name: str) -> str:
    """Say what was told."""
    return _(ABOUT[name]) if name in ABOUT else name
