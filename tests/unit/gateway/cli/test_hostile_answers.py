"""What answers is not the gateway, or means no good: the command says so, and the terminal is told nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from gateway.cli.client import Client
from gateway.cli.connection import Connection
from gateway.cli.failures import Failure, Refused
from gateway.cli.main import app
from gateway.cli.terminal import Terminal, in_json

ENV = {"MARKETPLACE_URL": "http://gateway", "MARKETPLACE_API_KEY": "mrs_k"}
Run = Callable[[httpx.Response | Callable[[httpx.Request], httpx.Response], list[str]], Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command against a server that answers so."""
    monkeypatch.setattr(time, "sleep", lambda _: None)

    def ran(answer: Any, command: list[str]) -> Result:
        handle = answer if callable(answer) else lambda _: answer
        terminal = Terminal(ENV)
        terminal.__dict__["client"] = Client(Connection("http://gateway", "mrs_k", "test"), httpx.MockTransport(handle))
        return CliRunner().invoke(app, command, obj=terminal)

    return ran


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"items": None},
        {"items": [{}]},
        {"items": [[]]},
        {"items": [{"planId": 7, "status": {}, "channels": 3}]},
        {"items": "ab", "nextCursor": None},
    ],
)
@pytest.mark.parametrize("command", [["plans"], ["tasks"], ["audit"], ["doctor"], ["recoveries"], ["outbox", "list"]])
def test_an_answer_of_another_form_is_told_in_words(run: Run, command: list[str], body: Any) -> None:
    done = run(httpx.Response(200, json=body), command)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "Traceback" not in done.stderr
    assert done.exit_code in {0, 1, 2}


def test_json_without_end_in_depth_is_told(run: Run) -> None:
    done = run(httpx.Response(200, content=b'{"items":' + b"[" * 100_000, headers={"content-type": "x"}), ["plans"])
    assert (done.exit_code, isinstance(done.exception, SystemExit)) == (1, True)


@pytest.mark.parametrize("later", ["-5", "-inf", "nan", "inf", "1e999", "soon"])
def test_no_time_to_wait_is_one_that_cannot_be_waited(later: str, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    answer = httpx.Response(503, json={"title": "Later"}, headers={"Retry-After": later})
    client = Client(Connection("http://gateway", "", "test"), httpx.MockTransport(lambda _: answer))
    with client, pytest.raises(Refused):
        client.get("/x")
    assert all(0 <= one <= 10 for one in waited)


@pytest.mark.parametrize("items", [[], [{"n": 1}]])
def test_a_list_without_end_ends(items: list[Any]) -> None:
    answer = httpx.Response(200, json={"items": items, "nextCursor": "c"})
    client = Client(Connection("http://gateway", "", "test"), httpx.MockTransport(lambda _: answer))
    with client, pytest.raises(Failure, match="no end"):
        list(client.pages("/api/x", {}, None))


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x9b31m", "a\rb", "\x7f", "\u202egpj.exe", "\u2066", "\ud800"])
def test_json_has_no_command_to_a_terminal_and_says_the_same(hostile: str, run: Run) -> None:
    shown = in_json({"title": hostile})
    assert not set(shown) & set("\x1b\x9b\r\x7f\u202e\u2066\ud800")
    assert json.loads(shown) == {"title": hostile}
    refused = httpx.Response(409, content=json.dumps({"title": hostile, "detail": hostile}).encode())
    said = run(refused, ["plans", "--json"])
    assert json.loads(said.stdout)["title"] == hostile
    assert "\x9b" not in said.stdout + run(refused, ["plans"]).stderr


def test_a_download_that_does_not_say_what_it_has_leaves_no_file(run: Run, tmp_path: Path) -> None:
    done = run(httpx.Response(200, content=b"a;b"), ["export", "plans", str(tmp_path / "plans.csv")])
    assert done.exit_code == 1
    assert list(tmp_path.iterdir()) == []
