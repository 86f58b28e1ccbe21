"""`marketplace status` says the verdict, too, and ends as `doctor` does where the gateway answers."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from gateway.cli.client import Client
from gateway.cli.commands import local_system
from gateway.cli.connection import Connection
from gateway.cli.main import app
from gateway.cli.terminal import Terminal
from tests.support.command_line import answered_by

URL = "http://gateway.example"
PROCESS = {"status": "ready", "pid": 8, "restarts": 0, "log": "l"}


def report(status: str, headline: str) -> dict[str, Any]:
    return {"status": status, "headline": headline, "findings": []}


def run(monkeypatch: pytest.MonkeyPatch, found: dict[str, Any], answer: httpx.Response | None, *options: str) -> Result:
    def respond(request: httpx.Request) -> httpx.Response:
        if answer is None:
            raise httpx.ConnectError("refused", request=request)
        return answer

    monkeypatch.setattr(local_system, "_ask", lambda *_a, **_k: json.dumps(found))
    terminal = Terminal({})
    terminal.__dict__["client"] = Client(Connection(URL, "", "nowhere"), httpx.MockTransport(respond))
    with terminal.client:
        return CliRunner().invoke(app, ["status", *options], obj=terminal)


UP = {"running": True, "ready": True, "pid": 7, "urls": {}, "processes": {"gateway": PROCESS}}


@pytest.mark.parametrize(
    ("status", "headline", "exit_code"),
    [
        ("ok", "All quiet: nothing waits, nothing failed.", 0),
        ("degraded", "The broker is away.", 1),
        ("down", "The database does not answer.", 2),
    ],
)
def test_ends_as_the_doctor_does(monkeypatch: pytest.MonkeyPatch, status: str, headline: str, exit_code: int) -> None:
    said = run(monkeypatch, UP, httpx.Response(200, json=report(status, headline)))
    document = run(monkeypatch, UP, httpx.Response(200, json=report(status, headline)), "--json")

    assert (said.exit_code, document.exit_code) == (exit_code, exit_code)
    assert f"The system is {status}. {headline}" in said.stdout
    assert ("All processes run" in said.stdout) is (status == "ok"), "that they were started says nothing more"
    assert json.loads(document.stdout)["health"] == {"status": status, "headline": headline}


@pytest.mark.parametrize("answer", [None, httpx.Response(401, json={"title": "Authentication is needed"})])
def test_a_gateway_that_does_not_tell_is_not_taken_for_well(
    monkeypatch: pytest.MonkeyPatch, answer: httpx.Response | None
) -> None:
    said = run(monkeypatch, UP, answer)

    assert said.exit_code == 1
    assert "The gateway does not answer" in said.stdout


def test_what_does_not_run_is_said_before_what_the_gateway_thinks(monkeypatch: pytest.MonkeyPatch) -> None:
    well = httpx.Response(200, json=report("ok", "All quiet: nothing waits, nothing failed."))
    half = run(monkeypatch, UP | {"ready": False}, well)
    none = run(monkeypatch, {"running": False, "urls": {}, "processes": {}}, well)

    assert (half.exit_code, none.exit_code) == (1, 3)
    assert "Not all processes run" in half.stdout
    assert "Nothing runs on this machine" in none.stdout
    assert "marketplace doctor" in none.stdout


def test_the_gateway_of_this_machine_is_asked_wherever_the_environment_leads() -> None:
    elsewhere = {"MARKETPLACE_URL": "http://elsewhere.example", "MARKETPLACE_API_KEY": "mrs_1", "HOME": "/h"}

    assert dict(local_system._here(Terminal(elsewhere)).env) == {"HOME": "/h"}
    assert dict(local_system._here(Terminal({"MARKETPLACE_API_KEY": "mrs_1"})).env) == {"MARKETPLACE_API_KEY": "mrs_1"}


AWAY = httpx.Response(503, json={"title": "Not available now", "status": 503, "detail": "It does not answer."})


def test_without_its_database_the_system_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that answers "no database" is not silent: status and doctor end alike, and say what to do."""
    monkeypatch.setattr("gateway.cli.client.time.sleep", lambda _s: None)
    said = run(monkeypatch, UP, AWAY)
    assert said.exit_code == 2
    assert "The system is down. The database does not answer." in said.stdout

    def respond(_request: httpx.Request) -> httpx.Response:
        return AWAY

    doctor = answered_by(respond)("doctor")
    assert doctor.exit_code == 2
    assert "The system is down. The database does not answer." in doctor.stderr
    assert "See whether PostgreSQL runs" in doctor.stderr


@pytest.mark.parametrize(("status", "exit_code"), [(403, 1), (429, 1)])
def test_another_refusal_says_nothing_of_the_system(
    monkeypatch: pytest.MonkeyPatch, status: int, exit_code: int
) -> None:
    monkeypatch.setattr("gateway.cli.client.time.sleep", lambda _s: None)
    refused = httpx.Response(status, json={"title": "No", "status": status, "detail": "no"})
    doctor = answered_by(lambda _request: refused)("doctor")
    assert (doctor.exit_code, "is down" in doctor.stderr) == (exit_code, False)
