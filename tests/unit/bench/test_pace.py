"""Samples begin at fixed times, however long the ones before take."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from bench.lanes.pace import paced
from bench.lanes.sightings import Sample
from tests.support.patience import PATIENCE_S


async def test_a_slow_sample_delays_no_other_and_its_lateness_counts() -> None:
    begun: list[str] = []
    all_begun = asyncio.Event()

    async def begin(lane: str, due: float) -> Sample:
        begun.append(lane)
        if len(begun) == 8:
            all_begun.set()
        await all_begun.wait()  # none is over before the last has begun
        return Sample(f"{lane} {due}", lane, due, due + 0.3)

    async with asyncio.timeout(PATIENCE_S):
        found = await paced(begin, ["high", "normal"], 0.05, lambda n: n < 4)
    assert [s.lane for s in found] == ["high", "normal"] * 4
    gaps = [after.began - before.began for before, after in pairwise(found)]
    assert all(abs(gap - 0.025) < 1e-6 for gap in gaps)
    assert {round(s.ms) for s in found} == {300}


async def test_an_end_that_comes_at_once_begins_nothing() -> None:
    async def begin(lane: str, due: float) -> Sample:
        raise AssertionError((lane, due))

    assert await paced(begin, ["high"], 0.01, lambda _: False) == []
