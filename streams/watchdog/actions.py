"""Recoveries that reach beyond the watchdog's own transaction. Each is safe to repeat."""

from __future__ import annotations

from typing import Final

import asyncpg

from schemas.events import Event
from schemas.plan import Fallback
from schemas.process import telemetry
from schemas.process.connection import Db
from schemas.process.outbox_seals import Seals
from schemas.typed.analysis import AnalysisRequested
from schemas.typed.unions import is_analysis_event
from streams.analysis.again import Again, kept_event
from streams.analysis.channel import rules_instead
from streams.analysis.failing import DocumentMissing, NotMade, RulesFailed
from streams.analysis.results import Results, analyzed_event, failed_event, is_again
from streams.broker.placement import topic_of
from streams.hosts.dispatch import dispatch
from streams.watchdog import deadlines
from streams.watchdog.outbox_events import UNASKED, cause_of, in_its_way
from streams.watchdog.processes import Processes
from streams.watchdog.snapshot import Wait

REASON: Final = "the analysis of this channel did not end in time"
CODE: Final = "deadline-missed"


class Actions:
    """The recoveries that `Care` runs after its commit."""

    def __init__(self, pool: asyncpg.Pool, processes: Processes, seals: Seals = UNASKED) -> None:
        self._pool = pool
        self._seals = seals
        self._results = Results(pool)
        self._again = Again(pool)
        self._processes = processes

    async def __call__(self, action: str, wait: Wait) -> None:
        """Do it. Raises the database's errors; what kept a result from its place in the outbox is judged then."""
        try:
            await self._do(action, wait)
        except asyncpg.UniqueViolationError as error:
            async with self._pool.acquire() as connection:
                await in_its_way(connection, error, self._seals)
            raise

    async def _do(self, action: str, wait: Wait) -> None:
        match action:
            case "request-again":
                await self._request(wait)
            case "fail-channels" | "finish-analysis":
                await self._conclude(wait)
            case "restart-projections":
                async with self._pool.acquire() as connection:
                    await self._processes.tell_to_end(connection, "projections", "they do not move while plans wait")

    async def _request(self, wait: Wait) -> None:
        async with self._pool.acquire() as connection:
            requests, traceparent = await self._requests(connection, wait)
            await deadlines.put(
                connection,
                [(topic_of(r), r, traceparent) for r in requests if r.data["channel"] in wait.missing],
                self._seals,
            )

    async def _conclude(self, wait: Wait) -> None:
        """Let the rules analyse what is missing. With none missing, the plan is put together all the same.

        A channel that an agent was to analyse again keeps what it has.
        """
        async with self._pool.acquire() as connection:
            requests, traceparent = await self._requests(connection, wait)
        for request in requests:
            if wait.missing and request.data["channel"] not in wait.missing:
                continue
            # where a result is kept already this one changes nothing, and the last one finishes the analysis
            result = await self._by_rules(request, wait.attempts + 1)
            with telemetry.process(topic_of(request), traceparent, {telemetry.GROUP: "watchdog"}) as hop:
                if is_again(request):
                    await self._again.record(request, result, hop)
                else:
                    await self._results.record(request, result, hop)
            if not wait.missing:
                return

    async def _by_rules(self, request: AnalysisRequested, attempts: int) -> Event:
        """Return the rules' result; a failed channel only where there is no document."""
        failures = [Fallback("", CODE, REASON, attempts)]
        by = request.data.get("analyst", "")
        if by == "agent":
            return kept_event(request, NotMade(failures), attempts)
        try:
            facts = await self._results.facts(request.data["document_id"])
            analysis = rules_instead(request.data["channel"], facts, [] if by else failures)
            return analyzed_event(request, analysis, facts)
        except (DocumentMissing, RulesFailed) as error:
            if by:
                return kept_event(request, error, attempts)
            return failed_event(request, code=CODE, reason=f"{REASON}; {error}", attempts=attempts)

    async def _requests(self, connection: Db, wait: Wait) -> tuple[list[AnalysisRequested], str | None]:
        """Return the requests for what a plan waits for; none where nobody wants it any more."""
        if wait.kind == "again" and wait.asked_version is None:
            return [], None
        cause = "plan.uploaded" if wait.kind == "analysis" else "plan.channel.requested_again"
        found = await cause_of(connection, wait.plan_id, cause, wait.asked_version, self._seals)
        if found is None:
            return [], None
        event, traceparent = found
        return [request for request in dispatch(event) if is_analysis_event(request)], traceparent
