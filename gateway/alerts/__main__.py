"""The process of alerts: `python -m gateway.alerts`. Any number may run: one is active, the others stand by."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Coroutine, Mapping
from typing import Any, Final

import asyncpg
import structlog

from gateway.alerts.breaker import Breaker
from gateway.alerts.dead_mans_switch import DeadMansSwitch
from gateway.alerts.engine import CONNECT_S, STATEMENT_S, Engine
from gateway.alerts.kept import Kept
from gateway.alerts.memory_queue import MemoryQueue
from gateway.alerts.message import Message
from gateway.alerts.notifiers.base import ready
from gateway.alerts.notifiers.personal import Reminder
from gateway.alerts.queue import PostgresQueue, Queue
from gateway.alerts.reminder_queue import PEOPLE, ReminderQueue
from gateway.alerts.sender import Sender, Tries
from gateway.alerts.settings import Settings
from gateway.alerts.webhooks.telling import Webhooks
from gateway.verdict.reading import Verdicts, as_gateways_say
from schemas import outbox_seal
from schemas.metrics import ALERTS_ACTIVE
from schemas.process import metrics, start
from schemas.process.database import PLANNED_ONCE
from schemas.process.database import pool as pool_of
from schemas.process.heartbeat import heartbeat, with_heartbeat
from schemas.process.sessions import FROZEN_S, LOCK_HOLDER

#: Connections: the verdict's, the senders', one to spare.
POOL: Final = 6
#: Connections for customers' webhooks alone, so that alerts never wait for one of them.
WEBHOOKS_POOL: Final = 3
#: Taking events for webhooks blocks the repair of a log that lost its end; these settings end the session of a process
#: that is frozen or gone. A crash of the server may undo the last marks: those events are sent again, with the same
#: ids.
TAKERS: Final = {
    "synchronous_commit": "off",
    **PLANNED_ONCE,
    **LOCK_HOLDER,
    "idle_in_transaction_session_timeout": f"{FROZEN_S * 1000:.0f}",
}
#: Seconds between checks for a due reminder for which nobody woke the sender.
REMINDERS_S: Final = 10.0
#: Seconds for which a stop waits for messages that are being sent.
DRAIN_S: Final = 16.0


async def run(settings: Settings) -> int:
    """Open and send alerts until SIGTERM or SIGINT."""
    log = structlog.get_logger("alerts")
    if not settings.notifiers:
        log.warning("nobody is told: no notifier is configured (SLACK_WEBHOOK_URL, SMTP_HOST, PAGERDUTY_KEY, ...)")
    await ready()
    async with (
        _pool(settings, "alerts-work", POOL) as pool,
        _pool(settings, "webhooks", WEBHOOKS_POOL, TAKERS) as webhooks_pool,
    ):
        memory = MemoryQueue(settings.page_url, settings.language, Kept(settings.memory_folder, settings.database_url))
        waiting = PostgresQueue(pool, settings.page_url, settings.language, settings.trace_url)
        senders: list[Sender[Message] | Sender[Reminder]] = []

        def wake() -> None:
            for sender in senders:
                sender.wake()

        limits = settings.database_limit, settings.decision_due_s, settings.transaction_due_s
        engine = Engine(settings, Verdicts(pool, as_gateways_say, *limits), memory, wake)

        def sources() -> list[Queue]:
            return [memory, waiting] if engine.active and not engine.away else [memory]

        senders += [Sender(name, one, Breaker(pool, name), sources) for name, one in settings.notifiers.items()]
        senders += _to_people(settings, pool, engine)
        webhooks = Webhooks(
            webhooks_pool,
            settings.page_url,
            settings.webhook_networks,
            settings.secret_keys,
            settings.webhook_pause_days,
        )
        switch = DeadMansSwitch(settings.heartbeat_url, settings.heartbeat_s, lambda: engine.works)
        metrics.ask(ALERTS_ACTIVE, lambda: [((), float(engine.active))])

        def progress() -> dict[str, Any]:
            return {
                "handled": sum(sender.sent for sender in senders) + webhooks.sent,
                "state": "active" if engine.active else "standby",
                "looks": engine.looks,
                "idle_s": round(time.monotonic() - engine.looked_at, 1),
                **_who(settings),
            }

        def stop(_: object) -> None:
            engine.stop()
            switch.stop()
            webhooks.stop()
            for sender in senders:
                sender.stop()

        start.on_stop(stop)
        beats = heartbeat(
            settings.database_url, "alerts", progress, deaf_after_s=settings.deaf_after_s, keys=settings.signing.own
        )
        async with with_heartbeat(beats):
            await _work(engine, *(sender.run() for sender in senders), switch.run(), webhooks.run())
    return start.DONE


def _who(settings: Settings) -> dict[str, Any]:
    """Return who is told, and how, for the pages: no other process knows notifiers, routes and language."""
    names, routing = list(settings.notifiers), settings.routing
    unheard = routing.unheard if names else ()
    return {"notifiers": names, "alone": routing.alone, "unheard": unheard, "language": settings.language}


def _to_people(settings: Settings, pool: asyncpg.Pool, engine: Engine) -> list[Sender[Reminder]]:
    """Return the sender of reminders, none without a mail server. While Postgres is away, reminders wait for it."""
    if settings.people is None:
        return []
    told = settings.page_url, settings.language, settings.routing.summary.zone, settings.decision_due_s
    waiting = ReminderQueue(pool, *told, four_eyes=settings.four_eyes)

    def sources() -> list[Queue[Reminder]]:
        return [waiting] if engine.active and not engine.away else []

    return [Sender(PEOPLE, settings.people, Breaker(pool, PEOPLE), sources, Tries(poll_s=REMINDERS_S))]


async def _work(engine: Engine, *beside: Coroutine[Any, Any, None]) -> None:
    """Run the engine until it is told to stop, with other tasks beside it.

    Messages in flight at the stop may still arrive.
    """
    loop = asyncio.get_running_loop()
    tasks = [loop.create_task(one) for one in beside]
    try:
        await engine.run()
        await asyncio.wait(tasks, timeout=DRAIN_S)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _pool(settings: Settings, name: str, connections: int, session: Mapping[str, str] = PLANNED_ONCE) -> asyncpg.Pool:
    return pool_of(
        settings.database_url,
        name,
        connections,
        connect_s=CONNECT_S,
        statement_s=STATEMENT_S,
        session={**session, **outbox_seal.session(settings.signing.own)},
    )


def main() -> int:
    """Run until a signal stops the process; return the exit status."""
    return start.run(start.Process("alerts", Settings.from_env, run))


if __name__ == "__main__":
    sys.exit(main())
