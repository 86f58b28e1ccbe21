"""The relay's lanes: what is urgent in one, each row in one go, and those of a plan in order."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.outbox.pending import BATCH, MOST, Pending, rank_of
from schemas.plan import PRIORITIES
from schemas.process.places import LOW, URGENT, USUAL, new_plan_id
from schemas.topics import PLAN_EVENTS, SYSTEM_EVENTS

PLANS: dict[str, list[str]] = {priority: [str(new_plan_id(priority)) for _ in range(3)] for priority in PRIORITIES}


def row(seq: int, priority: str, plan: int = 0, topic: str = PLAN_EVENTS) -> dict[str, Any]:
    return {"seq": seq, "topic": topic, "key": PLANS[priority][plan]}


def numbers(rows: list[dict[str, Any]]) -> list[int]:
    return [row["seq"] for row in rows]


def test_the_partition_of_a_row_says_how_urgent_it_is() -> None:
    assert [rank_of(row(1, priority)) for priority in ("high", "normal", "low")] == [URGENT, USUAL, LOW]
    assert {rank_of(row(1, priority, topic=SYSTEM_EVENTS)) for priority in PRIORITIES} == {USUAL}
    assert rank_of(row(1, "high", topic="nobody's")) == USUAL


def test_each_lane_has_its_rows_in_order_and_what_is_under_way_is_known() -> None:
    pending = Pending[dict[str, Any]]()
    pending.add([row(4, "low"), row(2, "high"), row(3, "normal"), row(1, "high")])
    urgent = pending.take(urgent=True)
    assert (numbers(urgent), len(pending), sorted(pending.numbers)) == ([1, 2], 2, [1, 2, 3, 4])
    others = pending.take(urgent=False)
    assert (numbers(others), len(pending), sorted(pending.numbers)) == ([3, 4], 0, [1, 2, 3, 4])
    pending.ended(urgent)
    assert sorted(pending.numbers) == [3, 4]
    assert (pending.take(urgent=True), pending.take(urgent=False)) == ([], [])


def test_there_is_room_for_so_many_and_no_more_are_read_or_sent_at_once() -> None:
    pending = Pending[dict[str, Any]]()
    assert pending.room == BATCH
    pending.add(row(n, "low") for n in range(MOST - 3))
    assert (pending.room, len(pending)) == (3, MOST - 3)
    pending.add(row(MOST + n, "low") for n in range(9))
    assert pending.room == 0
    assert numbers(pending.take(urgent=False)) == list(range(BATCH))
    pending.forget()
    assert (len(pending), pending.numbers) == (0, list(range(BATCH)))  # they are under way still


@given(st.lists(st.tuples(st.booleans(), st.lists(st.tuples(st.sampled_from(PRIORITIES), st.integers(0, 2))))))
def test_whatever_comes_each_row_goes_once_and_those_of_a_plan_in_order(
    looks: list[tuple[bool, list[tuple[str, int]]]],
) -> None:
    pending, sent, seq = Pending[dict[str, Any]](), list[dict[str, Any]](), 0
    for urgent, look in looks:
        pending.add(row(seq + n, *what) for n, what in enumerate(look))
        seq += len(look)
        sent += pending.take(urgent=urgent)
    for urgent in (False, True):
        while rows := pending.take(urgent=urgent):
            sent += rows
    assert not len(pending)
    assert sorted(numbers(sent)) == list(range(seq))
    of_plan: dict[str, list[int]] = defaultdict(list)
    for one in sent:
        of_plan[one["key"]].append(one["seq"])
    assert all(of_one == sorted(of_one) for of_one in of_plan.values())
