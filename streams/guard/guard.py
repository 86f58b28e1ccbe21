"""The guard around every handler: the one place of the failure policy.

An exception that leaves a Faust agent is a lost event, so nothing leaves here: a record is acknowledged once all that
follows from it (events, a retry, a dead letter) is acknowledged by the broker, or the process ends.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, assert_never

import structlog

from schemas import headers
from schemas import metrics as measured
from schemas.belief import Belief, sign
from schemas.decoding import Decoder, RegistryAway
from schemas.events import Event
from schemas.process import metrics, telemetry
from schemas.process.crashpoints import crashpoint
from schemas.process.log_context import of_record, of_records
from schemas.process.named import named
from schemas.process.places import for_urgent
from schemas.process.signing import tell
from schemas.registry import Registry
from schemas.topics import AGENTS, AGENTS_DLQ
from schemas.wire import Codec, Undecodable
from streams.broker.placement import topic_of
from streams.broker.publisher import Publisher
from streams.broker.records import Incoming, Outgoing
from streams.guard.backlog import Backlog
from streams.guard.effects import Effects
from streams.guard.poison import PoisonAlarm
from streams.guard.portion import BUSY, GIVE_WAY, Wants, goes
from streams.handlers.handler import Handler
from streams.retries.arrival import Arrival, arrive
from streams.retries.counting import count_failed
from streams.retries.genuine import genuine, judged
from streams.retries.index import Parking
from streams.retries.judge import Verdict, judge
from streams.retries.ladder import Ladder, Postponed, after_failure, parked_behind, postponed
from streams.retries.order import State, Waiting
from streams.retries.view import Known

log = structlog.get_logger("guard")

#: After so many records in one go there is a load: a pause lets the next go be larger, which costs everybody less.
BUSY_PAUSE_S: Final = 0.01
#: Longest pause for a host that has more to hand over: what is urgent is only seen once it is here.
LET_IN_S: Final = 0.25
#: Records that wait here at most; then the host is held back. With half as many low ones it takes no more of partitions
#: for low plans, with three quarters only what is urgent: a larger flood of normal ones holds up those behind it.
BACKLOG_LIMIT: Final = 16_384


class Guard:
    """Takes records from a host and sees each through: by priority, and in order for each key.

    `handled` and `failed` count records that concern a handler, `poison` those that nobody can read; `last_progress`
    is the monotonic time of the last acknowledged batch.
    """

    def __init__(  # noqa: PLR0913 - what it works with, handed in by the one process that builds it
        self,
        codec: Codec,
        publisher: Publisher,
        handle: Handler,
        *,
        concerns: Callable[[str], bool] = lambda _: True,
        registry: Registry | None = None,
        ladder: Ladder | None = None,
        parking: Parking | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        belief: Belief | None = None,
    ) -> None:
        self._belief = belief or Belief()
        self._codec = codec
        self._publisher = publisher
        self._handle = handle
        self._concerns = concerns
        self._decoder = Decoder(codec, registry)
        self._ladder = ladder or Ladder()
        self._known = Known(AGENTS, parking, now_ms)
        self._now_ms = now_ms
        self.backlog, self.first = Backlog(BACKLOG_LIMIT), Backlog(BACKLOG_LIMIT)
        self._portions = goes()
        self.handled = 0
        self.failed = 0
        self.poison = PoisonAlarm()
        self.last_progress = time.monotonic()

    async def submit(self, record: Incoming) -> None:
        """Take a record into the backlog; waits while it is full. A record's content never makes it raise."""
        if self.concerns(record.headers):
            lane = self.first if for_urgent(record.topic, record.partition) else self.backlog
            await lane.put(record)
            return
        # Nothing follows from it: it takes no place of one that waits. Nor is it counted: the watchdog judges by what
        # was handled whether the guard moves.
        record.ack()

    def wants(self) -> Wants:
        """Return what the host may hand over next."""
        if self.backlog.has_enough():
            return "urgent"
        if self.backlog.has_enough_low():
            return "usual"
        return "few" if len(self.backlog) >= BUSY and self._portions.is_quick(time.monotonic()) else "all"

    @property
    def waiting(self) -> int:
        """Return the number of records taken and not yet begun."""
        return len(self.backlog) + len(self.first)

    @property
    def in_hand(self) -> int:
        """Return how many records wait or are being handled."""
        return self.backlog.in_hand + self.first.in_hand

    def idle_s(self) -> float:
        """Return for how long nothing was done, or what is under way in a lane takes, whatever the other one does."""
        now = time.monotonic()
        return max(now - self.last_progress, self.first.under_way_s(now), self.backlog.under_way_s(now))

    async def run(self) -> None:
        """Work until cancelled: at once on what is for urgent plans and on the others, which share no key."""
        await asyncio.gather(self._run_first(), self._run())

    async def _run_first(self) -> None:
        portions = goes()
        while True:
            batch = await self.first.take(portions.most)
            began = time.monotonic()
            self._portions.hurry(began)
            await self.see_through(batch)
            portions.done(len(batch), began, time.monotonic())

    async def _run(self) -> None:
        portions = self._portions
        while True:
            batch = await self.backlog.take(portions.most)
            began = time.monotonic()
            if self.backlog.urgent:
                portions.hurry(began)
            await self.see_through(batch)
            if len(batch) >= BUSY:
                portions.done(len(batch), began, time.monotonic())  # of fewer, their number is not what takes the time
                await self._let_in()

    async def _let_in(self) -> None:
        until = time.monotonic() + LET_IN_S
        more = True
        while more and not self.backlog.urgent and time.monotonic() < until:
            before = len(self.backlog)
            await asyncio.sleep(BUSY_PAUSE_S)
            more = before + BUSY <= len(self.backlog) < BACKLOG_LIMIT

    async def see_through(self, batch: Sequence[Incoming]) -> None:
        """Handle records in order, publish the events that follow, acknowledge. For the order of effects see Known."""
        ours = [arrive(AGENTS, await genuine(self._belief, r)) for r in batch if self.concerns(r.headers)]
        with of_records([arrival.record for arrival in ours]):
            await self._see_to(ours)
        crashpoint("guard.noted")
        for record in batch:
            record.ack()
        crashpoint("guard.acknowledged")
        self.handled += len(batch)
        self.last_progress = time.monotonic()

    async def _see_to(self, ours: Sequence[Arrival]) -> None:
        view = await self._known.view(ours)
        effects = Effects()
        for n, arrival in enumerate(ours, start=1):
            if n % GIVE_WAY == 0:
                await asyncio.sleep(0)
            with of_record(arrival.record):
                await self._react(arrival, view, effects)
        crashpoint("guard.handled")
        if effects.undecided:
            await self._publisher.publish(effects.outputs)
            crashpoint("guard.ahead")
            decided = await self._to_send(effects)
            crashpoint("guard.saved")
            await self._publisher.publish(decided)
        else:
            await self._publisher.publish(effects.outputs)
        crashpoint("guard.published")
        for decided_us, trace in effects.approved:
            metrics.observe(measured.PHASE1, time.time() - decided_us / 1e6, trace=trace)
        await self._known.note(effects.endings)

    def concerns(self, carried: headers.Headers) -> bool:
        """Return whether anything can follow from a record with these headers."""
        type_ = headers.text(carried, headers.TYPE)
        if type_ is not None and not self._concerns(type_):
            return False  # half of what is on the topic is our own output: not worth decoding
        return headers.text(carried, headers.GROUP) in (None, AGENTS)  # replayed for somebody else

    async def _react(self, arrival: Arrival, view: Waiting, effects: Effects) -> None:
        match judge(arrival, view.get(arrival.id)):
            case (Verdict.FRESH | Verdict.CURRENT) as verdict:
                await self._take_up(arrival, verdict, view, effects)
            case Verdict.SUPERSEDED:
                effects.send_current(arrival)
            case Verdict.ENDED:
                return
            case never:
                assert_never(never)

    async def _take_up(self, arrival: Arrival, verdict: Verdict, view: Waiting, effects: Effects) -> None:
        head = view.head_before(arrival.key, arrival.place, arrival.offset)
        if head is not None:
            view.put(effects.park(parked_behind(arrival, head, now_ms=self._now_ms(), ladder=self._ladder)))
            return
        sent, outputs = await self._attempt(arrival, effects)
        effects.outputs += outputs
        if sent is not None and sent.topic != AGENTS_DLQ:
            view.put(effects.park(sent))
            return
        if sent is not None:
            effects.outputs.append(sent)
        if verdict is Verdict.CURRENT:
            state: State = "done" if sent is None else "given_up"
            effects.endings.append((arrival.id, arrival.replay, state))
            row = view.get(arrival.id)
            if row is not None:
                view.put(replace(row, state=state, replay=arrival.replay))

    async def _attempt(self, arrival: Arrival, effects: Effects) -> tuple[Outgoing | None, list[Outgoing]]:
        """Return where the record itself goes (None: it is done) and what follows from it."""
        record = arrival.record
        traceparent = arrival.header(headers.TRACEPARENT)
        attributes: dict[str, str | int] = {
            telemetry.GROUP: AGENTS,
            telemetry.PARTITION: str(record.partition),
            telemetry.OFFSET: record.offset,
        }
        if arrival.header(headers.ATTEMPT) is not None:
            attributes[telemetry.ATTEMPT] = arrival.attempt
        with telemetry.process(record.topic, traceparent, attributes, arrival.header(headers.FAILED_SPAN)) as hop:
            try:
                event = await self._decoder.decode(record.value)
                tell(await judged(partial(self._belief.check, record, event)))
                if hop.span is not None:
                    hop.span.set_attributes({telemetry.PLAN: event.correlation_id, telemetry.EVENT_TYPE: event.type})
                return None, self._follow(event, arrival, hop, effects)
            except (Postponed, RegistryAway) as reason:
                metrics.count(measured.RECORDS, record.topic, "postponed")
                sent = postponed(arrival, now_ms=self._now_ms(), ladder=self._ladder)
                log.info("record postponed", topic=record.topic, offset=record.offset, reason=str(reason)[:200])
            except Exception as error:  # the record's failure, whatever it is: it goes on its way, the others too
                self.failed += 1
                hop.failed(error)
                sent = after_failure(arrival, error, now_ms=self._now_ms(), ladder=self._ladder, span=hop.own)
                count_failed(record.topic, sent.topic)
                log.warning(
                    "record failed",
                    topic=record.topic,
                    partition=record.partition,
                    offset=record.offset,
                    goes_to=sent.topic,
                    error=named(error, 500),
                )
                if isinstance(error, Undecodable) and self.poison.note(time.monotonic()):
                    log.critical("poison in numbers: look at the dead letters", seen=self.poison.total)
            return sent, []

    def _follow(self, event: Event, arrival: Arrival, hop: telemetry.Hop, effects: Effects) -> list[Outgoing]:
        trace = telemetry.trace_id(hop.own)
        taken_us = time.time_ns() // 1000
        if not arrival.attempt:
            metrics.observe(measured.QUEUE_DELAY, (taken_us - event.occurred_at) / 1e6, event.type, trace=trace)
        outputs = [self._outgoing(e, hop) for e in self._handle(event)]
        if event.type == "plan.approved":
            effects.approved.append((event.occurred_at, trace))
            if not arrival.attempt and outputs:
                outputs[0].headers.append((headers.TAKEN_AT, b"%d" % taken_us))
        metrics.count(measured.RECORDS, arrival.record.topic, "done")
        return outputs

    async def _to_send(self, effects: Effects) -> list[Outgoing]:
        """Save the rows; return the copies of undecided records, in order."""
        copies = await self._known.save(effects.rows, effects.copies)
        for id_, row in (await self._known.current(effects.superseded)).items():
            copies[id_] = row.copy() if row is not None and row.state == "waiting" else None
        for id_, arrival in effects.superseded.items():
            if id_ not in copies:  # nobody can tell: it comes again, and is judged then
                copies[id_] = postponed(arrival, now_ms=self._now_ms(), ladder=self._ladder)
        return [copy for id_ in effects.undecided if (copy := copies[id_]) is not None]

    def _outgoing(self, event: Event, hop: telemetry.Hop) -> Outgoing:
        topic = topic_of(event)
        value = self._codec.encode(topic, event)
        key = event.correlation_id.encode()
        said = headers.for_event(event, hop.outgoing(topic, event.type, event.correlation_id))
        return Outgoing(topic, key, value, sign(self._belief.own, topic, key, event.type, value, said), event=True)
