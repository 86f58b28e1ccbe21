"""One truth of objectives: what sloth is told, and the rules that it made of it, are those of schemas/slo.py.

sloth itself is a Go program, built for minutes: tests/drills/test_slo_made.py has it make the rules again. Here they
are held by their form: each is what sloth makes of the specification that is committed beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from schemas.slo import BURNING, BURNS, DAYS, OBJECTIVE, Kind, Objective
from tests.support.prometheus import read_yaml

ROOT: Final = Path(__file__).parents[2]
SPEC: Final = read_yaml(ROOT / "deploy" / "slo" / "marketplace.yml")
MADE: Final = ROOT / "deploy" / "prometheus" / "rules" / "slo.yml"
GROUPS: Final = {group["name"]: group["rules"] for group in read_yaml(MADE)["groups"]}
SLOS: Final = {slo["name"]: slo for slo in SPEC["slos"]}
#: What stands in a query for some windows only.
_ONLY: Final = re.compile(r"\s*\{\{- if or ((?:\(eq \.window \"\w+\"\) ?)+)\}\}(.*?)\{\{ end \}\}", re.DOTALL)


def name_of(seconds: float) -> str:
    """Return a window as sloth names it."""
    for unit, size in (("d", 86_400), ("h", 3600)):
        if seconds >= size:
            return f"{seconds / size:g}{unit}"
    return f"{seconds / 60:g}m"


LONG: Final = [name_of(burn.hours * 3600) for burn in BURNS]
SHORT: Final = [name_of(burn.still_s) for burn in BURNS]


def flat(expression: str) -> str:
    return re.sub(r"\s+", "", expression)


def query(slo: Mapping[str, Any], window: str) -> str:
    """Return what the specification asks for in a window."""
    asked: str = slo["sli"]["raw"]["error_ratio_query"]

    def only(found: re.Match[str]) -> str:
        return found[2] if f'"{window}"' in found[1] else ""

    return _ONLY.sub(only, asked).replace("{{.window}}", window)


def test_each_objective_that_has_a_budget_is_watched() -> None:
    assert list(SLOS) == [objective.name for objective in BURNING]
    assert {name: slo["objective"] for name, slo in SLOS.items()} == {
        objective.name: pytest.approx(objective.share * 100) for objective in BURNING
    }


@pytest.mark.parametrize("objective", BURNING, ids=lambda objective: objective.name)
def test_a_query_has_the_limit_and_the_budget_of_its_objective(objective: Objective) -> None:
    asked = SLOS[objective.name]["sli"]["raw"]["error_ratio_query"]
    if objective.kind is Kind.UPTIME:
        *whole, (windows, condition) = _ONLY.findall(asked)
        spent = [re.findall(r'"(\w+)".*\[(\w+)\]\)\) / (\d+), 1\)', f"{window}{over}") for window, over in whole]
        assert spent == [[(name, name, str(burn.hours * 3600))] for name, burn in zip(LONG, BURNS, strict=True)]
        assert re.findall(r'"(\w+)"', windows) == LONG
        assert re.findall(r">= (\d+)", condition) == [str(objective.least)]
        return
    assert re.findall(r'le="([\d.]+)"', asked) == [str(objective.limit_ms / 1000)]
    [(windows, condition)] = _ONLY.findall(asked)
    assert re.findall(r'"(\w+)"', windows) == LONG
    [budget] = re.findall(r"\]\)\) \* ([\d.]+) >= 1", condition)
    assert float(budget) == pytest.approx(objective.budget)


@pytest.mark.parametrize("name", SLOS)
def test_a_ratio_is_recorded_for_each_window_as_the_specification_asks(name: str) -> None:
    rules = GROUPS[f"sloth-slo-sli-recordings-marketplace-{name}"]
    assert {rule["labels"]["sloth_window"] for rule in rules} == {*LONG, *SHORT, f"{DAYS}d"}
    for rule in rules:
        window = rule["labels"]["sloth_window"]
        assert rule["record"] == f"slo:sli_error:ratio_rate{window}"
        assert flat(rule["expr"]) == flat(f"({query(SLOS[name], window)})"), window


@pytest.mark.parametrize("name", SLOS)
def test_budgets_burn_as_the_verdict_says(name: str) -> None:
    """Of each rate two windows are asked: that it was, and that it goes on."""
    budget = f"{round(OBJECTIVE[name].budget, 6):g}"
    found = []
    for rule in GROUPS[f"sloth-slo-alerts-marketplace-{name}"]:
        pairs = re.findall(
            r"ratio_rate(\w+)\{[^}]*\} > \(([\d.]+) \* ([\d.]+)\)\) without \(sloth_window\)\s+and\s+"
            r"max\(slo:sli_error:ratio_rate(\w+)\{[^}]*\} > \(([\d.]+) \* ([\d.]+)\)",
            rule["expr"],
        )
        for short, rate, of, long, same_rate, same_of in pairs:
            assert (rate, of) == (same_rate, same_of)
            assert f"{float(of):g}" == budget
            found.append((short, long, float(rate), rule["labels"]["severity"]))
        for label, text in SLOS[name]["alerting"]["labels"].items():
            assert rule["labels"][label] == text
    severities = ("critical", "critical", "warning", "warning")
    assert found == [
        (short, long, burn.rate, severity)
        for short, long, burn, severity in zip(SHORT, LONG, BURNS, severities, strict=True)
    ]


@pytest.mark.parametrize("name", SLOS)
def test_what_is_told_of_an_objective_is_what_it_is(name: str) -> None:
    rules = {rule["record"]: rule for rule in GROUPS[f"sloth-slo-meta-recordings-marketplace-{name}"]}
    share = OBJECTIVE[name].share
    [told] = re.findall(r"^vector\(([\d.]+)\)$", rules["slo:objective:ratio"]["expr"])
    [of] = re.findall(r"^vector\(1-([\d.]+)\)$", rules["slo:error_budget:ratio"]["expr"])
    assert [float(told), float(of)] == pytest.approx([share, share])
    assert rules["slo:time_period:days"]["expr"] == f"vector({DAYS})"


def test_there_is_nothing_else() -> None:
    kinds = ("sli-recordings", "meta-recordings", "alerts")
    assert list(GROUPS) == [f"sloth-slo-{kind}-marketplace-{name}" for name in SLOS for kind in kinds]
    assert "DO NOT EDIT" in MADE.read_text("utf-8")
