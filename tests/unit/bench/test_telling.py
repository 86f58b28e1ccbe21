"""What telling costs: the medians of both systems, and where that is too much."""

from __future__ import annotations

import pytest

from bench.report.figures import Block
from bench.telling import LIMIT, TOLD, UNTOLD, costs, told


def turn(system: str, speed: float, cost: float) -> Block:
    return Block(system, 0, {"closed/plans_per_s": speed, "closed/cost/cpu_us/all": cost})


@pytest.mark.parametrize(("speed", "verdict"), [(98.0, "no more than 3%"), (96.0, "MORE than 3%")])
def test_it_is_said_whether_telling_costs_too_much(speed: float, verdict: str) -> None:
    blocks = [
        *(turn(UNTOLD, n, 2000.0) for n in (80.0, 100.0, 120.0)),
        *(turn(TOLD, n, 2100.0) for n in (50.0, speed, 130.0)),
    ]
    lines = told(blocks)
    assert f"| {TOLD} | {speed:.0f} | 50 to 130 | 2,100 |" in lines
    assert lines[-1].startswith(
        f"telling costs {100 - speed:.1f}% of throughput, {verdict}, and adds 5.0% of processor"
    )
    assert (costs(blocks) > LIMIT) is verdict.startswith("MORE")
