"""The letters that a list shows, as the read models are asked for them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from gateway.ui import letter_lists
from projections.reads.letter_filter import LetterFilter
from schemas.belief import DISBELIEVED
from schemas.topics import RETRY_PUMP, groups

#: The groups that try records and make dead letters: the pump carries records and handles none.
BURYING: Final = frozenset(groups()) - {RETRY_PUMP}


def filter_of(view: letter_lists.LetterView) -> LetterFilter:
    """Return the filter of a view; a plan that is no id fits nothing."""
    try:
        plan = UUID(view.plan) if view.plan else None
    except ValueError:
        plan = UUID(int=0)  # no plan has it
    return LetterFilter(
        states=(view.status,) if view.status else (),
        groups=(view.group,) if view.group else (),
        codes=codes_of(view.code),
        types=(view.type,) if view.type else (),
        fingerprint=view.cause,
        plan_id=plan,
        since=datetime.now(UTC) - letter_lists.SINCE[view.since] if view.since else None,
        q=view.q,
    )


def codes_of(chosen: str) -> tuple[str, ...]:
    """Return the codes that a choice stands for; none where nothing is chosen."""
    if chosen == letter_lists.NOT_BELIEVED:
        return tuple(sorted(DISBELIEVED))
    return (chosen,) if chosen else ()
