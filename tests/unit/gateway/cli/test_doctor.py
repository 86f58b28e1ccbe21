"""`marketplace doctor` says which critical alerts no route takes, and what to do, by the verdict's finding."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import orjson
import pytest
from typer.testing import CliRunner, Result

from gateway.cli.client import Client
from gateway.cli.connection import Connection
from gateway.cli.main import app
from gateway.cli.terminal import Terminal
from gateway.operations.health import report_of
from gateway.verdict.judge import judge
from gateway.verdict.kinds import Kind
from gateway.verdict.running import unheard as unheard_by
from projections.reads.processes import Process
from tests.unit.gateway.verdict.examples import RUNS, process, seen, without

HEARD = "Put a route that takes them into the file MARKETPLACE_ALERT_ROUTES, such as `[[route]]` with"


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
            "of 1 kind come to nobody: no route takes them, and nothing is escalated. It is: role-missing.",
        ),
        (["role-missing", "broker-away"], "of 2 kinds come to nobody: no route takes them, and nothing is escalated."),
    ],
)
def test_it_says_which_and_what_to_do_and_ends_as_before(unheard: list[str], said: str) -> None:
    report = reported(engine(*unheard))
    told = doctor(report)
    assert report["alertsUnheard"] == sorted(unheard)
    assert f"? Critical alerts {said}" in flat(told.stdout)
    assert f"{', '.join(sorted(unheard))}" in flat(told.stdout)
    assert flat(told.stdout).count(f"> {HEARD}") == 1
    assert (told.exit_code, report["status"]) == (0, "ok")


def test_it_says_nothing_where_all_are_told() -> None:
    report = reported(engine())
    told = doctor(report)
    assert (report["alertsUnheard"], report["verdict"]) == ([], [])
    assert (told.exit_code, "Critical alerts" in told.stdout, HEARD in flat(told.stdout)) == (0, False, False)


def test_it_ends_as_the_verdict_has_it() -> None:
    told = doctor({**reported(engine("role-missing")), "status": "degraded"})
    assert (told.exit_code, "Critical alerts" in told.stdout) == (1, True)


def test_engines_that_are_gone_are_not_asked_and_others_are_no_engine() -> None:
    other = process("worker", source="worker-2", progress={"unheard": ["broker-away"]})
    runs = replace(RUNS, processes=[engine("log-cut", connected=False), other, engine("role-missing")])
    assert unheard_by(runs.engines) == ["role-missing"]


def test_what_one_of_several_engines_tells_nobody_counts() -> None:
    """One of them is active, and which one changes."""
    other = replace(engine("role-missing"), source="alerts-2")
    verdict = judge(seen(operations=replace(RUNS, processes=[*without("alerts").processes, engine("log-cut"), other])))
    (found,) = verdict.findings
    assert (found.kind, found.values) == (
        Kind.ALERTS_UNHEARD,
        {"count": 2, "kinds": "log-cut, role-missing", "name": "slack"},
    )


def test_where_nobody_at_all_is_told_that_is_said_instead() -> None:
    nobody = process("alerts", progress={"notifiers": [], "unheard": []})
    verdict = judge(seen(operations=replace(RUNS, processes=[*without("alerts").processes, nobody])))
    assert [one.kind for one in verdict.findings] == [Kind.ALERTS_UNTOLD]
