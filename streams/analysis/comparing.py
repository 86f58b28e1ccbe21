"""Compare an analysed channel with its previous document: what changed, and how that plan turned out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

import asyncpg
import orjson

from schemas import wire
from schemas.events import follow
from schemas.facts import ChannelFacts
from schemas.plan import ChannelAnalysis
from schemas.process import telemetry
from schemas.process.crashpoints import crashpoint
from schemas.product import Rest
from schemas.typed.analysis import AnalysisRequested
from streams.analysis.proof.compare import Before, Earlier, choose, compared
from streams.analysis.proof.outcome import TaskState
from streams.analysis.proof.periods import Period
from streams.analysis.results import HANDLER, row_of

#: Earlier documents of a channel that are looked at, the latest first: enough to find one that was approved.
CANDIDATES: Final = 50

# Of the same team: who sees one plan may not see another team's figures in it.
_EARLIER: Final = """
    select own.first_day as own_first, own.last_day as own_last, e.plan_id::text, e.first_day, e.last_day, h.status
      from decide.channel_period own
      join decide.head o on o.stream = 'plan-' || own.plan_id and o.status <> 'cancelled'
      join lateral (select p.plan_id, p.first_day, p.last_day, p.stored_at from decide.channel_period p
                     where p.channel = own.channel and p.last_day < own.last_day and p.first_day <= own.first_day
                       and exists (select from decide.plan_team t join decide.plan_team o using (team_id)
                                    where t.plan_id = p.plan_id and o.plan_id = $1::uuid)
                     order by p.last_day desc, p.stored_at desc, p.plan_id limit $3) e on true
      join decide.head h on h.stream = 'plan-' || e.plan_id
     where own.plan_id = $1::uuid and own.channel = $2 and not own.compared
     order by e.last_day desc, e.stored_at desc, e.plan_id
"""
_BEFORE: Final = """
    select d.plan_id::text,
           (select f from jsonb_array_elements(d.facts -> 'channels') f where f ->> 'channel' = $2) as facts,
           (select s.sold -> 'rest' from decide.channel_sold s where s.plan_id = d.plan_id and s.channel = $2) as rest,
           (select decide.said_by(r) from decide.channel_result r
             where r.plan_id = d.plan_id and r.channel = $2 and r.type = 'plan.channel.analyzed') as analysis
      from decide.document d where d.plan_id = any($1::uuid[])
"""
# A task may serve opportunities of several channels; their ids are unique in their plan.
# rm.task may be behind the head of a task: the head says how it stands, and the log when it came to that.
_TASKS: Final = """
    select t.plan_id::text, served.id as opportunity_id, coalesce(h.status, t.status) as status,
           coalesce(t.ended_at, h.changed_at, t.changed_at) as since
      from rm.task t
     cross join lateral jsonb_array_elements_text(jsonb_build_array(t.opportunity_id) || t.also_serves) served (id)
      left join decide.head h on h.stream = 'task-' || t.task_id
     where t.plan_id = any($1::uuid[]) and served.id is not null
"""


class NotCompared(Exception):  # noqa: N818 - says what is so
    """The channel is analysed; comparing it has failed."""


class Comparisons:
    """The tables of decisions, as far as comparing needs them."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def compare(self, request: AnalysisRequested, hop: telemetry.Hop) -> None:
        """Store plan.channel.compared in the outbox if there is an earlier document; safe to repeat.

        A comparison stays as it was first made, whatever is decided about the earlier plan later.
        """
        plan_id, channel = request.data["plan_id"], request.data["channel"]
        rows = await self._pool.fetch(_EARLIER, plan_id, channel, CANDIDATES)
        if not rows:
            return
        period = Period(rows[0]["own_first"], rows[0]["own_last"])
        earlier = [Earlier(r["plan_id"], Period(r["first_day"], r["last_day"]), r["status"]) for r in rows]
        choice = choose(period, earlier)
        if not choice.plans:
            return
        known = await self._before([plan_id, *choice.plans], channel)
        own = known.pop(plan_id, None)
        data = None if own is None else compared(plan_id, own.facts, period, choice, known)
        if data is None:
            return
        event = follow(
            request,
            handler=HANDLER,
            n="compared",
            type_="plan.channel.compared",
            stream=f"comparison-{plan_id}.{channel}",
            version=1,
            data=data,
        )
        wire.check(event)
        crashpoint("comparing.before_record")
        await self._pool.fetchval(
            "select decide.record_comparison($1::decide.command, $2)", row_of(event, plan_id, hop.traceparent), channel
        )
        crashpoint("comparing.recorded")

    async def _before(self, plans: list[str], channel: str) -> dict[str, Before]:
        tasks: dict[str, list[TaskState]] = {}
        for row in await self._pool.fetch(_TASKS, plans):
            task = TaskState(row["opportunity_id"], row["status"], _day(row["since"]))
            tasks.setdefault(row["plan_id"], []).append(task)
        rows = await self._pool.fetch(_BEFORE, plans, channel)
        return {r["plan_id"]: _known(r, tasks.get(r["plan_id"], [])) for r in rows if r["facts"] is not None}


def _known(row: Any, tasks: list[TaskState]) -> Before:
    facts = ChannelFacts.from_dict(orjson.loads(row["facts"]))
    rest = Rest.from_dict(None if row["rest"] is None else orjson.loads(row["rest"])).products()
    facts = replace(facts, products=[*facts.products, *rest])
    analysis = None if row["analysis"] is None else ChannelAnalysis.from_dict(orjson.loads(row["analysis"]))
    return Before(facts, analysis, tasks)


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
