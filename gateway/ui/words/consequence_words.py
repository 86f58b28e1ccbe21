"""What holding something back, switching it off, or taking it away does now: in numbers."""

from __future__ import annotations

from typing import Final

from gateway.access.api_keys import KeyInfo
from gateway.access.people import PersonInfo
from gateway.ui import formats
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import ngettext
from projections.reads.alerts import LATELY_S, Alert
from projections.reads.operations import Operations
from projections.reads.overview import Overview
from schemas.flags import Flag
from schemas.lifecycle import PlanStatus

_AGENT: Final = "agent:"
_WEBHOOK: Final = "webhook:"


def of_breaker(name: str, overview: Overview, running: Operations) -> str:
    """Say what waits once calls of a breaker are held back."""
    if name.startswith(_AGENT):
        return ngettext(
            "%(n)s plan is being analysed now: what calls this waits, until the plan's deadline has passed.",
            "%(n)s plans are being analysed now: what calls this waits, until their deadlines have passed.",
            _count(overview, PlanStatus.ANALYZING),
        )
    if name.startswith(_WEBHOOK):
        waiting = sum(one.waiting for one in running.webhooks if one.name == name.removeprefix(_WEBHOOK))
        return ngettext(
            "%(n)s event waits for it now; those that come wait, too.",
            "%(n)s events wait for it now; those that come wait, too.",
            waiting,
        )
    return _("What calls this waits; nothing else does.")


def of_flag(name: str, overview: Overview, running: Operations) -> str:
    """Say what a feature's being off means for what is under way; "" for one of a later version."""
    if name == Flag.QUEUE_PROCESSING:
        waiting = _count(overview, PlanStatus.ANALYZING) + overview.plans_without_phase1.count
        return ngettext(
            "%(n)s plan is on its way now and waits from then on.",
            "%(n)s plans are on their way now and wait from then on.",
            waiting,
        )
    if name == Flag.AUTOMATIC_RECOVERY:
        return ngettext(
            "%(n)s plan is stalled now: nobody but you recovers it.",
            "%(n)s plans are stalled now: nobody but you recovers them.",
            sum(running.stalled_by_cause.values()),
        )
    if name == Flag.CIRCUIT_BREAKER:
        return ngettext(
            "%(n)s breaker holds calls back now: they go again at once.",
            "%(n)s breakers hold calls back now: they go again at once.",
            sum(one.state != "closed" for one in running.breakers),
        )
    return ""


def _count(overview: Overview, status: PlanStatus) -> int:
    waiting = overview.plans.get(status)
    return 0 if waiting is None else waiting.count


def of_key(key: KeyInfo, sign_ins: int) -> str:
    """Say what revoking a key ends."""
    used = _("Never used.") if key.last_used_at is None else _("Last used %(ago)s.", ago=formats.ago(key.last_used_at))
    ended = ngettext("%(n)s open sign-in ends with it.", "%(n)s open sign-ins end with it.", sign_ins)
    return _said(used, ended)


def of_ending(person: PersonInfo, tasks: int) -> str:
    """Say what ends with a person, and what stays behind."""
    return _said(
        ngettext("%(n)s key ends.", "%(n)s keys end.", person.keys),
        ngettext("%(n)s open sign-in ends.", "%(n)s open sign-ins end.", person.sign_ins),
        ngettext(
            "%(n)s task that has not ended stays with this person: give it to somebody else.",
            "%(n)s tasks that have not ended stay with this person: give them to somebody else.",
            tasks,
        ),
    )


def of_erasure(plans: int) -> str:
    """Say how many plans lose their names with a person."""
    return ngettext(
        "%(n)s plan of this person loses title and name of file.",
        "%(n)s plans of this person lose title and name of file.",
        plans,
    )


def of_silence(alert: Alert) -> str:
    """Say who hears nothing any more, and how often the alert opened lately."""
    return _said(
        ngettext(
            "%(n)s receiver was told of it and hears nothing more until then.",
            "%(n)s receivers were told of it and hear nothing more until then.",
            len({one.notifier for one in alert.sent}),
        ),
        ngettext(
            "It opened %(n)s time within %(span)s.",
            "It opened %(n)s times within %(span)s.",
            alert.opened_lately,
            span=formats.span(LATELY_S),
        ),
    )


def of_letter(*, of_plan: bool, others: int) -> str:
    """Say what goes on without a letter that is discarded. `others`: letters of its plan that are undecided besides."""
    if not of_plan:
        return _("1 letter of no plan is discarded: no plan misses it.")
    return _said(
        _("1 letter of 1 plan is discarded: the plan goes on without it."),
        ngettext(
            "%(n)s other letter of the plan waits for a decision.",
            "%(n)s other letters of the plan wait for a decision.",
            others,
        ),
    )


def _said(*sentences: str) -> str:
    return " ".join(sentences)
