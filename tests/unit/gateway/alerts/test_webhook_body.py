"""What a webhook is sent: a CloudEvent, and the tasks of a phase that have no row of their own in the history."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import orjson

from gateway.alerts.webhooks.body import body
from gateway.alerts.webhooks.marks import marks
from gateway.alerts.webhooks.taking import delivery_id
from projections.reads.unsourced import Strange
from projections.timeline.reads import Event as Shown
from projections.timeline.reads import with_tasks

AT = datetime(2026, 11, 26, 7, 30, 12, 345678, tzinfo=UTC)
PLAN = UUID("0191f3a0-5c3e-7bb4-a2f3-6b1de5a0c9d1")


def shown(type_: str, data: dict[str, object]) -> Shown:
    stream = f"plan-{PLAN}"
    return Shown(uuid4(), PLAN, type_, stream, 3, AT, AT, "Ana Souza", "req-1", "ab" * 16, "plan.events", 2, 7, data)


def task(due_on: str | None, position: int = 1) -> dict[str, object]:
    return {
        "task_id": str(uuid4()), "position": position, "title": "Fotos", "what": "Trocar", "channel": "shopee",
        "priority": "high", "opportunity_id": None, "due_on": due_on, "weeks": "1", "also_serves": [],
    }  # fmt: skip


def test_it_is_a_cloud_event_that_says_all_that_the_log_does() -> None:
    one = shown("plan.approved", {"reason": "boa", "total": None})
    (event,) = with_tasks(one)
    assert orjson.loads(body(event, "https://pages.example.com", AT)) == {
        "specversion": "1.0",
        "id": str(one.event_id),
        "source": "https://pages.example.com",
        "type": "plan.approved",
        "subject": f"plan-{PLAN}",
        "time": "2026-11-26T07:30:12.345678+00:00",
        "datacontenttype": "application/json",
        "dataschema": "urn:avro:marketplace.plan.PlanApproved",
        "sequence": "3",
        "correlationid": str(PLAN),
        "causationid": "req-1",
        "actor": "Ana Souza",
        "recordedtime": "2026-11-26T07:30:12.345678+00:00",
        "data": {"reason": "boa", "total": None},
    }


def test_the_tasks_of_a_phase_follow_it() -> None:
    tasks = [task("2026-12-01", 1), task("2026-12-02", 2)]
    made = list(with_tasks(shown("plan.phase1.created", {"plan_id": str(PLAN), "tasks": tasks})))
    assert [event.type for event in made] == ["plan.phase1.created", "task.created", "task.created"]
    assert [event.stream for event in made[1:]] == [f"task-{one['task_id']}" for one in tasks]
    assert len({event.event_id for event in made}) == 3


def test_numbers_without_a_source_stand_beside_the_data() -> None:
    """Of the tasks that an event tells; as a text, as each attribute of a CloudEvent; the data is that of the log."""
    strange = Strange({"shopee": [{"path": "p", "number": "R$ 4.321"}, {"path": "q", "number": "40%"}]})
    tasks: list[dict[str, object]] = [
        {**task("2026-12-01", 1), "title": "Ganhar R$ 4.321"},
        {**task("2026-12-02", 2), "what": "Ganhar 40% e R$ 4.321"},
        {**task("2026-12-02", 3), "title": "Ganhar R$ 4.321", "channel": "amazon_br"},
    ]
    phase, *made = with_tasks(shown("plan.phase1.created", {"plan_id": str(PLAN), "tasks": tasks}))
    assert marks(phase, strange) == ["R$ 4.321", "40%"]
    assert [marks(one, strange) for one in made] == [["R$ 4.321"], ["40%", "R$ 4.321"], []]
    told = orjson.loads(body(made[1], "https://pages.example.com", AT, marks(made[1], strange)))
    assert told["unmatched"] == "40%; R$ 4.321"
    assert "unmatched" not in told["data"]
    assert "unmatched" not in orjson.loads(body(made[2], "https://pages.example.com", AT, marks(made[2], strange)))


def test_what_a_person_wrote_has_no_mark() -> None:
    strange = Strange({"shopee": [{"path": "p", "number": "R$ 4.321"}]}, given=True)
    given = {**task("2026-12-01"), "title": "Ganhar R$ 4.321"}
    phase, one = with_tasks(shown("plan.phase1.created", {"plan_id": str(PLAN), "tasks": [given]}))
    assert (marks(phase, strange), marks(one, strange), marks(one, None)) == ([], [], [])
    (later,) = with_tasks(shown("task.created", {**given, "phase": 2}))
    assert marks(later, strange) == ["R$ 4.321"], "of a later phase an agent wrote it"
    (added,) = with_tasks(shown("task.added", {**given, "phase": 2}))
    assert marks(added, strange) == []


def test_of_a_phase_that_does_not_say_all_of_its_tasks_they_come_by_themselves() -> None:
    made = with_tasks(shown("plan.phase1.created", {"plan_id": str(PLAN), "tasks": [task(None)]}))
    assert [event.type for event in made] == ["plan.phase1.created"]


def test_the_same_event_for_the_same_webhook_is_the_same_delivery() -> None:
    one, other = uuid4(), uuid4()
    assert delivery_id(one, "e") == delivery_id(one, "e")
    assert len({delivery_id(one, "e"), delivery_id(other, "e"), delivery_id(one, "f")}) == 3
