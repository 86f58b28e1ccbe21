"""The count of dead letters beside that of their rows: a record is one letter, however many groups gave it up.

Each of these groups has a row of it, with a decision of its own: where that makes another number, it is said.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.operations.retrying import Result
from gateway.ui.amounts import number
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import ngettext
from projections.reads.letter_counts import Counted, counted_of


def in_rows(found: Counted) -> str:
    """Return what to say beside a count of letters; empty where each has one row."""
    if found.records == found.letters:
        return ""
    return _("In %(rows)s rows: each group that gave one up has its own.", rows=number(found.letters))


def replaying(record_ids: Sequence[str]) -> str:
    """Say that letters are replayed from now on."""
    found = counted_of(record_ids)
    text = ngettext(
        "Replaying %(n)s letter, one after the other.", "Replaying %(n)s letters, one after the other.", found.records
    )
    return " ".join(filter(None, (text, in_rows(found))))


def records(results: Sequence[Result]) -> int:
    """Return of how many records letters are that something was done about."""
    return counted_of([one.record_id for one in results]).records
