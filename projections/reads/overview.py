"""Reads what waits and for how long: the figures behind the health report and the first page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from projections.reads.answers import ANSWERS, Answers, answers
from projections.reads.burning import BURNING, Burnings, burnings
from projections.reads.by_status import ASKING, PLANS, TASKS
from projections.reads.due import OVER_FOR, overdue
from projections.reads.ended import ANALYSED, PHASE1_MADE, TASKS_ENDED
from projections.reads.next_phase import WAITING
from projections.reads.rows import Reader, from_json
from projections.reads.sessions import SESSIONS, Sessions, sessions
from schemas import outbox_seal
from schemas.belief import DISBELIEVED
from schemas.topics import PROJECTIONS


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many are in a state and for how many seconds the oldest has been in it."""

    count: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Outbox:
    """Accepted commands that the log has not acknowledged yet.

    `set_aside`: events that can never go as they are, and those behind them; `set_aside_first`: the number of the
    oldest of the former. `changed`: those of them that are not as they were decided.
    """

    waiting: int
    oldest_seconds: float
    set_aside: int = 0
    set_aside_first: int | None = None
    changed: int = 0


@dataclass(frozen=True, slots=True)
class ProjectionLag:
    """Events that the log has and the read models have not, among the last `LAG_WINDOW` published ones."""

    behind: int
    oldest_seconds: float
    last_change_at: datetime | None


@dataclass(frozen=True, slots=True)
class Undecided:
    """Records whose dead letters wait for a person, each once, however many groups gave it up.

    `blocked` ones came back three times. `oldest_seconds`: of both. The latest came `latest_seconds` ago.
    `recent`: those that came within the last `RECENT_S` seconds. `forged`: those of them that are not believed, the
    oldest for `forged_seconds`.
    """

    open: int = 0
    blocked: int = 0
    oldest_seconds: float = 0.0
    recent: int = 0
    forged: int = 0
    forged_seconds: float = 0.0
    latest_seconds: float = 0.0

    @property
    def count(self) -> int:
        return self.open + self.blocked


@dataclass(frozen=True, slots=True)
class Retrying:
    """Records that wait for another attempt. `overdue_seconds`: since the first one was due.

    What waits behind another record is not overdue, whatever its time is.
    """

    count: int = 0
    oldest_due_at: datetime | None = None
    overdue_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Aside:
    """Dead letters and parked records: two looks into small indexes, however many there are."""

    letters: Undecided = Undecided()
    retrying: Retrying = Retrying()


@dataclass(frozen=True, slots=True)
class Ended:
    """How many of the latest of something ended, and how many of those failed."""

    ended: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """`plans_without_phase1`: approved ones, of whose Phase 1 and tasks not all can be read yet.

    Their age counts from the decision, wherever they wait since: in the outbox, in the log, or for the read models.
    `partial_plans` and `empty_plans` await a decision: not every channel was analysed, or no opportunity was found.
    `analysed`: channels of the latest plans whose analysis ended, and how many of them somebody failed at first;
    `phase1_made`: the latest plans whose Phase 1 was tried, and of how many an attempt failed; `tasks_ended`: the
    latest tasks that were completed or failed. `answers`: the latest of each agent. `decisions_late`: plans that have
    waited for a decision for longer than was asked for. `tasks_overdue`: tasks that have not ended and whose day is
    over. `next_phases`: completed plans whose next phase waits for a person. `published_at`: when the relay last
    published an event. `log_cut`: how many records the log had lost at its end, within `LOG_CUT_S`, and how long ago
    that was found at first.
    """

    plans: dict[str, Waiting]  # by status
    tasks: dict[str, Waiting]  # by status
    plans_without_phase1: Waiting
    partial_plans: int
    outbox: Outbox
    projection: ProjectionLag
    aside: Aside = Aside()
    empty_plans: int = 0
    analysed: Ended = Ended()
    phase1_made: Ended = Ended()
    tasks_ended: Ended = Ended()
    answers: tuple[Answers, ...] = ()
    database_bytes: int = 0
    burning: Burnings = field(default_factory=dict)
    decisions_late: Waiting = Waiting(0, 0.0)
    tasks_overdue: Waiting = Waiting(0, 0.0)
    next_phases: Waiting = Waiting(0, 0.0)
    published_at: datetime | None = None
    log_cut: Waiting = Waiting(0, 0.0)
    sessions: Sessions = field(default_factory=Sessions)


#: Seconds that a plan may wait for a person, where nobody says otherwise.
DECISION_DUE_S = 24 * 3600.0
LAG_WINDOW = 500
#: The time for which it is reported that the log had lost its end.
LOG_CUT_S = 3600
RECENT_S = 300

# A deadline that is met stays until the watchdog sees it, however late that is: it is no wait. Of the young ones nobody
# is told, so they are only counted.
_WITHOUT_PHASE1 = """
    select jsonb_build_array(count(*), coalesce(extract(epoch from now() - min(since)), 0))
      from flow.deadline d left join rm.plan p on p.plan_id = d.plan_id and d.since < now() - interval '2 seconds'
     where d.kind = 'phase1'
       and (p.phase1 is null
            or jsonb_array_length(p.phase1 -> 'tasks')
               > (select count(*) from rm.task t where t.plan_id = d.plan_id))"""
_OUTBOX = f"""
    select jsonb_build_array(count(*) filter (where on_its_way),
                             coalesce(extract(epoch from now() - min(stored_at) filter (where on_its_way)), 0),
                             count(*) filter (where held_at is not null),
                             min(seq) filter (where held_why is not null),
                             count(*) filter (where held_why like '{outbox_seal.FORGED}%'))
      from (select seq, stored_at, held_at, held_why, held_at is null and topic <> 'system.events' as on_its_way
              from decide.outbox where published_at is null) o"""  # noqa: S608 - no outside text
# Each event is looked up by itself, `limit 1`: joined, the whole timeline would be read, and it grows for ever.
# Of what was published until $2 all was seen to be shown before.
# What never comes to the timeline is no lag: bytes that are sent as they are, such as a replayed letter's, and events
# that the projections gave up. Those are dead letters, and told as such.
# Postgres is asked whether a text is a UUID: a pattern costs four times as much, for each of 500 rows a second.
LAG = f"""
    with published as materialized (
        select case when pg_input_is_valid(key, 'uuid') then key::uuid end as plan_id, stream, version, published_at,
               case when type = 'task.created' and version = 1 and starts_with(stream, 'task-')
                         and pg_input_is_valid(substr(stream, 6), 'uuid') then substr(stream, 6)::uuid end as task_id
          from decide.outbox
         where published_at > coalesce($2::timestamptz, '-infinity')
           and topic in ('plan.events', 'task.events') and raw_headers is null
         order by published_at desc limit {LAG_WINDOW})
    select jsonb_build_array(count(*), coalesce(extract(epoch from now() - min(o.published_at)), 0)) from published o
     where (select true from rm.timeline t
             where t.plan_id = o.plan_id and t.stream = o.stream and t.version = o.version limit 1) is null
       and not exists (select 1 from rm.task k  -- told by its phase, it has no row of its own
                        where o.task_id is not null and k.task_id = o.task_id and k.created_at is not null)
       and not exists (select 1 from rm.dead_letter d
                        where d.plan_id = o.plan_id and d.grp = '{PROJECTIONS}'
                          and d.data ->> 'stream' = o.stream and d.data ->> 'version' = o.version::text)"""  # noqa: S608 - constants
# `since` is the broker's clock or that of who wrote the letter: nobody acts by it, people read it.
# A record that several groups gave up is one that needs somebody, though it has a letter of each.
LETTERS = f"""
    select jsonb_build_array(count(*) filter (where not blocked), count(*) filter (where blocked),
                             coalesce(extract(epoch from now() - min(since)), 0),
                             count(*) filter (where since > now() - interval '{RECENT_S} seconds'),
                             coalesce(extract(epoch from now() - max(since)), 0))
      from (select bool_or(state = 'parked') as blocked, min(dead_at) as since
              from rm.dead_letter where state in ('open', 'parked') and dead_at is not null
             group by orig_topic, orig_partition, orig_offset) s"""  # noqa: S608 - a constant
# By an index of its own (dead_letter_disbelieved), whose codes these are.
FORGED = f"""
    select jsonb_build_array(count(*), coalesce(extract(epoch from now() - min(since)), 0))
      from (select min(dead_at) as since from rm.dead_letter
             where state in ('open', 'parked') and dead_at is not null
               and code in ({", ".join(repr(code) for code in sorted(DISBELIEVED))})
             group by orig_topic, orig_partition, orig_offset) s"""  # noqa: S608 - constants
_RETRYING = """
    select jsonb_build_array(count(*), min(due_at),
                             coalesce(extract(epoch from now() - min(due_at) filter (where behind = '')), 0))
      from flow.parked where state = 'waiting'"""
# Since the latest analysis, by the broker's clock: another one begins another wait.
_DECISIONS_LATE = """
    select jsonb_build_array(count(*), coalesce(extract(epoch from now() - min(analyzed_at)), 0))
      from rm.plan where status = 'awaiting_approval' and analyzed_at < now() - make_interval(secs => $1)"""
_TASKS_OVERDUE = f"select jsonb_build_array(count(*), coalesce({OVER_FOR}, 0)) from rm.task where {overdue()}"  # noqa: S608 - constants
_LOG_CUT = f"""
    select jsonb_build_array(coalesce(sum(reached - kept), 0), coalesce(extract(epoch from now() - min(found_at)), 0))
      from flow.log_cut where found_at > now() - interval '{LOG_CUT_S} seconds'"""  # noqa: S608 - a constant
# Pages as they were counted last: exact sizes would look at every file each time.
_BYTES = """
    select coalesce(sum(relpages::bigint), 0) * current_setting('block_size')::bigint from pg_class
     where relkind in ('r', 'i', 't', 'm')"""
_OVERVIEW = f"""
    select ({PLANS}) as plans, ({TASKS}) as tasks, ({_OUTBOX}) as outbox, ({LAG}) as lag,
           ({_WITHOUT_PHASE1}) as without_phase1, ({LETTERS}) as letters, ({_RETRYING}) as retrying,
           ({FORGED}) as forged, ({ASKING}) as asking, ({ANALYSED}) as analysed, ({PHASE1_MADE}) as phase1_made,
           ({TASKS_ENDED}) as tasks_ended, ({ANSWERS}) as answers, ({_BYTES}) as bytes,
           ({BURNING}) as burning, ({_DECISIONS_LATE}) as decisions_late, ({_TASKS_OVERDUE}) as tasks_overdue,
           ({WAITING}) as next_phases, ({SESSIONS}) as sessions, ({_LOG_CUT}) as log_cut,
           (select max(changed_at) from rm.projection_offset) as last_change_at,
           (select max(published_at) from decide.outbox where published_at is not null) as published_at"""  # noqa: S608 - constants only


_OWN = f"""
    select ({PLANS}) as plans, ({TASKS}) as tasks, ({ASKING}) as asking, ({LETTERS}) as letters,
           ({FORGED}) as forged, ({_RETRYING}) as retrying, ({_DECISIONS_LATE}) as decisions_late,
           ({_TASKS_OVERDUE}) as tasks_overdue, ({WAITING}) as next_phases"""


async def read(db: Reader, decision_due_s: float = DECISION_DUE_S, shown_until: datetime | None = None) -> Overview:
    """Return the whole overview in one round trip. `decision_due_s`: how long a plan may wait for a decision.

    `shown_until`: an earlier read found everything published until then in the read models, so it is not checked again.
    """
    row = await db.fetchrow(_OVERVIEW, decision_due_s, shown_until)
    return Overview(
        **_of_plans(row),
        plans_without_phase1=Waiting(*_pair(from_json(row["without_phase1"]))),
        outbox=_outbox(row["outbox"]),
        projection=ProjectionLag(*_pair(from_json(row["lag"])), row["last_change_at"]),
        analysed=Ended(*from_json(row["analysed"])),
        phase1_made=Ended(*from_json(row["phase1_made"])),
        tasks_ended=Ended(*from_json(row["tasks_ended"])),
        answers=answers(row["answers"]),
        database_bytes=int(row["bytes"]),
        burning=burnings(row["burning"]),
        published_at=row["published_at"],
        log_cut=Waiting(*_pair(from_json(row["log_cut"]))),
        sessions=sessions(row["sessions"]),
    )


async def own(db: Reader, whole: Overview, decision_due_s: float = DECISION_DUE_S) -> Overview:
    """Return the overview with only the plans, tasks, letters and retries that `db` reads; all else stays."""
    return replace(whole, **_of_plans(await db.fetchrow(_OWN, decision_due_s)))


def _of_plans(row: Any) -> dict[str, Any]:
    partial, empty = from_json(row["asking"])
    return {
        "plans": _waiting(row["plans"]),
        "tasks": _waiting(row["tasks"]),
        "partial_plans": partial,
        "empty_plans": empty,
        "aside": _aside(row),
        "decisions_late": Waiting(*_pair(from_json(row["decisions_late"]))),
        "tasks_overdue": Waiting(*_pair(from_json(row["tasks_overdue"]))),
        "next_phases": Waiting(*_pair(from_json(row["next_phases"]))),
    }


def _outbox(data: Any) -> Outbox:
    *waiting, set_aside, first, changed = from_json(data)
    return Outbox(*_pair(waiting), int(set_aside), first, int(changed))


def _aside(row: Any) -> Aside:
    opened, blocked, oldest, recent, latest = from_json(row["letters"])
    oldest_s, latest_s = (round(max(0.0, float(age)), 3) for age in (oldest, latest))
    count, due, overdue = from_json(row["retrying"])
    return Aside(
        Undecided(int(opened), int(blocked), oldest_s, int(recent), *_pair(from_json(row["forged"])), latest_s),
        Retrying(int(count), due and datetime.fromisoformat(due), round(max(0.0, float(overdue)), 3)),
    )


def _waiting(data: Any) -> dict[str, Waiting]:
    return {status: Waiting(*_pair(pair)) for status, pair in (from_json(data) or {}).items()}


def _pair(pair: Any) -> tuple[int, float]:
    count, seconds = pair
    return int(count), round(max(0.0, float(seconds)), 3)
