"""What was late or failed while an alert lasted, in a sentence. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gateway.verdict.causes import REFUSES
from gateway.verdict.kinds import TRAITS, Kind
from gateway.verdict.traits import Effect, Scope
from gateway.verdict.words.say import Text
from gateway.verdict.words.speech import ENGLISH, Speech, span
from projections.reads.harm import LATE_S, Harm

_LASTED: Final = "While it lasted, in the whole system: %(what)s."
_LASTS: Final = "Since it began, in the whole system: %(what)s."
_NONE: Final = "no plan stalled, no approval waited longer than %(limit)s for its tasks, and nothing failed for good"
_STALLED: Final = ("%(n)s plan stalled", "%(n)s plans stalled")
_LATE: Final = (
    "%(n)s approval waited %(waited)s for its tasks",
    "%(n)s approvals waited %(waited)s in all for their tasks",
)
_LONGEST: Final = "%(waited)s, %(longest)s at most"
_TASKS: Final = ("%(n)s task came late", "%(n)s tasks came late")
_WAITING: Final = ("%(n)s approval still waits for its tasks", "%(n)s approvals still wait for their tasks")
_ANALYSES: Final = ("%(n)s analysis of a channel failed", "%(n)s analyses of channels failed")
_LETTERS: Final = ("%(n)s record became a dead letter", "%(n)s records became dead letters")
_ASIDE: Final = ("%(n)s event is still set aside", "%(n)s events are still set aside")
#: Where requests were refused, which leaves no event behind.
_REFUSED: Final = "Requests that were refused meanwhile are not counted."
_NO_ENTRY: Final = frozenset({Kind.DATABASE_AWAY, Kind.DATABASE_HANGS, *REFUSES})
UNKNOWN: Final = "What was late or failed is not known yet."


def counted(kind: str) -> bool:
    """Say whether what was late is told of an alert: of those with which the system is not well."""
    if kind not in TRAITS:  # of a later version
        return False
    traits = TRAITS[Kind(kind)]
    return traits.scope is Scope.SYSTEM and traits.effect in {Effect.DOWN, Effect.DEGRADED}


def said(harm: Harm | None, kind: str, subject: str, speech: Speech = ENGLISH, *, over: bool = True) -> str:
    """Say what was late or failed while an alert of this kind and subject lasted, or lasts; None: it is not known."""
    if harm is None:
        return speech.text(UNKNOWN)
    parts = list(_parts(harm, speech))
    what = "; ".join(parts) if parts else speech.text(_NONE) % {"limit": span(LATE_S, speech)}
    told = speech.text(_LASTED if over else _LASTS) % {"what": what}
    refuses = kind in _NO_ENTRY or (kind == Kind.ROLE_MISSING and subject == "gateway")
    return f"{told} {speech.text(_REFUSED)}" if refuses else told


def _parts(harm: Harm, speech: Speech) -> Iterator[str]:
    if harm.plans_stalled:
        yield _counted(_STALLED, harm.plans_stalled, speech)
    if harm.approvals_late:
        waited = _counted(_LATE, harm.approvals_late, speech, waited=span(harm.waited_s, speech))
        longest = speech.text(_LONGEST) % {"waited": waited, "longest": span(harm.longest_wait_s, speech)}
        yield longest if harm.approvals_late > 1 else waited
    for texts, n in (
        (_TASKS, harm.tasks_late),
        (_WAITING, harm.approvals_waiting),
        (_ANALYSES, harm.analyses_failed),
        (_LETTERS, harm.dead_letters),
        (_ASIDE, harm.events_aside),
    ):
        if n:
            yield _counted(texts, n, speech)


def _counted(texts: tuple[str, str], n: int, speech: Speech, **more: str) -> str:
    return speech.plural(*texts, n) % {"n": speech.number(n), **more}


def messages() -> Iterator[Text]:
    """Return every text, for the catalogues."""
    yield from (_LASTED, _LASTS, _NONE, _LONGEST, _REFUSED, UNKNOWN)
    yield from (_STALLED, _LATE, _TASKS, _WAITING, _ANALYSES, _LETTERS, _ASIDE)
