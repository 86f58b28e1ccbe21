"""Two minutes of the half-hour soak: faults at random, steady load, nothing lost or repeated, memory flat."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from local.chaos.site import Site
from local.chaos.soak import SPEC, Struck, soak

SECONDS = 120.0
RATE = 8.0


@pytest.mark.timeout(600)
async def test_two_minutes_of_faults_leave_nothing_behind(random_source: Callable[[], int]) -> None:
    seed = random_source()
    heard: list[Struck] = []

    with Site(SPEC) as site:
        result = await soak(site, seed, SECONDS, RATE, heard.append)

    print(*result.struck, *result.memory, sep="\n")
    assert result.failures == []
    assert result.seconds >= SECONDS
    assert len(result.struck) >= 3
    assert heard == list(result.struck)
    assert result.plans > SECONDS * RATE / 2
    assert {"gateway", "worker", "runner", "projections", "postgres"} <= {t.name for t in result.memory}
