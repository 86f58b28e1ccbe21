"""The result of a command, as the database returned it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal[
    "accepted",
    "unchanged",
    "duplicate",
    "team_closed",
    "not_found",
    "wrong_status",
    "version_mismatch",
    "four_eyes",
    "unknown_person",
    "cannot_see",
    "too_many_tasks",
    "key_reused",
]


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a command. `version` is that of its event if it was accepted, else that of the stream.

    `traceparent` is the context of the plan's trace, if the command was accepted and the plan has one. `people`: the
    handles of all people, if the command named somebody else; of those who see the plan, if it named one who does not.
    `uploaded_by` and `bar`: why another has to approve. `task_id`: the task that the command added to a plan.
    """

    outcome: Outcome
    status: str = ""
    version: int = 0
    plan_id: str = ""
    event_id: str = ""
    repeated: bool = False
    traceparent: str | None = None
    people: tuple[str, ...] = ()
    uploaded_by: str = ""
    bar: str = ""
    task_id: str = ""


def answer_of(said: Mapping[str, Any]) -> Answer:
    """Return one command's outcome from a row of decide.run_all or decide.upload."""
    return Answer(
        outcome=said["outcome"],
        status=said.get("status", ""),
        version=said.get("version", 0),
        plan_id=said.get("plan_id", ""),
        event_id=said.get("event_id", ""),
        repeated=said.get("replayed", False),
        traceparent=said.get("traceparent"),
        people=tuple(said.get("people", ())),
        uploaded_by=said.get("uploaded_by", ""),
        bar=said.get("bar", ""),
        task_id=said.get("task_id", ""),
    )
