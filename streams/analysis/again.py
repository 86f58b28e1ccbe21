"""Another analysis of a channel at a person's request: whether the request still counts, and its result."""

from __future__ import annotations

from typing import Any, Final, cast

import asyncpg
import orjson

from schemas import wire
from schemas.events import Event, derive_id
from schemas.plan import AgentUse, Fallback
from schemas.process import telemetry
from schemas.process.crashpoints import crashpoint
from schemas.typed.analysis import AnalysisRequested
from schemas.typed.parts import AgentUseData, FallbackData
from schemas.typed.plan import PlanChannelAnalyzedData, PlanChannelKept, PlanChannelKeptData
from streams.analysis.failing import REASON_LIMIT, NotMade, failures_of
from streams.analysis.merge import Analyzed, Failed, merge
from streams.analysis.results import HANDLER, result_of, row_of

_WANTED: Final = """
    select exists (select from decide.channel_again
                    where plan_id = $1::uuid and channel = $2 and request_id = $3::uuid)
"""
_PLAN: Final = """
    select h.version,
           (select jsonb_agg(jsonb_build_object('type', r.type, 'data', decide.said_by(r))
                             order by array_position(d.channels, r.channel))
              from decide.channel_result r where r.plan_id = h.plan_id) as results
      from decide.head h left join decide.document d on d.plan_id = h.plan_id
     where h.stream = 'plan-' || $1::uuid
"""
_RECORD: Final = "select decide.record_again($1::decide.command, $2, $3, $4::uuid, $5, $6::uuid, $7::jsonb)"


class Again:
    """The tables of decisions, as far as analyses that were asked for again need them."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def wanted(self, request: AnalysisRequested) -> bool:
        """Return whether the request still counts: it is the channel's last, unanswered, and the plan is undecided."""
        wanted: bool = await self._pool.fetchval(
            _WANTED, request.data["plan_id"], request.data["channel"], request.causation_id
        )
        return wanted

    async def record(self, request: AnalysisRequested, result: Event, hop: telemetry.Hop) -> bool:
        """Replace the channel's result and the plan's with the new ones.

        One transaction: a crash leaves all as it was, and the work item comes again. Nothing happens where the request
        counts no more: return False then.
        """
        wire.check(result)
        while True:
            seen, plan = await self._merged(request, result)
            crashpoint("again.before_record")
            outcome = await self._pool.fetchval(
                _RECORD,
                row_of(result, request.data["plan_id"], hop.traceparent),
                result.type,
                request.data["channel"],
                request.causation_id,
                seen,
                derive_id(request.event_id, HANDLER, "plan.analyzed"),
                None if plan is None else orjson.dumps(plan).decode(),
            )
            if outcome != "moved":  # else another channel's came first: the plan is made of that, too
                crashpoint("again.recorded")
                return bool(outcome == "recorded")

    async def _merged(self, request: AnalysisRequested, result: Event) -> tuple[int, dict[str, Any] | None]:
        """Return the version of the plan that the result was merged with, and the plan; 0 and None for a failure."""
        if result.type != "plan.channel.analyzed":
            return 0, None
        plan_id, channel = request.data["plan_id"], request.data["channel"]
        row = await self._pool.fetchrow(_PLAN, plan_id)
        if row is None:
            return 0, None
        kept: list[Analyzed | Failed] = orjson.loads(row["results"])
        own: Analyzed = {"type": "plan.channel.analyzed", "data": cast("PlanChannelAnalyzedData", result.data)}
        merged = merge(plan_id, [own if one["data"]["channel"] == channel else one for one in kept])
        merged["again"] = channel
        wire.check(
            Event("plan.analyzed", plan_id, f"plan-{plan_id}", row["version"] + 1, 0, "", plan_id, "", dict(merged))
        )
        return row["version"], dict(merged)


def kept_event(request: AnalysisRequested, error: Exception, attempt: int) -> PlanChannelKept:
    """Return plan.channel.kept for a failed work item: the channel keeps its result."""
    failures, use = (error.failures, error.use) if isinstance(error, NotMade) else (failures_of(error, attempt), [])
    data: PlanChannelKeptData = {
        "plan_id": request.data["plan_id"],
        "channel": request.data["channel"],
        "analyst": request.data.get("analyst", ""),
        "code": failures[0].code,
        "reason": failures[0].reason[:REASON_LIMIT],
        "attempts": attempt,
        "failures": [_failure(one) for one in failures],
        "use": [_use(one) for one in use],
    }
    return result_of(request, "plan.channel.kept", data)


def _failure(one: Fallback) -> FallbackData:
    return {"agent": one.agent, "code": one.code, "reason": one.reason, "attempts": one.attempts}


def _use(one: AgentUse) -> AgentUseData:
    return {
        "agent": one.agent,
        "calls": one.calls,
        "input_tokens": one.input_tokens,
        "output_tokens": one.output_tokens,
        "seconds": one.seconds,
        "cost": one.cost,
    }
