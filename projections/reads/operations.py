"""What runs, what is held back, what is switched off, what is stuck, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page, page_of
from projections.reads.processes import ROLES, Group, Process, groups_seen, processes
from projections.reads.rows import Reader, Where, from_json

#: Stuck plans that are listed; all are counted.
LISTED: Final = 50


@dataclass(frozen=True, slots=True)
class Breaker:
    """`state`: closed, open or half_open. `retry_at` None while open: only a person closes it.

    `next_call_probes`: it is not closed and holds nothing back, as its time is over and nobody has called since.
    """

    name: str
    state: str
    failures: int
    opened_at: datetime | None
    retry_at: datetime | None
    reason: str
    forced: bool
    changed_at: datetime
    next_call_probes: bool = False

    @property
    def retry_in_seconds(self) -> float:
        """Return for how long calls are still held back; 0 where it is over or nobody knows."""
        return 0.0 if self.retry_at is None else max(0.0, (self.retry_at - datetime.now(UTC)).total_seconds())


@dataclass(frozen=True, slots=True)
class Flag:
    name: str
    enabled: bool
    reason: str
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Stuck:
    """A plan that missed a deadline of the system and has not moved on yet. `kind`: analysis or phase1."""

    plan_id: UUID
    title: str
    kind: str
    status: str
    since: datetime
    due_at: datetime
    late_seconds: float
    cause: str
    recommendation: str
    attempts: int
    escalated_at: datetime | None
    evidence: dict[str, str]


@dataclass(frozen=True, slots=True)
class Operations:
    """`stuck` is cut at LISTED, `stuck_by_cause` counts all."""

    processes: list[Process] = field(default_factory=list)
    breakers: list[Breaker] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
    stuck_by_cause: dict[str, int] = field(default_factory=dict)
    escalated: int = 0
    recovered_today: int = 0

    @property
    def groups(self) -> list[Group]:
        """Return the consumer groups as the watchdog sees them."""
        return groups_seen(self.processes)

    @property
    def missing_roles(self) -> list[str]:
        """Return the roles of which no process lives."""
        living = {p.role for p in self.processes if p.connected}
        return [role for role in ROLES if role not in living]

    @property
    def not_closed(self) -> list[Breaker]:
        return [b for b in self.breakers if b.state != "closed"]

    @property
    def holding_back(self) -> list[Breaker]:
        return [b for b in self.not_closed if not b.next_call_probes]

    @property
    def switched_off(self) -> list[Flag]:
        return [f for f in self.flags if not f.enabled]

    @property
    def broker_away(self) -> bool:
        """Whether the watchdog says so."""
        return any(b.name == "broker" for b in self.not_closed)


@dataclass(frozen=True, slots=True)
class Recovery:
    """A step of the recovery log: plan.stalled, plan.recovery.started, plan.recovered or plan.escalated."""

    plan_id: UUID
    title: str
    version: int
    type: str
    at: datetime
    state: str
    cause: str
    action: str
    attempt: int
    due_at: datetime | None
    stalled_ms: int | None
    evidence: dict[str, str]
    recommendation: str


_BREAKERS = """
    select name, state, failures, opened_at, retry_at, reason, forced, changed_at,
           case state when 'open' then coalesce(retry_at <= clock_timestamp(), false)
                      when 'half_open' then coalesce(probe_until <= clock_timestamp(), true)
                      else false end as next_call_probes
      from flow.breaker
     where state <> 'closed' or name not like 'plan:%' or changed_at > clock_timestamp() - interval '1 day'
     order by state = 'closed', name limit 200"""
_FLAGS = "select name, enabled, reason, changed_by, changed_at from flow.flag order by name"
_STUCK = f"""
    select d.plan_id, coalesce(p.title, '') as title, d.kind, coalesce(p.status, '') as status, d.since, d.due_at,
           extract(epoch from clock_timestamp() - d.due_at)::float8 as late_s, coalesce(d.cause, '') as cause,
           coalesce(d.recommendation, '') as recommendation, d.attempts, d.escalated_at, d.evidence
      from flow.deadline d left join rm.plan p on p.plan_id = d.plan_id
     where d.stalled_at is not null order by d.due_at limit {LISTED}"""  # noqa: S608 - a constant
_COUNTS = """
    select (select coalesce(jsonb_object_agg(cause, n), '{}') from
               (select coalesce(cause, '') as cause, count(*) as n from flow.deadline
                 where stalled_at is not null group by 1) c) as by_cause,
           (select count(*) from flow.deadline where escalated_at is not null) as escalated,
           (select count(*) from rm.recovery
             where type = 'plan.recovered' and at >= date_trunc('day', now())) as recovered"""
_RECOVERIES = """
    select r.plan_id, coalesce(p.title, '') as title, r.version, r.type, r.at, r.state, r.cause, r.action, r.attempt,
           r.due_at, r.stalled_ms, r.evidence, r.recommendation"""
_LOG = Order(
    "at", (Key("r.at", "timestamptz", True), Key("r.plan_id", "uuid", True), Key("r.version", "integer", True))
)


async def read(db: Reader) -> Operations:
    """Return all of it, as it is now."""
    counts = await db.fetchrow(_COUNTS)
    return Operations(
        await processes(db),
        await breakers(db),
        await flags(db),
        [_stuck(r) for r in await db.fetch(_STUCK)],
        from_json(counts["by_cause"]),
        counts["escalated"],
        counts["recovered"],
    )


async def breakers(db: Reader) -> list[Breaker]:
    """Return the circuit breakers, those that are not closed first; not those of plans that closed a day ago."""
    return [
        Breaker(
            r["name"],
            r["state"],
            r["failures"],
            r["opened_at"],
            r["retry_at"],
            r["reason"],
            r["forced"],
            r["changed_at"],
            r["next_call_probes"],
        )
        for r in await db.fetch(_BREAKERS)
    ]


async def flags(db: Reader) -> list[Flag]:
    """Return the feature flags."""
    return [
        Flag(r["name"], r["enabled"], r["reason"], r["changed_by"], r["changed_at"]) for r in await db.fetch(_FLAGS)
    ]


async def recoveries(
    db: Reader, *, plan_id: UUID | None = None, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[Recovery]:
    """Return a page of the recovery log, newest first. Raises BadCursor."""
    where = Where()
    if plan_id is not None:
        where.add(f"r.plan_id = {where.arg(plan_id)}")
    if cursor is not None:
        _LOG.start_after(cursor, where)
    rows = await db.fetch(
        f"{_RECOVERIES}, {_LOG.columns()} from rm.recovery r left join rm.plan p on p.plan_id = r.plan_id"
        f" {where.sql()} {_LOG.order_by()}"
        f" limit {limit + 1:d}",
        *where.args,
    )
    return page_of(rows, limit, _LOG, [_recovery(r) for r in rows], None)


def _stuck(r: Any) -> Stuck:
    return Stuck(
        r["plan_id"],
        r["title"],
        r["kind"],
        r["status"],
        r["since"],
        r["due_at"],
        round(r["late_s"], 1),
        r["cause"],
        r["recommendation"],
        r["attempts"],
        r["escalated_at"],
        from_json(r["evidence"]) or {},
    )


def _recovery(r: Any) -> Recovery:
    return Recovery(
        r["plan_id"],
        r["title"],
        r["version"],
        r["type"],
        r["at"],
        r["state"],
        r["cause"],
        r["action"],
        r["attempt"],
        r["due_at"],
        r["stalled_ms"],
        from_json(r["evidence"]),
        r["recommendation"],
    )
