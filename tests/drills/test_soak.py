"""Two minutes of the half-hour soak: some faults, steady load, nothing lost or repeated, all in time, memory flat.

Two minutes of load and what they need before and after are too long for every change. What it judges by is tested in
the suite: the memory's slope, the faults' order and their verdict (tests/unit/local/chaos), and a system that is broken
and found out (tests/drills/test_chaos_verdict.py).
"""

from __future__ import annotations

from local.chaos.site import Site
from local.chaos.soak import LEAST, SPEC, Struck, soak

SECONDS = 120.0
RATE = 8.0
#: Always the same: the gate tells what a change has done. `make soak` leaves it to chance.
SEED = 9


async def test_two_minutes_of_faults_leave_nothing_behind() -> None:
    heard: list[Struck] = []

    with Site(SPEC) as site:
        result = await soak(site, SEED, SECONDS, RATE, heard.append)

    print(*result.struck, *result.memory, sep="\n")
    assert result.failures == []
    assert result.seconds >= SECONDS
    assert len(result.struck) >= LEAST >= 3
    assert heard == list(result.struck)
    assert result.histories > result.plans > SECONDS * RATE / 2
    assert {"gateway", "worker", "runner", "projections", "postgres"} <= {t.name for t in result.memory}
