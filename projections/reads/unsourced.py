"""Numbers in a task's texts that an agent wrote and that are none of the document's figures."""

from __future__ import annotations

from typing import Any, Final

from projections.reads.rows import from_json
from schemas.numbers import those_in

#: Whether a person wrote the texts of a task `t` of a plan `p`, with the approval. SQL.
TYPED: Final = "(t.worded_by <> '' or t.phase = 1 and coalesce(p.phase1 ->> 'origin', '') = 'operator')"
#: The unmatched numbers of the channel of such a task; null where a person wrote its texts. SQL.
UNMATCHED: Final = f"""(select c.unmatched from rm.plan_channel c
    where c.plan_id = t.plan_id and c.channel = t.channel and not {TYPED})"""  # noqa: S608 - constants only


def without_source(text: str, stored: Any) -> list[str]:
    """Return those of the channel's unmatched numbers that the text has, each once, in the order of the text.

    `stored` is what UNMATCHED reads. A plan's phases are merged of several channels and a task may come of an
    opportunity: the texts stay as they were written, so the number is looked for, and no place: as it was found when
    it was written, so that `12%` is no `12`.
    """
    unmatched = from_json(stored)
    return those_in(text, {one["number"] for one in unmatched}) if unmatched else []
