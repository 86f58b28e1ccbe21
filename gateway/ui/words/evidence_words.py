"""The watchdog's evidence on a stalled plan in words: names and values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.ui.formats import span
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from gateway.ui.words import own_words, system_words
from schemas.channels import CHANNELS, channel_name

#: Name of a piece of evidence (streams/watchdog/diagnosis.py, streams/watchdog/consumption.py) -> what it is.
NAMES: Final[dict[str, str]] = {
    "waited_s": mark("It has waited for"),
    "outbox_waiting": mark("Events on their way to the broker"),
    "living": mark("Processes that work"),
    "record": mark("Its record in the log"),
    "lag_agents": mark("Records before the workers"),
    "lag_analysis": mark("Requests before the runners"),
    "missing": mark("Channels without a result"),
    "breakers": mark("Open circuit breakers"),
    "held_back": mark("Held back by"),
    "parked": mark("Waits for another attempt"),
    "error": mark("What failed"),
    "group": mark("Of the group"),
    "held": mark("What is wrong with its event"),
    "outbox_seq": mark("Number of the event"),
    "broker_away_s": mark("The broker is away for"),
    "relay_still_s": mark("Nothing was published for"),
    "projections_still_s": mark("The projections have moved nothing for"),
    "projections_frozen": mark("Projections that move nothing"),
    "worker_still_s": mark("The workers have moved nothing for"),
    "runner_still_s": mark("The runners have moved nothing for"),
    "partition_still_s": mark("Its partition has not moved for"),
    "holder": mark("Its partition is read by"),
    "holder_still_s": mark("That one has moved nothing for"),
    "frozen": mark("Workers that move nothing"),
    "calls_under_way": mark("Calls to agents under way"),
    "handled_up_to": mark("The workers have come to"),
    "offset": mark("Its place there"),
}


def said(evidence: Mapping[str, str]) -> list[tuple[str, own_words.Said]]:
    """Return name and value of each piece, in words; a name of another version stays as it is."""
    return [(_(NAMES[name]) if name in NAMES else name, _value(name, value)) for name, value in evidence.items()]


def _value(name: str, value: str) -> own_words.Said:
    if name.endswith("_s") and name in NAMES:
        try:
            return own_words.Said(span(float(value)))
        except ValueError:
            return own_words.Said(value)
    if name == "missing":
        return own_words.Said(", ".join(channel_name(one) if one in CHANNELS else one for one in value.split(", ")))
    if name == "living":
        return own_words.Said(", ".join(_living(one) for one in value.split(", ")))
    if name in ("error", "held", "held_back"):
        return own_words.said(value)
    return own_words.Said(value)


def _living(told: str) -> str:
    """Say how many of a kind work: of `worker 2`."""
    role, _space, number = told.rpartition(" ")
    return f"{system_words.role(role)} {number}".strip()
