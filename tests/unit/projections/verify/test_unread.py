"""However many records nobody believes there are in the log, and whatever their key: no more of them is held."""

from __future__ import annotations

import asyncio
import gc
import time
import types
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from projections.settings import Settings
from projections.verify import unread
from projections.verify.buckets import buckets_of
from projections.verify.expected import LISTED, Expected, Report
from projections.verify.log_reader import LogReader
from projections.verify.unread import SENTENCE, Unread
from schemas.process.kafka import Brokers
from schemas.topics import PLAN_EVENTS
from schemas.wire import Codec
from tests.support.events import uploaded
from tests.unit.streams.guard.test_guard import IDS, WRITERS

AT_ONCE = 50
CODEC = Codec(IDS, WRITERS)
#: No person's: an event of another plan, which does not fit its key.
FORGED = CODEC.encode(PLAN_EVENTS, uploaded())
KEY = b"0000"


@dataclass
class Record:
    offset: int
    value: bytes
    topic: str = PLAN_EVENTS
    partition: int = 0
    key: bytes = KEY
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp: float = field(default_factory=lambda: time.time() * 1000)


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unread, "LOOK_S", 0.001)


def held(*roots: object) -> int:
    """Return how many objects are kept, whatever holds them; code and classes do not count."""
    seen: set[int] = set()
    left: list[Any] = list(roots)
    while left:
        one = left.pop()
        if id(one) in seen or isinstance(one, type | types.ModuleType | types.FunctionType):
            continue
        seen.add(id(one))
        left.extend(gc.get_referents(one))
    return len(seen)


def has(discarded: bool) -> Callable[[Collection[str]], Mapping[str, bool]]:
    return lambda ids: dict.fromkeys(ids, discarded)


LETTERS: dict[str, Callable[[Collection[str]], Mapping[str, bool]]] = {
    "all there": has(False),
    "all discarded": has(True),
    "none": lambda _: {},
    "every other": lambda ids: {id_: False for id_ in ids if id_[-1] in "02468"},
}


def flood(
    records: int, letters: Callable[[Collection[str]], Mapping[str, bool]], value: Callable[[int], Record]
) -> tuple[int, Expected, Report]:
    """Read a log of such records; return the most objects that were held at a time, and what came of it."""

    async def ask(ids: Collection[str]) -> Mapping[str, bool]:
        return letters(ids)

    async def read() -> tuple[int, Expected, Report]:
        report, most = Report(), 0
        bucket = buckets_of(records, records, "salt")[0]
        reader = LogReader(
            Settings(Brokers("localhost:1"), "http://localhost:1", ""),
            CODEC,
            report,
            Unread(ask, report, patience_s=0.01, at_once=AT_ONCE),
            bucket=bucket,
        )
        for n in range(records):
            await reader._take(value(n))
            if n % 41 == 0:
                most = max(most, held(reader.expected, report))
        return most, reader.expected, report

    return asyncio.run(read())


@pytest.mark.parametrize("letters", LETTERS.values(), ids=LETTERS)
@pytest.mark.parametrize("value", [b"nonsense", FORGED], ids=["unreadable", "forged"])
def test_what_is_held_does_not_grow_with_the_number_of_forged_records(
    value: bytes, letters: Callable[[Collection[str]], Mapping[str, bool]]
) -> None:
    few, _, _ = flood(6 * AT_ONCE, letters, lambda n: Record(n, value))
    many, expected, report = flood(40 * AT_ONCE, letters, lambda n: Record(n, value))
    assert report.poison == 40 * AT_ONCE
    assert len(expected.unread) <= AT_ONCE
    # an id, a sentence and the number of each that waits
    assert many <= few + 3 * AT_ONCE


def test_each_that_is_forged_is_counted_and_the_first_are_named() -> None:
    _, expected, report = flood(10 * AT_ONCE, has(False), lambda n: Record(n, FORGED))
    assert report.counts["forged"] + len(expected.unread) == report.poison == 10 * AT_ONCE
    assert len(report.problems) == LISTED
    assert report.problems[0].startswith(f"forged: {PLAN_EVENTS}/0 at 0 is not believed: misplaced")


def test_one_without_its_letter_is_waited_for_and_then_counted() -> None:
    _, expected, report = flood(10 * AT_ONCE, lambda _: {}, lambda n: Record(n, b"nonsense"))
    assert report.counts["lost"] + len(expected.unread) == 10 * AT_ONCE
    assert "forged" not in report.counts


def test_what_a_person_has_discarded_is_no_finding() -> None:
    assert flood(10 * AT_ONCE, has(True), lambda n: Record(n, FORGED))[2].ok


def test_a_letter_that_comes_a_moment_later_is_no_finding() -> None:
    asked: list[int] = []

    def late(ids: Collection[str]) -> Mapping[str, bool]:
        asked.append(len(ids))
        return dict.fromkeys(ids, False) if len(asked) % 2 == 0 else {}

    assert flood(4 * AT_ONCE, late, lambda n: Record(n, b"nonsense"))[2].ok
    assert asked


def test_a_sentence_is_short_whatever_its_sender_wrote() -> None:
    headers = (("ce_signature", b"k" * 100_000),)
    _, expected, _ = flood(5, has(False), lambda n: Record(n, FORGED, key=b"0" * 100_000, headers=headers))
    assert {len(why) <= SENTENCE for why in expected.unread.values()} == {True}
