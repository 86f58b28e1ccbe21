"""From events to rows: every event of a plan and of a task has its rows, and each row fits its statement."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from projections.plans.projection import project as project_plan
from projections.rows import Recorded, Row, at
from projections.run.writer import STATEMENTS, rows_of
from projections.tasks.projection import project as project_task
from projections.timeline.projection import project as project_timeline
from schemas.catalogue import versions
from schemas.wire import from_record
from tests.contract.golden import golden

RECORDED_AT = datetime(2026, 3, 10, 13, 4, 6, tzinfo=UTC)
TRACE = "0af7651916cd43dd8448eb211c80319c"
PROJECTED = [t for t in versions() if t.startswith(("plan.", "task."))]


def recorded(type_: str, **changes: Any) -> Recorded:
    event = from_record(type_, {**golden(type_, 1).record, **changes})
    return Recorded(event, "plan.events", 7, 48213, RECORDED_AT, TRACE)


def only(rows: Any, statement: str) -> Row:
    (row,) = [row for row in rows if row.statement == statement]
    assert isinstance(row, Row)
    return row


@pytest.mark.parametrize("type_", PROJECTED)
def test_every_row_fits_its_statement(type_: str) -> None:
    rows = rows_of(recorded(type_))
    for row in rows:
        parameters = set(re.findall(r"\$(\d+)::", STATEMENTS[row.statement]))
        assert len(row.values) == len(parameters), row.statement
    assert [row.statement for row in rows].count("timeline_event") == 1


@pytest.mark.parametrize("type_", PROJECTED)
def test_mapping_twice_makes_the_same(type_: str) -> None:
    assert rows_of(recorded(type_)) == rows_of(recorded(type_))


@pytest.mark.parametrize(
    ("type_", "statement"),
    [
        ("plan.uploaded", "plan_uploaded"),
        ("plan.channel.analyzed", "channel_ended"),
        ("plan.channel.failed", "channel_ended"),
        ("plan.analyzed", "plan_analyzed"),
        ("plan.approved", "plan_decided"),
        ("plan.rejected", "plan_decided"),
        ("plan.cancelled", "plan_decided"),
        ("plan.phase1.created", "plan_phase1"),
        ("plan.completed", "plan_completed"),
        ("task.created", "task_created"),
        ("task.assigned", "task_moved"),
        ("task.started", "task_moved"),
        ("task.completed", "task_moved"),
        ("task.failed", "task_moved"),
        ("task.retried", "task_moved"),
        ("task.cancelled", "task_moved"),
    ],
)
def test_an_event_changes_its_row(type_: str, statement: str) -> None:
    row = only(rows_of(recorded(type_)), statement)
    event = recorded(type_).event
    assert row.version == event.version
    assert row.key in (
        event.data["plan_id"],
        event.data.get("task_id"),
        f"{event.data['plan_id']}.{event.data.get('channel')}",
    )


@pytest.mark.parametrize("type_", ["plan.stalled", "plan.recovered", "plan.recovery.started", "plan.escalated"])
def test_care_for_a_plan_is_history_and_the_recovery_log(type_: str) -> None:
    assert [row.statement for row in rows_of(recorded(type_))] == ["recovery_event", "timeline_event"]


def test_an_unknown_event_of_later_is_history_only() -> None:
    later = recorded("plan.cancelled")
    later = Recorded(
        later.event.__class__(**{**{f: getattr(later.event, f) for f in later.event.__slots__}, "type": "plan.paused"}),
        *(later.topic, later.partition, later.offset, later.recorded_at, later.trace_id),
    )
    assert list(project_plan(later)) == []
    assert list(project_task(later)) == []
    assert [row.statement for row in rows_of(later)] == ["timeline_event"]


def test_an_upload_keeps_its_trace() -> None:
    values = only(rows_of(recorded("plan.uploaded")), "plan_uploaded").values
    assert TRACE in values
    assert json.loads(values[8]) == ["mercado_livre", "shopee", "magalu"]
    assert values[11] == at(1_773_147_845_123_456)


def test_an_ended_channel_is_analyzed_or_failed_with_the_reason() -> None:
    analyzed = only(rows_of(recorded("plan.channel.analyzed")), "channel_ended").values
    failed = only(rows_of(recorded("plan.channel.failed")), "channel_ended").values
    assert (analyzed[3], analyzed[4], analyzed[5], analyzed[11], analyzed[12]) == (
        "analyzed",
        "agent",
        "gpt-5-mini",
        "",
        "",
    )
    assert len(json.loads(analyzed[7])) == 3
    assert json.loads(analyzed[9])[0]["path"] == "$.phases[1].number"
    assert (failed[3], failed[11]) == ("failed", "agent-timeout")
    assert failed[12].startswith("the analysis did not end")


@pytest.mark.parametrize(
    ("type_", "status", "ended"),
    [
        ("plan.approved", "approved", False),
        ("plan.rejected", "rejected", True),
        ("plan.cancelled", "cancelled", True),
    ],
)
def test_a_decision_says_who_and_why(type_: str, status: str, ended: bool) -> None:
    _, _, said, reason, who, when, ended_at, _ = only(rows_of(recorded(type_)), "plan_decided").values
    assert (said, who) == (status, "ana.souza")
    assert reason
    assert when == at(recorded(type_).event.occurred_at)
    assert ended_at == (RECORDED_AT if ended else None)


def test_phase_1_is_kept_as_it_was_made() -> None:
    kept = json.loads(only(rows_of(recorded("plan.phase1.created")), "plan_phase1").values[2])
    assert set(kept) == {"origin", "rule", "name", "weeks", "investment", "expected_impact", "tasks"}
    assert len(kept["tasks"]) == 3


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("task.assigned", {3: "assigned", 4: "bruno.lima"}),
        ("task.started", {3: "started", 7: "occurred"}),
        ("task.completed", {3: "completed", 5: "Ficha corrigida e anúncio republicado", 8: "occurred"}),
        (
            "task.failed",
            {3: "failed", 5: "O painel do Mercado Livre não aceitou a foto (menor que 500 px)", 8: "occurred"},
        ),
        ("task.cancelled", {3: "cancelled", 5: "Produto saiu de linha", 8: "occurred"}),
        ("task.retried", {3: "open", 6: 2}),
        ("task.commented", {}),
    ],
)
def test_a_move_of_a_task_says_what_is_new_and_nothing_else(type_: str, said: dict[int, Any]) -> None:
    event = recorded(type_).event
    values = only(project_task(recorded(type_)), "task_moved").values
    expected = {n: at(event.occurred_at) if v == "occurred" else v for n, v in said.items()}
    assert {n: v for n, v in enumerate(values) if 3 <= n <= 8 and v is not None} == expected
    assert values[:3] == (event.data["task_id"], event.data["plan_id"], event.version)


def test_taking_a_task_from_somebody_is_said_with_an_empty_name() -> None:
    values = only(project_task(recorded("task.assigned", assignee="", status="open")), "task_moved").values
    assert (values[3], values[4]) == ("open", "")


def test_a_comment_is_kept_under_the_events_id() -> None:
    row = only(project_task(recorded("task.commented")), "task_commented")
    event = recorded("task.commented").event
    assert row.key == event.event_id
    assert row.values[3:5] == ("bruno.lima", event.data["comment"])


@pytest.mark.parametrize("type_", PROJECTED)
def test_the_timeline_has_every_event_with_its_place_in_the_log(type_: str) -> None:
    (row,) = project_timeline(recorded(type_))
    event = recorded(type_).event
    assert row.key == row.values[0] == event.event_id
    assert row.values[1:5] == (event.correlation_id, type_, event.stream, event.version)
    assert row.values[9:13] == (TRACE, "plan.events", 7, 48213)
    assert json.loads(row.values[13]) == event.data
