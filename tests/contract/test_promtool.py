"""Prometheus' own judgement of the deployed files: promtool reads them and runs the unit tests of every rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.prometheus import DEPLOYED, LABELS, OF_SERIES, RULES, accepted, ask, read_yaml, rules

CASES = sorted(DEPLOYED.glob("tests/*.yml"))


def cases() -> Iterator[dict[str, Any]]:
    for path in CASES:
        yield from read_yaml(path)["tests"]


def test_the_files_are_right() -> None:
    accepted("promtool", "check", "config", "--syntax-only", DEPLOYED / "prometheus.yml")
    accepted("promtool", "check", "rules", *RULES)


Alert = tuple[str, str, str]


def alert(name: str, labels: dict[str, str]) -> Alert:
    """Tell alerts of one name apart: of a budget there are two, for each objective."""
    return name, labels.get("sloth_slo", ""), labels.get("severity", "") if "sloth_slo" in labels else ""


@cache
def declared() -> set[Alert]:
    found = set()
    for path in RULES:
        for group in read_yaml(path)["groups"]:
            slo = group["name"].partition("-alerts-marketplace-")[2]
            more = {"sloth_slo": slo} if slo else {}
            found |= {alert(rule["alert"], rule["labels"] | more) for rule in group["rules"] if "alert" in rule}
    return found


def test_each_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    fires, silent = set(), set()
    for one in cases():
        for case in one.get("alert_rule_test", ()):
            told = {alert(case["alertname"], firing["exp_labels"]) for firing in case["exp_alerts"]}
            fires |= told
            silent |= {other for other in declared() if other[0] == case["alertname"]} - told
    assert fires == silent == declared()


def test_each_recorded_series_is_asked_for_in_a_case_that_has_its_value() -> None:
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    asked = {
        name
        for one in cases()
        for case in one.get("promql_expr_test", ())
        if case["exp_samples"]
        for name in re.findall(r"[\w:]+", case["expr"])
    }
    assert recorded <= asked


def unlike(series: str) -> set[str]:
    """Return the labels in which a made-up series is not as a process tells it: what fires for it says little."""
    name, _, matchers = series.partition("{")
    told = set(re.findall(r'(\w+)\s*=\s*"', matchers))
    return {f"{name} is unknown"} if name not in LABELS else (told ^ LABELS[name]) - OF_SERIES


def test_the_series_of_the_cases_are_as_processes_tell_them() -> None:
    every = [made["series"] for one in cases() for made in one["input_series"]]
    assert {series: found for series in every if (found := unlike(series)) if not series.startswith("up{")} == {}
    assert unlike('marketplace_findings{kind="x", severity="critical", scope="system"}') == {"effect"}
    assert unlike('marketplace_retries_overdue_seconds{tier="5s"}') == {"tier"}


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
