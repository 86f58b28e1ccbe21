"""The guard's intake: lanes by priority, bounded, in order for each key, nothing starved."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import headers as h
from streams.intake import Intake
from streams.lanes import WEIGHTS
from streams.records import Incoming


def record(offset: int, lane: str | None = None, key: bytes | None = None) -> Incoming:
    headers = [] if lane is None else [(h.PRIORITY, lane.encode())]
    return Incoming("plan.events", 0, offset, 0, key, b"", headers, lambda: None)


async def taken(intake: Intake, most: int) -> list[int]:
    return [r.offset for r in await intake.take(most)]


async def drained(intake: Intake) -> list[int]:
    out: list[int] = []
    while len(intake):
        out += await taken(intake, 100)
    return out


async def test_a_high_record_passes_a_flood_of_low_ones() -> None:
    intake = Intake(2000)
    for n in range(1000):
        await intake.put(record(n, "low", b"%d" % n))
    await intake.put(record(1000, "high", b"h"))
    assert 1000 in await taken(intake, 2)
    assert len(intake) >= 999


async def test_a_high_record_does_not_wait_for_a_batch_of_low_ones_but_every_other_time() -> None:
    """Otherwise a trickle of high ones would leave the low ones nothing but batches of one or two."""
    intake = Intake(2000)
    for n in range(1000):
        await intake.put(record(n, "low", b"%d" % n))
    await intake.put(record(1000, "high", b"h"))
    assert await taken(intake, 500) == [1000]
    await intake.put(record(1001, "high", b"i"))
    assert len(await taken(intake, 500)) == 500
    await intake.put(record(1002, "high", b"j"))
    assert await taken(intake, 500) == [1002]


async def test_one_lane_alone_is_taken_in_full_batches() -> None:
    intake = Intake(2000)
    for n in range(1000):
        await intake.put(record(n, "normal", b"%d" % n))
    assert len(await taken(intake, 400)) == len(await taken(intake, 400)) == 400


async def test_a_batch_is_shared_by_weight() -> None:
    intake = Intake(2000)
    for n in range(300):
        for lane in WEIGHTS:
            await intake.put(record(n, lane, f"{lane}{n}".encode()))
    batch = await intake.take(sum(WEIGHTS.values()) * 5)
    lanes = Counter(h.text(r.headers, h.PRIORITY) for r in batch)
    assert lanes == {lane: 5 * weight for lane, weight in WEIGHTS.items()}


async def test_a_record_without_a_known_priority_is_a_normal_one() -> None:
    intake = Intake(100)
    for n, lane in enumerate([None, "urgent", "low", "low"]):
        await intake.put(record(n, lane, b"%d" % n))
    assert await taken(intake, 2) == [0, 1]


async def test_later_records_of_a_key_follow_those_that_wait() -> None:
    """A higher priority on the way does not let a plan's second record pass its first."""
    intake = Intake(100)
    await intake.put(record(0, "low", b"plan"))
    await intake.put(record(1, "high", b"plan"))
    await intake.put(record(2, "high", b"other"))
    order = await drained(intake)
    assert order.index(0) < order.index(1)
    assert order[0] == 2
    await intake.put(record(3, "low", b"another"))
    await intake.put(record(4, "high", b"plan"))  # nothing of it waits any more: its own lane again
    assert await taken(intake, 1) == [4]


async def test_records_without_a_key_have_no_order_to_keep() -> None:
    intake = Intake(100)
    await intake.put(record(0, "low"))
    await intake.put(record(1, "high"))
    assert await drained(intake) == [1, 0]


async def test_putting_waits_for_room_and_taking_waits_for_a_record() -> None:
    intake = Intake(2)
    taking = asyncio.create_task(intake.take(10))
    await asyncio.sleep(0)
    assert not taking.done()
    await intake.put(record(0))
    assert [r.offset for r in await taking] == [0]
    await intake.put(record(1))
    await intake.put(record(2))
    putting = asyncio.create_task(intake.put(record(3)))
    await asyncio.sleep(0.01)
    assert not putting.done()
    assert await taken(intake, 1) == [1]
    await asyncio.wait_for(putting, 1)
    assert await taken(intake, 10) == [2, 3]


events = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([*WEIGHTS, None]), st.sampled_from([b"a", b"b", b"c"])),
        st.integers(1, 4),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(events)
def test_nothing_is_lost_or_repeated_and_keys_stay_in_order(steps: list[tuple[str | None, bytes] | int]) -> None:
    async def drive() -> None:
        intake, put = Intake(1000), 0
        out: list[Incoming] = []
        for step in steps:
            if isinstance(step, int):
                if len(intake):
                    out += await intake.take(step)
            else:
                await intake.put(record(put, *step))
                put += 1
        while len(intake):
            out += await intake.take(7)
        assert sorted(r.offset for r in out) == list(range(put))
        of_key: dict[bytes | None, list[int]] = defaultdict(list)
        for one in out:
            of_key[one.key].append(one.offset)
        assert all(offsets == sorted(offsets) for offsets in of_key.values())

    asyncio.run(drive())
