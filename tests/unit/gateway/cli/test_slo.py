"""How the objectives stand, for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from gateway.cli.views.slo import objectives

MET: dict[str, Any] = {
    "name": "phase1", "title": "Phase 1 within 5 s", "state": "met", "why": "", "good": 0.999999, "share": 0.99,
    "spent": {"total": 12000, "bad": 1},
    "atMostMs": 500, "beyond": False, "budgetLeft": 0.99, "windows": [{"name": "1h", "rate": 0.5}],
    "worst": [{"at": "2026-11-30T08:00:00Z", "spent": {"total": 1200, "bad": 1}}],
}  # fmt: skip


def shown(*rows: dict[str, Any]) -> str:
    console = Console(width=160)
    with console.capture() as capture:
        console.print(objectives(rows))
    return " ".join(capture.get().split())


def test_what_is_known_is_told_and_never_as_better_than_it_is() -> None:
    assert "Phase 1 within 5 s met 99.00 % 99.99 % 1 12,000 <= 0.5 s 99.00 % 0.5x - - -" in shown(MET)
    missed = {
        **MET,
        "state": "missed",
        "good": 0.5,
        "beyond": True,
        "atMostMs": None,
        "budgetLeft": -49.0,
        "windows": [],
    }
    assert "missed 99.00 % 50.00 % 1 12,000 > 2 h -4900.00 % - - - -" in shown(missed)


def test_what_is_below_its_target_is_not_called_met_though_its_budget_has_room() -> None:
    assert "below target 99.00 % 86.00 %" in shown({**MET, "good": 0.86})
    assert "missed 99.00 % 86.00 %" in shown({**MET, "state": "missed", "good": 0.86})


def test_the_worst_hours_are_told() -> None:
    assert "Phase 1 within 5 s: worst hours (UTC) 2026-11-30 08:00 1 of 1,200" in shown(MET)
    assert "worst hours" not in shown({**MET, "worst": []})
    assert "1 s of 1,200 s" in shown({**MET, "name": "availability"})


def test_what_is_unknown_says_why() -> None:
    unknown = {
        **MET, "state": "unknown", "why": "nothing happened", "good": None, "spent": {"total": 0, "bad": 0},
        "atMostMs": None, "budgetLeft": None, "windows": [{"name": "1h", "rate": None}],
    }  # fmt: skip
    text = shown(unknown)
    assert "unknown 99.00 % ? 0 0 - ? - - - -" in text
    assert "Phase 1 within 5 s: unknown, nothing happened" in text


def test_what_is_not_judged_says_of_how_few_it_is() -> None:
    few = {**MET, "state": "too-few", "why": "too few to judge: 9 of 1,000", "budgetLeft": None, "windows": []}
    text = shown(few)
    assert "too few 99.00 % 99.99 %" in text
    assert "Phase 1 within 5 s: too few to judge: 9 of 1,000" in text


def test_of_the_time_seconds_are_told() -> None:
    assert "met 99.00 % 99.99 % 1 s 12,000 s" in shown({**MET, "name": "availability"})
