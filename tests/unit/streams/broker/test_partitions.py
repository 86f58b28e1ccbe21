"""A plan's requests lie where every Kafka client looks for them."""

from __future__ import annotations

import pytest

from schemas.process.places import key_hash
from schemas.topics import WORK, declared
from streams.broker.partitions import place_of_work


@pytest.mark.parametrize(
    ("key", "hashed"),
    [
        (b"21", 0x7FFFFFFF & -973932308),
        (b"foobar", 0x7FFFFFFF & -790332482),
        (b"a-little-bit-long-string", 0x7FFFFFFF & -985981536),
    ],
)
def test_the_hash_of_a_key_is_the_one_of_kafkas_own_clients(key: bytes, hashed: int) -> None:
    """Figures of the test of Kafka's own murmur2 (UtilsTest)."""
    assert key_hash(key) == hashed


@pytest.mark.parametrize("priority", sorted(WORK))
def test_work_of_a_priority_lies_in_its_topic_by_the_plans_id(priority: str) -> None:
    plan = "0198c0de-0000-7000-8000-000000000001"
    topic, partition = place_of_work(plan, priority) or ("", -1)
    assert topic == WORK[priority]
    assert partition == key_hash(plan.encode()) % declared()[topic].partitions


@pytest.mark.parametrize("priority", [None, "", "urgent"])
def test_work_of_an_unknown_priority_has_no_place(priority: str | None) -> None:
    assert place_of_work("0198c0de-0000-7000-8000-000000000001", priority) is None
