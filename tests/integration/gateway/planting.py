"""A gateway in a system in which all is well, and how each finding is planted in it: rows, as processes leave them."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import asyncpg

from gateway.outbox.relay import Relay
from gateway.services.services import Services
from gateway.verdict import reading
from gateway.verdict.kinds import Kind
from projections.reads.processes import ROLES
from schemas.belief import Mode
from schemas.process.kafka import Brokers
from schemas.process.liveness import LOCK
from schemas.process.signing import Signing
from schemas.signing import parse
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.planting_others import OTHERS
from tests.integration.gateway.planting_shares import RUNNING_OUT
from tests.support.letters import add_letter, add_waiting
from tests.support.outbox import put_rejection
from tests.support.patience import PATIENCE_S
from tests.support.webhooks import registered

#: As a system is that signs.
SIGNING = Signing(parse(f"one {'01' * 32}"), Mode.REQUIRE)
_TABLES = (
    "flow.agent_spend, flow.breaker, flow.deadline, flow.parked, rm.dead_letter, rm.plan, rm.plan_channel, rm.task,"
    " flow.job_attempt, rm.recovery, rm.slo_hour, decide.outbox, decide.head, flow.log_cut, flow.webhook"
)
_LOG_CUT = "insert into flow.log_cut (topic, partition, epoch, kept, reached, since) values ('t', 0, 1, 3, 9, now())"
_LOCK = "begin; lock table rm.recovery in share row exclusive mode"
_WAITS = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query_start < now() - interval '2 s'"


def nothing() -> None:
    """Do nothing, as a relay does that nobody has built."""


@dataclass
class Site:
    """The gateway, and the crew: rows of processes that hold their locks on `locks`, as living ones do."""

    gateway: Running
    locks: asyncpg.Connection
    postgres_url: str
    database_url: str
    undo: AsyncExitStack
    workers: dict[str, int] = field(default_factory=dict)

    @property
    def services(self) -> Services:
        return cast("Services", self.gateway.app.state.services)

    @property
    def pool(self) -> asyncpg.Pool:
        return self.gateway.pool

    async def enrol(self, role: str, *, connected: bool = True) -> int:
        """A process of a role begins; its beats are good for an hour."""
        worker: int = await self.pool.fetchval(
            "select flow.worker_start($1, $2, 'a-host', 4711, 0, '1')", f"{role}-{uuid4().hex[:6]}", role
        )
        await self.pool.execute(
            "update flow.worker set beat_at = now() + interval '1 hour' where worker_id = $1", worker
        )
        if connected:
            await self.locks.execute("select pg_advisory_lock($1, $2)", LOCK, worker)
        return worker

    async def set(self, worker: int, assignments: str) -> None:
        await self.pool.execute(f"update flow.worker set {assignments} where worker_id = $1", worker)

    async def well(self) -> None:
        """Nothing waits, every role lives, the relay publishes."""
        await self.pool.execute(f"truncate {_TABLES} cascade")
        await self.pool.execute("delete from flow.worker where role <> 'gateway'")
        await self.pool.execute("update flow.flag set enabled = true, reason = '', changed_by = ''")
        await self.locks.execute("select pg_advisory_unlock_all()")
        self.workers = {role: await self.enrol(role) for role in ROLES if role != "gateway"}
        self.services.commands.refused = None
        publishing = self.services.publishing
        publishing._settings = replace(
            publishing._settings, brokers=Brokers("b:1"), registry_url="http://r:1", signing=SIGNING
        )
        relay = SimpleNamespace(active=True, failing_since=None, published=0, wake=nothing, lend=nothing, stop=nothing)
        publishing._relay, publishing._failing_since = cast("Relay", relay), None
        self.services.live._heard_until = None
        self.services.verdicts.forget()


@asynccontextmanager
async def site(gateway: Running, database_url: str, postgres_url: str) -> AsyncIterator[Site]:
    locks = await asyncpg.connect(database_url)
    async with AsyncExitStack() as undo:
        made = Site(gateway, locks, postgres_url, database_url, undo)
        try:
            await made.well()
            yield made
        finally:
            await undo.aclose()
            await made.well()
            await locks.close()


async def add_stalled(site: Site, *, escalated: bool = False, cause: str = "worker-gone", attempts: int = 1) -> UUID:
    plan_id = await seed.add_plan(site.pool, status="approved")
    await site.pool.execute(
        "insert into flow.deadline (plan_id, kind, since, due_at, stalled_at, attempts, cause, evidence, escalated_at)"
        " values ($1, 'phase1', now() - interval '30 s', now() - interval '29 s', now(), $3, $2, '{}',"
        " case when $4 then now() end)",
        plan_id,
        cause,
        attempts,
        escalated,
    )
    return plan_id


async def _database_away(site: Site) -> None:
    """The server takes no connection to the database, and those that were there are cut."""
    server = await asyncpg.connect(site.postgres_url)
    name = await site.pool.fetchval("select current_database()")

    async def back() -> None:
        await server.execute(f'alter database "{name}" allow_connections true')
        await server.close()

    site.undo.push_async_callback(back)
    await server.execute(f'alter database "{name}" allow_connections false')
    await server.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = $1 and starts_with(application_name, 'gateway')",
        name,
    )


async def _database_hangs(site: Site) -> None:
    other = await asyncpg.connect(site.database_url)
    site.undo.push_async_callback(other.close)
    await other.execute("begin; lock table rm.plan in access exclusive mode")
    patient = reading.READ_S
    site.undo.callback(setattr, reading, "READ_S", patient)
    reading.READ_S = 0.3  # type: ignore[misc] # every surface waits for as long


async def _refused(site: Site, code: str) -> None:
    plan = await seed.add_plan(site.pool, status="awaiting_approval")
    await site.pool.execute(
        "create function refuses() returns trigger language plpgsql as"
        f" $$ begin raise exception 'no room' using errcode = '{code}'; end $$;"
        "create trigger refuses before insert on decide.outbox execute function refuses()"
    )
    async with site.gateway.client() as api:
        refused = await api.patch(f"/api/marketplace/analysis/{plan}", json={"action": "approve"})
    await site.pool.execute("drop trigger refuses on decide.outbox; drop function refuses")
    assert refused.status_code == 503
    assert site.services.commands.refused is not None
    # it is told for some seconds: all surfaces are read within them, however busy the machine
    site.services.commands.refused = time.monotonic() + PATIENCE_S, site.services.commands.refused[1]


async def _broker_away(site: Site) -> None:
    progress = """progress = '{"broker_away_s": 7.0, "broker_error": "NoBrokersAvailable"}'"""
    await site.set(site.workers["watchdog"], progress)


async def _registry_away(site: Site) -> None:
    progress = """progress = '{"registry_away_s": 7.0, "registry_error": "ConnectionRefusedError"}'"""
    await site.set(site.workers["watchdog"], progress)


async def _relay_failing(site: Site) -> None:
    site.services.publishing._relay = None
    site.services.publishing._failing_since = time.monotonic() - 7


async def _relay_off(site: Site) -> None:
    publishing = site.services.publishing
    publishing._settings = replace(publishing._settings, brokers=Brokers(""), registry_url="")


async def _set_aside(site: Site) -> None:
    plan = str(uuid4())
    await put_rejection(site.pool, plan, 1, set_aside=True, why="reason: 7 is no string", reason=7)


async def _changed(site: Site) -> None:
    await put_rejection(site.pool, str(uuid4()), 1, set_aside=True, why="Forged: nobody has sealed it")


async def _gone(site: Site, role: str) -> None:
    await site.locks.execute("select pg_advisory_unlock($1, $2)", LOCK, site.workers[role])


async def _silent(site: Site) -> None:
    await site.set(await site.enrol("runner"), "beat_at = now() - interval '9 s'")


async def _deaf(site: Site) -> None:
    await site.set(await site.enrol("runner"), "told_to_end = 'deaf: nothing is taken from analysis.work.normal/3'")


async def _one_of_two_gone(site: Site) -> None:
    await site.set(await site.enrol("runner", connected=False), "beat_at = now()")


async def _breaker(site: Site, *, forced: bool, state: str = "open") -> None:
    await site.pool.execute(
        "insert into flow.breaker (name, state, reason, forced, opened_at, retry_at, probe_until)"
        " values ('agent:x/m', $2, 'HTTP 503', $1, now(), case when not $1 then now() + interval '60 s' end,"
        " case when $2 = 'half_open' then now() + interval '60 s' end)",
        forced,
        state,
    )


async def _flag(site: Site) -> None:
    await site.pool.execute(
        "update flow.flag set enabled = false, changed_by = 'Ana', reason = 'a move' where name = 'queue_processing'"
    )


async def _phase1_late(site: Site) -> None:
    await site.pool.execute(
        "insert into flow.deadline (plan_id, kind, since) values ($1, 'phase1', now() - interval '30 s')",
        await seed.add_plan(site.pool, status="approved"),
    )


async def _analysis_late(site: Site) -> None:
    await seed.add_plan(site.pool, status="analyzing")
    await site.pool.execute("update decide.head set changed_at = now() - interval '500 s'")


async def _backlog(site: Site) -> None:
    await put_rejection(site.pool, str(uuid4()), 1)
    await site.pool.execute("update decide.outbox set stored_at = now() - interval '30 s'")


async def _behind(site: Site) -> None:
    await _backlog(site)
    await site.pool.execute("update decide.outbox set published_at = now() - interval '30 s'")


async def _unheard(site: Site) -> None:
    site.services.live._heard_until = time.monotonic() - 9


async def _letters(site: Site, count: int, hours: int) -> None:
    at = datetime.now(UTC) - timedelta(hours=hours)
    for _ in range(count):
        await add_letter(site.pool, plan=str(uuid4()), at=at)


async def _retry(site: Site, due_s: int) -> None:
    await add_waiting(site.pool, plan=str(uuid4()), offset=7, due=timedelta(seconds=due_s))


async def _task_failed(site: Site) -> None:
    await seed.add_task(site.pool, await seed.add_plan(site.pool, status="executing"), status="failed")
    await site.pool.execute("update rm.task set ended_at = now() - interval '9 s'")


async def _task_overdue(site: Site) -> None:
    await seed.add_task(site.pool, await seed.add_plan(site.pool, status="executing"))
    await site.pool.execute("update rm.task set due_on = current_date - 3")


async def _awaiting(site: Site, changes: str) -> None:
    await seed.add_plan(site.pool)
    await site.pool.execute("update rm.plan set analyzed_at = now()")
    await site.pool.execute(f"update rm.plan set {changes}")


async def _escalated(site: Site) -> None:
    await add_stalled(site, escalated=True)


async def _stalled(site: Site) -> None:
    await add_stalled(site)


async def _notifier(site: Site, name: str = "notify:slack") -> None:
    await site.pool.execute(
        "insert into flow.breaker (name, state, reason, opened_at, retry_at)"
        " values ($1, 'open', 'HTTP 404: no_service', now(), now() + interval '60 s')",
        name,
    )


async def _slo_burning(site: Site) -> None:
    await site.pool.execute(
        "insert into rm.slo_hour (hour, measure, partition, le_ms, n, last_at)"
        " values (date_trunc('hour', now()), 'phase1', 0, 500, 80, now()),"
        "        (date_trunc('hour', now()), 'phase1', 1, 10000, 20, now())"
    )


async def _sessions_ended(site: Site) -> None:
    now = time.monotonic()  # a look that is still to come keeps the one before it: so it lasts however slow the test is
    site.services.verdicts._ended._seen = deque([(now, -4), (now + 3600, -4)])
    site.undo.callback(site.services.verdicts._ended._seen.clear)


async def _lock_kept(site: Site) -> None:
    holder, waiter = [await asyncpg.connect(site.database_url) for _ in range(2)]
    await holder.execute(_LOCK)
    waits = asyncio.create_task(waiter.execute(_LOCK))

    for undo in (waiter.close, lambda: asyncio.wait({waits}), holder.close):
        site.undo.push_async_callback(undo)
    while await site.pool.fetchval(_WAITS) is None:
        await asyncio.sleep(0.05)


async def _unsigned(site: Site) -> None:
    publishing = site.services.publishing
    publishing._settings = replace(publishing._settings, signing=Signing())


async def _unconfined(site: Site) -> None:
    here = site.services.verdicts._here
    site.services.verdicts._here = lambda runs: replace(here(runs), unconfined="namespaces, seccomp")
    site.undo.callback(setattr, site.services.verdicts, "_here", here)


Plant = Callable[[Site], Awaitable[Any]]
PLANTS: dict[Kind, Plant] = {
    Kind.DATABASE_AWAY: _database_away,
    Kind.DATABASE_HANGS: _database_hangs,
    Kind.DATABASE_DISK_FULL: lambda site: _refused(site, "disk_full"),
    Kind.COMMANDS_REFUSED: lambda site: _refused(site, "configuration_limit_exceeded"),
    Kind.SESSIONS_ENDED: _sessions_ended,
    Kind.LOG_CUT: lambda site: site.pool.execute(_LOG_CUT),
    Kind.BROKER_AWAY: _broker_away,
    Kind.REGISTRY_AWAY: _registry_away,
    Kind.RELAY_FAILING: _relay_failing,
    Kind.PLANS_ESCALATED: _escalated,
    Kind.RECORDS_FORGED: lambda site: add_letter(site.pool, plan=str(uuid4()), code="unsigned"),
    Kind.EVENTS_SET_ASIDE: _set_aside,
    Kind.EVENTS_CHANGED: _changed,
    Kind.RELAY_OFF: _relay_off,
    Kind.WATCHDOG_MISSING: lambda site: _gone(site, "watchdog"),
    Kind.ALERTS_MISSING: lambda site: _gone(site, "alerts"),
    Kind.ROLE_MISSING: lambda site: _gone(site, "worker"),
    Kind.PROCESS_SILENT: _silent,
    Kind.PROCESS_DEAF: _deaf,
    Kind.PROCESS_GONE: _one_of_two_gone,
    Kind.PLANS_STALLED: _stalled,
    Kind.LOCK_KEPT: _lock_kept,
    **OTHERS,
    Kind.FLAG_OFF: _flag,
    Kind.BREAKER_TRIPPED: lambda site: _breaker(site, forced=True),
    Kind.BREAKER_OPEN: lambda site: _breaker(site, forced=False),
    Kind.BREAKER_PROBING: lambda site: _breaker(site, forced=False, state="half_open"),
    Kind.PHASE1_LATE: _phase1_late,
    Kind.ANALYSIS_LATE: _analysis_late,
    Kind.OUTBOX_BACKLOG: _backlog,
    Kind.PROJECTIONS_BEHIND: _behind,
    Kind.CHANGES_UNHEARD: _unheard,
    Kind.CLOCKS_OFF: lambda site: site.set(site.workers["worker"], "progress = '{\"clock_off_s\": 90.0}'"),
    Kind.NOTIFIER_FAILING: _notifier,
    Kind.WEBHOOK_FAILING: lambda site: _notifier(site, "webhook:erp"),
    Kind.ALERTS_UNHEARD: lambda site: site.set(
        site.workers["alerts"], 'progress = \'{"notifiers": ["slack"], "unheard": ["broker-away"]}\''
    ),
    **RUNNING_OUT,
    Kind.SLO_BURNING: _slo_burning,
    Kind.DEAD_LETTERS_GROWING: lambda site: _letters(site, 12, 0),
    Kind.DEAD_LETTERS: lambda site: _letters(site, 2, 5),
    Kind.RETRIES_OVERDUE: lambda site: _retry(site, -90),
    Kind.RETRIES_WAITING: lambda site: _retry(site, 3600),
    Kind.TASKS_FAILED: _task_failed,
    Kind.DECISIONS_LATE: lambda site: _awaiting(site, "analyzed_at = now() - interval '2 days'"),
    Kind.TASKS_OVERDUE: _task_overdue,
    Kind.PLANS_EMPTY: lambda site: _awaiting(site, "opportunities = '[]'"),
    Kind.PLANS_PARTIAL: lambda site: _awaiting(site, "partial = true"),
    Kind.NEXT_PHASES: lambda site: _awaiting(site, "status = 'completed', phases_left = '{2}', ended_at = now()"),
    Kind.ALERTS_UNTOLD: lambda site: site.set(site.workers["alerts"], "progress = '{\"notifiers\": []}'"),
    Kind.ALERTS_ALONE: lambda site: site.set(
        site.workers["alerts"], 'progress = \'{"notifiers": ["slack"], "alone": "slack"}\''
    ),
    Kind.RECORDS_UNSIGNED: _unsigned,
    Kind.SECRETS_PLAIN: lambda site: registered(site.pool, "https://erp.example.com"),
    Kind.READER_UNCONFINED: _unconfined,
}
