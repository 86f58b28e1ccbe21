"""Processes, breakers, flags, and stalled plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from projections.reads import agent_spend, alerts, webhooks
from projections.reads.disks import Disk, disks_of
from projections.reads.processes import ROLES, Group, Process, groups_seen, processes
from projections.reads.rows import Reader, from_json

#: An alert engine that has looked at nothing for so long does not work.
IDLE_S: Final = 15.0
#: Stalled plans that are listed; all are counted.
LISTED: Final = 50


@dataclass(frozen=True, slots=True)
class Breaker:
    """`state`: closed, open or half_open. `retry_at` None while open: only a person closes it.

    `next_call_probes`: it is not closed, but its time is over, so the next call goes through as a probe.
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


@dataclass(frozen=True, slots=True)
class Flag:
    name: str
    enabled: bool
    reason: str
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class StalledPlan:
    """A plan that missed a deadline of the system and has not moved on yet. `kind`: analysis or phase1.

    `action`: the recovery that was begun last, "" where none was.
    """

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
    action: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """A plan that waits for the system. `kind`: analysis or phase1; `stalled`: it missed its deadline."""

    kind: str
    waited_seconds: float
    stalled: StalledPlan | None


@dataclass(frozen=True, slots=True)
class Stall:
    """All plans that are stalled for one cause; `escalated`: how many of them wait for a person."""

    cause: str
    count: int
    escalated: int = 0
    oldest_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanStall:
    """Why a plan is stalled; `escalated`: a person was asked to look."""

    cause: str
    escalated: bool


@dataclass(frozen=True, slots=True)
class Operations:
    """`stalled` is cut at LISTED, `stalls` counts all."""

    processes: list[Process] = field(default_factory=list)
    breakers: list[Breaker] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    stalled: list[StalledPlan] = field(default_factory=list)
    stalls: list[Stall] = field(default_factory=list)
    recovered_today: int = 0
    agents_cost: float = 0.0
    alerts_open: int = 0
    webhooks: list[webhooks.Waiting] = field(default_factory=list)
    plain_secrets: int = 0
    agents_calls: int = 0
    agents_unpriced: int = 0

    @property
    def groups(self) -> list[Group]:
        """Return the consumer groups as the watchdog sees them."""
        return groups_seen(self.processes)

    @property
    def stalled_by_cause(self) -> dict[str, int]:
        return {stall.cause: stall.count for stall in self.stalls}

    @property
    def escalated(self) -> int:
        return sum(stall.escalated for stall in self.stalls)

    @property
    def missing_roles(self) -> list[str]:
        """Return the roles that have no running process, and none that is being restarted.

        A gateway is missing at once, restarted or not, because nobody is served meanwhile.
        """
        living = {p.role for p in self.processes if p.connected or (p.begins_anew and p.role != "gateway")}
        return [role for role in ROLES if role not in living]

    @property
    def broker_away(self) -> tuple[float, str] | None:
        """Return for how long the broker has not answered any watchdog that is well, and why; None where it answers."""
        return self._away("broker")

    @property
    def registry_away(self) -> tuple[float, str] | None:
        """Return for how long the schema registry has been away, and why; None if it answers, or is not reported."""
        return self._away("registry")

    def _away(self, of: str) -> tuple[float, str] | None:
        away_s = f"{of}_away_s"
        told = [p.progress for p in self.processes if p.role == "watchdog" and p.well and away_s in p.progress]
        least = min(told, key=lambda progress: float(progress[away_s]), default=None)
        if least is None or not least[away_s]:
            return None
        return float(least[away_s]), str(least.get(f"{of}_error", ""))

    @property
    def answers(self) -> tuple[int, int] | None:
        """Return how many requests the gateways answered lately, and failed to serve; None where none tells."""
        gateways = [p.progress for p in self.processes if p.role == "gateway" and p.well]
        told = [progress["answers"] for progress in gateways if "answers" in progress]
        return (sum(answered for answered, _ in told), sum(failed for _, failed in told)) if told else None

    @property
    def disks(self) -> list[Disk]:
        """Return the disks that processes see, each once."""
        return disks_of(self.processes)

    @property
    def disks_unseen(self) -> list[str]:
        """Return the owners of disks that every watchdog fails to read; earlier versions report none."""
        told = [p.progress for p in self.processes if p.role == "watchdog" and p.well and "disks_unseen" in p.progress]
        unseen = [set(progress["disks_unseen"]) for progress in told]
        return sorted(set.intersection(*unseen)) if unseen else []

    @property
    def engines(self) -> list[Process]:
        """Return the alert engines that have a heartbeat and read the verdict, as far as they report it."""
        well = [p for p in self.processes if p.role == "alerts" and p.well]
        return [p for p in well if float(p.progress.get("idle_s", 0.0)) < IDLE_S]

    @property
    def nobody_told(self) -> bool:
        """Return whether no alert engine has a notifier."""
        return bool(self.engines) and all(p.progress.get("notifiers") == [] for p in self.engines)

    @property
    def agents_budget(self) -> float | None:
        """Return the agents' budget of this month; None where no runner has one."""
        told = [p.progress.get("budget") for p in self.processes if p.role == "runner" and p.connected]
        return max((float(budget) for budget in told if budget), default=None)

    @property
    def not_closed(self) -> list[Breaker]:
        return [b for b in self.breakers if b.state != "closed"]

    @property
    def holding_back(self) -> list[Breaker]:
        return [b for b in self.not_closed if not b.next_call_probes]

    @property
    def switched_off(self) -> list[Flag]:
        return [f for f in self.flags if not f.enabled]


_BREAKERS = """
    select name, state, failures, opened_at, retry_at, reason, forced, changed_at,
           case state when 'open' then coalesce(retry_at <= clock_timestamp(), false)
                      when 'half_open' then coalesce(probe_until <= clock_timestamp(), true)
                      else false end as next_call_probes
      from flow.breaker
     where state <> 'closed' or name not like 'plan:%' or changed_at > clock_timestamp() - interval '1 day'
     order by state = 'closed', name limit 200"""
_FLAGS = "select name, enabled, reason, changed_by, changed_at from flow.flag order by name"
_STALLED = """
    select d.plan_id, coalesce(p.title, '') as title, d.kind, coalesce(p.status, '') as status, d.since, d.due_at,
           extract(epoch from clock_timestamp() - d.due_at)::float8 as late_s, d.stalled_at,
           extract(epoch from clock_timestamp() - d.since)::float8 as waited_s, coalesce(d.cause, '') as cause,
           coalesce(d.recommendation, '') as recommendation, d.attempts, d.escalated_at, d.evidence,
           coalesce((select r.action from rm.recovery r where r.plan_id = d.plan_id and r.type = 'plan.recovery.started'
                      order by r.version desc limit 1), '') as action
      from flow.deadline d left join rm.plan p on p.plan_id = d.plan_id"""
_STALLS = """
    select coalesce(cause, '') as cause, count(*) as n, count(escalated_at) as escalated, min(due_at) as oldest
      from flow.deadline where stalled_at is not null group by 1 order by 1"""
RECOVERED = "select count(*) from rm.recovery where type = 'plan.recovered' and at >= date_trunc('day', now())"


async def read(db: Reader) -> Operations:
    """Return processes, breakers, flags and stalled plans as they are now."""
    spent = await agent_spend.of_this_month(db)
    return Operations(
        await processes(db),
        await breakers(db),
        await flags(db),
        await stalled(db),
        await stalls(db),
        await db.fetchval(RECOVERED),
        sum(spend.cost for spend in spent),
        await alerts.open_count(db),
        await webhooks.queues(db),
        await webhooks.plain_secrets(db),
        sum(spend.calls for spend in spent),
        sum(spend.calls for spend in spent if spend.unpriced),
    )


async def stalled(db: Reader) -> list[StalledPlan]:
    """Return the stalled plans, the longest overdue first."""
    rows = await db.fetch(f"{_STALLED} where d.stalled_at is not null order by d.due_at limit {LISTED}")
    return [_stalled_plan(r) for r in rows]


async def stalls(db: Reader) -> list[Stall]:
    """Return how many plans are stalled for each cause."""
    return [Stall(r["cause"], r["n"], r["escalated"], r["oldest"]) for r in await db.fetch(_STALLS)]


async def stalls_of(db: Reader, plans: Sequence[UUID]) -> dict[UUID, PlanStall]:
    """Return the stalled ones among these plans, each with its cause."""
    rows = await db.fetch(
        "select plan_id, coalesce(cause, '') as cause, escalated_at is not null as escalated from flow.deadline"
        " where stalled_at is not null and plan_id = any ($1) order by escalated_at nulls first, due_at desc",
        plans,
    )
    return {row["plan_id"]: PlanStall(row["cause"], row["escalated"]) for row in rows}


async def waits(db: Reader, plan_id: UUID) -> list[Wait]:
    """Return the step that a plan waits for from the system: none, its analysis or its Phase 1."""
    return [
        Wait(r["kind"], round(max(0.0, r["waited_s"]), 1), None if r["stalled_at"] is None else _stalled_plan(r))
        for r in await db.fetch(f"{_STALLED} where d.plan_id = $1", plan_id)
    ]


async def breakers(db: Reader) -> list[Breaker]:
    """Return the circuit breakers, open ones first; breakers of plans are left out a day after they closed."""
    return [Breaker(**row) for row in await db.fetch(_BREAKERS)]


async def flags(db: Reader) -> list[Flag]:
    """Return the feature flags."""
    return [Flag(**row) for row in await db.fetch(_FLAGS)]


def _stalled_plan(r: Any) -> StalledPlan:
    return StalledPlan(
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
        r["action"],
    )
