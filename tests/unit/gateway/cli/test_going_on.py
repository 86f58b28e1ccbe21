"""`start-phase` and `move-on`: what is asked of the gateway, and what is said of its answer."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from gateway.cli.client import PLANS
from tests.support.command_line import Run, answered_by

ONE = "3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a"
PHASES = f"{PLANS}/{ONE}/phases"
RECOVERY = f"{PLANS}/{ONE}/recovery"
BEGUN = {"planId": ONE, "outcome": "accepted", "status": "executing", "version": 7}


@pytest.fixture
def sent() -> list[tuple[str, str, Any]]:
    return []


def door(sent: list[tuple[str, str, Any]], following: dict[str, Any] | None = None) -> Run:
    def answer(request: httpx.Request) -> httpx.Response:
        sent.append((request.method, request.url.path, json.loads(request.content) if request.content else None))
        if request.method == "GET":
            return httpx.Response(200, json={"planId": ONE, "nextPhase": following})
        if request.url.path == PHASES:
            return httpx.Response(202, json=BEGUN)
        return httpx.Response(202, json={"planId": ONE, "outcome": "accepted"})

    return answered_by(answer)


def test_the_next_phase_is_the_one_that_the_plan_names(sent: list[tuple[str, str, Any]]) -> None:
    done = door(sent, {"number": 3, "name": "Fase 3"})("start-phase", ONE)

    assert sent == [("GET", f"{PLANS}/{ONE}", None), ("POST", PHASES, {"number": 3})]
    assert done.exit_code == 0
    assert " ".join(done.stdout.split()).endswith("3f2b8c1e accepted executing")


def test_a_phase_that_was_named_is_begun_without_a_look(sent: list[tuple[str, str, Any]]) -> None:
    done = door(sent)("start-phase", ONE, "--phase", "2", "--json")

    assert sent == [("POST", PHASES, {"number": 2})]
    assert json.loads(done.stdout) == BEGUN


def test_where_no_phase_can_begin_nothing_is_asked_for(sent: list[tuple[str, str, Any]]) -> None:
    done = door(sent)("start-phase", ONE)

    assert [method for method, _path, _body in sent] == ["GET"]
    assert done.exit_code == 1
    assert "No phase can begin now" in done.stderr
    assert "marketplace show 3f2b8c1e" in done.stderr


def test_the_first_phase_is_not_begun_by_hand(sent: list[tuple[str, str, Any]]) -> None:
    assert door(sent)("start-phase", ONE, "--phase", "1").exit_code == 2
    assert sent == []


@pytest.mark.parametrize(("options", "channels"), [([], []), (["-c", "shopee", "-c", "amazon"], ["shopee", "amazon"])])
def test_a_plan_goes_on_without_what_it_waits_for(
    sent: list[tuple[str, str, Any]], options: list[str], channels: list[str]
) -> None:
    done = door(sent)("move-on", ONE, "--reason", "o agente não responde", *options)

    asked = {"how": "move_on", "reason": "o agente não responde", "channels": channels}
    assert sent == [("POST", RECOVERY, asked)]
    assert done.stdout == f"{ONE}: accepted; marketplace recoveries --plan 3f2b8c1e tells on\n"


def test_what_was_answered_is_a_document_too(sent: list[tuple[str, str, Any]]) -> None:
    said = door(sent)("move-on", ONE, "--reason", "r", "--json").stdout
    assert json.loads(said) == {"planId": ONE, "outcome": "accepted"}


def test_nobody_moves_a_plan_on_without_a_reason(sent: list[tuple[str, str, Any]]) -> None:
    assert door(sent)("move-on", ONE).exit_code == 2
    assert sent == []


def test_a_refusal_is_told_as_the_gateway_says_it() -> None:
    refused = {"title": "Not now", "status": 409, "detail": "The phase before has not ended."}
    done = answered_by(lambda _request: httpx.Response(409, json=refused))("start-phase", ONE, "--phase", "2")

    assert done.exit_code != 0
    assert done.stdout == ""
    assert "The phase before has not ended." in done.stderr
