"""Handle work items: each ends in a result, a retry or a dead letter, never in an exception."""

from __future__ import annotations

import time
from functools import partial
from typing import assert_never

import asyncpg
import structlog

from schemas import headers
from schemas import metrics as measured
from schemas.belief import Belief
from schemas.decoding import Decoder, RegistryAway
from schemas.process import metrics, telemetry
from schemas.process.crashpoints import crashpoint
from schemas.process.in_the_way import PlaceTaken
from schemas.process.signing import tell
from schemas.registry import Registry
from schemas.topics import AGENTS_DLQ, ANALYSIS
from schemas.typed.unions import is_analysis_event
from schemas.wire import Codec, Invalid, Undecodable
from streams.analysis.again import Again
from streams.analysis.agents.errors import AgentUnavailable
from streams.analysis.analyst import Analyst
from streams.analysis.channel import ChannelAnalyst
from streams.analysis.comparing import Comparisons, NotCompared
from streams.analysis.failing import worth_a_retry
from streams.analysis.item import Item
from streams.analysis.results import Results
from streams.breakers.breakers import Breakers
from streams.broker.publisher import Publisher
from streams.broker.records import Incoming, Outgoing
from streams.retries.arrival import Arrival, arrive
from streams.retries.counting import count_failed
from streams.retries.genuine import genuine, judged
from streams.retries.index import Parking
from streams.retries.judge import Verdict, judge
from streams.retries.ladder import Ladder, Postponed, after_failure, postponed
from streams.retries.order import State, row_of
from streams.retries.view import Known

log = structlog.get_logger("analysis")


class Work:
    """Handles work items, each to a result in Postgres, a retry, or a dead letter."""

    def __init__(  # noqa: PLR0913 - what it works with, handed in by the one process that builds it
        self,
        codec: Codec,
        analyst: Analyst,
        results: Results,
        publisher: Publisher,
        ladder: Ladder | None = None,
        parking: Parking | None = None,
        plan_breakers: Breakers | None = None,
        *,
        registry: Registry | None = None,
        due_s: float | None = None,
        agents: tuple[str, ...] = (),
        comparisons: Comparisons | None = None,
        belief: Belief | None = None,
    ) -> None:
        self._belief = belief or Belief()
        self._decoder = Decoder(codec, registry)
        self._publisher = publisher
        self._ladder = ladder or Ladder()
        self._known = Known(ANALYSIS, parking)
        channel = ChannelAnalyst(analyst, results, self._ladder, plan_breakers, due_s=due_s, agents=agents)
        self._item = Item(channel, results, Again(results.pool), comparisons)

    async def see_through(self, record: Incoming) -> None:
        """Return once the item is safe: done, waiting in a retry topic, or a dead letter.

        The channels of a plan have no order, so no item waits behind another.
        """
        record = await genuine(self._belief, record)
        arrival = arrive(ANALYSIS, record)
        if await self._has_moved_on(arrival):
            return
        traceparent = arrival.header(headers.TRACEPARENT)
        attributes: dict[str, str | int] = {
            telemetry.GROUP: ANALYSIS,
            telemetry.PARTITION: str(record.partition),
            telemetry.OFFSET: record.offset,
        }
        with telemetry.process(record.topic, traceparent, attributes, arrival.header(headers.FAILED_SPAN)) as hop:
            try:
                request = await self._decoder.decode(record.value)
                if not is_analysis_event(request):
                    # somebody's mistake, or a newer version's: its data is not ours to read
                    raise Undecodable("unknown-type", f"{request.type} is no request for an analysis")  # noqa: TRY301
                tell(await judged(partial(self._belief.check, record, request)))
            except Undecodable as error:
                hop.failed(error)
                await self._hand_on(arrival, error, hop)
                return
            except RegistryAway as reason:
                await self._postpone(arrival, reason)
                return
            if hop.span is not None:
                hop.span.set_attributes({telemetry.PLAN: request.correlation_id, telemetry.EVENT_TYPE: request.type})
            try:
                result = await self._item.result(request, arrival.attempt + 1)
                if result is None:
                    log.info("analysis not needed any more", channel=request.data["channel"])
                    await self._end(arrival, "done")
                    return
            except Postponed as reason:
                await self._postpone(arrival, reason)
                return
            except Exception as error:  # whatever the analyst does: the plan goes on
                hop.failed(error)
                attempt = arrival.attempt + 1
                if worth_a_retry(error) and attempt <= self._ladder.max_attempts:
                    await self._hand_on(arrival, error, hop)
                    return
                result = self._item.failed(request, error, attempt)
            try:
                await self._item.keep(request, result, hop)
            except (Invalid, asyncpg.DataError, NotCompared, PlaceTaken) as error:
                # the request itself holds what nobody can store, such as an id that is none: no attempt helps; or the
                # plan has its analysis, and what is left of the item is tried again; or something is in its way
                hop.failed(error)
                why = error if isinstance(error, NotCompared | PlaceTaken) else Undecodable("does-not-fit", str(error))
                await self._hand_on(arrival, why, hop)
                return
        crashpoint("work.recorded")
        await self._end(arrival, "done")

    async def _hand_on(self, arrival: Arrival, error: BaseException, hop: telemetry.Hop) -> None:
        now_ms = time.time_ns() // 1_000_000
        wait_s = error.retry_after if isinstance(error, AgentUnavailable) else None
        sent = after_failure(arrival, error, now_ms=now_ms, ladder=self._ladder, span=hop.own, wait_s=wait_s)
        count_failed(arrival.record.topic, sent.topic)
        log.warning("analysis failed", goes_to=sent.topic, error=f"{type(error).__name__}: {error}"[:500])
        if sent.topic == AGENTS_DLQ:
            crashpoint("work.before_dead_letter")
            await self._publisher.publish([sent])
            crashpoint("work.dead_letter_published")
            await self._end(arrival, "given_up")
        else:
            await self._keep_back(sent)

    async def _postpone(self, arrival: Arrival, reason: Postponed | RegistryAway) -> None:
        sent = postponed(arrival, now_ms=time.time_ns() // 1_000_000, ladder=self._ladder)
        metrics.count(measured.RECORDS, arrival.record.topic, "postponed")
        log.info("analysis postponed", goes_to=sent.topic, reason=str(reason)[:200])
        await self._keep_back(sent)

    async def _keep_back(self, sent: Outgoing) -> None:
        row = row_of(sent.topic, sent.key, sent.value, sent.headers)
        copies = await self._known.save({row.record_id: row}, {row.record_id: sent})
        crashpoint("work.retry_saved")
        await self._publisher.publish([copy for copy in copies.values() if copy is not None])
        crashpoint("work.retry_published")

    async def _has_moved_on(self, arrival: Arrival) -> bool:
        """Return whether this copy is superseded. The current copy is sent again, in case it was lost.

        A first attempt can be superseded, too: by a runner that parked the record, or gave it up, and died before it
        acknowledged it.
        """
        view = await self._known.view([arrival])
        match judge(arrival, view.get(arrival.id)):
            case Verdict.FRESH | Verdict.CURRENT:
                return False
            case Verdict.ENDED:
                return True
            case Verdict.SUPERSEDED:
                return await self._send_current(arrival.id)
            case never:
                assert_never(never)

    async def _send_current(self, id_: str) -> bool:
        """Send the current copy; return False if it is unknown which one that is. Another analysis does no harm."""
        current = await self._known.current([id_])
        if id_ not in current:
            return False
        now = current[id_]
        if now is not None and now.state == "waiting":
            await self._publisher.publish([now.copy()])
        return True

    async def _end(self, arrival: Arrival, state: State) -> None:
        # also for a record that came for the first time: a process that died may have kept it back before
        await self._known.note([(arrival.id, arrival.replay, state)])
        if state == "done":
            metrics.count(measured.RECORDS, arrival.record.topic, "done")
