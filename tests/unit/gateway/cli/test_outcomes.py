"""What changed, and what came of it, for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console, RenderableType

from gateway.cli.views.check import by_month, check
from gateway.cli.views.outcomes import hit_rates, outcomes
from gateway.ui.words.proof_words import METRICS

OUTCOME: dict[str, Any] = {
    "verdict": "improved", "title": "Reduzir devoluções", "metric": "return_rate", "unit": "ratio", "baseline": 0.12,
    "current": 0.06, "why": "", "tasksDone": 1, "tasks": 1, "acted": "done", "came": 1240.0, "promised": 1500.0,
}  # fmt: skip
CHANGE: dict[str, Any] = {
    "channel": "shopee", "firstDay": "2026-02-01", "lastDay": "2026-02-28",
    "bridge": {
        "firstDay": "2026-01-01", "lastDay": "2026-01-31", "currency": "BRL", "before": 100.0, "after": 150.5,
        "steps": [
            {"kind": "volume", "amount": 50.5, "others": 0.5, "parts": [{"sku": "A", "title": "t", "amount": 50.0}]},
            {"kind": "fees", "amount": None, "others": None, "parts": []},
        ],
    },
}  # fmt: skip


def shown(what: RenderableType) -> str:
    console = Console(width=140, record=True, file=None, quiet=False)
    with console.capture() as capture:
        console.print(what)
    return " ".join(capture.get().split())


def test_steps_verdicts_and_what_is_awaited_are_told() -> None:
    text = shown(
        outcomes(
            {
                "changes": [CHANGE, {**CHANGE, "bridge": None}],
                "earlier": [OUTCOME],
                "later": [
                    {**OUTCOME, "metric": "", "current": None, "why": "no-figure", "promised": None, "came": None}
                ],
                "awaited": [{"channel": "shopee", "checkFrom": "2026-03-28"}],
            }
        )
    )
    assert "volume 50.50 A 50.00, others 0.50" in text
    assert "fees not known" in text
    assert "return_rate (ratio) 0.12 -> 0.06" in text
    assert "1/1 done" in text
    assert "R$ 1,240 of R$ 1,500 a month" in text
    assert "no figure: no-figure" in text
    assert "to be measured by a report from 2026-03-28 on" in text


def test_hit_rates_are_told_as_counts() -> None:
    rate = {
        "source": "rules", "analyst": "returns", "improved": 2, "measured": 3, "leftAloneImproved": 1, "leftAlone": 4,
        "unknown": 5, "late": 6, "promised": None, "came": None,
    }  # fmt: skip
    assert "rules returns 2/3 1/4 5 6 -" in shown(hit_rates([rate]))
    assert "R$ 10 of R$ 20" in shown(hit_rates([{**rate, "promised": 20.0, "came": 10.0}]))


def test_how_an_opportunity_will_be_measured_is_one_line() -> None:
    told = {
        "metric": "product_return_rate", "skus": ["A", "B", "C", "D"], "unit": "ratio", "better": "lower",
        "baseline": 0.12, "target": 0.06, "firstDay": "2026-01-01", "lastDay": "2026-01-31", "why": "",
    }  # fmt: skip
    days = "(2026-01-01 to 2026-01-31)"
    tells = "sales after 2026-01-31 will tell"
    assert check(told) == f"product_return_rate of A, B, C, ...: 12.0% {days}, target 6.0%; {tells}"
    without = {**told, "skus": [], "target": None}
    assert check(without) == f"product_return_rate: 12.0% {days}, target a tenth lower; {tells}"
    amount = {**without, "metric": "revenue", "unit": "BRL", "better": "higher", "baseline": 5258.9}
    assert check(amount) == f"revenue: BRL 5,258.90 a month {days}, target a tenth higher; {tells}"
    assert by_month("fees", "ratio") == ""
    assert check({**told, "why": "few"}) == "not to be measured: too few sales to tell change from chance"
    assert check(None) == ""


def test_the_terminal_and_the_pages_call_the_same_amounts_those_of_a_month() -> None:
    assert {name for name in METRICS if by_month(name, "BRL")} == {
        name for name, words in METRICS.items() if " a month" in words
    }
