"""Finds or makes the result of a channel, and stores it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import asyncpg
import structlog

from schemas import metrics as measured
from schemas.events import Event
from schemas.plan import Fallback
from schemas.process import metrics, telemetry
from schemas.process.database_away import DATABASE_UNABLE
from schemas.process.in_the_way import PlaceTaken, is_in_the_way
from schemas.typed.analysis import AnalysisRequested
from schemas.wire import Invalid
from streams.analysis.again import Again, kept_event
from streams.analysis.channel import ChannelAnalyst, rules_instead
from streams.analysis.comparing import Comparisons, NotCompared
from streams.analysis.failing import DocumentMissing, NotMade, RulesFailed, code_of, reason_of
from streams.analysis.results import Results, analyzed_event, failed_event, is_again

log = structlog.get_logger("analysis")

T = TypeVar("T")

TAKEN: Final = (
    "an event that nobody of this system decided stands in the outbox where the result belongs:"
    " `marketplace outbox list` names it"
)

UNUSABLE: Final = "the analysis holds something that cannot be stored; the log has the details"


class Item:
    """The results of channels, first ones and those requested again."""

    def __init__(
        self, channel: ChannelAnalyst, results: Results, again: Again, comparisons: Comparisons | None = None
    ) -> None:
        self._channel = channel
        self._results = results
        self._again = again
        self._comparisons = comparisons

    async def result(self, request: AnalysisRequested, attempt: int) -> Event | None:
        """Return the channel's result, stored or new; None where the plan no longer waits for it.

        A stored result is recorded again, since who stored it may have died before the last step, the plan's. Only
        the call to the agent is saved.
        """
        if is_again(request):
            if not await while_database_is_away(lambda: self._again.wanted(request)):
                return None
        else:
            cancelled, result = await while_database_is_away(lambda: self._results.known(request))
            if cancelled:
                return None
            if result is not None:
                return result
        facts = await while_database_is_away(lambda: self._results.facts(request.data["document_id"]))
        began = time.monotonic()
        analysis = await self._channel.analyse(request, facts, attempt)
        metrics.observe(measured.ANALYSIS, time.monotonic() - began, analysis.source, trace=telemetry.current())
        return analyzed_event(request, analysis, facts)

    def failed(self, request: AnalysisRequested, error: Exception, attempt: int) -> Event:
        """Return the event of an analysis without a result: the channel failed, or keeps its earlier result."""
        told = {"channel": request.data["channel"], "error": f"{type(error).__name__}: {error}"[:500]}
        if is_again(request):
            log.warning("not analysed again, the result stays", **told)
            return kept_event(request, error, attempt)
        metrics.count(measured.FAILED_CHANNELS)
        log.warning("channel failed", **told)
        return failed_event(request, code=code_of(error), reason=reason_of(error), attempts=attempt)

    async def keep(self, request: AnalysisRequested, result: Event, hop: telemetry.Hop) -> None:
        """Store the result, and compare a first one with the previous document.

        In place of one that nobody can keep (a NUL in a text, a number that is none): the rules', or what the channel
        has. Raises Invalid and DataError where the request is to blame: then nothing can be kept. Raises NotCompared:
        the plan goes on without. Raises PlaceTaken: until an operator has seen to the outbox, nothing is kept.
        """
        try:
            await while_database_is_away(lambda: self._record(request, result, hop))
        except (Invalid, asyncpg.DataError) as error:
            hop.failed(error)
            log.warning("result cannot be kept", channel=request.data["channel"], error=str(error)[:500])
            instead = await self._instead(request)
            await while_database_is_away(lambda: self._record(request, instead, hop))
        if not is_again(request):
            await self._compare(request, hop)

    async def _record(self, request: AnalysisRequested, result: Event, hop: telemetry.Hop) -> None:
        try:
            if not is_again(request):
                await self._results.record(request, result, hop)
            elif not await self._again.record(request, result, hop):
                log.info("analysis came too late, and is dropped", channel=request.data["channel"])
        except asyncpg.UniqueViolationError as error:
            if not is_in_the_way(error):
                raise
            raise PlaceTaken(TAKEN) from error

    async def _compare(self, request: AnalysisRequested, hop: telemetry.Hop) -> None:
        if self._comparisons is None:
            return
        comparisons = self._comparisons
        try:
            await while_database_is_away(lambda: comparisons.compare(request, hop))
        except Exception as error:
            log.exception("not compared", channel=request.data["channel"])
            raise NotCompared(f"{type(error).__name__}: {error}"[:500]) from error

    async def _instead(self, request: AnalysisRequested) -> Event:
        failure = Fallback("", "result-unusable", UNUSABLE)
        if is_again(request):
            return kept_event(request, NotMade([failure]), 1)
        if not self._channel.embedded:
            try:
                facts = await while_database_is_away(lambda: self._results.facts(request.data["document_id"]))
                instead = rules_instead(request.data["channel"], facts, [failure])
                return analyzed_event(request, instead, facts)
            except (DocumentMissing, RulesFailed) as error:
                log.warning("the rules cannot help", channel=request.data["channel"], error=str(error))
        return failed_event(request, code=failure.code, reason=UNUSABLE, attempts=1)


async def while_database_is_away(call: Callable[[], Awaitable[T]]) -> T:
    """Try until the database answers: an outage is not a failure of the work, which waits."""
    delay = 0.1
    while True:
        try:
            return await call()
        except DATABASE_UNABLE as error:
            log.warning("the database is away, waiting", error=f"{type(error).__name__}: {error}"[:200])
            await asyncio.sleep(delay)
            delay = min(delay * 2, 2.0)
