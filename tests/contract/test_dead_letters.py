"""What a dead letter says in its headers: the names and values, for whoever reads the topics."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.dead_letters.burial import Burial, letter_id_of
from projections.dead_letters.projection import Letter, project_letter
from schemas import dead_letters
from schemas import headers as h
from schemas.process.kafka import Brokers
from schemas.topics import AGENTS_DLQ, PROJECTIONS_DLQ
from schemas.wire import Undecodable
from streams.broker.records import Incoming, Outgoing
from streams.retries.arrival import arrive
from streams.retries.ladder import Ladder, after_failure
from streams.retries.order import row_of
from tests.support.counted import counted

ROOT: Final = Path(__file__).resolve().parents[2]
NOW: Final = 1_773_147_845_000
SPAN: Final = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
OWN: Final = [("ce_type", b"plan.approved"), ("traceparent", b"00-trace"), ("foreign", b"f")]
RECORD: Final = Incoming("plan.events", 7, 48213, NOW - 50, b"plan-1", b"bytes", OWN, lambda: None)
DAMAGED: Final = Undecodable("damaged", "the body ends early")


def by_the_agents(record: Incoming, group: str = "agents") -> Outgoing:
    return after_failure(arrive(group, record), DAMAGED, now_ms=NOW, ladder=Ladder(jitter=0.0), span=SPAN)


class Producer:
    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    async def send_and_wait(self, topic: str, value: bytes, *, key: bytes, headers: h.Headers) -> None:
        self.sent.append(Outgoing(topic, key, value, headers))


class Fetched:
    """A record as the projections read it."""

    def __init__(self, record: Incoming) -> None:
        self.topic, self.partition, self.offset = record.topic, record.partition, record.offset
        self.key, self.value, self.headers, self.timestamp = record.key, record.value, record.headers, NOW - 50


async def by_the_projections(record: Incoming, monkeypatch: pytest.MonkeyPatch) -> Outgoing:
    burial, producer = Burial(Brokers("")), Producer()
    burial._producer._producer = cast("Any", producer)
    monkeypatch.setattr(time, "time_ns", lambda: NOW * 1_000_000)
    told = counted(monkeypatch, "projections")
    await burial.bury(Fetched(record), DAMAGED, SPAN)
    assert told("unreadable_total") == 1.0
    return producer.sent[0]


def golden(group: str, attempt: bytes, most: bytes) -> dict[str, bytes]:
    return {
        "ce_type": b"plan.approved",
        "traceparent": b"00-trace",
        "foreign": b"f",
        "x-attempt": attempt,
        "x-max-attempts": most,
        "x-consumer-group": group.encode(),
        "x-orig-topic": b"plan.events",
        "x-orig-partition": b"7",
        "x-orig-offset": b"48213",
        "x-orig-timestamp": b"1773147844950",
        "x-first-failed-at": b"1773147845000",
        "x-last-failed-at": b"1773147845000",
        "x-error-class": b"Undecodable",
        "x-error-code": b"damaged",
        "x-error-message": b"damaged: the body ends early",
        "x-error-retryable": b"false",
        "x-failed-span": SPAN.encode(),
        "x-error-stack": b"schemas.wire.Undecodable: damaged: the body ends early\n",
    }


async def test_whoever_gives_up_the_letter_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    agents, projections = by_the_agents(RECORD), await by_the_projections(RECORD, monkeypatch)
    assert agents == Outgoing(AGENTS_DLQ, b"plan-1", b"bytes", list(golden("agents", b"1", b"3").items()))
    assert projections == Outgoing(
        PROJECTIONS_DLQ, b"plan-1", b"bytes", list(golden("projections", b"1", b"1").items())
    )


async def test_what_was_replayed_keeps_where_it_first_came(monkeypatch: pytest.MonkeyPatch) -> None:
    for group in ("agents", "analysis", "projections"):
        first = [
            (h.GROUP, group.encode()), (h.ORIG_TOPIC, b"task.events"), (h.ORIG_PARTITION, b"2"), (h.ORIG_OFFSET, b"5"),
            (h.FIRST_FAILED_AT, b"17"), (h.REPLAY, b"2"), ("x-anything", b"else"),
        ]  # fmt: skip
        record = replace(RECORD, topic="agents.redeliver", headers=[*OWN, *first])
        again = group == "projections"
        letter = await by_the_projections(record, monkeypatch) if again else by_the_agents(record, group)
        said = dict(letter.headers)
        kept = {name: value for name, value in first if name != "x-anything"}
        assert {name: said[name] for name in kept} == kept
        assert "x-anything" not in said
        assert said[h.LAST_FAILED_AT] == str(NOW).encode()


async def test_the_projections_take_no_strangers_word_for_where_a_record_came(monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = [(h.GROUP, b"agents"), (h.ORIG_TOPIC, b"task.events"), (h.ORIG_OFFSET, b"5"), (h.REPLAY, b"9")]
    letter = await by_the_projections(replace(RECORD, headers=[*OWN, *stranger]), monkeypatch)
    assert dict(letter.headers) == golden("projections", b"1", b"1")


def test_what_is_written_is_read() -> None:
    letter = by_the_agents(RECORD)
    said = dead_letters.read(AGENTS_DLQ, 0, 3, letter.headers)
    assert said == dead_letters.Said(
        "agents", "plan.events", 7, 48213, 0, 1, "plan.approved", "damaged", "Undecodable",
        "damaged: the body ends early",
        "schemas.wire.Undecodable: damaged: the body ends early\n",
        NOW, NOW, "", "",
    )  # fmt: skip


NAMES = st.sampled_from([h.ORIG_TOPIC, h.ORIG_PARTITION, h.ORIG_OFFSET, h.REPLAY, h.ATTEMPT, h.FIRST_FAILED_AT])
VALUES = st.sampled_from([b"7", b"-1", b"\0", b"\xff", b"9" * 18, b"9" * 30, b"plan.events"]) | st.binary()


@given(st.lists(st.tuples(NAMES, VALUES)), st.sampled_from([b"agents", b"projections", b"\0\xff", b""]))
def test_a_record_has_one_id_for_all_who_see_it(headers: h.Headers, group: bytes) -> None:
    """The guard, the index of waiting records, the letter and the check of the read models name it alike."""
    record = replace(RECORD, headers=[*headers, (h.GROUP, group)])
    letter = by_the_agents(record, h.storable(group.decode("utf-8", "replace")))
    said = dead_letters.read(letter.topic, 1, 2, letter.headers)
    [row] = project_letter(Letter(letter.topic, 1, 2, None, None, None, letter.headers, None, None))  # type: ignore[arg-type] # no time needed
    waiting = row_of("agents.retry.1s", letter.key, letter.value, letter.headers)
    assert arrive(said.group, record).id == said.record_id == row.key == waiting.record_id
    if group == b"projections":
        assert letter_id_of(Fetched(record)) == said.record_id


def test_two_records_of_a_stranger_are_two_letters() -> None:
    ids = {dead_letters.read(AGENTS_DLQ, 1, offset, [("x", b"y")]).record_id for offset in (8, 9)}
    assert ids == {"|agents.dlq|1|8", "|agents.dlq|1|9"}


def test_the_database_writes_no_other_names() -> None:
    """What a person gives up or replays gets its headers in SQL: by names that are declared."""
    declared = {value for name, value in vars(h).items() if name.isupper() and isinstance(value, str)}
    sources = [path for path in ROOT.rglob("*.sql") if ".venv" not in path.parts]
    written = {name for path in sources for name in re.findall(r"['{,](x-[a-z-]+)(?=['},])", path.read_text())}
    assert {h.GIVEN_UP_BY, h.GIVEN_UP_REASON, h.REPLAY, h.NEXT_ATTEMPT_AT} <= written
    assert written <= declared
