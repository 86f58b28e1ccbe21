"""The dashboard left open under load: memory of browser and gateway is flat, and no page is slower at the end.

Three minutes of the ten that `python -m bench tabs` takes; `MINUTES=10` in the environment has it take all of them.
What it judges by is tested in the suite (tests/unit/bench/test_dashboard_open.py).
"""

from __future__ import annotations

import os

import pytest

from bench.dashboard.open import left_open, told, wrong

MINUTES = float(os.environ.get("MINUTES", "3"))
RATE = 2.0
EVERY_S = 10.0


@pytest.mark.timeout(900 + 60 * MINUTES)
def test_nothing_grows_and_no_page_becomes_slower() -> None:
    samples, before, after = left_open(MINUTES * 60, RATE, EVERY_S)
    print(*told(samples, before, after), sep="\n")
    assert len(samples) >= MINUTES * 60 / EVERY_S / 2
    assert wrong(samples, before, after) == []
