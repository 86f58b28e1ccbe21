"""Plans: a page of them, one of them with its channels and the count of its tasks."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from projections.plans import by_origin
from projections.plans.parts import ORIGIN, RESULTS, ChannelResult, LaterPhase, channel_result, later_phase
from projections.reads import by_status
from projections.reads import next_phase as next_phase_of
from projections.reads.due import overdue
from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page, counted, page_of
from projections.reads.proposed import opportunities, said
from projections.reads.ranks import by_rank, one_of, rank
from projections.reads.rows import Reader, Where, contains, could_begin_id, from_json
from projections.reads.search import TITLE_BEGINS
from projections.reads.told import by_phase1
from schemas.later_phases import next_phase
from schemas.lifecycle import CHANNEL, PHASE, TASK, ChannelAction, PhaseAction, PlanStatus
from schemas.phase1 import Origin
from schemas.typed.parts import OpportunityData, PhaseData

_ID = Key("plan_id", "uuid")
ORDERS: Final[dict[str, Order]] = {
    o.name: o
    for o in (
        Order("-uploadedAt", (Key("uploaded_at", "timestamptz", descending=True), _ID)),
        Order("uploadedAt", (Key("uploaded_at", "timestamptz"), _ID)),
        Order("-changedAt", (Key("changed_at", "timestamptz", descending=True), _ID)),
        Order("title", (Key(TITLE_BEGINS, "text"), _ID)),  # by the index of how titles begin
        Order("priority", (Key(rank("priority"), "integer"), Key("uploaded_at", "timestamptz"), _ID)),
    )
}
#: Where a channel may be analysed again.
ASKED_IN: Final = CHANNEL[ChannelAction.ANALYSE_AGAIN].needs
#: Where the next phase may begin.
NEXT_IN: Final = PHASE[PhaseAction.START].needs
DEFAULT_ORDER: Final = "-uploadedAt"


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """Which plans: each non-empty field narrows. `channels`: plans for at least one of them."""

    statuses: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    q: str = ""  # part of the title or filename, or the start of the id
    undecided_s: float | None = None  # those that have waited for a decision for longer than so many seconds
    partial: bool = False  # only those of which not every channel was analysed
    teams: tuple[str, ...] = ()  # plans of one of these, by their ids
    stalled: bool = False  # only those that missed a deadline of the system and have not moved on
    next_phase: bool = False  # only those whose next phase waits for a person
    origins: tuple[Origin, ...] = ()  # where Phase 1 is from; a plan without one has none


@dataclass(frozen=True, slots=True)
class TaskCount:
    """How many tasks a plan has, in all, by status, and overdue."""

    total: int = 0
    by_status: dict[str, int] = field(default_factory=dict)
    overdue: int = 0

    @property
    def ended(self) -> int:
        return sum(self.by_status.get(status, 0) for status in TASK.final)


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan as a row of a list."""

    plan_id: UUID
    version: int
    status: str
    title: str
    filename: str
    media_type: str
    size_bytes: int
    channels: list[str]
    priority: str
    partial: bool
    outcomes: list[dict[str, Any]]  # how each channel ended
    waiting_phase: int | None  # the number of the next phase, which waits for a person
    opportunity_count: int
    worth_brl: float | None  # a month, in sum, as far as figures show; None where none does
    phase1_origin: str | None  # agent, rules, fallback or operator; None: no Phase 1 yet
    reason: str
    uploaded_by: str
    decided_by: str
    uploaded_at: datetime | None
    analyzed_at: datetime | None
    decided_at: datetime | None
    phase1_at: datetime | None
    ended_at: datetime | None
    changed_at: datetime
    erased_at: datetime | None  # its document
    erased_by: str | None
    trace_id: str | None
    team: dict[str, Any] | None  # team_id and name; None: of no team
    tasks: TaskCount


@dataclass(frozen=True, slots=True)
class Plan(PlanSummary):
    """A whole plan. `channel_results` has one entry a channel, in the plan's order, waiting ones included.

    `later_phases` have begun, in their order.
    """

    sha256: str
    document_id: UUID | None
    opportunities: list[OpportunityData]
    phases: list[PhaseData]
    phase1: dict[str, Any] | None
    channel_results: list[ChannelResult]
    later_phases: list[LaterPhase] = field(default_factory=list)

    @property
    def phase(self) -> int:
        """Return the number of the phase that began last."""
        return max((one.number for one in self.later_phases), default=1)

    @property
    def next_phase(self) -> PhaseData | None:
        """Return the phase that a person can have begin now, None where it is not time, or there is none."""
        return next_phase(self.phases, self.phase) if self.status in NEXT_IN else None


_SUMMARY = f"""
    plan_id, version, status, title, filename, media_type, size_bytes, channels, priority, partial, outcomes,
    {next_phase_of.NUMBER} as waiting_phase,
    coalesce(opportunity_count, jsonb_array_length(opportunities)) as opportunity_count, {ORIGIN} as phase1_origin,
    reason, uploaded_by, decided_by, uploaded_at, analyzed_at, decided_at, phase1_at, ended_at, changed_at, erased_at,
    erased_by, trace_id, (select jsonb_build_object('team_id', w.team_id, 'name', w.name)
      from decide.plan_team o join access.team w using (team_id) where o.plan_id = plan.plan_id) as team,
    (select jsonb_object_agg(s.status, s.n) from (select t.status, count(*) as n from rm.task t
      where t.plan_id = plan.plan_id group by t.status) s) as tasks,
    (select count(*) from rm.task t where t.plan_id = plan.plan_id and {overdue("t.")}) as tasks_overdue"""  # noqa: S608 - no outside text

_WORTH = """case when opportunity_count is not null then worth_brl
    else (select sum((o ->> 'worth_brl')::float8) from jsonb_array_elements(opportunities) o) end as worth_brl"""
_GET = f"""
    select {_SUMMARY}, {_WORTH}, sha256, document_id, opportunities, phases, {said("plan")} as said, phase1,
           {RESULTS} as channel_results, {by_phase1("plan")} as phase1_told,
           (select jsonb_agg(to_jsonb(l) order by l.number) from rm.plan_phase l where l.plan_id = plan.plan_id)
               as later_phases
      from rm.plan as plan where plan_id = $1"""  # noqa: S608 - no outside text

_PARTS: Final = f"""
    select channels, array(select o ->> 'id' from jsonb_array_elements({opportunities("plan")}) o) as opportunities
      from rm.plan where plan_id = $1"""  # noqa: S608 - no outside text
_PLANS: Final = "rm.plan as plan"
#: They are few: each is found by its id and what comes is sorted, where an index of the order would be read to its end.
_STALLED: Final = """(select * from rm.plan where plan_id = any (array(
    select d.plan_id from flow.deadline d where d.stalled_at is not null)) offset 0) as plan"""
#: Columns of a row of a list that say what they say as they are read.
_AS_READ: Final = tuple(f.name for f in fields(PlanSummary) if f.name not in {"outcomes", "team", "tasks"})
#: Plans that are found by words at most before each question looks for itself.
FEW: Final = 500


async def find(
    db: Reader,
    wanted: PlanFilter,
    *,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
    count: bool = False,
    most: int | None = None,
) -> Page[PlanSummary]:
    """Return a page of plans. `sort` is a key of ORDERS; `most` are counted, None: all. Raises BadCursor."""
    order = ORDERS[sort]
    where = Where()
    _narrow(where, wanted)
    if wanted.origins:
        await by_origin.narrow(db, where, wanted.origins)
        most = by_origin.counted(wanted.origins, most)
    if wanted.q:
        await _by_words(db, where, wanted.q)
    total, more = await _count(db, wanted, where, most) if count else (None, False)
    if cursor is not None:
        order.start_after(cursor, where)
    columns = f"{_SUMMARY}, {_WORTH}, {order.columns()}"
    picked = f"{order.order_by()} limit {limit + 1:d}"
    every = f"select * from {_STALLED if wanted.stalled else _PLANS} {where.sql()}"  # noqa: S608 - placeholders only
    if total is not None and total <= FEW and not more:  # they are found as they were counted, and sorted
        every = f"select * from ({every} offset 0) few where true"  # noqa: S608 - placeholders only
    if order.name == "priority":
        every = " union all ".join(by_rank(every, picked, "priority"))
    sql = f"select {columns} from ({every}) as plan {picked}"  # noqa: S608 - placeholders only
    rows = await db.fetch(sql, *where.args)
    return replace(page_of(rows, limit, order, [PlanSummary(**_summary(r)) for r in rows], total), at_least=more)


async def _count(db: Reader, wanted: PlanFilter, where: Where, most: int | None) -> tuple[int, bool]:
    """Return how many plans fit, and whether more do. By their status alone the database has counted them."""
    if wanted == PlanFilter(statuses=wanted.statuses):
        known = await by_status.listed(db, "plan", wanted.statuses)
        if known is not None:
            return known, False
    return await counted(db, f"from {_STALLED if wanted.stalled else _PLANS} {where.sql()}", where.args, most)


async def get(db: Reader, plan_id: UUID) -> Plan | None:
    """Return one plan as far as it has been projected; None where the read model does not know it (yet)."""
    row = await db.fetchrow(_GET, plan_id)
    if row is None:
        return None
    phase1: dict[str, Any] | None = from_json(row["phase1"])
    if row["phase1_told"] is not None:
        phase1 = {name: value for name, value in from_json(row["phase1_told"]).items() if name != "plan_id"}
    said = from_json(row["said"]) or {name: from_json(row[name]) for name in ("opportunities", "phases")}
    results = {r["channel"]: r for r in from_json(row["channel_results"]) or []}
    return Plan(
        **_summary(row),
        sha256=row["sha256"],
        document_id=row["document_id"],
        opportunities=said["opportunities"],
        phases=said["phases"],
        phase1=None if phase1 is None else {**phase1, "origin": row["phase1_origin"]},
        channel_results=[
            channel_result(results[c], going=row["status"] in ASKED_IN) if c in results else ChannelResult(c, "waiting")
            for c in row["channels"]
        ],
        later_phases=[later_phase(one) for one in from_json(row["later_phases"]) or []],
    )


async def version_of(db: Reader, plan_id: UUID) -> int | None:
    """Return the version that the read model has reached; None where it does not know the plan (yet)."""
    return cast("int | None", await db.fetchval("select version from rm.plan where plan_id = $1", plan_id))


async def parts_of(db: Reader, plan_id: UUID) -> tuple[list[str], set[str]] | None:
    """Return a plan's channels and the ids of its opportunities; None where the read model does not know it (yet)."""
    row = await db.fetchrow(_PARTS, plan_id)
    return None if row is None else (list(row["channels"]), set(row["opportunities"]))


def _narrow(where: Where, wanted: PlanFilter) -> None:
    where.add("uploaded_at is not null")
    where.any_of("status", wanted.statuses)
    if wanted.priorities:
        where.add(one_of("priority", wanted.priorities))
    if wanted.channels:
        where.add(f"channels && {where.arg(list(wanted.channels))}::text[]")
    if wanted.undecided_s is not None:
        late = f"analyzed_at < now() - make_interval(secs => {where.arg(wanted.undecided_s)}::float8)"
        where.add(f"status = '{PlanStatus.AWAITING_APPROVAL}' and {late}")
    if wanted.next_phase:
        where.add(next_phase_of.WAITS)
    if wanted.partial:
        where.add("partial")
    if wanted.teams:
        of = where.arg(list(wanted.teams))
        where.add(f"plan_id in (select plan_id from decide.plan_team where team_id = any ({of}::uuid[]))")  # noqa: S608 - a placeholder


async def _by_words(db: Reader, where: Where, words: str) -> None:
    """Narrow to the plans with these words: of words that few have, every plan is looked at once, and not twice."""
    few = Where()
    few.add("uploaded_at is not null")
    few.add(_fits(few, words))
    rows = await db.fetch(f"select plan_id from rm.plan {few.sql()} limit {FEW + 1:d}", *few.args)  # noqa: S608 - placeholders only
    if len(rows) > FEW:  # of words that many have, a page and a count are found soon
        where.add(_fits(where, words))
    else:
        where.add(f"plan_id = any ({where.arg([row['plan_id'] for row in rows])}::uuid[])")


def _fits(where: Where, words: str) -> str:
    """Return the condition that a plan has these words."""
    fits = where.has("title || chr(10) || filename", words)
    if could_begin_id(words):
        fits += f" or plan_id::text like {where.arg(contains(words.lower())[1:])}"
    return f"({fits})"


def _summary(row: Any) -> dict[str, Any]:
    by_status: dict[str, int] = from_json(row["tasks"]) or {}
    return {
        **{name: row[name] for name in _AS_READ},
        "outcomes": from_json(row["outcomes"]),
        "team": from_json(row["team"]),
        "tasks": TaskCount(sum(by_status.values()), by_status, row["tasks_overdue"]),
    }
