"""Keeps the result of a channel, and with the last one finishes the analysis of the plan. Through the outbox."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import asyncpg
import orjson

from schemas import wire
from schemas.events import Data, Event, Type, derive_id, follow
from schemas.facts import DocumentFacts
from schemas.plan import ChannelAnalysis
from schemas.process import telemetry
from schemas.process.crashpoints import crashpoint
from schemas.process.outbox_calls import Caller
from schemas.typed.analysis import AnalysisRequested
from schemas.typed.plan import PlanChannelFailed, PlanChannelFailedData
from streams.analysis.failing import DocumentMissing
from streams.analysis.merge import merge
from streams.analysis.proof.promise import checks

HANDLER: Final = "analysis"

_KNOWN: Final = """
    select coalesce(h.status = 'cancelled', false) as cancelled, r.type, r.event_id::text,
           decide.said_by(r) as data
      from (select $1::uuid as plan_id) asked
      left join decide.head h on h.stream = 'plan-' || asked.plan_id
      left join decide.channel_result r on r.plan_id = asked.plan_id and r.channel = $2
"""
# A person's hold, of a breaker or of all queues, gives a plan all its time again from its end, as the watchdog sees it
# (streams/watchdog/snapshot.py): what is held now has it still to come.
_WAIT: Final = """
    with hold as (
        select b.state = 'open' and b.forced and coalesce(b.retry_at > clock_timestamp(), true)
               and coalesce(f.enabled, true) as held,
               case when b.state = 'open' and b.forced
                    then least(b.retry_at, case when not f.enabled then f.changed_at end)
                    else b.held_until end as released_at
          from flow.breaker b left join flow.flag f on f.name = 'circuit_breaker'
         where b.name = any($2::text[]))
    select coalesce((select bool_or(held) from hold), false) as held,
           (select extract(epoch from clock_timestamp() - greatest(
                       d.since, g.asked_at, (select max(released_at) from hold where not held),
                       (select changed_at from flow.flag where name = 'queue_processing' and enabled and version > 0)))
              from flow.deadline d
              -- a request may have taken the place of one that stalled, whose deadline is still to be closed
              left join decide.channel_again g on d.kind = 'again' and g.plan_id = d.plan_id and g.channel = d.channel
             where d.plan_id = $1::uuid and d.kind = $3 and d.channel = $4)::float8 as waited_s
"""


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a plan has waited for its analysis on the system's account, in seconds; None: it has no deadline.

    `held_back`: a person holds it back just now.
    """

    waited_s: float | None
    held_back: bool = False


class Results:
    """The tables of decisions, as far as the analysis needs them."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool
        self.relay = Caller(pool)

    async def facts(self, document_id: str) -> DocumentFacts:
        """Return the stored facts. Raises DocumentMissing."""
        raw = await self.pool.fetchval("select facts from decide.document where document_id = $1::uuid", document_id)
        if raw is None:
            raise DocumentMissing(f"no document {document_id} is stored")
        return DocumentFacts.from_dict(orjson.loads(raw))

    async def wait(self, request: AnalysisRequested, breakers: Sequence[str]) -> Wait:
        """Return how long the plan has waited, by the database's clock. `breakers`: the breakers of its calls."""
        of = ("again", request.data["channel"]) if is_again(request) else ("analysis", "")
        [row] = await self.pool.fetch(_WAIT, request.data["plan_id"], list(breakers), *of)
        return Wait(row["waited_s"], row["held"])

    async def known(self, request: AnalysisRequested) -> tuple[bool, Event | None]:
        """Return whether the plan is cancelled, and the result that the channel has. The first of several counts."""
        [row] = await self.pool.fetch(_KNOWN, request.data["plan_id"], request.data["channel"])
        if row["type"] is None:
            return row["cancelled"], None
        result = result_of(request, row["type"], orjson.loads(row["data"]))
        return row["cancelled"], replace(result, event_id=row["event_id"])

    async def record(self, request: AnalysisRequested, result: Event, hop: telemetry.Hop) -> None:
        """Store the result of a channel once; with the last one, put plan.analyzed on its way.

        Both are safe to repeat: a crash between them is mended when the work item comes again.
        """
        wire.check(result)
        plan_id = request.data["plan_id"]
        crashpoint("results.before_record")
        raw = await self.pool.fetchval(
            "select decide.record_channel($1::decide.command, $2, $3)",
            row_of(result, plan_id, hop.traceparent),
            result.type,
            request.data["channel"],
        )
        self.relay.call()
        crashpoint("results.recorded")
        said = orjson.loads(raw)
        if said["outcome"] != "complete":
            return
        # the same id whichever channel was the last: it hangs on the plan alone
        analyzed = replace(
            result,
            type="plan.analyzed",
            event_id=derive_id(plan_id, HANDLER, "plan.analyzed"),
            stream=f"plan-{plan_id}",
            version=2,
            causation_id=result.event_id,
            data=merge(plan_id, said["results"]),
        )
        wire.check(analyzed)
        await self.pool.fetchval(
            "select decide.finish_analysis($1::decide.command)",
            row_of(analyzed, plan_id, hop.traceparent),
        )
        self.relay.call()
        crashpoint("results.finished")


def is_again(request: AnalysisRequested) -> bool:
    """Return whether a person asked for this analysis, of a channel that has a result."""
    return bool(request.data.get("analyst", ""))


def analyzed_event(request: AnalysisRequested, analysis: ChannelAnalysis, facts: DocumentFacts) -> Event:
    """Return plan.channel.analyzed for a work item. The database gives the version of one that is made again."""
    told = checks(analysis.opportunities, facts.for_channel(request.data["channel"]))
    data = {"plan_id": request.data["plan_id"], **analysis.to_dict(), "checks": told}
    return result_of(request, "plan.channel.analyzed", data)


def failed_event(request: AnalysisRequested, *, code: str, reason: str, attempts: int) -> PlanChannelFailed:
    """Return plan.channel.failed for a work item."""
    data: PlanChannelFailedData = {
        "plan_id": request.data["plan_id"],
        "channel": request.data["channel"],
        "code": code,
        "reason": reason[:1000],
        "attempts": attempts,
    }
    return result_of(request, "plan.channel.failed", data)


def result_of(request: AnalysisRequested, type_: Type, data: Data) -> Event[Type, Data]:
    plan_id, channel = request.data["plan_id"], request.data["channel"]
    event = follow(
        request, handler=HANDLER, n="result", type_=type_, stream=f"plan-{plan_id}.{channel}", version=1, data=data
    )
    return replace(
        event, occurred_at=time.time_ns() // 1000
    )  # a call to an agent takes its time: this is when it ended


def row_of(event: Event, plan_id: str, traceparent: str | None) -> tuple[Any, ...]:
    """Return the command that carries an event to the database."""
    return (
        event.type,
        plan_id,
        event.actor,
        None,
        "",
        None,
        event.event_id,
        event.occurred_at,
        event.causation_id,
        event.actor,
        traceparent,
        orjson.dumps(event.data).decode(),
    )
