"""`retries now` and `retries give-up` of all that fits: after a question with the number, part by part."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from gateway.cli.client import PLANS, Client
from gateway.cli.commands import retries
from gateway.cli.connection import Connection
from gateway.cli.main import app
from gateway.cli.terminal import Terminal

PLAN = "3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a"


class Gateway:
    """A gateway with 7 waiting records, the last one behind the first. `refused`: records with why not."""

    def __init__(self) -> None:
        self.asked: list[httpx.QueryParams] = []
        self.parts: list[dict[str, Any]] = []
        self.refused: dict[str, str] = {}
        self.records = [
            {"recordId": f"agents|t|0|{n}", "offset": n, "behind": "agents|t|0|0" if n == 6 else ""} for n in range(7)
        ]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == PLANS:
            return httpx.Response(200, json={"items": [{"planId": PLAN}], "nextCursor": None})
        if request.method == "GET":
            self.asked.append(request.url.params)
            return httpx.Response(200, json={"items": self.records, "nextCursor": None})
        body = json.loads(request.content)
        self.parts.append(body)
        ids = body["recordIds"]
        if len(ids) == 1 and ids[0] in self.refused:
            status = self.refused[ids[0]]
            return httpx.Response(409, json={"title": "Not possible in this status", "currentStatus": status})
        results = [{"recordId": one, "outcome": "resolved" if one in self.refused else "accepted"} for one in ids]
        return httpx.Response(200, json={"results": results})

    def run(self, *arguments: str) -> Result:
        terminal = Terminal(env={})
        terminal.__dict__["client"] = Client(Connection("http://gateway", "k", "test"), httpx.MockTransport(self))
        return CliRunner().invoke(app, ["retries", *arguments], obj=terminal)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    monkeypatch.setattr(retries, "PART", 3)
    return Gateway()


def numbers(part: dict[str, Any]) -> list[int]:
    return [int(one.rpartition("|")[2]) for one in part["recordIds"]]


def test_all_that_fits_is_tried_now_part_by_part_and_what_waits_behind_goes_along(gateway: Gateway) -> None:
    done = gateway.run("now", "--code", "LookupError", "--code", "damaged", "--plan", PLAN[:6], "--yes", "--json")

    assert done.exit_code == 0
    assert [numbers(part) for part in gateway.parts] == [[0, 1, 2], [3, 4, 5]]
    (asked,) = gateway.asked
    assert (asked.get_list("code"), asked["state"], asked["plan"]) == (["LookupError", "damaged"], "waiting", PLAN)
    assert len(json.loads(done.stdout)["results"]) == 6


def test_the_last_one_of_a_plan_is_given_up_first(gateway: Gateway) -> None:
    done = gateway.run("give-up", "--all", "--reason", "não serve", "--yes")

    assert done.exit_code == 0
    assert [numbers(part) for part in gateway.parts] == [[6, 5, 4], [3, 2, 1], [0]]
    assert {part["reason"] for part in gateway.parts} == {"não serve"}
    assert "3 of 7 records have had their turn" in done.stderr


def test_what_was_handled_meanwhile_is_no_refusal_where_all_were_meant(gateway: Gateway) -> None:
    gateway.refused = {"agents|t|0|0": "done", "agents|t|0|2": "done"}

    assert gateway.run("give-up", "--all", "--reason", "x", "--yes", "--json").exit_code == 0
    assert gateway.run("give-up", "--reason", "x", "agents:t:0:2", "agents:t:0:3", "--json").exit_code == 1
    assert gateway.run("now", "agents:t:0:2", "--json").exit_code == 1
    gateway.records = gateway.records[2:3]
    assert gateway.run("now", "--all", "--yes", "--json").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["now", "--all"], "Try 6 waiting records now?"),
        (["give-up", "--all", "--reason", "x"], "Give up 7 waiting records?"),
        (["now"], "Say which records"),
        (["now", "agents:t:0:1", "--all"], "Give records or options, not both"),
    ],
)
def test_nothing_is_done_without_a_clear_word(gateway: Gateway, arguments: list[str], words: str) -> None:
    done = gateway.run(*arguments)

    assert done.exit_code == 2
    assert words in done.stderr
    assert gateway.parts == []


def test_where_nothing_waits_nothing_is_asked(gateway: Gateway) -> None:
    gateway.records = []

    done = gateway.run("now", "--all", "--json")

    assert (done.exit_code, json.loads(done.stdout)) == (0, {"results": []})
    assert gateway.parts == []
