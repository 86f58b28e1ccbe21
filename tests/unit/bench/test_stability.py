"""Scores of several seeds beside each other, and how far they go."""

from __future__ import annotations

import sys

import pytest

from bench.evaluate import __main__ as evaluate
from bench.evaluate.golden import SEED
from bench.evaluate.stability import table


def test_the_last_row_says_from_where_to_where_they_go() -> None:
    found = table(
        {7: {"right": (9, 10), "alarms": 1, "SKUs": (0, 0)}, 8: {"right": (30, 30), "alarms": 0, "SKUs": (0, 0)}}
    )

    assert found.splitlines() == [
        "| seed | right | alarms | SKUs |",
        "| --- | --- | --- | --- |",
        "| 7 | 9 of 10 | 1 | - |",
        "| 8 | 30 of 30 | 0 | - |",
        "| **from, to** | 90.0 %, 100.0 % | 0, 1 | - |",
    ]


def test_each_seed_draws_other_documents(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["evaluate", "--seeds", "2", "--documents", "1", "--rows", "60"])
    with pytest.raises(SystemExit) as ended:
        evaluate.main()

    assert ended.value.code == 0
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == ["| seed", "| ---", f"| {SEED}", f"| {SEED + 1}", "| **from, to**"]
    assert int(rows[2][1].split()[0]) > 0, "figures were read"
