"""The guard's backlog: lanes by priority, bounded, in order for each key, nothing starved."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import headers as h
from streams.broker.records import Incoming
from streams.guard.backlog import TURNS, Backlog
from streams.guard.lanes import WEIGHTS


def record(offset: int, lane: str | None = None, key: bytes | None = None) -> Incoming:
    headers = [] if lane is None else [(h.PRIORITY, lane.encode())]
    return Incoming("plan.events", 0, offset, 0, key, b"", headers, lambda: None)


async def taken(backlog: Backlog, most: int) -> list[int]:
    return [r.offset for r in await backlog.take(most)]


async def drained(backlog: Backlog) -> list[int]:
    out: list[int] = []
    while len(backlog):
        out += await taken(backlog, 100)
    return out


async def test_a_high_record_passes_a_flood_of_low_ones() -> None:
    backlog = Backlog(2000)
    for n in range(1000):
        await backlog.put(record(n, "low", b"%d" % n))
    await backlog.put(record(1000, "high", b"h"))
    assert 1000 in await taken(backlog, 2)
    assert len(backlog) >= 999


async def test_a_high_record_does_not_wait_for_a_batch_of_low_ones_but_every_other_time() -> None:
    """Otherwise a trickle of high ones would leave the low ones nothing but batches of one or two."""
    backlog = Backlog(2000)
    for n in range(1000):
        await backlog.put(record(n, "low", b"%d" % n))
    await backlog.put(record(1000, "high", b"h"))
    assert await taken(backlog, 500) == [1000]
    await backlog.put(record(1001, "high", b"i"))
    assert len(await taken(backlog, 500)) == 500
    await backlog.put(record(1002, "high", b"j"))
    assert await taken(backlog, 500) == [1002]


async def test_records_that_are_handed_over_one_a_turn_of_the_loop_are_taken_together() -> None:
    """As Faust's agent does with those of one answer of the broker."""
    backlog = Backlog(100)
    taking = asyncio.create_task(taken(backlog, 100))
    await asyncio.sleep(0)
    for n in range(5):
        await backlog.put(record(n))
        await asyncio.sleep(0)
    assert await taking == [0, 1, 2, 3, 4]


async def test_a_first_record_waits_for_few_others_however_many_come() -> None:
    backlog = Backlog(1000)
    taking = asyncio.create_task(taken(backlog, 1000))
    for n in range(200):
        await asyncio.sleep(0)
        await backlog.put(record(n))
    assert len(await taking) <= TURNS + 1


async def test_one_lane_alone_is_taken_in_full_batches() -> None:
    backlog = Backlog(2000)
    for n in range(1000):
        await backlog.put(record(n, "normal", b"%d" % n))
    assert len(await taken(backlog, 400)) == len(await taken(backlog, 400)) == 400


async def test_a_batch_is_shared_by_weight() -> None:
    backlog = Backlog(2000)
    for n in range(300):
        for lane in WEIGHTS:
            await backlog.put(record(n, lane, f"{lane}{n}".encode()))
    batch = await backlog.take(sum(WEIGHTS.values()) * 5)
    lanes = Counter(h.text(r.headers, h.PRIORITY) for r in batch)
    assert lanes == {lane: 5 * weight for lane, weight in WEIGHTS.items()}


async def test_a_record_without_a_known_priority_is_a_normal_one() -> None:
    backlog = Backlog(100)
    for n, lane in enumerate([None, "urgent", "low", "low"]):
        await backlog.put(record(n, lane, b"%d" % n))
    assert await taken(backlog, 2) == [0, 1]


async def test_later_records_of_a_key_follow_those_that_wait() -> None:
    """A higher priority on the way does not let a plan's second record pass its first."""
    backlog = Backlog(100)
    await backlog.put(record(0, "low", b"plan"))
    await backlog.put(record(1, "high", b"plan"))
    await backlog.put(record(2, "high", b"other"))
    order = await drained(backlog)
    assert order.index(0) < order.index(1)
    assert order[0] == 2
    await backlog.put(record(3, "low", b"another"))
    await backlog.put(record(4, "high", b"plan"))  # nothing of it waits any more: its own lane again
    assert await taken(backlog, 1) == [4]


async def test_what_was_taken_is_in_hand_until_more_is_asked_for() -> None:
    backlog = Backlog(100)
    for n in range(3):
        await backlog.put(record(n))
    assert backlog.in_hand == 3
    await backlog.take(2)
    assert (len(backlog), backlog.in_hand) == (1, 3)
    await backlog.take(2)
    assert (len(backlog), backlog.in_hand) == (0, 1)
    waits = asyncio.create_task(backlog.take(2))
    await asyncio.sleep(0)
    assert backlog.in_hand == 0, "who asks for more is done with what was taken"
    waits.cancel()


async def test_records_without_a_key_have_no_order_to_keep() -> None:
    backlog = Backlog(100)
    await backlog.put(record(0, "low"))
    await backlog.put(record(1, "high"))
    assert await drained(backlog) == [1, 0]


async def test_putting_waits_for_room_and_taking_waits_for_a_record() -> None:
    backlog = Backlog(2)
    taking = asyncio.create_task(backlog.take(10))
    await asyncio.sleep(0)
    assert not taking.done()
    await backlog.put(record(0))
    assert [r.offset for r in await taking] == [0]
    await backlog.put(record(1))
    await backlog.put(record(2))
    putting = asyncio.create_task(backlog.put(record(3)))
    await asyncio.sleep(0.01)
    assert not putting.done()
    assert await taken(backlog, 1) == [1]
    await putting
    assert await taken(backlog, 10) == [2, 3]


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
        backlog, put = Backlog(1000), 0
        out: list[Incoming] = []
        for step in steps:
            if isinstance(step, int):
                if len(backlog):
                    out += await backlog.take(step)
            else:
                await backlog.put(record(put, *step))
                put += 1
        while len(backlog):
            out += await backlog.take(7)
        assert sorted(r.offset for r in out) == list(range(put))
        of_key: dict[bytes | None, list[int]] = defaultdict(list)
        for one in out:
            of_key[one.key].append(one.offset)
        assert all(offsets == sorted(offsets) for offsets in of_key.values())

    asyncio.run(drive())


async def test_before_it_is_full_it_has_enough() -> None:
    """The rest is for what is urgent: a host that is held back by others could not hand that over."""
    backlog = Backlog(8)
    seen = []
    for n in range(6):
        await backlog.put(record(n, "low"))
        seen.append(backlog.has_enough())
    assert seen == [False] * 5 + [True]
    await backlog.take(1)
    assert not backlog.has_enough()


async def test_low_ones_leave_room_for_others() -> None:
    backlog = Backlog(8)
    for n, lane in enumerate(["low", "low", "low", "normal", "low"]):
        assert not backlog.has_enough_low()
        await backlog.put(record(n, lane, b"%d" % n))
    assert backlog.has_enough_low()
    assert not backlog.has_enough()


async def test_something_urgent_was_among_others_until_the_next_look_also_where_it_was_taken() -> None:
    backlog = Backlog(8)
    for n, lane in enumerate(["low", "low", "high"]):
        await backlog.put(record(n, lane, b"%d" % n))
    assert backlog.urgent
    assert await taken(backlog, 8) == [2]
    assert backlog.urgent
    await taken(backlog, 1)
    assert not backlog.urgent
