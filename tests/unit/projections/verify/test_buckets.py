"""A long log is compared in parts: each plan is in exactly one of them, and none is much larger than it is to be."""

from __future__ import annotations

import uuid
from random import Random

import pytest

from projections.verify.buckets import WHOLE, buckets_of

RANDOM = Random(7)
IDS = [str(uuid.UUID(int=RANDOM.getrandbits(128), version=4)) for _ in range(20_000)]


@pytest.mark.parametrize(("records", "parts"), [(0, 1), (1, 1), (100, 1), (101, 2), (1_000, 10), (10**9, 65_536)])
def test_a_log_has_as_many_parts_as_it_takes(records: int, parts: int) -> None:
    assert len(buckets_of(records, 100)) == parts


@pytest.mark.parametrize("records", [1, 700, 12_345])
def test_every_plan_is_in_one_part(records: int) -> None:
    buckets = buckets_of(records, 100)
    for plan in (*IDS[:500], "", "x", "no id at all", "zzzz", "ção", "\U0001f600", "0000", "ffff", "ffff~"):
        assert sum(bucket.has(plan) for bucket in buckets) == 1, plan
        assert WHOLE.has(plan)


def test_every_letter_is_in_one_part() -> None:
    buckets = buckets_of(12_345, 100, "salt")
    for id_ in (*IDS[:500], "", "projections|plan.events|1|2", "ção|\U0001f600|0|0"):
        assert sum(bucket.has_letter(id_) for bucket in buckets) == 1, id_
        assert WHOLE.has_letter(id_)


def test_letters_whose_ids_end_alike_are_spread_and_nobody_knows_how() -> None:
    ids = [f"agents|plan.events|{n}|0000" for n in range(4_000)]
    spread = {salt: [sum(map(part.has_letter, ids)) for part in buckets_of(40, 10, salt)] for salt in ("one", "two")}
    assert all(0 < size < 2 * len(ids) / 4 for sizes in spread.values() for size in sizes)
    assert spread["one"] != spread["two"]


def test_what_is_of_no_plan_is_in_the_first_part_alone() -> None:
    assert [bucket.is_first for bucket in buckets_of(1_000, 250)] == [True, False, False, False]


@pytest.mark.parametrize("parts", [2, 7, 100])
def test_parts_are_alike(parts: int) -> None:
    """Twice what a part is to have would need as many draws on one side as chance never makes."""
    buckets = buckets_of(len(IDS), -(-len(IDS) // parts))
    sizes = [sum(map(bucket.has, IDS)) for bucket in buckets]
    assert (len(sizes), sum(sizes)) == (parts, len(IDS))
    assert max(sizes) < 2 * len(IDS) / parts
