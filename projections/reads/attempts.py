"""The history of jobs: each attempt at an analysis, Phase 1, a task or a replay, with its outcome, time and reason.

What ended is derived from the events of the plan. What failed and was made again is in flow.job_attempt for 90 days,
the last failure of all in its dead letter, and what became of a replayed letter in its replay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

from projections.reads.rows import Reader, from_json
from schemas.lifecycle import CHANNEL, TASK, ChannelAction, TaskStatus
from schemas.topics import AGENTS, ANALYSIS
from schemas.typed.parts import AgentUseData

Job = Literal["analysis", "phase1", "task", "replay", "other"]
Outcome = Literal["done", "failed", "dead", "kept", "cancelled", "running"]
#: Where a task is -> how the attempt at it has ended by that.
_BY_STATUS: Final[Mapping[TaskStatus, Outcome]] = {
    TaskStatus.COMPLETED: "done",
    TaskStatus.FAILED: "failed",
    TaskStatus.CANCELLED: "cancelled",
}
#: Event of a task -> how the attempt at it has ended by that.
OF_TASKS: Final[Mapping[str, Outcome]] = {
    event: _BY_STATUS[to] for event, to in TASK.leads_to.items() if to in _BY_STATUS
}
_ENDINGS: Final[Mapping[str, Outcome]] = {
    "plan.channel.analyzed": "done",
    "plan.channel.failed": "failed",
    "plan.channel.kept": "kept",
}
#: Events that an attempt beside tasks begins or ends with, and those that are read of one plan at most.
_TYPES: Final = (
    *_ENDINGS,
    "plan.uploaded",
    "plan.approved",
    "plan.phase1.created",
    CHANNEL[ChannelAction.ANALYSE_AGAIN].event,
)
MOST_EVENTS: Final = 5000
#: Jobs whose attempts are numbered through.
_COUNTED: Final = frozenset({"analysis", "phase1"})
_LAST: Final = datetime.max.replace(tzinfo=UTC)
#: Fields by which an attempt is told are all that is read of a plan's event. The plan itself, which is nearly all
#: of the bytes, stays where it is stored: an approval and a Phase 1 are told by their time alone.
_TOLD: Final = ", ".join(
    f"{name} json"
    for name in ("channel", "channels", "model", "analyst", "fallback", "failures", "code", "reason", "use")
)
_EVENTS: Final = f"""
    select e.type, e.occurred_at, e.recorded_at, e.actor,
           case when e.type in ('plan.approved', 'plan.phase1.created') then '{{}}'
                else (select row_to_json(told)::text from json_to_record(e.data) as told ({_TOLD})) end as data
      from (select type, occurred_at, recorded_at, actor, topic, "offset", data from rm.timeline
             where plan_id = $1 and type = any ($2) order by recorded_at, topic, "offset" limit $3) e
     order by e.recorded_at, e.topic, e."offset"
"""  # noqa: S608 - constants only
#: The job that a record belongs to, by the type of its event and the group that was to handle it.
JOBS: Final[Mapping[tuple[str, str], Job]] = {
    ("analysis.requested", ANALYSIS): "analysis",
    ("plan.approved", AGENTS): "phase1",
}
#: The stream of a letter's event, as its headers say it.
STREAM: Final = """
    coalesce((select h ->> 1 from jsonb_array_elements(d.headers) h where h ->> 0 = 'ce_subject' limit 1), '')"""
_LETTERS: Final = f"""
    select d.record_id, d.attempts as attempt, d.grp, d.type, d.code, d.message, d.dead_at as at, {STREAM} as stream
      from rm.dead_letter d where d.plan_id = $1 and d.dead_at is not null"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt. None: unknown; a failed attempt does not tell when it began.

    `seconds`: from what asked for it until it was recorded, its waits included. `by`: who did it. Outcome `dead`: it
    failed for the last time and is a dead letter; `kept`: it failed and the result before stays. `use`: what the calls
    to agents took, those too whose answer was not used or gave way to another analysis; none where nobody noted it.
    `number`: of all attempts at the same job; agents that gave nothing have that of the attempt which asked them.
    `record_id`: the record that was to be handled, "" where the attempt is known by its event.
    """

    job: Job
    subject: str  # channel, task, or the record where that is not known
    number: int
    outcome: Outcome
    began_at: datetime | None
    ended_at: datetime | None
    by: str = ""
    code: str = ""
    reason: str = ""
    use: tuple[AgentUseData, ...] = ()
    record_id: str = ""

    @property
    def seconds(self) -> float | None:
        if self.began_at is None or self.ended_at is None:
            return None
        return max(0.0, (self.ended_at - self.began_at).total_seconds())


async def beside_tasks(db: Reader, plan_id: UUID) -> list[Attempt]:
    """Return the attempts of one plan but for those at its tasks."""
    events = await db.fetch(_EVENTS, plan_id, list(_TYPES), MOST_EVENTS)
    failed = await db.fetch(
        "select record_id, attempt, grp, type, code, message, at, stream from flow.job_attempt where key = $1",
        str(plan_id),
    )
    letters = await db.fetch(_LETTERS, plan_id)
    replayed = await db.fetch(
        "select i.record_id, i.outcome, i.at, j.actor from rm.dead_letter d join flow.replay_item i using (record_id)"
        " join flow.replay_job j using (job_id) where d.plan_id = $1 and i.outcome is not null order by i.at",
        plan_id,
    )
    records = [*(_of_record(row, "failed") for row in failed), *(_of_record(row, "dead") for row in letters)]
    return [*numbered([*from_events(events), *records]), *_replays(replayed)]


def numbered(found: Iterable[Attempt]) -> list[Attempt]:
    """Return the attempts; those at one analysis, and at one Phase 1, are numbered in one count.

    Records count their own attempts, and events tell only of what ended, so their numbers differ.
    """
    known: dict[tuple[Job, str], dict[tuple[str, int], list[Attempt]]] = {}
    others: list[Attempt] = []
    for one in found:
        if one.job not in _COUNTED or (one.record_id and one.subject == one.record_id):
            others.append(one)
            continue
        # what events tell of one attempt has one number; of a record each is an attempt
        place = (f"{one.record_id}@{one.ended_at}", one.number) if one.record_id else ("", one.number)
        known.setdefault((one.job, one.subject), {}).setdefault(place, []).append(one)
    for together in known.values():
        ordered = sorted(together.values(), key=lambda same: max(one.ended_at or _LAST for one in same))
        others += [replace(one, number=number) for number, same in enumerate(ordered, start=1) for one in same]
    return others


def channel_of(stream: str) -> str:
    """Return the channel that the stream of a request for an analysis names, "" where it names none."""
    return stream.partition(".")[2]


def from_events(events: Iterable[Mapping[str, Any]]) -> list[Attempt]:
    """Return the attempts that events of a plan tell of, but for those of its tasks, in the order of the log."""
    going: dict[tuple[Job, str], Attempt] = {}
    ended: list[Attempt] = []
    for event in events:
        data = from_json(event["data"])
        match event["type"]:
            case "plan.uploaded":
                for channel in data.get("channels") or ():
                    going["analysis", channel] = Attempt("analysis", channel, 1, "running", event["occurred_at"], None)
            case "plan.channel.requested_again":
                place: tuple[Job, str] = ("analysis", data["channel"])
                number = 1 + max((one.number for one in ended if (one.job, one.subject) == place), default=0)
                going[place] = Attempt("analysis", data["channel"], number, "running", event["occurred_at"], None)
            case "plan.channel.analyzed" | "plan.channel.failed" | "plan.channel.kept":
                ended += _analysis(event, data, going.pop(("analysis", data["channel"]), None))
            case "plan.approved":
                going["phase1", ""] = Attempt("phase1", "", 1, "running", event["occurred_at"], None)
            case "plan.phase1.created":
                one = going.pop(("phase1", ""), None) or Attempt("phase1", "", 1, "running", None, None)
                ended.append(replace(one, outcome="done", ended_at=event["recorded_at"], by=event["actor"]))
    return [*ended, *going.values()]


def _analysis(event: Mapping[str, Any], data: Mapping[str, Any], begun: Attempt | None) -> Iterable[Attempt]:
    """Yield the agents that failed, in their order, and the outcome of a channel's analysis."""
    one = begun or Attempt("analysis", data["channel"], 1, "running", None, None)
    use: list[AgentUseData] = list(data.get("use") or ())
    for gave_nothing in data.get("fallback") or data.get("failures") or ():
        own = [one_agent for one_agent in use if one_agent["agent"] == gave_nothing["agent"]]
        use = [one_agent for one_agent in use if one_agent not in own]
        yield replace(
            one,
            outcome="failed",
            began_at=None,
            by=gave_nothing["agent"],
            code=gave_nothing["code"],
            reason=gave_nothing["reason"],
            ended_at=event["recorded_at"],
            use=tuple(own),
        )
    yield replace(
        one,
        outcome=_ENDINGS[event["type"]],
        ended_at=event["recorded_at"],
        by=data.get("model") or data.get("analyst") or "",
        code=data.get("code") or "",
        reason=data.get("reason") or "",
        use=tuple(use),
    )


def _of_record(row: Mapping[str, Any], outcome: Outcome) -> Attempt:
    """Return a failed attempt at a record."""
    job, id_ = JOBS.get((row["type"], row["grp"]), "other"), row["record_id"]
    subject = "" if job == "phase1" else (channel_of(row["stream"]) if job == "analysis" else "") or id_
    number = max(row["attempt"], 1)
    return Attempt(
        job, subject, number, outcome, None, row["at"], code=row["code"], reason=row["message"], record_id=id_
    )


def _replays(rows: Iterable[Mapping[str, Any]]) -> Iterable[Attempt]:
    numbers: dict[str, int] = {}
    for row in rows:
        id_ = row["record_id"]
        numbers[id_] = numbers.get(id_, 0) + 1
        outcome: Outcome = "done" if row["outcome"] == "accepted" else "failed"
        code = "" if outcome == "done" else row["outcome"]
        yield Attempt("replay", id_, numbers[id_], outcome, None, row["at"], row["actor"], code, record_id=id_)
