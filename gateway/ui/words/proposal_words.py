"""What the page says of an agent's proposal: who made it, what of it does not count, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.ui.column_choices import field_words
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark, ngettext
from gateway.uploads.proposing import Dropped, Proposal

_WHY: Final[dict[str, str]] = {
    "no-agent": mark("no agent is configured"),
    "nothing-to-ask": mark("no table asks any more"),
    "nothing-holds": mark("the cells contradict all that it proposed"),
    "agent-held": mark("its circuit breaker is open"),
    "agent-timeout": mark("it did not answer in time"),
    "agent-deadline": mark("it did not answer in time"),
    "agent-budget": mark("the month's budget does not bear another call"),
}
_UNUSABLE: Final = mark("nothing could be read from its answer")
_FAILED: Final = mark("it could not be asked")
_DROPPED: Final[dict[str, str]] = {
    "unknown_field": mark("“%(column)s” as “%(field)s”: there is no such field"),
    "unknown_column": mark("“%(column)s”: the table has no such column"),
    "twice": mark("“%(column)s” as “%(field)s”: it named two for one"),
    "cells": mark("“%(column)s” as “%(field)s”: its cells say otherwise"),
}


@dataclass(frozen=True, slots=True)
class InWords:
    """`good`: something is proposed. `dropped`: a sentence for each part that does not count."""

    good: bool
    text: str
    dropped: list[str]


def in_words_of(proposal: Proposal) -> InWords:
    """Return what to say of a proposal, in the language of the page."""
    dropped = [_dropped(one) for one in proposal.dropped]
    if proposal.code:
        otherwise = _UNUSABLE if proposal.code.startswith("answer-") else _FAILED
        why = _(_WHY.get(proposal.code, otherwise))
        return InWords(
            good=False,
            text=_("The agent proposes nothing: %(why)s. The columns are as they were.", why=why),
            dropped=dropped,
        )
    count = sum(len(columns) for columns in proposal.columns.values())
    text = ngettext(
        "%(n)s column as %(agent)s proposes it. Nothing is read by it until you confirm: look at each.",
        "%(n)s columns as %(agent)s proposes them. Nothing is read by them until you confirm: look at each.",
        count,
        agent=proposal.agent,
    )
    return InWords(good=True, text=text, dropped=dropped)


def _dropped(one: Dropped) -> str:
    words = field_words()
    return _(_DROPPED.get(one.why, _DROPPED["cells"]), column=one.column, field=words.get(one.field, one.field))
