"""A producer's broker may not have a place yet: what is a plan's waits for it, what is nobody's goes elsewhere."""

from __future__ import annotations

from typing import Any, cast

import pytest
from aiokafka.errors import UnknownTopicOrPartitionError

from schemas.process.places import growth, key_hash, new_plan_id
from schemas.process.placing import Places
from schemas.topics import AGENTS_DLQ, PLAN_EVENTS


class Broker:
    """A producer as far as places need it: it knows `knows` partitions, and `has` after it has asked."""

    def __init__(self, knows: int, has: int) -> None:
        self.knows, self.has, self.asked = knows, has, 0
        self.client = self

    async def partitions_for(self, _topic: str) -> set[int]:
        return set(range(self.knows))

    async def force_metadata_update(self) -> bool:
        self.asked += 1
        self.knows = self.has
        return True


@pytest.fixture(autouse=True)
def _grown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "there", 24)
    monkeypatch.setattr(growth, "dealt", 24)


def beyond(at_first: int) -> bytes:
    """Return the key of a new plan whose place was added."""
    while key_hash(key := str(new_plan_id("normal")).encode()) % 24 < at_first:
        pass
    return key


async def place(broker: Broker, topic: str, key: bytes | None) -> int:
    return await Places().of(cast("Any", broker), topic, key)


async def test_a_place_that_the_producer_knows_is_taken_unasked() -> None:
    broker, key = Broker(24, 24), beyond(12)
    assert await place(broker, PLAN_EVENTS, key) == key_hash(key) % 24
    assert broker.asked == 0


async def test_a_producer_that_does_not_know_the_place_asks() -> None:
    broker, key = Broker(12, 24), beyond(12)
    assert await place(broker, PLAN_EVENTS, key) == key_hash(key) % 24
    assert broker.asked == 1


async def test_a_broker_that_has_not_heard_of_it_yet_is_waited_for() -> None:
    """To put it elsewhere would be another order of the plan's events."""
    with pytest.raises(UnknownTopicOrPartitionError, match=r"plan\.events has 12 partitions at this broker"):
        await place(Broker(12, 12), PLAN_EVENTS, beyond(12))


async def test_an_id_that_nobody_here_gave_holds_nothing_up() -> None:
    forged = b"0191f3a0-5c3e-8300-a2f3-6b1de5a0c9d1"  # among 768
    assert key_hash(forged) % 768 >= 24
    broker = Broker(24, 24)
    assert await place(broker, PLAN_EVENTS, forged) == key_hash(forged) % 12


async def test_a_record_without_a_key_is_in_the_first_partition() -> None:
    assert await place(Broker(24, 24), PLAN_EVENTS, None) == 0


async def test_partitions_that_somebody_added_by_hand_change_nothing() -> None:
    key = b"0191f3a0-5c3e-4300-a2f3-6b1de5a0c9d1"
    assert await place(Broker(48, 48), PLAN_EVENTS, key) == key_hash(key) % 12
    assert await place(Broker(9, 9), AGENTS_DLQ, key) == key_hash(key) % 3


async def test_places_are_asked_anew_of_another_producer() -> None:
    places, key = Places(), beyond(12)
    first, second = Broker(12, 24), Broker(24, 24)
    await places.of(cast("Any", first), PLAN_EVENTS, key)
    places.forget()
    assert await places.of(cast("Any", second), PLAN_EVENTS, key) == key_hash(key) % 24
    assert (first.asked, second.asked) == (1, 0)
