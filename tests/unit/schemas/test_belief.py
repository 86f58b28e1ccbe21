"""Which events are believed: they fit their place, and a producer's key has signed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from schemas import headers as h
from schemas.belief import (
    NO_KEY,
    VERSION_LIMIT,
    Belief,
    Mode,
    Unbelievable,
    Until,
    UntilUnknown,
    misfit,
    seal,
    sign,
    without_claims,
)
from schemas.events import Event
from schemas.signing import Keys, parse
from schemas.topics import AGENTS_DLQ, GOODS_EVENTS, PLAN_EVENTS, REDELIVER, SYSTEM_EVENTS, TASK_EVENTS, WORK
from tests.support import events
from tests.support.events import PLAN

KEYS = parse(f"one {'01' * 32}")
BOTH = parse(f"two {'02' * 32}, one {'01' * 32}")
OTHER = "1b6f2f0e-53c1-4e0c-9a64-7f5f7c1f2a11"
TASK = "2b6f2f0e-53c1-4e0c-9a64-7f5f7c1f2a12"
APPROVED = replace(events.approved(), version=3)


@dataclass(frozen=True)
class At:
    """A record of the log."""

    key: bytes | None
    value: bytes | None = b"value"
    headers: Sequence[tuple[str, bytes]] = ()
    topic: str = PLAN_EVENTS
    partition: int = 4
    offset: int = 17


def written(event: Event, keys: Keys = KEYS, topic: str = PLAN_EVENTS, **place: Any) -> At:
    """Return a record as its producer writes it."""
    key, value = event.correlation_id.encode(), b"value"
    carried = sign(keys, topic, key, event.type, value, h.for_event(event, None))
    return At(key, value, carried, **{"topic": topic, **place})


def requiring(keys: Keys = KEYS, until: Until | None = None) -> Belief:
    return Belief(keys, Mode.REQUIRE, {} if until is None else until)


def code(belief: Belief, record: At, event: Event = APPROVED) -> str:
    """Return why an event is not believed, "" where it is."""
    try:
        assert belief.check(record, event) == ""
    except Unbelievable as error:
        return error.code
    return ""


def plain(type_: str, stream: str, *, correlation: str = PLAN, version: int = 1, **data: Any) -> Event:
    """Return an event with no more than its place."""
    return Event(type_, "e", stream, version, 1, "c", correlation, "ana", data)


FITTING = [
    (PLAN_EVENTS, plain("plan.approved", f"plan-{PLAN}", plan_id=PLAN, version=3)),
    (PLAN_EVENTS, plain("plan.channel.requested_again", f"plan-{PLAN}", plan_id=PLAN, channel="shopee")),
    (PLAN_EVENTS, plain("plan.channel.analyzed", f"plan-{PLAN}.shopee", plan_id=PLAN, channel="shopee", source="x")),
    (PLAN_EVENTS, plain("plan.channel.kept", f"plan-{PLAN}.shopee", plan_id=PLAN, channel="shopee", version=2)),
    (PLAN_EVENTS, plain("plan.channel.compared", f"comparison-{PLAN}.shopee", plan_id=PLAN, channel="shopee")),
    (PLAN_EVENTS, plain("plan.stalled", f"recovery-{PLAN}", plan_id=PLAN)),
    (PLAN_EVENTS, plain("plan.recovery.requested", f"recovery-{PLAN}", plan_id=PLAN)),
    (TASK_EVENTS, plain("task.created", f"task-{TASK}", plan_id=PLAN, task_id=TASK)),
    (WORK["low"], plain("analysis.requested", f"work-{PLAN}.shopee", plan_id=PLAN, channel="shopee")),
    (WORK["low"], plain("analysis.requested", f"again-{PLAN}.shopee", plan_id=PLAN, channel="shopee")),
    (GOODS_EVENTS, plain("goods.recorded", "goods", correlation="goods", source="goods")),
    (SYSTEM_EVENTS, plain("worker.started", "worker-7", correlation="worker-7", source="worker-7")),
    (REDELIVER, plain("plan.approved", f"plan-{PLAN}", plan_id=PLAN, version=3)),
]


@pytest.mark.parametrize(("topic", "event"), FITTING, ids=[f"{t}-{e.type}-{e.stream[:5]}" for t, e in FITTING])
def test_what_our_processes_write_fits(topic: str, event: Event) -> None:
    assert misfit(At(event.correlation_id.encode(), topic=topic), event) == ""


@pytest.mark.parametrize(
    ("record", "event", "why"),
    [
        (At(OTHER.encode()), APPROVED, "the record's key is"),
        (At(None), APPROVED, "the record's key is ''"),
        (At(b"\xff"), APPROVED, "the record's key is"),
        (At(PLAN.encode(), topic=TASK_EVENTS), APPROVED, "plan.approved does not belong on task.events"),
        (At(PLAN.encode()), replace(APPROVED, version=2**31 - 1), "no stream has a version 2147483647"),
        (At(PLAN.encode()), replace(APPROVED, version=VERSION_LIMIT + 1), "no stream has a version"),
        (At(PLAN.encode()), replace(APPROVED, version=0), "no stream has a version 0"),
        (At(PLAN.encode()), replace(APPROVED, stream=f"plan-{OTHER}"), "the stream of plan.approved is"),
        (At(PLAN.encode()), replace(APPROVED, data={**APPROVED.data, "plan_id": OTHER}), "it says to be of"),
        (At(OTHER.encode()), replace(APPROVED, correlation_id=OTHER), "it says to be of"),
        (
            At(PLAN.encode(), topic=TASK_EVENTS),
            plain("task.created", f"task-{OTHER}", plan_id=PLAN, task_id=TASK),
            "the stream of task.created is",
        ),
        (
            At(b"goods", topic=GOODS_EVENTS),
            plain("goods.recorded", "goods-2", correlation="goods", source="goods"),
            "the stream of goods.recorded is",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_contradicts_itself_is_misplaced(record: At, event: Event, why: str) -> None:
    assert misfit(record, event).startswith(why)
    assert code(Belief(), record, event) == "misplaced"  # whatever is done about signatures


def test_a_topic_that_nobody_declares_is_not_judged() -> None:
    assert misfit(At(PLAN.encode(), topic="somebody.elses"), APPROVED) == ""


def test_what_a_producer_has_signed_is_believed() -> None:
    assert code(requiring(), written(APPROVED)) == ""


def test_without_signatures_nothing_is_asked_and_nothing_signed() -> None:
    assert Belief(KEYS).own == Keys()
    assert code(Belief(KEYS), written(APPROVED, Keys())) == ""


def test_what_nobody_has_signed_is_not_believed() -> None:
    assert code(requiring(), written(APPROVED, Keys())) == "unsigned"


def test_a_key_that_is_not_known_is_not_believed() -> None:
    assert code(requiring(), written(APPROVED, parse(f"three {'03' * 32}"))) == "unknown-key"


def test_both_keys_are_believed_while_they_change() -> None:
    changing = requiring(BOTH)
    assert [code(changing, written(APPROVED, keys)) for keys in (KEYS, BOTH)] == ["", ""]
    assert code(requiring(), written(APPROVED, BOTH)) == "unknown-key"  # one that has not heard of the new one


@pytest.mark.parametrize(
    "change",
    [
        {"value": b"another"},
        {"topic": TASK_EVENTS},
        {"key": OTHER.encode()},
        {"headers": [(h.PRIORITY, b"high")]},
    ],
    ids=["value", "topic", "plan", "priority"],
)
def test_a_right_signature_is_of_no_use_elsewhere(change: dict[str, Any]) -> None:
    record = written(APPROVED)
    moved = replace(record, **{**change, "headers": [*record.headers, *change.get("headers", ())]})
    event: Event = APPROVED
    if moved.topic == TASK_EVENTS:
        event = plain("task.created", f"task-{TASK}", plan_id=PLAN, task_id=TASK)
    if moved.key != record.key:
        event = replace(
            APPROVED, correlation_id=OTHER, stream=f"plan-{OTHER}", data={**APPROVED.data, "plan_id": OTHER}
        )
    assert misfit(moved, event) == ""
    assert code(requiring(), moved, event) == "bad-signature"


def test_an_analysis_is_of_its_own_lane() -> None:
    event = plain("analysis.requested", f"work-{PLAN}.shopee", plan_id=PLAN, channel="shopee", priority="low")
    assert code(requiring(), written(event, topic=WORK["low"]), event) == ""
    assert code(requiring(), replace(written(event, topic=WORK["low"]), topic=WORK["high"]), event) == "bad-signature"
    assert code(requiring(), replace(written(event, topic=WORK["low"]), topic=REDELIVER), event) == ""


def test_doubts_are_told_and_believed_where_signatures_are_only_watched() -> None:
    watching = Belief(KEYS, Mode.WARN)
    assert "has no signature" in watching.check(written(APPROVED, Keys()), APPROVED)
    assert watching.check(written(APPROVED), APPROVED) == ""
    assert (watching.doubts, watching.own) == (1, KEYS)
    assert watching.is_genuine(At(b"k", headers=[(h.ORIG_TOPIC, PLAN_EVENTS.encode())]))


BEGAN: Until = {(NO_KEY, PLAN_EVENTS, 4): 17, (NO_KEY, REDELIVER, 4): 5}


@pytest.mark.parametrize(("offset", "why"), [(16, ""), (17, "unsigned")])
def test_what_was_there_before_signing_began_is_believed(offset: int, why: str) -> None:
    assert code(requiring(until=BEGAN), written(APPROVED, Keys(), offset=offset)) == why
    assert code(requiring(until=BEGAN), written(APPROVED, Keys(), offset=offset, partition=5)) == "unsigned"


@pytest.mark.parametrize(("offset", "why"), [(16, ""), (17, "retired-key")])
def test_a_retired_key_is_believed_up_to_its_end(offset: int, why: str) -> None:
    retired = requiring(BOTH, {("one", PLAN_EVENTS, 4): 17})
    assert code(retired, written(APPROVED, offset=offset)) == why
    assert code(retired, written(APPROVED, BOTH, offset=99)) == ""


def test_where_it_is_not_known_when_signing_began_what_depends_on_it_waits() -> None:
    unknown = Belief(BOTH, Mode.REQUIRE, None)
    assert code(unknown, written(APPROVED, BOTH)) == ""
    for keys in (KEYS, Keys()):
        with pytest.raises(UntilUnknown):
            unknown.check(written(APPROVED, keys), APPROVED)


def test_where_signatures_are_only_watched_nothing_waits() -> None:
    watching = Belief(BOTH, Mode.WARN, None)
    assert watching.check(written(APPROVED, BOTH), APPROVED) == ""
    assert "where signing began" in watching.check(written(APPROVED, Keys()), APPROVED)
    assert watching.doubts == 1


MADE = plain("task.created", f"task-{TASK}", plan_id=PLAN, task_id=TASK)


@pytest.mark.parametrize(
    ("belief", "record", "so"),
    [
        (requiring(), written(MADE, topic=TASK_EVENTS), True),
        (requiring(), written(MADE, Keys(), topic=TASK_EVENTS), False),
        (requiring(until={(NO_KEY, TASK_EVENTS, 4): 18}), written(MADE, Keys(), topic=TASK_EVENTS), True),
        (requiring(), replace(written(MADE, topic=TASK_EVENTS), value=b"damaged"), False),
        (requiring(), replace(written(MADE, topic=TASK_EVENTS), key=OTHER.encode()), False),
        (requiring(), written(replace(MADE, type="task.cancelled"), topic=TASK_EVENTS), False),
        (requiring(), replace(written(MADE), topic=TASK_EVENTS), False),
        (Belief(KEYS, Mode.WARN), written(MADE, Keys(), topic=TASK_EVENTS), False),
        (Belief(BOTH, Mode.REQUIRE, None), written(MADE, topic=TASK_EVENTS), False),
        (Belief(), written(MADE, Keys(), topic=TASK_EVENTS), True),
        (Belief(), At(OTHER.encode(), topic=TASK_EVENTS), False),
    ],
    ids=["signed", "unsigned", "before", "value", "key", "type", "topic", "warn", "unknown", "off", "off-key"],
)
def test_what_is_left_unopened_is_a_plans_own_without_a_doubt(belief: Belief, record: At, so: bool) -> None:
    assert belief.is_of(record, PLAN, "task.created") is so


def copied(record: At, keys: Keys = KEYS, *, origin: int = 17, **place: Any) -> At:
    """Return a copy of a record as the guard makes it."""
    carried = [*record.headers, (h.GROUP, b"agents"), (h.ORIG_TOPIC, PLAN_EVENTS.encode())]
    carried += [(h.ORIG_PARTITION, b"4"), (h.ORIG_OFFSET, str(origin).encode()), (h.ATTEMPT, b"1")]
    return replace(record, headers=seal(keys, record.key, record.value, carried), **{"topic": REDELIVER, **place})


def test_a_copy_of_our_making_is_genuine_and_its_event_believed() -> None:
    copy = copied(written(APPROVED))
    assert requiring().is_genuine(copy)
    assert code(requiring(), copy) == ""


def test_a_record_that_is_no_copy_claims_nothing() -> None:
    record = written(APPROVED)
    assert requiring().is_genuine(record)
    assert seal(KEYS, record.key, record.value, list(record.headers)) == list(record.headers)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda copy: replace(copy, headers=[x for x in copy.headers if x[0] != h.SEAL]),
        lambda copy: replace(copy, headers=[*copy.headers, (h.REPLAY, b"9")]),
        lambda copy: replace(copy, key=OTHER.encode()),
        lambda copy: replace(copy, value=b"another"),
        lambda copy: replace(copy, headers=[*copy.headers, (h.SIGNATURE, b"x")]),
        lambda copy: replace(copy, headers=[*copy.headers, (h.SEAL, b"one." + b"0" * 64)]),
        lambda copy: replace(copy, headers=[*copy.headers, (h.SEAL, b"nobody." + b"0" * 64)]),
    ],
    ids=["no-seal", "claim", "key", "value", "signature", "seal", "unknown-key"],
)
def test_a_copy_of_another_making_is_not_genuine(spoil: Any) -> None:
    spoiled = spoil(copied(written(APPROVED)))
    assert not requiring().is_genuine(spoiled)
    assert not [name for name, _ in without_claims(list(spoiled.headers)) if name.startswith("x-")]


def test_sealing_again_leaves_one_seal() -> None:
    copy = copied(written(APPROVED))
    again = seal(KEYS, copy.key, copy.value, list(copy.headers))
    assert [name for name, _ in again].count(h.SEAL) == 1
    assert requiring().is_genuine(replace(copy, headers=again))


def test_an_old_event_is_believed_by_the_place_that_our_copy_tells() -> None:
    old = written(APPROVED, Keys())
    assert code(requiring(until=BEGAN), copied(old, origin=16, offset=99)) == ""
    assert code(requiring(until=BEGAN), copied(old, origin=17, offset=99)) == "unsigned"
    # nobody else can say so
    assert code(requiring(until=BEGAN), copied(old, Keys(), origin=16, offset=99)) == "unsigned"
    # a copy of before signing began has no seal, and is believed by its own place
    assert code(requiring(until=BEGAN), copied(old, Keys(), origin=16, offset=4)) == ""


def test_a_letter_of_another_making_tells_so_itself() -> None:
    letter = copied(written(APPROVED), topic=AGENTS_DLQ)
    assert requiring().said(letter) == list(letter.headers)
    forged = replace(letter, headers=[*letter.headers, (h.ERROR_CODE, b"TimeoutError")])
    told = dict(requiring().said(forged))
    assert (told[h.ERROR_CODE], told.get(h.ORIG_TOPIC), told.get(h.GROUP)) == (b"unsealed", None, None)


@pytest.mark.parametrize("name", [h.SIGNATURE, h.PRIORITY, "x-foreign"])
def test_a_header_without_a_value_says_nothing(name: str) -> None:
    record = written(APPROVED)
    nothing: Any = (name, None)
    assert code(requiring(), replace(record, headers=[*record.headers, nothing])) == ""
    assert code(requiring(), replace(record, headers=[nothing, *record.headers])) == ""


def test_a_long_key_is_signed_like_any_other() -> None:
    long = "k" * 100
    event = plain("plan.approved", f"plan-{long}", correlation=long, plan_id=long)
    record = written(event)
    assert code(requiring(), record, event) == ""
    assert code(requiring(), replace(record, value=b"another"), event) == "bad-signature"
