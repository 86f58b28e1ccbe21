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
from schemas.lifecycle import CHANNEL, TASK, ChannelAction, TaskAction, TaskStatus
from schemas.typed.parts import AgentUseData

Job = Literal["analysis", "phase1", "task", "replay", "other"]
Outcome = Literal["done", "failed", "dead", "kept", "cancelled", "running"]
#: Where a task is -> how the attempt at it has ended by that.
_OF_TASKS: Final[Mapping[TaskStatus, Outcome]] = {
    TaskStatus.COMPLETED: "done",
    TaskStatus.FAILED: "failed",
    TaskStatus.CANCELLED: "cancelled",
}
_ENDINGS: Final[Mapping[str, Outcome]] = {
    **{event: _OF_TASKS[to] for event, to in TASK.leads_to.items() if to in _OF_TASKS},
    "plan.channel.analyzed": "done",
    "plan.channel.failed": "failed",
    "plan.channel.kept": "kept",
}
#: Events that an attempt begins or ends with, and those that are read of one plan at most.
_TYPES: Final = (
    *_ENDINGS,
    "plan.uploaded",
    "plan.approved",
    "plan.phase1.created",
    CHANNEL[ChannelAction.ANALYSE_AGAIN].event,
    TASK.rules[TaskAction.START].event,
    TASK.rules[TaskAction.RETRY].event,
)
MOST_EVENTS: Final = 5000
#: Fields by which an attempt is told are all that is read of a plan's event. The plan itself, which is nearly all
#: of the bytes, stays where it is stored: an approval and a Phase 1 are told by their time alone. What happens to
#: tasks is short, and is read as it is.
_TOLD: Final = ", ".join(
    f"{name} json"
    for name in ("channel", "channels", "model", "analyst", "fallback", "failures", "code", "reason", "use")
)
_EVENTS: Final = f"""
    select e.type, e.occurred_at, e.recorded_at, e.actor,
           case when e.type in ('plan.approved', 'plan.phase1.created') then '{{}}'
                when e.type like 'task.%' then e.data::text
                else (select row_to_json(told)::text from json_to_record(e.data) as told ({_TOLD})) end as data
      from (select type, occurred_at, recorded_at, actor, topic, "offset", data from rm.timeline
             where plan_id = $1 and type = any ($2) order by recorded_at, topic, "offset" limit $3) e
     order by e.recorded_at, e.topic, e."offset"
"""  # noqa: S608 - constants only
#: The job that a record belongs to, by the type of its event.
JOBS: Final[Mapping[str, Job]] = {"analysis.requested": "analysis", "plan.approved": "phase1"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt. What is not known is None: of an attempt that failed nobody notes when it began.

    `seconds`: from what asked for it until it was recorded, its waits included. `by`: who did it. Outcome `dead`: it
    failed for the last time and is a dead letter; `kept`: it failed and the result before stays. `use`: what the calls
    to agents took, those too whose answer was not used or gave way to another analysis; none where nobody noted it.
    """

    job: Job
    subject: str  # channel, task or record
    number: int
    outcome: Outcome
    began_at: datetime | None
    ended_at: datetime | None
    by: str = ""
    code: str = ""
    reason: str = ""
    use: tuple[AgentUseData, ...] = ()

    @property
    def seconds(self) -> float | None:
        if self.began_at is None or self.ended_at is None:
            return None
        return max(0.0, (self.ended_at - self.began_at).total_seconds())


async def of_plan(db: Reader, plan_id: UUID) -> list[Attempt]:
    """Return the attempts of one plan, the latest first; those that go on before all."""
    events = await db.fetch(_EVENTS, plan_id, list(_TYPES), MOST_EVENTS)
    failed = await db.fetch(
        "select record_id, attempt, type, code, message, at from flow.job_attempt where key = $1", str(plan_id)
    )
    letters = await db.fetch(
        "select record_id, attempts, type, code, message, dead_at from rm.dead_letter"
        " where plan_id = $1 and dead_at is not null",
        plan_id,
    )
    replayed = await db.fetch(
        "select i.record_id, i.outcome, i.at, j.actor from rm.dead_letter d join flow.replay_item i using (record_id)"
        " join flow.replay_job j using (job_id) where d.plan_id = $1 and i.outcome is not null order by i.at",
        plan_id,
    )
    found = [*from_events(events), *_failures(failed), *_letters(letters), *_replays(replayed)]
    last = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: (one.ended_at or last, one.number), reverse=True)


def from_events(events: Iterable[Mapping[str, Any]]) -> list[Attempt]:
    """Return the attempts that events of a plan tell of, in the order of the log."""
    going: dict[tuple[Job, str], Attempt] = {}
    tries: dict[str, int] = {}
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
            case "task.retried":
                tries[data["task_id"]] = data["attempt"]
            case "task.started":
                task = data["task_id"]
                going["task", task] = Attempt(
                    "task", task, tries.get(task, 1), "running", event["occurred_at"], None, event["actor"]
                )
            case "task.completed" | "task.failed" | "task.cancelled":
                task = data["task_id"]
                begun = going.pop(("task", task), None) or Attempt(
                    "task", task, tries.get(task, 1), "running", None, None
                )
                reason = data.get("reason") or data.get("note") or ""
                ended.append(
                    replace(
                        begun,
                        outcome=_ENDINGS[event["type"]],
                        ended_at=event["occurred_at"],
                        by=event["actor"],
                        reason=reason if isinstance(reason, str) else "",
                    )
                )
    return [*ended, *going.values()]


def _analysis(event: Mapping[str, Any], data: Mapping[str, Any], begun: Attempt | None) -> Iterable[Attempt]:
    """Yield the agents that gave nothing, in their order, and how the analysis of a channel ended."""
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


def _failures(rows: Iterable[Mapping[str, Any]]) -> Iterable[Attempt]:
    for row in rows:
        yield Attempt(
            JOBS.get(row["type"], "other"),
            row["record_id"],
            row["attempt"],
            "failed",
            None,
            row["at"],
            code=row["code"],
            reason=row["message"],
        )


def _letters(rows: Iterable[Mapping[str, Any]]) -> Iterable[Attempt]:
    for row in rows:
        job = JOBS.get(row["type"], "other")
        number, at = max(row["attempts"], 1), row["dead_at"]
        yield Attempt(job, row["record_id"], number, "dead", None, at, code=row["code"], reason=row["message"])


def _replays(rows: Iterable[Mapping[str, Any]]) -> Iterable[Attempt]:
    numbers: dict[str, int] = {}
    for row in rows:
        id_ = row["record_id"]
        numbers[id_] = numbers.get(id_, 0) + 1
        outcome: Outcome = "done" if row["outcome"] == "accepted" else "failed"
        code = "" if outcome == "done" else row["outcome"]
        yield Attempt("replay", id_, numbers[id_], outcome, None, row["at"], row["actor"], code)
