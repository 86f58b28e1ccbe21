"""Prometheus' own judgement of the deployed files: promtool reads them and runs the unit tests of every rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.prometheus import DEPLOYED, RULES, accepted, ask, rules

CASES = sorted(DEPLOYED.glob("tests/*.yml"))


def cases() -> Iterator[dict[str, Any]]:
    for path in CASES:
        yield from yaml.safe_load(path.read_text("utf-8"))["tests"]


def test_the_files_are_right() -> None:
    accepted("promtool", "check", "config", "--syntax-only", DEPLOYED / "prometheus.yml")
    accepted("promtool", "check", "rules", *RULES)


def test_each_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    found: dict[str, set[bool]] = {}
    for one in cases():
        for case in one.get("alert_rule_test", ()):
            found.setdefault(case["alertname"], set()).add(bool(case["exp_alerts"]))
    assert found == {rule["alert"]: {True, False} for rule in rules() if "alert" in rule}


def test_each_recorded_series_is_asked_for_in_a_case_that_has_its_value() -> None:
    asked = {
        name
        for one in cases()
        for case in one.get("promql_expr_test", ())
        if case["exp_samples"]
        for name in re.findall(r"\w+:[\w:]+", case["expr"])
    }
    assert asked == {rule["record"] for rule in rules() if "record" in rule}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_cases_are_as_they_say(path: Path) -> None:
    accepted("promtool", "test", "rules", path)


def test_a_rule_that_is_mended_for_the_worse_is_seen(tmp_path: Path) -> None:
    """The cases are run on the rules: with a rule that never fires they fail."""
    (tmp_path / "rules").mkdir()
    for path in RULES:
        text = path.read_text("utf-8").replace("up{job=~", "up{job!~")
        (tmp_path / "rules" / path.name).write_text(text, "utf-8")
    (tmp_path / "tests").mkdir()
    planted = tmp_path / "tests" / "processes.yml"
    planted.write_text((DEPLOYED / "tests" / "processes.yml").read_text("utf-8"), "utf-8")
    done = ask("promtool", "test", "rules", planted)
    assert done.returncode == 1
    assert "ProcessSilent" in done.stdout + done.stderr
