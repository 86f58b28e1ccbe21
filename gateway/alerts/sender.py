"""Sends what waits for one notifier, one message after the other. Each notifier has its own, so none delays another."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Generic

import structlog

from gateway.alerts.breaker import Breaker, Leave
from gateway.alerts.notifiers.base import Failed, Notifier, NotTried, scrubbed, unquoted
from gateway.alerts.queue import AT_LEAST_S, Claimed, Queue, Sent, Why
from gateway.verdict.words.own import Fate
from schemas.metrics import NOTICES
from schemas.process import metrics, telemetry
from schemas.process.crashpoints import crashpoint
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.log_context import within_job
from schemas.process.named import named
from schemas.process.rounds import Round

log = structlog.get_logger("alerts")

#: Seconds for one send, whatever the receiver does.
DEADLINE_S: Final = 15.0
#: Seconds that a message waits after its first, second, ... failure; after the last one it is given up.
AGAIN_S: Final = (2.0, 5.0, 15.0, 60.0, 120.0, 300.0, 300.0, 600.0, 600.0, 1800.0)
#: The failures after which a fallback takes over, if there is one.
PASSED_ON_AFTER: Final = 2
#: Seconds between checks of a message that waits for a breaker that only a person closes.
PUT_OFF_S: Final = 30.0
#: Seconds after which a message is tried that could not be tried before.
NOT_TRIED_S: Final = 5.0
#: The age from which a message is of no use to anybody.
TOO_OLD: Final = timedelta(hours=24)
#: Seconds between checks of the queue; the engine wakes its senders for new and for due messages.
POLL_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Tries:
    """When a message is tried again: `again_s` after its first, second, ... failure, and not once it is `too_old`.

    `poll_s`: seconds between checks of the queue without a wake. `by_probes`: whether a failed probe of an open breaker
    counts towards giving a message up; if not, a receiver that is away loses no message.
    """

    again_s: tuple[float, ...] = AGAIN_S
    too_old: timedelta = TOO_OLD
    poll_s: float = POLL_S
    by_probes: bool = True


class Sender(Generic[Sent]):
    """Sends the messages of one notifier until stopped.

    `sources` returns the queues to ask now, `sent` counts messages.

    Its log lines carry the `job`, and the ids of the message in hand.
    """

    def __init__(
        self,
        name: str,
        notifier: Notifier[Sent],
        breaker: Breaker,
        sources: Callable[[], list[Queue[Sent]]],
        tries: Tries = Tries(),
        job: str = "alerts",
    ) -> None:
        self._tries = tries
        self._name = name
        self._notifier = notifier
        self._breaker = breaker
        self._sources = sources
        self._job = job
        self._wake = asyncio.Event()
        self._stopping = False
        self.sent = 0

    def wake(self) -> None:
        """Check the queue now: something may be due."""
        self._wake.set()

    def stop(self) -> None:
        """End `run` after the message in hand."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Send until stopped; never raises for an outage."""
        while not self._stopping:
            self._wake.clear()
            sent = False
            for queue in self._sources():
                with Round(self._job, self._failed):
                    sent = await self.once(queue) or sent
            if not sent:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self._tries.poll_s)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, DATABASE_FAILS):  # the claim ends by itself; the engine tells of the database
            log.warning("the queue cannot be asked", notifier=self._name, error=type(error).__name__)
        else:  # a mistake in one message keeps no other from going
            log.error("a message could not be handled", notifier=self._name, error=repr(error)[:200], exc_info=error)

    async def once(self, queue: Queue[Sent]) -> bool:
        """Send one message; return whether there was one."""
        claimed = await queue.claim(self._name, gathers=self._notifier.gathers)
        if claimed is None:
            return False
        with within_job(lambda: claimed.message.ids):
            await self._see_to(queue, claimed)
        return True

    async def _see_to(self, queue: Queue[Sent], claimed: Claimed[Sent]) -> None:
        crashpoint("alerts.claimed")
        leave = await self._breaker.ask()
        if not leave.allowed:
            await self._hold(queue, claimed, leave)
            return
        began = time.monotonic()
        try:
            message = claimed.message
            with telemetry.notice(self._name, message.message_id, message.traceparents):
                async with asyncio.timeout(DEADLINE_S):
                    answer = await self._notifier.send(message)
        except NotTried as error:
            await queue.put_off(claimed, None, str(error), NOT_TRIED_S)
            await self._breaker.release(leave)
        except Failed as failed:
            await self._not_arrived(queue, claimed, leave, time.monotonic() - began, failed)
        except TimeoutError:
            late = Failed(Fate.NO_ANSWER % {"seconds": f"{DEADLINE_S:.0f}"}, unsure=True)
            await self._not_arrived(queue, claimed, leave, DEADLINE_S, late)
        except Exception as error:  # of a library: the message did not arrive, as far as anybody knows
            await self._not_arrived(
                queue, claimed, leave, time.monotonic() - began, Failed(named(error, 300), unsure=True)
            )
        else:
            crashpoint("alerts.sent")
            await queue.sent(claimed, time.monotonic() - began, self._plain(claimed, answer))
            crashpoint("alerts.marked")
            await self._breaker.report(leave, "")
            self.sent += 1
            metrics.count(NOTICES, self._name, "sent")

    async def _hold(self, queue: Queue[Sent], claimed: Claimed[Sent], leave: Leave) -> None:
        if claimed.fallback:
            await self._pass_on(queue, claimed, 0.0, Why(Fate.NOT_TRIED))
        elif claimed.age_s > self._tries.too_old.total_seconds():
            await queue.ended(claimed, 0.0, Why(Fate.GIVEN_UP), pass_on=False)
        else:
            after_s = PUT_OFF_S if leave.retry_at is None else AT_LEAST_S
            await queue.put_off(claimed, leave.retry_at, Fate.HELD_BACK, after_s)

    async def _not_arrived(
        self, queue: Queue[Sent], claimed: Claimed[Sent], leave: Leave, seconds: float, failed: Failed
    ) -> None:
        crashpoint("alerts.failed")
        why = Why(self._plain(claimed, failed.why), failed.status, failed.unsure)
        told = {"notifier": self._name, "message": claimed.message.message_id, "attempt": claimed.attempt}
        log.warning("a message did not arrive", **told, error=why.text)
        metrics.count(NOTICES, self._name, "failed")
        tries = self._tries
        over = claimed.attempt > len(tries.again_s) or claimed.age_s > tries.too_old.total_seconds()
        if claimed.fallback and (failed.final or over or claimed.attempt >= PASSED_ON_AFTER):
            await self._pass_on(queue, claimed, seconds, why)
        elif (failed.final or over) and (tries.by_probes or leave.probe is None):
            await queue.ended(claimed, seconds, why, pass_on=False)
        else:
            after_s = max(tries.again_s[min(claimed.attempt, len(tries.again_s)) - 1], failed.retry_s or 0.0)
            await queue.again(claimed, seconds, why, after_s)
        crashpoint("alerts.failure_marked")
        await self._breaker.report(leave, "" if failed.addressee else why.text)

    async def _pass_on(self, queue: Queue[Sent], claimed: Claimed[Sent], seconds: float, why: Why) -> None:
        """Pass the message on to the fallback notifier."""
        crashpoint("alerts.before_pass_on")
        await queue.ended(claimed, seconds, why, pass_on=True)
        crashpoint("alerts.passed_on")

    def _plain(self, claimed: Claimed[Sent], text: str) -> str:
        """Return a message's result in the words that are stored and shown."""
        return scrubbed(unquoted(text) if claimed.quotable else text, self._notifier.secrets)
