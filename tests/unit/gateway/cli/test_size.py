"""`marketplace size` asks no system, and tells what it was computed from."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.main import app
from gateway.sizing.kept import measured
from gateway.sizing.needs import PROCESSES


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["size", *arguments])


def test_it_says_what_is_needed_and_what_was_assumed() -> None:
    done = run("--plans-per-second", "200")

    assert done.exit_code == 0
    assert "200 plans/s (1,000 tasks/s): 1 system." in done.stdout
    assert f"Measured {measured().at}" in done.stdout
    assert "Cost: give --core-price and --disk-price." in done.stdout


def test_a_month_is_in_the_currency_of_the_prices() -> None:
    done = run("--plans-per-second", "200", "--core-price", "30", "--disk-price", "0.1")

    assert " a month, in the prices' currency." in done.stdout


def test_a_script_gets_all_of_it() -> None:
    found: dict[str, Any] = json.loads(run("--plans-per-second", "50", "--days", "7", "--json").stdout)

    assert found["wish"] == {"plansPerSecond": 50.0, "tasks": 5, "days": 7, "replicas": 3, "documents": True}
    assert {part["name"] for part in found["parts"]} == set(PROCESSES)
    unmeasured = set(PROCESSES) - measured().approval.keys()
    assert {part["name"] for part in found["parts"] if part["busy"] is None} == unmeasured
    assert unmeasured <= set(found["unknown"])
    assert found["month"] is None
    assert found["cores"] == sum(part["cores"] for part in found["parts"])


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "--plans-per-second"),
        (("--plans-per-second", "0"), "0.001"),
        (("--plans-per-second", "5", "--core-price", "30"), "--disk-price"),
    ],
)
def test_what_cannot_be_computed_is_refused(arguments: tuple[str, ...], why: str) -> None:
    done = run(*arguments)

    assert done.exit_code == 2
    assert why in done.stderr
