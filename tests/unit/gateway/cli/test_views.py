"""What a person reads: nothing in a document is a command to the terminal, and figures are right."""

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console, Group, RenderableType

from gateway.cli.commands.local_system import shaped
from gateway.cli.views import letters, tables, uploads
from gateway.cli.views import task as task_view
from gateway.cli.views.health import _rows as rows_of
from gateway.cli.views.health import health
from gateway.cli.views.plan import agents, reading
from gateway.cli.views.timeline import about, timeline
from gateway.cli.views.words import DECISIONS, STATUS_STYLES, ago, brl, plain, worth
from gateway.verdict.words.speech import span
from schemas.lifecycle import PlanAction, PlanStatus, TaskStatus
from schemas.process.version import build


def read(view: RenderableType) -> str:
    out = io.StringIO()
    Console(file=out, width=160, highlight=False).print(view)
    return out.getvalue()


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x9b31m", "a\rb", "\x07", "\u202egpj.exe"])
def test_control_characters_do_not_reach_the_terminal(hostile: str) -> None:
    assert "\ufffd" in plain(hostile).plain
    assert not set(plain(hostile).plain) & {"\x1b", "\x9b", "\r", "\x07", "\u202e"}


def test_markup_in_a_title_is_text() -> None:
    assert "[bold]Oferta[/bold]" in read(plain("[bold]Oferta[/bold]"))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0421, "42 ms"), (3.21, "3.2 s"), (59, "59 s"), (60, "1 min"), (7200, "2 h"), (172800, "2 d"), (-1, "0 ms")],
)
def test_spans(seconds: float, text: str) -> None:
    assert span(seconds) == text


def test_ago_counts_from_now() -> None:
    assert ago("2026-05-04T12:00:00Z", datetime(2026, 5, 4, 12, 5, tzinfo=UTC)) == "5 min ago"
    assert ago(None) == "-"


def test_worth_sums_what_is_known() -> None:
    assert worth([{"worthBrl": 1000.5}, {"worthBrl": None}, {}, {"worthBrl": 200.0}]) == 1200.5
    assert worth([{"worthBrl": None}]) is None
    assert brl(1234567.4) == "R$ 1,234,567"


def test_a_task_names_all_that_it_serves_with_its_worth() -> None:
    """A task that serves several opportunities lists each with channel and worth, and says what the sum lacks."""
    plan = {"planTitle": "Abril", "planId": "p", "status": "open", "priority": "high", "channel": "shopee", "phase": 1}
    one = {"opportunityId": "shopee-fees", "channel": "shopee", "title": "Tarifas", "worthBrl": 1200.0}
    two = {"opportunityId": "gone", "channel": "", "title": "", "worthBrl": None}
    bare = {"taskId": "t", "title": "T", "what": "", "position": 1, "attempt": 1, "assignee": "", "note": ""}
    times: dict[str, Any] = {"createdAt": None, "startedAt": None, "endedAt": None, "comments": [], "actions": []}

    def told(serves: list[dict[str, Any]], worth: float | None) -> str:
        found = {**plan, **bare, **times, "serves": serves, "worthBrl": worth}
        return " ".join(read(task_view.task(found)).split())

    several = told([one, two], 1200.0)
    assert "serves Shopee: Tarifas (R$ 1,200 a month) serves gone (worth not known)" in several
    assert "worth R$ 1,200, without 1 whose worth is not known" in several
    assert "serves Tarifas worth R$ 1,200 assignee" in told([one], 1200.0)
    assert "serves - worth - assignee" in told([], None)


def test_a_refusal_in_bulk_shows_why() -> None:
    rows: list[dict[str, Any]] = [
        {"planId": "3f2b8c1e-x", "outcome": "accepted", "status": "approved"},
        {
            "planId": "4a4b8c1e-x",
            "outcome": "wrong_status",
            "status": "rejected",
            "problem": {"detail": "It was rejected."},
        },
    ]
    said = read(tables.results(rows, "plan"))
    assert "accepted" in said
    assert "wrong status" in said
    assert "It was rejected." in said


def test_a_refused_upload_shows_the_file_and_why() -> None:
    said = read(
        uploads.uploads([{"file": "/tmp/a.pdf", "outcome": "refused", "problem": {"title": "T", "detail": "D"}}])
    )
    assert "a.pdf" in said
    assert "T: D" in said


def test_the_timeline_tells_the_time_between() -> None:
    event = {"version": 1, "actor": "ana", "type": "plan.uploaded", "data": {"title": "Abril"}}
    said = read(
        timeline(
            [
                {**event, "occurredAt": "2026-05-04T12:00:00Z"},
                {**event, "occurredAt": "2026-05-04T12:00:02.500Z", "type": "plan.approved", "data": {}},
            ]
        )
    )
    assert "Abril" in said
    assert "+2.5 s" in said


def test_an_event_of_a_task_says_which_task() -> None:
    event = {"version": 1, "actor": "ana", "occurredAt": "2026-05-04T12:00:00Z"}
    said = read(
        timeline(
            [
                {**event, "type": "task.created", "data": {"task_id": "a", "title": "Repor CXS-12"}},
                {**event, "type": "task.started", "data": {"task_id": "a"}},
                {**event, "type": "task.started", "data": {"task_id": "b"}},
            ]
        )
    )
    assert said.count("Repor CXS-12") == 2


def test_an_event_is_told_in_a_few_words() -> None:
    assert about({"channel": "shopee", "opportunities": [1], "title": "", "reason": "x" * 200}).startswith(
        "shopee; xxx"
    )
    assert len(about({"reason": "x" * 200})) == 70


def test_of_very_many_results_the_refused_ones_are_listed_and_all_counted() -> None:
    rows = [{"recordId": f"agents|t|0|{n}", "outcome": "accepted"} for n in range(500)]
    refused = {"recordId": "agents|t|0|900", "outcome": "not_found", "problem": {"detail": "There is none."}}

    said = read(letters.results([*rows, refused]))

    assert "500 accepted, 1 not found" in said
    assert "agents:t:0:900" in said
    assert "agents:t:0:7" not in said
    assert "agents:t:0:7" in read(letters.results(rows[:20]))
    assert read(letters.results(rows)) == "500 accepted\n"


def test_the_health_report_names_what_is_wrong() -> None:
    report = {
        "status": "down",
        "findings": ["The database does not answer."],
        "database": {"reachable": False, "seconds": 2.0},
        "broker": {"relay": "failing", "outboxWaiting": 3, "outboxOldestSeconds": 61.0},
        "projection": None,
        "plans": {},
        "tasks": {},
        "live": False,
    }
    said = read(health(report))
    assert "The system is down" in said
    assert "! The database does not answer." in said
    assert "3 in the outbox, the oldest for 1 min" in said


@pytest.mark.parametrize("verdict", [None, [{"part": "broker", "effect": "degraded"}]])
def test_a_broker_that_is_away_is_not_said_to_be_published_to(verdict: list[dict[str, str]] | None) -> None:
    """The relay has nothing to publish and is well; the row says of the broker what the look at it found."""
    report: dict[str, Any] = {
        "status": "degraded",
        "findings": ["The broker is away."],
        "database": {"reachable": True, "seconds": 0.01},
        "broker": {"reachable": False, "relay": "publishing", "outboxWaiting": 0, "outboxOldestSeconds": 0.0},
        "projection": None,
        "plans": {},
        "tasks": {},
        "live": True,
    } | ({"verdict": verdict} if verdict is not None else {})
    lines = [" ".join(line.split()) for line in read(health(report)).splitlines()]

    assert "broker away 0 in the outbox" in lines
    assert "publishing" not in read(health(report))
    assert [row[2] for row in rows_of(report) if row[0] == "broker"] == [False]
    report["broker"]["reachable"] = True
    report["verdict"] = []
    assert [row[1:3] for row in rows_of(report) if row[0] == "broker"] == [("publishing", True)]


def test_the_health_report_says_what_waits_for_a_person_though_nothing_is_wrong() -> None:
    report: dict[str, Any] = {
        "status": "ok",
        "findings": [],
        "recommendations": [],
        "notices": ["3 dead letters wait for a decision."],
        "noticeRecommendations": ["Look at them."],
        "database": {"reachable": True, "seconds": 0.01},
        "broker": {"relay": "publishing", "outboxWaiting": 0, "outboxOldestSeconds": 0.0},
        "projection": None,
        "plans": {},
        "tasks": {},
        "deadLetters": {"open": 2, "blocked": 1, "oldestSeconds": 7200.0},
        "retrying": {"count": 4, "oldestDueAt": "2026-05-04T12:00:00Z", "overdueSeconds": 61.0},
        "live": True,
        "queue": {"waiting": 42, "active": 7, "retrying": 4, "deadLetters": 3, "completed": 56, "failed": 4}
        | {"withinSeconds": 600.0, "oldestSeconds": 4.0},
    }
    said = read(health(report))
    assert "The system is ok" in said
    assert "42 waiting, 7 under way, the oldest for 4 s" in said
    assert "56 completed, 4 failed in 10 min" in said
    assert "? 3 dead letters wait for a decision." in said
    assert "> Look at them." in said
    assert "2 open, 1 came back three times, the oldest for 2 h" in said
    assert "4, the first one due for 1 min" in said
    unknown = {**report, "queue": {**report["queue"], "waiting": None, "oldestSeconds": None, "failed": None}}
    assert ("queues", "not known") in [row[:2] for row in rows_of(unknown)]
    assert "? waiting, 7 under way" in read(health(unknown))
    assert "56 completed, ? failed in 10 min" in read(health(unknown))


def test_the_health_report_tells_versions_partitions_backlog_and_since_when() -> None:
    minutes_ago = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    process = {"role": "worker", "well": True, "connected": True, "silentSeconds": 0.2, "pid": 7, "host": "h"}
    process |= {"startedAt": minutes_ago, "version": "0.1.0", "commit": "0123456789ab"}
    held = {"handled": 3, "in_flight": 4, "waiting": 8, "holds": {"plan.events": [0, 1, 2, 5]}}
    waits = {"topic": "plan.events", "partition": 4, "behind": 17, "stillSeconds": 61.0, "reader": ""}
    breaker = {"name": "agent:x/m", "state": "open", "failures": 5, "retryAt": None, "reason": "HTTP 503"}
    flag = {"name": "queue_processing", "enabled": False, "changedBy": "ana", "changedAt": minutes_ago, "reason": "r"}
    plan = {"planId": "3f2b8c1e-x", "cause": "worker-gone", "since": minutes_ago, "lateSeconds": 61.0, "attempts": 2}
    report: dict[str, Any] = {
        "version": "9.9.9",
        "commit": "",
        "status": "degraded",
        "findings": [],
        "database": {"reachable": True, "seconds": 0.01},
        "broker": {"relay": "publishing", "outboxWaiting": 0, "outboxOldestSeconds": 0.0},
        "projection": None,
        "plans": {},
        "tasks": {},
        "live": True,
        "processes": [
            {**process, "progress": held},
            {**process, "role": "runner", "well": False, "silentSeconds": 12.0, "version": "9.9.9", "progress": {}},
        ],
        "groups": [
            {
                "name": "agents",
                "behind": 17,
                "partitions": [waits],
                "unread": {"plan.events": [3, 4]},
                "waitedSeconds": 75.0,
            },
            {"name": "runners", "behind": 3, "partitions": [], "unread": {}, "waitedSeconds": None},
            {"name": "analysis", "behind": 0, "partitions": [], "unread": None, "waitedSeconds": 0.0},
        ],
        "breakers": [{**breaker, "changedAt": minutes_ago}],
        "flags": [flag, {**flag, "name": "circuit_breaker", "enabled": True}],
        "stalled": [{**plan, "escalatedAt": minutes_ago}],
    }
    lines = [" ".join(line.split()) for line in read(health(report)).splitlines()]

    assert f"gateway 9.9.9, this command {build()}" in lines
    assert "worker well 0.1.0+0123456789ab 7 h 5 min ago 3 12 plan.events 0-2 5" in lines
    assert "runner silent for 12 s 9.9.9+0123456789ab 7 h 5 min ago - - -" in lines
    assert "runners 3 ? all is read" in lines
    assert "agents 17 1 min nobody reads plan.events 3-4" in lines
    assert "17 plan.events 4 1 min nobody" in lines
    assert "analysis 0 not every process tells" in lines
    assert "agent:x/m open 5 min ago 5 when it is reset HTTP 503" in lines
    assert "queue_processing off ana 5 min ago r" in lines
    assert "3f2b8c1e worker-gone 5 min ago 1 min 2 5 min ago" in lines
    assert not [line for line in lines if line.startswith("circuit_breaker")]


def test_the_local_state_is_shown_without_secrets() -> None:
    found = {
        "running": True,
        "ready": True,
        "pid": 7,
        "started_at": "2026-05-04T12:00:00+00:00",
        "urls": {"database": "postgresql://marketplace:s3cret@127.0.0.1:5/marketplace", "broker": "127.0.0.1:9"},
        "env": {"MARKETPLACE_API_KEY": "mrs_secret"},
        "processes": {
            "broker": {"status": "ready", "pid": 8, "restarts": 0, "log": "l", "born": 1.0, "last_exit": None}
        },
    }
    shown = shaped(found)
    assert "s3cret" not in str(shown)
    assert "mrs_secret" not in str(shown)
    assert shown["urls"]["database"] == "postgresql://marketplace:***@127.0.0.1:5/marketplace"
    assert shown["urls"]["broker"] == "127.0.0.1:9"
    assert shown["processes"] == {"broker": {"status": "ready", "pid": 8, "restarts": 0, "log": "l"}}


def test_a_stack_that_was_stopped_is_not_ready() -> None:
    shown = shaped({"running": False, "ready": True, "pid": 7, "urls": {}, "processes": {}})
    assert (shown["running"], shown["ready"], shown["pid"]) == (False, False, None)


def test_a_plan_shows_how_its_document_was_read() -> None:
    one = {"where": "planilha “V”", "layout": "plain", "rows": 3, "warnings": ["1 linha(s) de total"]}
    tables = [one | {"columnsUsed": ["SKU", "SKU"], "columnsMissing": ["status"]}]
    currencies = [
        {"channel": "shopee", "currency": "BRL", "source": "read"},
        {"channel": "amazon", "currency": "", "source": ""},
    ]
    told = reading({"planId": "3f2b8c1e-x", "reading": {"tables": tables, "currencies": currencies}})
    text = read(Group(*told))

    assert "How the document was read" in text
    for part in ("planilha “V”", "plain", "used: SKU\n", "missing: status", "1 linha(s) de total", "figures 3f2b8c1e"):
        assert part in re.sub(r" *\n", "\n", text)
    assert "Currency: Shopee BRL, as the document says; Amazon currency unknown" in text
    assert list(reading({"reading": None})) == list(reading({"reading": {"tables": []}})) == list(reading({})) == []


def test_every_status_has_a_style_and_every_action_its_command() -> None:
    assert set(STATUS_STYLES) == {*PlanStatus, *TaskStatus}
    assert {PlanAction.APPROVE, *DECISIONS} == set(PlanAction)


def test_a_plan_says_which_agents_failed_and_what_they_took() -> None:
    use = {"agent": "agent:a/m", "calls": 2, "inputTokens": 1200, "outputTokens": 34, "seconds": 9.52, "cost": 0.25}
    unmatched = [{"path": "summary", "number": "R$ 9.999"}, {"path": "limits[0]", "number": "R$ 9.999"}]
    failed = {"agent": "", "code": "deadline-missed", "reason": "late", "attempts": 1}
    told = {"fallback": [failed], "use": [use, {**use, "cost": None}], "unmatched": unmatched}
    assert list(agents(told)) == [
        "agent failed (deadline-missed): late",
        "agent:a/m: 2 calls, 1,200 + 34 tokens, 9.5 s, cost 0.2500",
        "agent:a/m: 2 calls, 1,200 + 34 tokens, 9.5 s",
        "numbers without a source in the document: R$ 9.999",
    ]
    assert list(agents({})) == [], "an earlier gateway does not tell"
