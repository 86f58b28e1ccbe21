"""The command line of the drills, and `marketplace chaos` in front of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app
from local.chaos import __main__ as command
from local.chaos import contained
from local.chaos.run import Pace
from local.chaos.scenarios import PATIENT, SCENARIOS
from local.chaos.site import Spec

ROOT = Path(__file__).parents[4]
WANTED = {
    *("kill-runner", "kill-pump", "kill-watchdog", "kill-alerts"),
    *("kill-worker", "kill-projections", "kill-gateway", "kill-broker", "broker-partition", "postgres-restart"),
    *("slow-agent", "lying-agent", "hanging-agent", "poison-record", "duplicate-delivery", "clock-jump", "disk-full"),
    *("rebalance-storm", "killed-backend", "lost-sessions", "no-connections", "held-lock", "frozen-worker"),
    *("frozen-supervisor", "open-transaction", "full-pool", "deaf-worker", "deaf-worker-aiokafka"),
}


def test_every_scenario_is_there() -> None:
    assert set(SCENARIOS) == WANTED
    assert {name.removeprefix("away-") for name in PATIENT} == {
        *(name.removeprefix("kill-") for name in WANTED if name.startswith("kill-") and name != "kill-alerts"),
        "postgres",
    }
    assert all(name == s.name and s.summary for name, s in {**SCENARIOS, **PATIENT}.items())


def test_a_name_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["kill-worker", "kill-everything"]) == 2
    assert "no such scenario: kill-everything" in capsys.readouterr().err


def test_the_help_lists_the_scenarios(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["--help"])
    assert ended.value.code == 0
    assert set(re.findall(r"^  ([a-z-]+) ", capsys.readouterr().out, re.MULTILINE)) >= WANTED | PATIENT.keys()


def test_the_command_in_front_of_it_lists_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--list"]) == 0
    listed = capsys.readouterr().out
    assert [line.split()[0] for line in listed.splitlines()] == [*SCENARIOS, *PATIENT]
    told = CliRunner().invoke(app, ["chaos", "--help"])
    assert told.exit_code == 0
    lines = [line.strip() for line in told.stdout.splitlines()]
    assert [line.strip() for line in listed.splitlines()] == lines[lines.index("Scenarios:") + 1 :][: len(command.ALL)]


def test_where_nothing_can_be_contained_the_run_fails_and_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(contained.INSIDE, raising=False)
    monkeypatch.setattr(command, "classpath", list)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    refused = subprocess.CompletedProcess([], 1, "", "unshare failed: Operation not permitted\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: refused)

    chosen = [s for s in SCENARIOS.values() if s.spec.contained]
    found = list(command.outcomes(chosen, [1], Pace(), keep=False))

    assert [o.scenario for o in found] == ["broker-partition", "disk-full"]
    for outcome in found:
        assert any("needs root" in p and "Operation not permitted" in p for p in outcome.problems)
    assert not Spec().contained


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collects each command that was run; each ends with status 1."""
    runs: list[list[str]] = []

    class Process:
        def __init__(self, argv: list[str], **options: Any) -> None:
            assert options["cwd"] == ROOT
            runs.append(argv)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def wait(self) -> int:
            return 1

    monkeypatch.setattr(subprocess, "Popen", Process)
    return runs


def test_the_command_line_hands_on_what_it_is_given(ran: list[list[str]]) -> None:
    given = ["chaos", "kill-worker", "disk-full", "--seed", "3", "--seeds", "2", "--keep", "--json"]

    assert CliRunner().invoke(app, given).exit_code == 1
    assert CliRunner().invoke(app, ["chaos", "soak", "--minutes", "2"]).exit_code == 1

    started = [sys.executable, "-m", "local.chaos"]
    assert ran == [
        [*started, "kill-worker", "disk-full", "--seeds", "2", "--seed", "3", "--keep", "--json"],
        [*started, "soak", "--seeds", "1", "--minutes", "2.0"],
    ]
