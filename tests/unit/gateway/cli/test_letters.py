"""`letters show`: what a person reads of a letter."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest
from rich.console import Console, RenderableType
from typer.testing import CliRunner

from gateway.cli.client import Client
from gateway.cli.commands import replaying
from gateway.cli.connection import Connection
from gateway.cli.main import app
from gateway.cli.terminal import Terminal
from gateway.cli.views import letters as views

TRACE = "ab" * 16
PAGE = f"http://127.0.0.1:16686/trace/{TRACE}"
#: A letter of a gateway that does not know `traceUrl`.
EARLIER: dict[str, Any] = {
    "recordId": "agents|plan.events|3|17", "state": "open", "type": "plan.uploaded", "planId": None, "key": "k",
    "group": "agents", "topic": "plan.events", "partition": 3, "offset": 17, "code": "ValueError", "message": "no",
    "fingerprint": "6582d7d93f9e", "attempts": 4, "firstFailedAt": "2026-05-04T12:00:00Z", "retry": "", "replays": 0,
    "lastFailedAt": "2026-05-04T12:00:36Z", "actedBy": "", "givenUpBy": "", "traceId": TRACE,
    "data": {"title": "Abril"}, "differences": [], "history": [],
}  # fmt: skip


def shown(letter: dict[str, Any], *options: str) -> str:
    terminal = Terminal(env={})
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=letter))
    terminal.__dict__["client"] = Client(Connection("http://gateway", "k", "test"), transport)
    done = CliRunner().invoke(app, ["letters", "show", "agents:plan.events:3:17", *options], obj=terminal)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_trace_of_a_letter_has_its_page() -> None:
    lines = [line.split() for line in shown({**EARLIER, "traceUrl": PAGE}).splitlines()]
    assert ["trace", TRACE] in lines
    assert ["trace", "page", PAGE] in lines, "in one piece, so that a terminal makes a link of it"
    assert json.loads(shown({**EARLIER, "traceUrl": PAGE}, "--json"))["traceUrl"] == PAGE


@pytest.mark.parametrize("letter", [EARLIER, {**EARLIER, "traceUrl": None}], ids=["earlier", "unset"])
def test_without_a_page_the_id_is_shown_alone(letter: dict[str, Any]) -> None:
    assert TRACE in shown(letter)
    assert "trace page" not in shown(letter)


def test_who_may_not_see_what_is_in_a_letter_is_told_so_and_not_that_nobody_can_read_it() -> None:
    assert "Abril" in shown({**EARLIER, "withheld": False})
    said = shown({**EARLIER, "withheld": True, "data": None, "valueBase64": None, "sizeBytes": 321})
    assert "321 bytes: operators see what is in them" in said
    assert "nobody can read" not in said


def test_what_was_tried_is_told_with_who_and_why() -> None:
    steps = [
        {"what": "discarded", "at": "2026-05-04T12:03:00Z", "number": None, "by": "ana", "code": "", "reason": "old"},
        {"what": "failed", "at": "2026-05-04T12:00:00Z", "number": 2, "by": "", "code": "timeout", "reason": "5 s"},
    ]
    lines = [line.split() for line in shown({**EARLIER, "tried": steps, "triedBefore": 7}).splitlines()]
    assert any(line[-3:] == ["discarded", "ana", "old"] for line in lines)
    assert any(line[-6:] == ["attempt", "2", "-", "timeout:", "5", "s"] for line in lines)
    assert ["and", "7", "before"] in lines
    assert "what was tried" not in shown(EARLIER), "a gateway of before does not tell"


def test_a_cause_says_its_code_once() -> None:
    """Messages of decoders begin with the code already, so the list must not show it twice."""
    row = {
        **EARLIER,
        "code": "damaged",
        "message": "damaged: it ends early",
        "edited": False,
        "deadAt": "2026-05-04T12:00:36Z",
    }
    console = Console(width=200)
    with console.capture() as said:
        console.print(views.letters([row, {**row, "message": ""}]))
    assert "damaged: it ends early" in said.get()
    assert "damaged: damaged" not in said.get()
    assert "damaged:" not in said.get().splitlines()[-2]
    assert ["message", "it", "ends", "early"] in [line.split() for line in shown(row).splitlines()]


def test_a_cause_names_every_group_and_counts_the_records_that_its_letters_are_of() -> None:
    """Fourteen records that two groups cannot read are 28 letters."""
    row = {
        "fingerprint": "e546d9d41d6e",
        "group": "agents",
        "groups": ["agents", "projections"],
        "code": "bad-magic",
        "type": "",
        "message": "the first byte is 110, not 0",
        "total": 28,
        "records": 14,
        "states": {"open": 28},
        "trend": [28],
        "lastAt": "2026-05-04T12:00:36Z",
    }
    console = Console(width=200)
    with console.capture() as said:
        console.print(views.causes({"items": [row]}))
    (line,) = [line for line in said.get().splitlines() if "e546d9d41d6e" in line]
    assert "agents, projections" in line
    assert line.split("not 0")[1].split()[:3] == ["28", "28", "14"]


#: A replay of two letters that nobody can read.
REPLAY: dict[str, Any] = {
    "jobId": "3917e44b-0176-5d72-a96e-613b45b870d6", "state": "done", "done": 3, "total": 3, "rate": 20.0,
    "actor": "ana", "createdAt": "2026-05-04T12:00:00Z", "outcomes": {"accepted": 2, "blocked": 1}, "cameBack": 2,
}  # fmt: skip


def printed(rendered: RenderableType) -> str:
    console = Console(width=200)
    with console.capture() as said:
        console.print(rendered)
    return said.get()


def test_a_replay_of_which_all_came_back_does_not_say_that_they_were_accepted() -> None:
    said = printed(views.jobs([REPLAY]))
    assert "2 came back, 1 blocked" in said
    assert "accepted" not in said
    assert "1 came back, 1 accepted, 1 blocked" in printed(views.jobs([{**REPLAY, "cameBack": 1}]))
    earlier = {name: value for name, value in REPLAY.items() if name != "cameBack"}
    assert "2 accepted, 1 blocked" in printed(views.jobs([earlier]))


def test_each_letter_of_a_replay_says_whether_it_came_back() -> None:
    item = {"recordId": "agents|plan.events|3|17", "outcome": "accepted", "at": None, "retry": "given_up"}
    assert "given up" in printed(views.job_items([{**item, "cameBack": False}]))
    assert "came back" in printed(views.job_items([{**item, "cameBack": True}]))


def test_a_dry_run_says_that_what_nobody_can_read_would_come_back() -> None:
    row = {
        "recordId": "agents|plan.events|3|17", "outcome": "accepted", "group": "agents", "topic": "agents.redeliver",
        "type": "plan.approved", "edited": False, "readable": False, "behind": "", "inHistory": False,
    }  # fmt: skip
    assert "sent, would come back" in printed(views.outlook([row]))
    assert "come back" not in printed(views.outlook([{**row, "readable": True}]))


@pytest.mark.parametrize(("later", "status"), [(0, 0), (2, 1)], ids=["handled", "came back"])
def test_a_replay_is_waited_for_until_letters_can_have_come_back(
    monkeypatch: pytest.MonkeyPatch, later: int, status: int
) -> None:
    """They come back after the last was sent: until then the job is done and nothing is wrong."""
    monkeypatch.setattr(time, "sleep", lambda _: None)
    monkeypatch.setattr(replaying, "BACK_S", 0.2)
    sent = {**REPLAY, "total": 2, "done": 2, "outcomes": {"accepted": 2}, "cameBack": 0}
    told = iter([{**sent, "state": "running"}, sent, sent])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(202, json={**sent, "state": "running"})
        job = next(told, {**sent, "cameBack": later})
        return httpx.Response(200, json={**job, "items": [], "nextAfter": None})

    terminal = Terminal(env={})
    terminal.__dict__["client"] = Client(Connection("http://gateway", "k", "test"), httpx.MockTransport(answer))
    done = CliRunner().invoke(app, ["letters", "replay", "--code", "bad-magic", "--wait", "--yes"], obj=terminal)
    assert done.exit_code == status, done.output
    assert ("came back as dead letters" in done.output) == (later > 0)
