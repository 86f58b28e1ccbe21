"""The rules of the analysis, for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console, RenderableType

from gateway.cli.views.rules import one, rules

RATE = {"improved": 3, "measured": 4}
ROW: dict[str, Any] = {
    "rule": "low-stock", "title": "Stock that ends soon", "when": "the stock lasts less (`A_SETTING`)", "formula": None,
    "figures": [
        {"metric": "a", "title": "A", "formula": "b / c", "needs": [["stock", "units"], ["cost"]]},
        {"metric": "b", "title": "B", "formula": "c", "needs": [["stock", "units"], ["cost"]]},
    ],
    "hitRate": RATE,
}  # fmt: skip


def shown(what: RenderableType) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(what)
    return " ".join(capture.get().split())


def test_rules_say_what_they_look_for_and_need_and_how_often_they_were_right() -> None:
    needed = "units in stock, units or cost of a unit"
    assert f"low-stock the stock lasts less (A_SETTING) {needed} 3 of 4" in shown(rules([ROW]))
    assert "not measured yet" in shown(rules([{**ROW, "hitRate": None}]))
    assert "not measured yet" in shown(rules([{**ROW, "hitRate": {**RATE, "measured": 0}}]))


def test_one_rule_says_its_figures_with_their_formulas() -> None:
    said = shown(one(ROW))
    assert said.startswith("Stock that ends soon (low-stock) Speaks when: the stock lasts less (A_SETTING)")
    assert "Worth a month: none A: b / c needs units in stock, units or cost of a unit B: c" in said
    assert said.endswith("Improved: 3 of 4")
    assert "Worth a month: x / months" in shown(one({**ROW, "formula": "x / months"}))
