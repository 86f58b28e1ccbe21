"""What telling costs: the medians of both systems, and where that is too much."""

from __future__ import annotations

import pytest

from bench.report.figures import Block
from bench.telling import LIMIT, TOLD, UNTOLD, costs, told


def turn(system: str, speed: float, cost: float) -> Block:
    return Block(system, 0, {"closed/plans_per_s": speed, "closed/cost/cpu_us/all": cost})


@pytest.mark.parametrize(
    ("cost", "share", "verdict"), [(2050.0, "2.4%", "no more than 3%"), (2100.0, "4.8%", "MORE than 3%")]
)
def test_it_is_said_whether_telling_costs_too_much(cost: float, share: str, verdict: str) -> None:
    """By processor time: the throughput of one time and the next differ by far more than the limit."""
    blocks = [
        *(turn(UNTOLD, n, us) for n, us in ((80.0, 1900.0), (100.0, 2000.0), (120.0, 2100.0))),
        *(turn(TOLD, n, us) for n, us in ((50.0, 1950.0), (90.0, cost), (130.0, 2200.0))),
    ]
    lines = told(blocks)
    assert f"| {TOLD} | {cost:,.0f} | 1,950 to 2,200 | 90 | 50 to 130 |" in lines
    assert lines[-1] == (f"telling takes {share} of a plan's processor time, {verdict}; throughput was -10.0%")
    assert (costs(blocks) > LIMIT) is verdict.startswith("MORE")
