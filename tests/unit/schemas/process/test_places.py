"""A plan stays in the partitions that it began with, however many there are later; new plans are in all of them."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.plan import PRIORITIES
from schemas.process import places
from schemas.process.places import (
    LOW,
    MOST,
    TELLING,
    URGENT,
    USUAL,
    dealt_among,
    for_urgent,
    growth,
    key_hash,
    new_plan_id,
    partition_of,
    partitions_of,
    rank,
)
from schemas.topics import AGENTS_DLQ, GOODS_EVENTS, PLAN_EVENTS, declared

AT_FIRST = declared()[PLAN_EVENTS].partitions
GROWING = [topic.name for topic in declared().values() if topic.grows]
FIXED = [topic.name for topic in declared().values() if not topic.grows]


@pytest.fixture(autouse=True)
def _as_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "there", 0)
    monkeypatch.setattr(growth, "dealt", 0)


def test_the_topics_that_a_plan_goes_through_grow_alike() -> None:
    assert {declared()[name].partitions for name in GROWING} == {AT_FIRST}
    assert {PLAN_EVENTS, "task.events", "analysis.work.high", "agents.retry.30s", "agents.redeliver"} <= set(GROWING)
    assert {GOODS_EVENTS, AGENTS_DLQ, "system.events"} <= set(FIXED)


def test_while_nothing_was_added_an_id_is_a_random_one() -> None:
    assert new_plan_id("normal").version == 4
    assert {partitions_of(name) for name in GROWING} == {AT_FIRST}


@pytest.mark.parametrize("count", [13, 24, 255, 256, MOST])
def test_a_new_plan_s_id_says_among_how_many_it_is_dealt(count: int) -> None:
    growth.learn(count, count)
    made = {new_plan_id("normal") for _ in range(50)}
    assert len(made) == 50
    for plan in made:
        key = str(plan).encode()
        assert (plan.version, plan.variant) == (TELLING, "specified in RFC 4122")
        assert dealt_among(key) == count
        assert partition_of(PLAN_EVENTS, key) == key_hash(key) % count
    assert {partitions_of(name) for name in GROWING} == {count}


def test_new_plans_are_dealt_among_all_partitions() -> None:
    growth.learn(24, 24)
    assert {
        partition_of(PLAN_EVENTS, str(new_plan_id(priority)).encode()) for priority in PRIORITIES for _ in range(1_000)
    } == set(range(24))


def test_what_is_there_and_not_read_yet_is_read_and_not_dealt_among() -> None:
    growth.learn(24, None)
    assert new_plan_id("normal").version == 4
    assert partitions_of(PLAN_EVENTS) == 24


def test_plans_stay_where_they_are_while_partitions_are_added_twice() -> None:
    plans = [str(uuid4()).encode()]
    before = [partition_of(name, plans[0]) for name in GROWING]
    for count in (24, 60):
        growth.learn(count, count)
        plans.append(str(new_plan_id("normal")).encode())
    assert [partition_of(name, plans[0]) for name in GROWING] == before
    assert [dealt_among(plan) for plan in plans] == [0, 24, 60]
    assert partition_of(PLAN_EVENTS, plans[1]) == key_hash(plans[1]) % 24


def test_partitions_never_become_fewer() -> None:
    growth.learn(24, 24)
    growth.learn(None, None)
    growth.learn(12, 12)
    assert (growth.there, growth.dealt) == (24, 24)


def test_topics_that_do_not_grow_stay_as_they_are() -> None:
    growth.learn(24, 24)
    key = str(new_plan_id("normal")).encode()
    for name in FIXED:
        assert partitions_of(name) == declared()[name].partitions
        assert partition_of(name, key) == key_hash(key) % declared()[name].partitions


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"8",
        b"not a plan, and as long as one would b",
        b"0191f3a0-5c3e-8fff-a2f3-6b1de5a0c9d1",  # more than a topic may have
        b"0191f3a0-5c3e-8zzz-a2f3-6b1de5a0c9d1",
        b"0191f3a0-5c3e-4018-a2f3-6b1de5a0c9d1",  # of another version
        b"0191f3a0.5c3e.8018.a2f3.6b1de5a0c9d1",
    ],
)
def test_a_key_that_does_not_say_is_of_the_partitions_of_the_beginning(key: bytes) -> None:
    assert dealt_among(key) == 0
    assert partition_of(PLAN_EVENTS, key) == key_hash(key) % AT_FIRST


@given(st.binary(max_size=60))
def test_every_key_has_a_place(key: bytes) -> None:
    assert 0 <= partition_of(PLAN_EVENTS, key) < max(AT_FIRST, dealt_among(key))


@pytest.mark.parametrize("dealt", [0, 13, 24, MOST])
def test_plans_of_each_priority_have_partitions_of_their_own(dealt: int) -> None:
    growth.learn(dealt, dealt)
    for priority, theirs in (("high", URGENT), ("normal", USUAL), ("low", LOW)):
        keys = [str(new_plan_id(priority)).encode() for _ in range(100)]
        assert {rank(PLAN_EVENTS, partition_of(PLAN_EVENTS, key)) for key in keys} == {theirs}


def test_of_four_partitions_one_is_for_urgent_plans_and_one_for_low_ones_whatever_the_topic_of_plans() -> None:
    for name in GROWING:
        assert [rank(name, n) for n in range(8)] == [URGENT, USUAL, USUAL, LOW] * 2
        assert [n for n in range(8) if for_urgent(name, n)] == [0, 4]
    assert {rank(name, n) for name in (*FIXED, "another") for n in range(8)} == {USUAL}


def test_ids_of_urgent_plans_are_as_random_as_others() -> None:
    made = [new_plan_id("high") for _ in range(300)]
    assert len(set(made)) == 300
    assert {partition_of(PLAN_EVENTS, str(plan).encode()) for plan in made} == {0, 4, 8}


def test_with_few_partitions_all_plans_share_them(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {PLAN_EVENTS: replace(declared()[PLAN_EVENTS], partitions=2)}
    monkeypatch.setattr(places, "declared", lambda: few)
    for priority in PRIORITIES:
        keys = [str(new_plan_id(priority)).encode() for _ in range(100)]
        assert {key_hash(key) % 2 for key in keys} == {0, 1}
