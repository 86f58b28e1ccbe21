"""A copy that claims the place of another record is read as a record that first came where it is."""

from __future__ import annotations

import asyncio

import pytest

from schemas import headers as h
from schemas.belief import Belief, Mode, Until, seal
from schemas.signing import parse
from schemas.topics import PLAN_EVENTS, REDELIVER
from streams.broker.records import Incoming
from streams.retries.arrival import arrive
from streams.retries.genuine import genuine
from tests.support.patience import PATIENCE_S

KEYS = parse(f"one {'01' * 32}")
CLAIMS: h.Headers = [
    ("ce_id", b"e"),
    (h.GROUP, b"agents"),
    (h.ORIG_TOPIC, PLAN_EVENTS.encode()),
    (h.ORIG_PARTITION, b"4"),
    (h.ORIG_OFFSET, b"17"),
    (h.REPLAY, b"5"),
]


def record(headers: h.Headers) -> Incoming:
    return Incoming(REDELIVER, 1, 2, 0, b"k", b"v", headers, lambda: None)


@pytest.mark.parametrize("until", [{}, {("", REDELIVER, 1): 2}], ids=["new", "later"])
async def test_a_claim_of_another_making_does_not_count(until: Until) -> None:
    read = arrive("agents", await genuine(Belief(KEYS, Mode.REQUIRE, until), record(CLAIMS)))
    assert (read.id, read.replay, read.comes_again) == (f"agents|{REDELIVER}|1|2", 0, False)
    assert read.record.headers == [("ce_id", b"e")]


@pytest.mark.parametrize(
    "belief",
    [
        Belief(),
        Belief(KEYS, Mode.WARN),
        Belief(KEYS, Mode.REQUIRE, {("", REDELIVER, 1): 3}),
    ],
    ids=["off", "warn", "before"],
)
async def test_what_cannot_be_asked_for_a_seal_counts(belief: Belief) -> None:
    assert arrive("agents", await genuine(belief, record(CLAIMS))).id == f"agents|{PLAN_EVENTS}|4|17"


async def test_a_copy_of_ours_counts() -> None:
    sealed = record(seal(KEYS, b"k", b"v", CLAIMS))
    assert arrive("agents", await genuine(Belief(KEYS, Mode.REQUIRE), sealed)).replay == 5


async def test_a_copy_waits_until_it_is_known_where_signing_began() -> None:
    belief = Belief(KEYS, Mode.REQUIRE, None)
    reading = asyncio.create_task(genuine(belief, record(CLAIMS)))
    await asyncio.sleep(0.05)
    assert not reading.done()
    belief.until = {}
    assert (await asyncio.wait_for(reading, PATIENCE_S)).headers == [("ce_id", b"e")]
