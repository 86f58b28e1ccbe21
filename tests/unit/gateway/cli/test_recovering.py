"""`recover`: one plan, several, or all that stand still."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from gateway.cli.client import PLANS
from gateway.cli.terminal import Terminal
from tests.support.command_line import Run, answered_by

ONE, OTHER = "3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a", "4f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a"


@pytest.fixture
def sent() -> list[tuple[str, Any]]:
    return []


@pytest.fixture
def run(sent: list[tuple[str, Any]]) -> Run:
    rounds = iter([([ONE], 1), ([OTHER], 0)])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"items": [], "nextCursor": None, "total": 2})
        body = json.loads(request.content)
        sent.append((request.url.path, body))
        if request.url.path.endswith(f"{ONE}/recovery"):
            return httpx.Response(202, json={"planId": ONE, "outcome": "accepted"})
        ids, left = next(rounds) if "stalled" in body else (body["ids"], 0)
        results = [{"planId": one, "outcome": "accepted" if one == ONE else "unchanged"} for one in ids]
        return httpx.Response(202, json={"results": results, "left": left})

    return answered_by(answer)


def test_one_plan_answers_as_ever(run: Run, sent: list[tuple[str, Any]]) -> None:
    assert json.loads(run("recover", ONE, "--json").stdout) == {"planId": ONE, "outcome": "accepted"}
    assert sent == [(f"{PLANS}/{ONE}/recovery", {"how": "recover", "reason": ""})]


def test_several_are_asked_for_at_once(run: Run, sent: list[tuple[str, Any]]) -> None:
    done = run("recover", ONE, OTHER, "--reason", "back")
    assert sent == [(f"{PLANS}/recovery", {"ids": [ONE, OTHER], "reason": "back"})]
    assert f"{OTHER}: unchanged" in done.stdout
    assert "1 of 2 plans will be recovered" in done.stderr


def test_all_that_stand_still_are_taken_until_none_is_left_after_a_question(
    run: Run, sent: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def says_no(_terminal: Terminal, question: str) -> bool:
        asked.append(question)
        return False

    with monkeypatch.context() as no:
        no.setattr(Terminal, "confirm", says_no)
        assert run("recover", "--stalled").exit_code == 1
    assert asked == ["2 plans stand still. Recover them at once?"]
    assert sent == []
    done = run("recover", "--stalled", "--yes", "--json")
    assert [one["planId"] for one in json.loads(done.stdout)["results"]] == [ONE, OTHER]
    assert len(sent) == 2


@pytest.mark.parametrize("arguments", [[], [ONE, "--stalled"]])
def test_which_plans_has_to_be_said(run: Run, arguments: list[str]) -> None:
    assert run("recover", *arguments).exit_code == 2
