"""What changed since a document before, what became of opportunities, and how often each analyst is right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from projections.reads.proposed import opportunities
from projections.reads.rows import Reader, from_json
from projections.reads.unsourced import without_source
from schemas.lifecycle import APPROVED
from schemas.typed.parts import NotComparedData, PlanBridgeData


@dataclass(frozen=True, slots=True)
class Comparison:
    """A channel of a plan, compared with the document before. `bridge` is None where only opportunities could be.

    `not_compared`: why both documents are not compared as they are; then the bridge, if any, is between two months.
    """

    channel: str
    first_day: date
    last_day: date
    bridge: PlanBridgeData | None
    not_compared: NotComparedData | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one opportunity of `plan_id`, measured by the document of plan `measured_by`."""

    plan_id: UUID
    channel: str
    opportunity_id: str
    measured_by: UUID
    first_day: date
    last_day: date
    measured_from: date
    measured_to: date
    days_in_both: int
    source: str
    model: str
    title: str
    metric: str
    skus: list[str]
    unit: str
    baseline: float | None
    target: float | None
    current: float | None
    verdict: str
    why: str
    promised: float | None
    came: float | None
    acted: str
    tasks: int
    tasks_done: int
    unmatched: list[str]  # numbers of its title without a source in the document


@dataclass(frozen=True, slots=True)
class Awaited:
    """A channel whose opportunities no document has measured yet; one of equal length can, from `check_from` on."""

    channel: str
    last_day: date
    check_from: date


@dataclass(frozen=True, slots=True)
class Results:
    """A plan's comparisons with other documents, and the outcomes of opportunities."""

    changes: list[Comparison]
    earlier: list[Outcome]  # opportunities of earlier plans, measured by this plan's document
    later: list[Outcome]  # this plan's own opportunities, each as the latest document shows it
    awaited: list[Awaited]

    @property
    def any(self) -> bool:
        return bool(self.changes or self.earlier or self.later or self.awaited)


@dataclass(frozen=True, slots=True)
class HitRate:
    """How the opportunities of one rule, or of one agent's model, came out. Each counts once, as last measured.

    `measured` were worked on in time and could be told; `left_alone` were not worked on, and tell what changes by
    itself. `unknown` could not be told, `late` were worked on after the document's last day.
    """

    source: str
    analyst: str
    measured: int
    improved: int
    unchanged: int
    worse: int
    left_alone: int
    left_alone_improved: int
    unknown: int
    late: int
    promised: float | None
    came: float | None

    @property
    def rate(self) -> float | None:
        return self.improved / self.measured if self.measured else None


_COLUMNS: Final = ", ".join(f"o.{name}" for name in Outcome.__dataclass_fields__ if name != "unmatched")
_STRANGE: Final = (
    "(select c.unmatched from rm.plan_channel c where c.plan_id = o.plan_id and c.channel = o.channel) as unmatched"
)
_CHANGES: Final = (
    "select channel, first_day, last_day, bridge, not_compared from rm.comparison where plan_id = $1 order by channel"
)
_EARLIER: Final = f"""
    select {_COLUMNS}, {_STRANGE} from rm.outcome o where measured_by = $1
     order by channel, plan_id, position"""  # noqa: S608 - names of our own
# a document that was withdrawn tells nothing
_LATEST: Final = f"""
    select distinct on (o.plan_id, o.opportunity_id) {_COLUMNS}, o.position
      from rm.outcome o join rm.plan b on b.plan_id = o.measured_by and b.status <> 'cancelled'
     where {{}} order by o.plan_id, o.opportunity_id, o.measured_to desc, o.measured_by"""  # noqa: S608 - as above
_LATER: Final = f"""
    select o.*, {_STRANGE} from ({_LATEST.format("o.plan_id = $1")}) o
     order by channel, position"""  # noqa: S608 - as above
_AWAITED: Final = f"""
    select p.channel, p.first_day, p.last_day
      from decide.channel_period p join rm.plan a on a.plan_id = p.plan_id
     where p.plan_id = $1 and a.status = any($2::text[])
       and exists (select from jsonb_array_elements({opportunities("a")}) o where o ->> 'channel' = p.channel)
       and not exists (select from rm.outcome o where o.plan_id = p.plan_id and o.channel = p.channel)
     order by p.channel"""  # noqa: S608 - no outside text
_NOT_CANCELLED: Final = "exists (select from rm.plan a where a.plan_id = o.plan_id and a.status <> 'cancelled')"
_RATES: Final = f"""
    with latest as ({_LATEST.format(_NOT_CANCELLED)}),
    counted as (select *, acted in ('done', 'part') as worked, verdict <> 'unknown' as told,
                       case source when 'rules' then substr(opportunity_id, length(channel) + 2)
                                   else model end as analyst
                  from latest)
    select source, analyst,
           count(*) filter (where worked and told) as measured,
           count(*) filter (where worked and verdict = 'improved') as improved,
           count(*) filter (where worked and verdict = 'unchanged') as unchanged,
           count(*) filter (where worked and verdict = 'worse') as worse,
           count(*) filter (where told and acted in ('no_task', 'not_done')) as left_alone,
           count(*) filter (where verdict = 'improved' and acted in ('no_task', 'not_done')) as left_alone_improved,
           count(*) filter (where not told) as unknown,
           count(*) filter (where told and acted = 'late') as late,
           sum(promised) filter (where worked and promised is not null and came is not null) as promised,
           sum(came) filter (where worked and promised is not null and came is not null) as came
      from counted group by source, analyst order by source, measured desc, analyst"""  # noqa: S608 - as above


async def of_plan(db: Reader, plan_id: UUID) -> Results:
    """Return the outcomes of a plan's opportunities; none for an unknown plan."""
    return Results(
        [
            Comparison(
                r["channel"], r["first_day"], r["last_day"], from_json(r["bridge"]), from_json(r["not_compared"])
            )
            for r in await db.fetch(_CHANGES, plan_id)
        ],
        [_outcome(r) for r in await db.fetch(_EARLIER, plan_id)],
        [_outcome(r) for r in await db.fetch(_LATER, plan_id)],
        [
            Awaited(r["channel"], r["last_day"], r["last_day"] + (r["last_day"] - r["first_day"]) + timedelta(days=1))
            for r in await db.fetch(_AWAITED, plan_id, sorted(APPROVED))
        ],
    )


async def hit_rates(db: Reader) -> list[HitRate]:
    """Return each rule's and each agent's results, over all plans that were not cancelled."""
    return [HitRate(**dict(row)) for row in await db.fetch(_RATES)]


def _outcome(row: Any) -> Outcome:
    values = {name: row[name] for name in Outcome.__dataclass_fields__}
    strange = without_source(row["title"], row["unmatched"])
    return Outcome(**{**values, "skus": from_json(row["skus"]), "unmatched": strange})
