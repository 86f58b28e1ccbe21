"""Count each agent's latest answers, and how many of them could not be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from projections.reads.ended import LATELY_S, LATEST
from projections.reads.rows import from_json

#: The number of an agent's answers that are looked at, the latest, within `LATELY_S`.
LAST: Final = 10


@dataclass(frozen=True, slots=True)
class Answers:
    """The latest answers of an agent; `unusable` counts those without a plan, or with one that the document refutes.

    Of these `by_rules` were replaced by the rules, the others by another agent; the latest of them was about `channel`,
    and `reason` says why it cannot be used. `since`: when the earliest of them came.
    """

    agent: str
    given: int
    unusable: int = 0
    by_rules: int = 0
    since: datetime | None = None
    channel: str = ""
    reason: str = ""


# A call that got no answer is none: that is told by the agent's circuit breaker. What a breaker has held against the
# agent, and has forgiven, is not counted either: it begins anew with the first call after that.
ANSWERS: Final = f"""
    with ended as (
        select plan_id from rm.plan
         where changed_at > now() - interval '{LATELY_S} seconds'
           and analyzed_at > now() - interval '{LATELY_S} seconds'
         order by changed_at desc limit {LATEST}),
    answer as (
        select e.agent, e.reason, c.channel, c.source, c.changed_at,
               row_number() over (partition by e.agent order by c.changed_at desc, c.plan_id, c.channel) as nth
          from ended join rm.plan_channel c using (plan_id)
          cross join lateral (
               select f ->> 'agent' as agent, f ->> 'reason' as reason from jsonb_array_elements(c.fallback) f
                where f ->> 'code' like 'answer-%'
                union all
               select c.agent_use -> -1 ->> 'agent', null where c.source = 'agent') e
         where e.agent <> '' and c.changed_at > now() - interval '{LATELY_S} seconds'),
    told as (
        select agent, count(*) as given, count(reason) as unusable,
               count(reason) filter (where source = 'rules') as by_rules,
               min(changed_at) filter (where reason is not null) as since,
               coalesce((array_agg(channel order by nth) filter (where reason is not null))[1], '') as channel,
               coalesce((array_agg(reason order by nth) filter (where reason is not null))[1], '') as reason
          from answer a
         where nth <= {LAST}
           and not exists (select from flow.breaker b
                            where b.name in (a.agent, a.agent || ':' || a.channel)
                              and b.state = 'closed' and b.changed_at > a.changed_at)
         group by agent)
    select coalesce(jsonb_agg(jsonb_build_array(agent, given, unusable, by_rules, since, channel, reason)
                              order by agent), '[]') from told"""  # noqa: S608 - constants


def answers(data: Any) -> tuple[Answers, ...]:
    """Read what `ANSWERS` gives."""
    return tuple(
        Answers(agent, given, unusable, by_rules, since and datetime.fromisoformat(since), channel, reason)
        for agent, given, unusable, by_rules, since, channel, reason in from_json(data)
    )
