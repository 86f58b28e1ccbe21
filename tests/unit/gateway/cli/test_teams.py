"""`teams move` gives plans to a team, or to none where that is said."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from gateway.cli.failures import Exit
from tests.support.command_line import answered_by

PLAN = "3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a"
TEAM = "7a2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a"


class Gateway:
    def __init__(self) -> None:
        self.moved: list[Any] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PATCH":
            self.moved.append(json.loads(request.content))
            return httpx.Response(200, json={"planId": PLAN, "team": self.moved[-1]["team"]})
        return httpx.Response(200, json={"items": [{"teamId": TEAM, "name": "Marketing"}], "seeingAll": 0})


@pytest.mark.parametrize(("said", "team"), [(("--team", "marketing"), TEAM), (("--no-team",), None)])
def test_a_plan_is_given_to_a_team_or_to_everybody(said: tuple[str, ...], team: str | None) -> None:
    gateway = Gateway()
    done = answered_by(gateway)("teams", "move", PLAN, "--reason", "theirs", *said)

    assert (done.exit_code, gateway.moved) == (0, [{"team": team, "reason": "theirs"}])


@pytest.mark.parametrize("said", [(), ("--team", "Marketing", "--no-team")])
def test_nobody_shows_a_plan_to_everybody_by_leaving_the_team_out(said: tuple[str, ...]) -> None:
    gateway = Gateway()
    done = answered_by(gateway)("teams", "move", PLAN, "--reason", "theirs", *said)

    assert (done.exit_code, gateway.moved) == (Exit.USAGE, [])


class Many(Gateway):
    """A gateway with ten plans of a team, which moves four of them at a time."""

    left = 10

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method != "POST":
            return super().__call__(request)
        self.moved.append(json.loads(request.content))
        now = min(4, self.left)
        self.left -= now
        return httpx.Response(200, json={"moved": now, "unknown": [], "left": self.left})


def test_all_plans_of_a_team_move_however_many_requests_that_takes() -> None:
    gateway = Many()
    done = answered_by(gateway)("teams", "move", "--of", "marketing", "--no-team", "--reason", "closed", "--json")

    assert (done.exit_code, json.loads(done.stdout)) == (0, {"moved": 10, "unknown": []})
    assert gateway.moved == [{"team": None, "reason": "closed", "ofTeam": TEAM}] * 3


def test_several_plans_move_in_one_request() -> None:
    gateway = Many()
    done = answered_by(gateway)("teams", "move", PLAN, TEAM, "--team", "Marketing", "--reason", "theirs")

    assert (done.exit_code, gateway.moved[0]["planIds"]) == (0, [PLAN, TEAM])


def test_plans_that_are_not_there_are_told() -> None:
    def gateway(request: httpx.Request) -> httpx.Response:
        if request.method != "POST":
            return Gateway()(request)
        return httpx.Response(200, json={"moved": 1, "unknown": [PLAN], "left": 0})

    done = answered_by(gateway)("teams", "move", PLAN, TEAM, "--no-team", "--reason", "theirs")

    assert (done.exit_code, f"There is no plan {PLAN}." in " ".join(done.stdout.split())) == (Exit.REFUSED, True)


@pytest.mark.parametrize("said", [(), (PLAN, "--of", "Marketing")])
def test_either_plans_or_a_team_are_named(said: tuple[str, ...]) -> None:
    gateway = Many()
    done = answered_by(gateway)("teams", "move", *said, "--no-team", "--reason", "r")

    assert (done.exit_code, gateway.moved) == (Exit.USAGE, [])
