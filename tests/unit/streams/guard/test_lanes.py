"""Lanes: first in, first out within one; no flood holds another; nothing starves."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.guard.lanes import WEIGHTS, Lanes

LANES = list(WEIGHTS)
ROUND = sum(WEIGHTS.values())

puts = st.lists(st.sampled_from(LANES), max_size=80)


def filled(high: int = 0, normal: int = 0, low: int = 0) -> Lanes[str]:
    lanes: Lanes[str] = Lanes()
    for lane, count in {"high": high, "normal": normal, "low": low}.items():
        for _ in range(count):
            lanes.put(lane, lane)
    return lanes


def drain(lanes: Lanes[str], count: int) -> list[str]:
    taken = [lanes.take() for _ in range(count)]
    assert None not in taken
    return [lane for lane in taken if lane is not None]


def test_nothing_waits_nothing_comes() -> None:
    assert Lanes[str]().take() is None
    assert len(Lanes[str]()) == 0


def test_a_round_is_shared_by_weight() -> None:
    lanes = filled(100, 100, 100)
    for _ in range(5):
        assert Counter(drain(lanes, ROUND)) == WEIGHTS


def test_a_flood_of_low_delays_high_by_one_item_at_most() -> None:
    lanes = filled(low=10_000)
    drain(lanes, 500)
    lanes.put("high", "high")
    assert "high" in drain(lanes, 2)


def test_a_flood_of_high_does_not_starve_low() -> None:
    lanes = filled(high=10_000, low=1)
    assert "low" in drain(lanes, ROUND)


def test_an_empty_lane_saves_nothing_up() -> None:
    """A lane that lost its items before its turn came gets no turn ahead of others for it."""
    lanes = filled(high=100, low=5)
    assert drain(lanes, 4) == ["high"] * 4
    lanes.drop_where(lambda lane: lane == "low")
    drain(lanes, 1)
    lanes.put("low", "low")
    assert drain(lanes, 2) == ["high"] * 2


def test_a_lane_that_was_idle_gets_its_share() -> None:
    lanes = filled(low=1000)
    drain(lanes, 1000)
    for lane in LANES:
        for _ in range(200):
            lanes.put(lane, lane)
    assert Counter(drain(lanes, 2 * ROUND)) == {lane: 2 * weight for lane, weight in WEIGHTS.items()}


def test_items_of_a_lost_partition_are_dropped() -> None:
    lanes: Lanes[int] = Lanes()
    for n in range(10):
        lanes.put("high" if n % 3 else "low", n)
    lanes.drop_where(lambda n: n % 2 == 0)
    assert (len(lanes), lanes.size("high"), lanes.size("low")) == (5, 3, 2)
    assert sorted(n for n in (lanes.take() for _ in range(5)) if n is not None) == [1, 3, 5, 7, 9]


@settings(deadline=None)
@given(puts)
def test_everything_comes_out_once_and_in_order_within_its_lane(order: list[str]) -> None:
    lanes: Lanes[tuple[str, int]] = Lanes()
    for n, lane in enumerate(order):
        lanes.put(lane, (lane, n))
    out = [item for item in (lanes.take() for _ in order) if item is not None]
    assert lanes.take() is None
    assert sorted(out, key=lambda item: item[1]) == [(lane, n) for n, lane in enumerate(order)]
    for lane in LANES:
        of_lane = [n for one, n in out if one == lane]
        assert of_lane == sorted(of_lane)


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from(LANES), st.none()), max_size=200))
def test_no_waiting_lane_is_passed_over_for_more_than_a_round(steps: list[str | None]) -> None:
    """Whatever comes and goes (None takes an item), the head of each lane moves within one round."""
    lanes: Lanes[str] = Lanes()
    passed = dict.fromkeys(LANES, 0)
    for step in steps:
        if step is not None:
            lanes.put(step, step)
            continue
        waiting = [lane for lane in LANES if lanes.size(lane)]
        taken = lanes.take()
        assert (taken is None) == (not waiting)
        for lane in LANES:
            passed[lane] = passed[lane] + 1 if lane in waiting and lane != taken else 0
            assert passed[lane] <= ROUND // WEIGHTS[lane] + len(LANES)
