"""The ladder: where a record goes after a failure, and what it carries there."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import headers as h
from schemas.dead_letters import STACK_LIMIT, code_of
from schemas.topics import AGENTS_DLQ, RETRY_TIERS
from schemas.wire import Undecodable, UnknownSchema
from streams.broker.records import Incoming, Outgoing
from streams.retries.arrival import Arrival, arrive
from streams.retries.ladder import Ladder, after_failure, is_retryable, ladder_of, postponed

NOW = 1_773_147_845_000
TRACEPARENT = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
RECORD = Incoming(
    "plan.events",
    7,
    48213,
    NOW - 50,
    b"plan-1",
    b"\0\0\0\0\1body",
    [("ce_type", b"plan.approved"), ("traceparent", TRACEPARENT), ("content-type", b"application/avro")],
    lambda: None,
)
STEADY = Ladder(jitter=0.0)


def seen(record: Incoming) -> Arrival:
    return arrive("agents", record)


def fail(record: Incoming, error: BaseException, now_ms: int = NOW) -> Outgoing:
    return after_failure(seen(record), error, now_ms=now_ms, ladder=STEADY)


def again(sent: Outgoing, offset: int = 3) -> Incoming:
    """Return the record as it comes back through the redelivery."""
    return replace(RECORD, topic="agents.redeliver", partition=1, offset=offset, headers=list(sent.headers))


def text(sent: Outgoing, name: str) -> str | None:
    return h.text(sent.headers, name)


def test_the_way_up_the_ladder() -> None:
    """Three retries, each later than the one before, then the dead letters."""
    record, now = RECORD, NOW
    went: list[str] = []
    retryable: list[str | None] = []
    for _ in range(4):
        sent = fail(record, ValueError("no"), now)
        went.append(sent.topic)
        retryable.append(text(sent, h.ERROR_RETRYABLE))
        due = text(sent, h.NEXT_ATTEMPT_AT)
        now = int(due) if due is not None else now
        record = again(sent)
    assert went == ["agents.retry.1s", "agents.retry.5s", "agents.retry.30s", AGENTS_DLQ]
    assert now == NOW + 36_000
    assert retryable == ["true"] * 4, "it is given up for the number of its attempts alone"


def test_key_bytes_and_foreign_headers_stay() -> None:
    record = RECORD
    for _ in range(4):
        sent = fail(record, ValueError("no"))
        assert (sent.key, sent.value) == (RECORD.key, RECORD.value)
        assert [pair for pair in sent.headers if not pair[0].startswith("x-")] == RECORD.headers
        names = [name for name, _ in sent.headers]
        assert len(names) == len(set(names))
        record = again(sent)


def test_origin_and_first_failure_are_kept() -> None:
    first = fail(RECORD, ValueError("one"), NOW)
    second = fail(again(first), KeyError("two"), NOW + 2000)
    assert text(second, h.ORIG_TOPIC) == "plan.events"
    assert text(second, h.ORIG_PARTITION) == "7"
    assert text(second, h.ORIG_OFFSET) == "48213"
    assert text(second, h.ORIG_TIMESTAMP) == str(NOW - 50)
    assert text(second, h.FIRST_FAILED_AT) == str(NOW)
    assert text(second, h.LAST_FAILED_AT) == str(NOW + 2000)
    assert text(second, h.ATTEMPT) == "2"
    assert text(second, h.MAX_ATTEMPTS) == "3"
    assert text(second, h.GROUP) == "agents"
    assert (text(first, h.ERROR_CLASS), text(first, h.ERROR_MESSAGE)) == ("ValueError", "one")
    assert (text(second, h.ERROR_CLASS), text(second, h.ERROR_MESSAGE)) == ("KeyError", "'two'")


def test_the_span_of_the_last_attempt_that_was_recorded_goes_with_it() -> None:
    spans = ["00-" + "a" * 32 + "-" + digit * 16 + "-01" for digit in "12"]
    first = after_failure(seen(RECORD), ValueError("no"), now_ms=NOW, ladder=STEADY, span=spans[0])
    waits = postponed(seen(again(first)), now_ms=NOW, ladder=STEADY)
    second = after_failure(seen(again(waits)), ValueError("no"), now_ms=NOW, ladder=STEADY, span=spans[1])
    assert [text(sent, h.FAILED_SPAN) for sent in (first, waits, second)] == [spans[0], spans[0], spans[1]]
    assert {text(sent, h.TRACEPARENT) for sent in (first, waits, second)} == {TRACEPARENT.decode()}
    assert text(fail(again(second), ValueError("no")), h.FAILED_SPAN) is None


def test_what_nobody_can_read_is_a_dead_letter_at_once() -> None:
    sent = fail(RECORD, Undecodable("damaged", "plan.approved: EOFError"))
    assert sent.topic == AGENTS_DLQ
    assert text(sent, h.ERROR_CODE) == "damaged"
    assert text(sent, h.ERROR_RETRYABLE) == "false"
    assert text(sent, h.NEXT_ATTEMPT_AT) is None
    assert fail(RECORD, UnknownSchema(77)).topic == AGENTS_DLQ


def test_a_dead_letter_has_the_stack_and_a_retry_has_not() -> None:
    with pytest.raises(ValueError, match="invalid literal") as caught:
        int("deep down")
    last = replace(RECORD, headers=[(h.ATTEMPT, b"3")])
    assert text(fail(RECORD, caught.value), h.ERROR_STACK) is None
    stack = text(fail(last, caught.value), h.ERROR_STACK) or ""
    assert "test_a_dead_letter_has_the_stack" in stack
    assert stack.rstrip().endswith("with base 10: 'deep down'")


def test_a_long_story_is_cut() -> None:
    sizes = {name: len(value) for name, value in fail(RECORD, ValueError("é" * 5000)).headers}
    assert sizes[h.ERROR_MESSAGE] == h.MESSAGE_LIMIT
    dead = fail(RECORD, Undecodable("damaged", "é" * 20_000))
    assert len(dict(dead.headers)[h.ERROR_STACK]) <= STACK_LIMIT


def test_a_record_without_key_value_or_headers_goes_too() -> None:
    bare = replace(RECORD, key=None, value=None, headers=[])
    sent = fail(bare, Undecodable("empty", "the record has no value"))
    assert (sent.topic, sent.key, sent.value) == (AGENTS_DLQ, None, None)


def test_codes_and_kinds() -> None:
    assert is_retryable(TimeoutError())
    assert is_retryable(ValueError())
    assert not is_retryable(Undecodable("damaged", ""))
    assert code_of(Undecodable("damaged", "")) == "damaged"
    assert code_of(TimeoutError()) == "TimeoutError"


@settings(deadline=None)
@given(st.integers(1, 3), st.floats(0, 1), st.integers())
def test_a_retry_is_never_early_and_never_much_later(attempt: int, jitter: float, seed: int) -> None:
    ladder = Ladder(jitter=jitter, random=random.Random(seed))
    tier = RETRY_TIERS[attempt - 1][1] * 1000
    assert tier <= ladder.delay_ms(attempt) <= tier * (1 + jitter)


def test_jitter_spreads() -> None:
    ladder = Ladder(jitter=0.1, random=random.Random(1))
    assert len({ladder.delay_ms(3) for _ in range(50)}) > 25


@pytest.mark.parametrize("tiers", [(), (("only", 0.5),)])
def test_another_ladder(tiers: tuple[tuple[str, float], ...]) -> None:
    sent = after_failure(seen(RECORD), ValueError(), now_ms=NOW, ladder=Ladder(tiers, jitter=0.0))
    assert sent.topic == (tiers[0][0] if tiers else AGENTS_DLQ)
    assert text(sent, h.MAX_ATTEMPTS) == str(len(tiers))


@pytest.mark.parametrize(
    ("attempt", "wait_s", "tier"),
    [(1, 0.0, 1), (1, 1.0, 1), (1, 1.1, 2), (2, 0.0, 2), (2, 6.0, 3), (1, 30.0, 3), (1, 600.0, 3), (3, 0.0, 3)],
)
def test_a_retry_waits_as_long_as_was_asked_for_and_never_less_than_its_turn(
    attempt: int, wait_s: float, tier: int
) -> None:
    assert Ladder().tier(attempt, wait_s) == tier


def test_a_ladder_with_other_delays_has_the_declared_topics() -> None:
    ladder = ladder_of((0.1, 0.2, 0.3), 0.5)

    assert ladder.tiers == (("agents.retry.1s", 0.1), ("agents.retry.5s", 0.2), ("agents.retry.30s", 0.3))
    assert ladder.jitter == 0.5


def test_a_ladder_has_a_delay_for_each_topic() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ladder_of((0.1, 0.2), 0.5)


def test_the_longest_wait_of_a_tier_has_its_jitter_and_the_last_tier_serves_for_those_beyond() -> None:
    ladder = Ladder((("a", 1.0), ("b", 5.0)), jitter=0.2)
    assert [ladder.longest_s(tier) for tier in (1, 2, 3)] == [1.2, 6.0, 6.0]
    assert (ladder.postponed_tier, Ladder((("a", 1.0),)).postponed_tier) == (2, 1)
