"""A page takes too long where either its median by the clock or its processor time is over the limit."""

from __future__ import annotations

import pytest

from bench.dashboard.pages import LIMIT_MS, Measured


@pytest.mark.parametrize(
    ("ms", "cpu_ms", "too_long"),
    [([10.0, 20.0, 900.0], 30.0, False), ([101.0, 101.0, 102.0], 30.0, True), ([10.0, 20.0, 30.0], 101.0, True)],
)
def test_both_are_judged(ms: list[float], cpu_ms: float, too_long: bool) -> None:
    assert LIMIT_MS == 100.0
    assert Measured("a page", ms, cpu_ms, 1, []).too_long is too_long
