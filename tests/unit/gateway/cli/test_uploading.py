"""`upload` of several files: each for its own channels; how far the reading is."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import Result

from gateway.cli.client import Client
from gateway.cli.commands.uploads import in_no_file
from gateway.cli.connection import Connection
from gateway.cli.failures import Unreachable
from gateway.cli.views.uploads import notes, reading
from tests.support.typed import typed

PLAN = "0b6e2c2e-6f4e-4e51-9a52-6f9f1d9f8a11"
ANSWER = {"planId": PLAN, "outcome": "accepted", "status": "analyzing", "version": 1}


def lines(*said: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in said)


def client(*answers: httpx.Response) -> Client:
    waiting = list(answers)
    return Client(Connection("http://gateway", "mrs_k", "test"), httpx.MockTransport(lambda _request: waiting.pop(0)))


def told(*said: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Type": "application/x-ndjson"}, content=lines(*said))


def test_what_is_said_before_the_answer_is_heard() -> None:
    heard: list[dict[str, Any]] = []
    first, second = {"stage": "sheet", "at": 1, "of": 2, "rows": 0}, {"stage": "figures", "at": 0, "of": 0, "rows": 9}
    last = {"status": 202, "headers": {}, "body": ANSWER}
    with client(told({"reading": first}, {"reading": second}, last)) as ours:
        answer = ours.upload(Path("a.csv"), io.BytesIO(b"a;b\n"), {"channels": "shopee"}, heard.append)

    assert (answer, heard) == (ANSWER, [first, second])


def test_a_gateway_that_says_nothing_before_is_heard_too() -> None:
    with client(httpx.Response(202, json=ANSWER)) as ours:
        assert ours.upload(Path("a.csv"), io.BytesIO(b"a;b\n"), {"channels": "shopee"}, lambda _: None) == ANSWER


def test_an_answer_without_its_last_line_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    cut = {"reading": {"stage": "figures", "at": 0, "of": 0, "rows": 9}}
    with client(told(cut), told({"status": 202, "headers": {}, "body": ANSWER})) as ours:
        assert ours.upload(Path("a.csv"), io.BytesIO(b"a;b\n"), {"channels": "shopee"}, lambda _: None) == ANSWER
    with client(told(cut), told(cut), told(cut)) as ours, pytest.raises(Unreachable):
        ours.upload(Path("a.csv"), io.BytesIO(b"a;b\n"), {"channels": "shopee"}, lambda _: None)


def test_a_server_that_is_busy_says_so_in_the_last_line_and_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    busy = {"status": 503, "headers": {"retry-after": "4"}, "body": {"title": "Not available now"}}
    with client(told(busy), told({"status": 202, "headers": {}, "body": ANSWER})) as ours:
        assert ours.upload(Path("a.csv"), io.BytesIO(b"a;b\n"), {"channels": "shopee"}, lambda _: None) == ANSWER

    assert waits == [4.0]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"stage": "waiting"}, "waits for its turn"),
        ({"stage": "sheet", "at": 2, "of": 3, "rows": 120_000}, "reads: sheet 2 of 3, 120,000 rows"),
        ({"stage": "page", "at": 7, "of": 88, "rows": 0}, "reads: page 7 of 88"),
        ({"stage": "rows", "rows": 5}, "reads: 5 rows"),
        ({"stage": "figures", "rows": 5}, "sums up 5 rows"),
        ({}, "reads"),
    ],
)
def test_how_far_it_is_in_words(said: dict[str, Any], words: str) -> None:
    assert reading(said) == words


def test_channels_that_are_in_no_file_are_told_where_every_file_tells_its_own() -> None:
    both: list[dict[str, Any]] = [{"found": ["shopee"]}, {"problem": {"found": ["amazon"]}}]

    assert in_no_file(both, ["shopee", "shein", "amazon", "magalu"]) == ["shein", "magalu"]
    assert in_no_file([*both, {"found": []}], ["shein"]) == []
    assert in_no_file([*both, {"outcome": "kept"}], ["shopee", "shein"]) == ["shein"]
    assert in_no_file([{"outcome": "kept"}], ["shein"]) == []
    assert in_no_file([*both, {"outcome": "refused", "problem": {}}], ["shein"]) == []
    assert notes(
        [{"file": "/x/a.csv", "planId": PLAN, "channels": ["shopee"], "found": ["shopee", "amazon"]}], ["shein"]
    ) == [
        "Asked for and in no file: shein",
        f"Also in a.csv: amazon. To analyse: marketplace analyse {PLAN} -c amazon",
    ]


class Gateway:
    """A gateway that accepts every file, and tells what it has received."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(request.read().decode())
        return httpx.Response(202, json={**ANSWER, "channels": ["shopee"], "found": ["amazon", "shopee"]})

    def run(self, *arguments: str) -> Result:
        return typed(self, *arguments)


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.mark.parametrize(
    ("count", "options", "narrow"), [(2, [], True), (1, [], False), (2, ["--every-channel"], False)]
)
def test_several_files_are_narrowed(
    gateway: Gateway, tmp_path: Path, count: int, options: list[str], narrow: bool
) -> None:
    files = [tmp_path / f"{number}.csv" for number in range(count)]
    for file in files:
        file.write_text("a;b\n1;2\n")
    done = gateway.run("upload", *map(str, files), "-c", "shopee,shein", "--json", *options)

    assert done.exit_code == 0, done.output
    assert [('name="narrow"' in body) for body in gateway.bodies] == [narrow] * count
    said = json.loads(done.stdout)
    assert said["inNoFile"] == ["shein"]
    assert said["results"][0]["channels"] == ["shopee"]
