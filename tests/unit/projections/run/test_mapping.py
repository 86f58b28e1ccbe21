"""From events to rows: every event of a plan and of a task has its rows, and each row fits its statement."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from projections.recoveries.projection import TYPES as RECOVERIES
from projections.rows import Recorded, Row, at, fold
from projections.run.writer import PARAMETERS, rows_of
from projections.timeline.projection import BODY
from projections.timeline.projection import project as project_timeline
from projections.timeline.whole import whole, without_plan
from schemas.catalogue import versions
from schemas.encryption import nameless
from schemas.phase_tasks import created_by, is_phase
from schemas.wire import from_record
from tests.contract.golden import golden

RECORDED_AT = datetime(2026, 3, 10, 13, 4, 6, tzinfo=UTC)
TRACE = "0af7651916cd43dd8448eb211c80319c"
#: Types of events whose opportunities and phases are kept apart from the history.
WITH_A_BODY = ("plan.channel.analyzed", "plan.analyzed", "plan.approved")
PROJECTED = [t for t in versions() if t.startswith(("plan.", "task."))]


def recorded(type_: str, version: int = 1, **changes: Any) -> Recorded:
    event = from_record(type_, {**golden(type_, version).record, **changes})
    return Recorded(event, "plan.events", 7, 48213, RECORDED_AT, TRACE)


def only(rows: Any, statement: str) -> Row:
    (row,) = [row for row in rows if row.statement == statement]
    assert isinstance(row, Row)
    return row


@pytest.mark.parametrize("type_", PROJECTED)
def test_every_row_fits_its_statement(type_: str) -> None:
    rows = rows_of(recorded(type_))
    for row in rows:
        assert tuple(row.values) == PARAMETERS[row.statement]
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
        ("task.rescheduled", "task_moved"),
        ("task.added", "task_created"),
        ("task.changed", "task_moved"),
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


@pytest.mark.parametrize("type_", sorted(RECOVERIES))
def test_care_for_a_plan_is_history_and_the_recovery_log(type_: str) -> None:
    statements = [row.statement for row in rows_of(recorded(type_)) if row.statement != "slo_measured"]
    assert statements == ["recovery_event", "timeline_event"]


def test_a_comparison_is_a_row_and_each_opportunity_that_it_measured_another() -> None:
    rows = rows_of(recorded("plan.channel.compared"))
    assert [row.statement for row in rows] == [
        "channel_compared", "opportunity_measured", "opportunity_measured", "timeline_event",
    ]  # fmt: skip
    assert [row.values["position"] for row in rows[1:3]] == [0, 1]
    assert rows[1].values["measured_by"] == rows[0].values["plan_id"] != rows[1].values["plan_id"]

    alone = recorded("plan.channel.compared", bridge=None, proof=None)
    assert [row.statement for row in rows_of(alone)] == ["channel_compared", "timeline_event"]
    assert rows_of(alone)[0].values["bridge"] is None


def test_costs_and_stock_are_rows_by_sku_and_day_and_no_history_of_a_plan() -> None:
    rows = rows_of(recorded("goods.recorded"))

    assert [row.statement for row in rows] == ["cost_recorded", "cost_recorded", "stock_recorded"]
    assert all(tuple(row.values) == PARAMETERS[row.statement] for row in rows)
    assert {row.version for row in rows} == {17}
    first, second, stock = (row.values for row in rows)
    assert (first["sku_key"], first["valid_from"].isoformat(), first["unit_cost"]) == ("ten-01", "2026-03-10", 98.5)
    assert (second["packaging"], second["tax_rate"]) == (None, None)
    assert (first["recorded_by"], first["document"], first["recorded_at"]) == (
        "ana.souza", "custos-março.xlsx", at(1773148565123456),
    )  # fmt: skip
    assert (stock["channel"], stock["quantity"]) == ("mercado_livre", 42.0)


def test_costs_that_a_person_put_right_are_rows_without_a_document() -> None:
    rows = rows_of(recorded("goods.corrected"))

    assert [row.statement for row in rows] == ["cost_recorded", "cost_deleted"]
    assert all(tuple(row.values) == PARAMETERS[row.statement] for row in rows)
    changed, deleted = (row.values for row in rows)
    assert (changed["sku_key"], changed["currency"], changed["document"]) == ("cab-07", "USD", "")
    assert (deleted["sku_key"], deleted["valid_from"].isoformat(), deleted["version"]) == ("ten-01", "2026-03-10", 18)
    assert (deleted["recorded_by"], deleted["recorded_at"]) == ("ana.souza", at(1773152165123456))


def test_a_report_of_advertising_is_one_row_with_its_sums_as_far_as_they_are_known() -> None:
    (row,) = rows_of(recorded("goods.advertising.recorded"))
    (gone,) = rows_of(recorded("goods.advertising.deleted"))

    assert (row.statement, gone.statement) == ("ad_report_recorded", "ad_report_deleted")
    assert all(tuple(one.values) == PARAMETERS[one.statement] for one in (row, gone))
    assert (row.values["channel"], row.values["first_day"].isoformat()) == ("shopee", "2026-02-01")
    assert (row.values["amount"], row.values["sales"], row.values["clicks"]) == (600.0, None, None)
    assert (gone.values["key"], gone.values["version"]) == (row.values["key"], 20)


def test_an_unknown_event_of_later_is_history_only() -> None:
    later = recorded("plan.cancelled")
    later = Recorded(
        later.event.__class__(**{**{f: getattr(later.event, f) for f in later.event.__slots__}, "type": "plan.paused"}),
        *(later.topic, later.partition, later.offset, later.recorded_at, later.trace_id),
    )
    assert [row.statement for row in rows_of(later)] == ["timeline_event"]


@pytest.mark.parametrize(("version", "changes"), [(1, {}), (2, {"names_only": False})])
def test_an_erased_document_loses_its_name_and_says_who_erased_it(version: int, changes: dict[str, Any]) -> None:
    event = recorded("plan.erased", version, **changes)
    row = only(rows_of(event), "plan_erased")
    assert (row.values["title"], row.values["filename"]) == (nameless(row.key)["title"], nameless(row.key)["filename"])
    assert (row.values["erased_at"], row.values["erased_by"]) == (at(event.event.occurred_at), "ana.souza")


def test_a_document_whose_uploader_is_erased_loses_its_name_and_stays() -> None:
    rows = rows_of(recorded("plan.erased", 2, names_only=True))
    row = only(rows, "plan_unnamed")
    assert row.values == {"plan_id": row.key, **{part: nameless(row.key)[part] for part in ("title", "filename")}}
    assert "plan_erased" not in [row.statement for row in rows]


def test_an_upload_keeps_its_trace() -> None:
    values = only(rows_of(recorded("plan.uploaded")), "plan_uploaded").values
    assert values["trace_id"] == TRACE
    assert json.loads(values["channels"]) == ["mercado_livre", "shopee", "magalu"]
    assert values["uploaded_at"] == at(1_773_147_845_123_456)


def test_a_channel_tells_who_failed_what_has_no_source_and_what_it_took() -> None:
    added: dict[str, Any] = {
        "fallback": [{"agent": "agent:a", "code": "agent-key", "reason": "no", "attempts": 1}],
        "unmatched": [{"path": "summary", "number": "9"}],
        "use": [{"agent": "agent:a", "calls": 1, "input_tokens": 2, "output_tokens": 3, "seconds": 4.0, "cost": None}],
    }
    values = only(rows_of(recorded("plan.channel.analyzed", **added)), "channel_ended").values
    assert json.loads(values["fallback"]) == added["fallback"]
    assert json.loads(values["unmatched"]) == added["unmatched"]
    assert json.loads(values["agent_use"]) == added["use"]


def test_an_ended_channel_is_analyzed_or_failed_with_the_reason() -> None:
    analyzed = only(rows_of(recorded("plan.channel.analyzed")), "channel_ended").values
    failed = only(rows_of(recorded("plan.channel.failed")), "channel_ended").values
    assert (analyzed["status"], analyzed["source"], analyzed["model"]) == ("analyzed", "agent", "gpt-5-mini")
    assert (analyzed["code"], analyzed["reason"]) == ("", "")
    assert len(json.loads(analyzed["opportunities"])) == 3
    assert json.loads(analyzed["repairs"])[0]["path"] == "$.phases[1].number"
    assert (analyzed["fallback"], analyzed["unmatched"], analyzed["agent_use"]) == ("[]", "[]", "[]")  # of version 1
    assert (failed["fallback"], failed["unmatched"], failed["agent_use"]) == ("[]", "[]", "[]")
    assert (failed["status"], failed["code"]) == ("failed", "agent-timeout")
    assert failed["reason"].startswith("the analysis did not end")


@pytest.mark.parametrize(
    ("type_", "status", "ended"),
    [
        ("plan.approved", "approved", False),
        ("plan.rejected", "rejected", True),
        ("plan.cancelled", "cancelled", True),
    ],
)
def test_a_decision_says_who_and_why(type_: str, status: str, ended: bool) -> None:
    values = only(rows_of(recorded(type_)), "plan_decided").values
    assert (values["status"], values["decided_by"]) == (status, "ana.souza")
    assert values["reason"]
    assert values["decided_at"] == at(recorded(type_).event.occurred_at)
    assert values["ended_at"] == (RECORDED_AT if ended else None)


def test_phase_1_is_kept_as_it_was_made() -> None:
    kept = json.loads(only(rows_of(recorded("plan.phase1.created")), "plan_phase1").values["phase1"])
    assert set(kept) == {"origin", "rule", "name", "weeks", "investment", "expected_impact", "tasks"}
    assert len(kept["tasks"]) == 3


@pytest.mark.parametrize(("type_", "version"), [("plan.phase1.created", 3), ("plan.phase.started", 1)])
def test_the_tasks_of_a_phase_are_what_their_own_events_say(type_: str, version: int) -> None:
    phase = recorded(type_, version)
    assert is_phase(phase.event)
    begun = [row for row in rows_of(phase) if row.statement == "task_begun"]
    own = [only(rows_of(phase._replace(event=made)), "task_created") for made in created_by(phase.event)]
    assert [row.values for row in begun] == [row.values for row in own]
    assert {row.version for row in begun} == {phase.event.version}
    assert phase.event.version > 1  # so that it stands above a task.created in the same batch


@pytest.mark.parametrize("version", [1, 2])
def test_phase_1_of_an_older_version_leaves_its_tasks_to_their_own_events(version: int) -> None:
    rows = rows_of(recorded("plan.phase1.created", version))
    assert "task_begun" not in {row.statement for row in rows}


def test_a_later_phase_is_kept_under_its_number_and_its_plan_goes_on() -> None:
    event = recorded("plan.phase.started").event
    rows = rows_of(recorded("plan.phase.started"))
    phase, plan = only(rows, "plan_phase"), only(rows, "plan_goes_on")
    assert phase.key == f"{event.data['plan_id']}.2"
    assert (phase.values["number"], phase.values["started_by"]) == (2, "ana.souza")
    assert json.loads(phase.values["tasks"]) == event.data["tasks"]
    assert (plan.key, plan.values["status"]) == (event.data["plan_id"], "executing")


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("task.assigned", {"status": "assigned", "assignee": "bruno.lima"}),
        ("task.started", {"status": "started", "started_at": "occurred"}),
        (
            "task.completed",
            {"status": "completed", "note": "Ficha corrigida e anúncio republicado", "ended_at": "occurred"},
        ),
        (
            "task.failed",
            {
                "status": "failed",
                "note": "O painel do Mercado Livre não aceitou a foto (menor que 500 px)",
                "ended_at": "occurred",
            },
        ),
        ("task.cancelled", {"status": "cancelled", "note": "Produto saiu de linha", "ended_at": "occurred"}),
        ("task.retried", {"status": "open", "attempt": 2}),
        ("task.rescheduled", {"due_on": "2026-04-30"}),
        (
            "task.changed",
            {
                "title": "Corrigir a ficha e as fotos da garrafa térmica 1 L",
                "what": "Altura, capacidade e peso; três fotos com régua",
                "worded_by": "bruno.lima",
            },
        ),
        ("task.commented", {}),
    ],
)
def test_a_move_of_a_task_says_what_is_new_and_nothing_else(type_: str, said: dict[str, Any]) -> None:
    event = recorded(type_).event
    expected = {name: at(event.occurred_at) if v == "occurred" else v for name, v in said.items()}
    always = {
        "task_id": event.data["task_id"],
        "plan_id": event.data["plan_id"],
        "version": event.version,
        "changed_at": RECORDED_AT,
    }
    if "status" in said:
        always["ended"] = "ended_at" in said
    values = only(rows_of(recorded(type_)), "task_moved").values
    assert {name: v for name, v in values.items() if v is not None} == {**always, **expected}


def test_taking_a_task_from_somebody_is_said_with_an_empty_name() -> None:
    values = only(rows_of(recorded("task.assigned", assignee="", status="open")), "task_moved").values
    assert (values["status"], values["assignee"]) == ("open", "")


def test_taking_away_a_tasks_day_is_said_with_an_empty_one() -> None:
    assert only(rows_of(recorded("task.rescheduled", due_on="")), "task_moved").values["due_on"] == ""


def test_a_task_has_the_day_that_it_was_made_with() -> None:
    made = only(rows_of(recorded("task.created", due_on="2026-04-07")), "task_created")
    assert made.values["due_on"] == "2026-04-07"
    assert only(rows_of(recorded("task.created")), "task_created").values["due_on"] is None


def test_a_task_that_a_person_added_says_who_gave_it_its_texts() -> None:
    made = only(rows_of(recorded("task.added")), "task_created").values
    assert (made["title"], made["worded_by"]) == ("Pedir fotos novas da garrafa térmica 1 L", "bruno.lima")
    assert only(rows_of(recorded("task.created")), "task_created").values["worded_by"] == ""


def test_a_comment_is_kept_under_the_events_id() -> None:
    row = only(rows_of(recorded("task.commented")), "task_commented")
    event = recorded("task.commented").event
    assert row.key == event.event_id
    assert (row.values["actor"], row.values["comment"]) == ("bruno.lima", event.data["comment"])


@pytest.mark.parametrize("type_", PROJECTED)
def test_the_recovery_log_says_what_the_event_says_and_leaves_the_rest_empty(type_: str) -> None:
    event = recorded(type_).event
    made = [row.values for row in rows_of(recorded(type_)) if row.statement == "recovery_event"]
    assert bool(made) == (type_ in RECOVERIES)
    for values in made:
        said = {
            "attempt" if name == "attempts" else name: at(v) if name == "due_at" else v
            for name, v in event.data.items()
            if name != "evidence" and type_ != "plan.recovery.requested"
        }
        empty = {"state": "", "cause": "", "action": "", "attempt": 0, "due_at": None, "stalled_ms": None}
        place = {"version": event.version, "event_id": event.event_id, "type": type_, "at": at(event.occurred_at)}
        seen = {"by": "carla.dias", "how": "move_on", "reason": event.data.get("reason"), "channels": "shopee"}
        seen = seen if type_ == "plan.recovery.requested" else event.data.get("evidence", {})
        evidence = {"evidence": json.dumps(seen, separators=(",", ":"), ensure_ascii=False)}
        whose = {"plan_id": event.data["plan_id"]}
        assert values == {**empty, "recommendation": "", **place, **whose, **said, **evidence}


def test_a_request_for_all_that_is_missing_names_no_channel() -> None:
    row = only(rows_of(recorded("plan.recovery.requested", channels=[])), "recovery_event")
    assert "channels" not in json.loads(row.values["evidence"])


@pytest.mark.parametrize("type_", PROJECTED)
def test_the_timeline_has_every_event_with_its_place_in_the_log(type_: str) -> None:
    *apart, row = project_timeline(recorded(type_))
    event = recorded(type_).event
    assert row.key == event.event_id
    assert row.values == {
        "event_id": event.event_id,
        "plan_id": event.correlation_id,
        "type": type_,
        "stream": event.stream,
        "version": event.version,
        "occurred_at": at(event.occurred_at),
        "recorded_at": RECORDED_AT,
        "actor": event.actor,
        "causation_id": event.causation_id,
        "trace_id": TRACE,
        "topic": "plan.events",
        "partition": 7,
        "offset": 48213,
        "data": row.values["data"],
        "body": row.values["body"],
    }
    data, said = json.loads(row.values["data"]), None
    assert "plan_id" not in data
    if row.values["body"] is not None:
        (body,) = apart
        assert (body.values["plan_id"], body.values["digest"]) == (event.correlation_id, row.values["body"])
        assert not data.keys() & set(BODY)
        said = json.loads(body.values["said"])
    found = whole(type_, event.correlation_id, data, said)
    assert found == event.data
    assert list(found) == sorted(event.data, key="plan_id".__ne__)  # the plan first, all else as it was
    assert bool(apart) is (row.values["body"] is not None) is (type_ in WITH_A_BODY)


def test_an_event_that_names_another_plan_than_its_own_goes_on_doing_so() -> None:
    other = {"plan_id": str(uuid4())}
    assert without_plan({"plan_id": "1", "reason": ""}, other["plan_id"]) == {"plan_id": "1", "reason": ""}
    assert without_plan({**other, "reason": ""}, other["plan_id"]) == {"reason": ""}
    assert whole("plan.approved", other["plan_id"], {"plan_id": "1"}, None) == {"plan_id": "1"}


def test_what_a_type_of_a_newer_version_says_apart_comes_last() -> None:
    assert list(whole("plan.moved", "1", {"reason": ""}, {"phases": []})) == ["plan_id", "reason", "phases"]


def test_what_two_plans_say_alike_stands_with_each() -> None:
    """A batch has both: what is folded is one row of each plan."""
    one = rows_of(recorded("plan.approved"))
    other = rows_of(recorded("plan.approved", correlation_id=str(uuid4())))
    assert len(fold([*one, *one, *other])["plan_body"]) == 2
