"""`marketplace doctor` says which critical alerts no route takes, in the words of the page and from what it knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from typer.testing import CliRunner, Result

import gateway.ui
from gateway.cli.client import Client
from gateway.cli.connection import Connection
from gateway.cli.main import app
from gateway.cli.terminal import Terminal
from gateway.cli.views.health import HEARD, UNHEARD
from gateway.operations.alerting import unheard_by
from gateway.operations.health import report_of
from gateway.verdict.judge import judge
from projections.reads.processes import Process
from tests.unit.gateway.verdict.examples import RUNS, process, seen, without

PAGE = Path(gateway.ui.__file__).parent / "templates" / "alerts.html"


def reported(*engines: Process) -> dict[str, Any]:
    """Return the health report of a system that is well, with these alert engines."""
    runs = replace(RUNS, processes=[*without("alerts").processes, *engines])
    found: dict[str, Any] = orjson.loads(
        report_of(judge(seen(operations=runs)), live=True).model_dump_json(by_alias=True)
    )
    return found


def engine(*unheard: str, connected: bool = True) -> Process:
    return process("alerts", progress={"notifiers": ["slack"], "unheard": list(unheard)}, connected=connected)


def doctor(report: dict[str, Any]) -> Result:
    terminal = Terminal({"COLUMNS": "400"})
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=report))
    terminal.__dict__["client"] = Client(Connection("http://gateway.example", "", "nowhere"), transport)
    with terminal.client:
        return CliRunner().invoke(app, ["doctor"], obj=terminal)


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("unheard", "said"),
    [
        (
            ["role-missing"],
            "told of 1 kind of critical alert: no route takes it, and nothing is escalated: role-missing",
        ),
        (["role-missing", "broker-away"], "told of 2 kinds of critical alerts: no route takes them, and nothing is"),
    ],
)
def test_it_says_which_and_what_to_do_and_ends_as_before(unheard: list[str], said: str) -> None:
    report = reported(engine(*unheard))
    told = doctor(report)
    assert report["alertsUnheard"] == sorted(unheard)
    assert f"? Nobody outside is {said}" in flat(told.stdout)
    assert f"{', '.join(sorted(unheard))}" in flat(told.stdout)
    assert f"> {HEARD}" in flat(told.stdout)
    assert (told.exit_code, report["status"]) == (0, "ok")


def test_it_says_nothing_where_all_are_told_or_an_earlier_gateway_does_not_know() -> None:
    report = reported(engine())
    assert report["alertsUnheard"] == []
    earlier = {name: value for name, value in report.items() if name != "alertsUnheard"}
    for one in (report, earlier):
        told = doctor(one)
        assert (told.exit_code, "Nobody outside" in told.stdout, HEARD in flat(told.stdout)) == (0, False, False)


def test_it_ends_as_the_verdict_has_it() -> None:
    told = doctor({**reported(engine("role-missing")), "status": "degraded"})
    assert (told.exit_code, "Nobody outside is told" in told.stdout) == (1, True)


def test_engines_that_are_gone_are_not_asked_and_others_are_no_engine() -> None:
    other = process("worker", progress={"unheard": ["broker-away"]})
    assert unheard_by([engine("log-cut", connected=False), other, engine("role-missing"), process("alerts")]) == [
        "role-missing"
    ]


@pytest.mark.parametrize("text", [*UNHEARD, HEARD])
def test_the_words_are_those_of_the_page(text: str) -> None:
    assert f"'{text}'" in PAGE.read_text("utf-8")
