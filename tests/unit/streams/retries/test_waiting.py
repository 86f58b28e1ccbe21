"""Which records wait, behind whom, and the row that a waiting record's headers say."""

from __future__ import annotations

from dataclasses import replace

from schemas import headers as h
from schemas.topics import RETRY_TIERS
from streams.broker.records import Incoming
from streams.retries.arrival import Arrival, arrive
from streams.retries.ladder import Ladder, after_failure, parked_behind, postponed
from streams.retries.order import Parked, Waiting, row_of

NOW = 1_773_147_845_000
STEADY = Ladder(jitter=0.0)
FIRST, SECOND, THIRD = (topic for topic, _ in RETRY_TIERS)
RECORD = Incoming("plan.events", 3, 17, NOW - 5, b"plan-1", b"bytes", [("ce_type", b"plan.approved")], lambda: None)


def seen(record: Incoming) -> Arrival:
    return arrive("agents", record)


def parked(offset: int = 17, **more: object) -> Parked:
    row = Parked(
        f"agents|plan.events|3|{offset}", "agents", "plan-1", "plan.events", 3, offset, FIRST, due_ms=NOW + 900
    )
    return replace(row, **more)  # type: ignore[arg-type] # the fields of Parked


def test_the_head_is_the_first_that_came_before() -> None:
    view = Waiting([parked(19), parked(17), parked(25)])
    head = view.head_before("plan-1", ("plan.events", 3), 24)
    assert head is not None
    assert head.orig_offset == 17
    assert view.head_before("plan-1", ("plan.events", 3), 17) is None
    assert view.head_before("plan-2", ("plan.events", 3), 24) is None
    assert view.head_before("plan-1", ("plan.events", 4), 24) is None


def test_records_without_a_key_have_no_order() -> None:
    assert Waiting([parked(1, key="")]).head_before("", ("plan.events", 3), 5) is None


def test_one_that_has_ended_holds_nobody() -> None:
    view = Waiting([parked(17)])
    view.put(parked(17, state="done"))
    assert view.head_before("plan-1", ("plan.events", 3), 20) is None
    known = view.get("agents|plan.events|3|17")
    assert known is not None
    assert known.state == "done"


def test_a_record_keeps_its_id_on_all_its_ways() -> None:
    record, ids = RECORD, set()
    for offset in range(4):
        ids.add(seen(record).id)
        sent = after_failure(seen(record), ValueError("no"), now_ms=NOW, ladder=STEADY)
        record = replace(RECORD, topic="agents.redeliver", partition=9, offset=offset, headers=sent.headers)
    assert ids == {"agents|plan.events|3|17"}
    assert seen(record).comes_again
    assert not seen(RECORD).comes_again


def test_the_row_is_what_the_headers_say() -> None:
    sent = after_failure(seen(RECORD), ValueError("no\0such"), now_ms=NOW, ladder=STEADY)
    row = row_of(sent.topic, sent.key, sent.value, sent.headers)
    assert row.record_id == "agents|plan.events|3|17"
    assert (row.tier, row.attempt, row.replay, row.key, row.type) == (FIRST, 1, 0, "plan-1", "plan.approved")
    assert (row.due_ms, row.since_ms, row.code, row.message) == (NOW + 1000, NOW, "ValueError", "no\ufffdsuch")
    assert row.copy() == sent


def test_a_postponed_record_keeps_its_attempts_and_waits_in_the_second_tier() -> None:
    failed = after_failure(seen(RECORD), ValueError("no"), now_ms=NOW, ladder=STEADY)
    again = replace(RECORD, headers=failed.headers)
    for record, attempts in ((RECORD, 0), (again, 1)):
        sent = postponed(seen(record), now_ms=NOW, ladder=STEADY)
        assert (sent.topic, sent.key, sent.value) == (SECOND, RECORD.key, RECORD.value)
        assert h.number(sent.headers, h.ATTEMPT) == attempts
        assert h.number(sent.headers, h.NEXT_ATTEMPT_AT) == NOW + 5000
    assert h.text(sent.headers, h.ERROR_CODE) == "ValueError"


def test_who_waits_behind_another_comes_back_after_it() -> None:
    sent = parked_behind(seen(RECORD), parked(12, tier=THIRD, due_ms=NOW + 20_000), now_ms=NOW, ladder=STEADY)
    assert (sent.topic, h.number(sent.headers, h.NEXT_ATTEMPT_AT)) == (THIRD, NOW + 20_000)
    assert h.text(sent.headers, h.PARKED_BEHIND) == "agents|plan.events|3|12"
    assert h.number(sent.headers, h.ATTEMPT, -1) == 0
    assert row_of(sent.topic, sent.key, sent.value, sent.headers).behind == "agents|plan.events|3|12"


def test_behind_one_that_is_on_its_way_the_first_tier_is_enough() -> None:
    for head in (parked(12, due_ms=NOW - 1), parked(12, tier="agents.redeliver", due_ms=NOW + 50)):
        sent = parked_behind(seen(RECORD), head, now_ms=NOW, ladder=STEADY)
        assert (sent.topic, h.number(sent.headers, h.NEXT_ATTEMPT_AT)) == (FIRST, NOW + 1000)


def test_headers_that_make_no_sense_do_no_harm() -> None:
    hostile = [
        (h.ATTEMPT, b"many"), (h.REPLAY, b"-3"), (h.ORIG_TOPIC, b"\0\xff"), (h.ORIG_PARTITION, b"99999999999"),
        (h.ORIG_OFFSET, "\u0663".encode()), (h.NEXT_ATTEMPT_AT, b"9" * 18), (h.FIRST_FAILED_AT, b"9" * 40),
    ]  # fmt: skip
    record = replace(RECORD, key=b"\0\xff", headers=hostile)
    assert seen(record).generation == (0, 0)
    assert seen(record).key == "\ufffd\ufffd"
    assert seen(record).id == "agents|\ufffd\ufffd|2147483647|0"
    row = row_of("t", record.key, None, hostile)
    assert row.due_ms == 253_402_300_799_000
    assert row.since_ms == 0
    assert row_of("t", None, None, [(h.TRACEPARENT, b"00-\0")]).traceparent == "00-\ufffd"
