"""What holding something back, or switching it off, does now: in numbers."""

from __future__ import annotations

from typing import Final

from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import ngettext
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
