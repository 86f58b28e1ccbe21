"""The opportunities that a task serves: what each is, what it is worth, how it will be measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from projections.reads.proposed import opportunities
from projections.reads.told import by_channel, column
from schemas.typed.parts import OpportunityCheckData


@dataclass(frozen=True, slots=True)
class Served:
    """An opportunity that a task serves. Of one that its plan does not have any more only the id is known."""

    opportunity_id: str
    channel: str
    title: str
    worth_brl: float | None  # a month; None: not known
    check: OpportunityCheckData | None  # how it will be measured; None: it was found before that was told


#: Joins them to a task `t` of a plan `p`, as JSON in `o.serves`, in the order in which the task names them.
SERVED: Final = f"""
    left join lateral (
        select jsonb_agg(jsonb_build_object('opportunity_id', s.id, 'channel', coalesce(found ->> 'channel', ''),
                                            'title', coalesce(found ->> 'title', ''),
                                            'worth_brl', found -> 'worth_brl', 'check', k.told) order by s.n) as serves
          from jsonb_array_elements_text(jsonb_build_array(t.opportunity_id) || t.also_serves)
               with ordinality s (id, n)
          left join lateral (select one as found from jsonb_array_elements({opportunities("p")}) one
                              where one ->> 'id' = s.id limit 1) f on true
          left join lateral (select told from rm.plan_channel c,
                                  jsonb_array_elements({column("checks", "c", by_channel("c"))}) told
                              where c.plan_id = t.plan_id and c.channel = found ->> 'channel'
                                and told ->> 'opportunity_id' = s.id limit 1) k on true
         where s.id is not null) o on true"""  # noqa: S608 - no outside text
