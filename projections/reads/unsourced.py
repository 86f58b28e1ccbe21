"""Numbers in a task's texts that an agent wrote and that are none of the document's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from projections.reads.rows import Reader, from_json
from schemas.numbers import those_in

#: Whether a person wrote the texts of a task `t` of a plan `p`, with the approval. SQL.
TYPED: Final = "(t.worded_by <> '' or t.phase = 1 and coalesce(p.phase1 ->> 'origin', '') = 'operator')"
#: The unmatched numbers of the channel of such a task; null where a person wrote its texts. SQL.
UNMATCHED: Final = f"""(select c.unmatched from rm.plan_channel c
    where c.plan_id = t.plan_id and c.channel = t.channel and not {TYPED})"""  # noqa: S608 - constants only

#: What agents wrote of plans without a source, by channel; whether a person wrote Phase 1 of the plan.
_OF_PLANS: Final = """
    select c.plan_id, c.channel, c.unmatched, coalesce(p.phase1 ->> 'origin', '') = 'operator' as given
      from rm.plan_channel c left join rm.plan p using (plan_id) where c.plan_id = any($1::uuid[])"""


@dataclass(frozen=True, slots=True)
class Strange:
    """The numbers without a source of one plan's agents: by channel. `given`: a person wrote its Phase 1."""

    by_channel: Mapping[str, Any]
    given: bool = False

    def in_text(self, channel: str, phase: int, text: str) -> list[str]:
        """Return those that a task's text has; none where a person wrote it."""
        return [] if self.given and phase == 1 else without_source(text, self.by_channel.get(channel))


async def of_plans(db: Reader, plan_ids: Sequence[UUID]) -> dict[UUID, Strange]:
    """Return the numbers without a source of these plans' agents."""
    found: dict[UUID, dict[str, Any]] = {}
    given: dict[UUID, bool] = {}
    for row in await db.fetch(_OF_PLANS, list(plan_ids)):
        found.setdefault(row["plan_id"], {})[row["channel"]] = row["unmatched"]
        given[row["plan_id"]] = row["given"]
    return {plan_id: Strange(channels, given[plan_id]) for plan_id, channels in found.items()}


def without_source(text: str, stored: Any) -> list[str]:
    """Return those of the channel's unmatched numbers that the text has, each once, in the order of the text.

    `stored` is what UNMATCHED reads. A plan's phases are merged of several channels and a task may come of an
    opportunity: the texts stay as they were written, so the number is looked for, and no place: as it was found when
    it was written, so that `12%` is no `12`.
    """
    unmatched = from_json(stored)
    return those_in(text, {one["number"] for one in unmatched}) if unmatched else []
