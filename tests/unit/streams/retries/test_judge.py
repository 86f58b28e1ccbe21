"""One judgement of a record that comes again, against rules that are written down here once more, as a table."""

from __future__ import annotations

from itertools import product
from typing import Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import headers as h
from streams.broker.records import Incoming
from streams.retries.arrival import arrive
from streams.retries.judge import Verdict, judge
from streams.retries.order import Parked, State

FRESH, CURRENT, SUPERSEDED, ENDED = Verdict
NEVER_WAITED: Final = None


def copy(replay: int, attempt: int, *, key: str = "plan-1") -> Incoming:
    """Return a copy as it comes back through the redelivery."""
    said = [(h.REPLAY, replay), (h.ATTEMPT, attempt), (h.ORIG_TOPIC, "plan.events"), (h.ORIG_PARTITION, 3)]
    headers = [(name, str(value).encode()) for name, value in [*said, (h.ORIG_OFFSET, 17)]]
    return Incoming("agents.redeliver", 9, 4, 0, key.encode(), b"", headers, lambda: None)


ORIGINAL = Incoming("plan.events", 3, 17, 0, b"plan-1", b"", [], lambda: None)


def row(state: State, replay: int, attempt: int, *, key: str = "plan-1") -> Parked:
    id_ = "agents|plan.events|3|17"
    return Parked(id_, "agents", key, "plan.events", 3, 17, "t", replay=replay, attempt=attempt, state=state)


@pytest.mark.parametrize(
    ("record", "known", "verdict"),
    [
        (ORIGINAL, NEVER_WAITED, FRESH),
        (ORIGINAL, row("waiting", 0, 0), CURRENT),  # postponed: no attempt is counted, so the original still counts
        (ORIGINAL, row("waiting", 0, 1), SUPERSEDED),
        (ORIGINAL, row("waiting", 1, 0), SUPERSEDED),
        (ORIGINAL, row("done", 0, 1), ENDED),
        (ORIGINAL, row("given_up", 0, 0), ENDED),
        (copy(0, 1), NEVER_WAITED, CURRENT),  # its row could not be saved, or was cleaned up
        (copy(0, 1), row("waiting", 0, 0), CURRENT),
        (copy(0, 1), row("waiting", 0, 1), CURRENT),
        (copy(0, 1), row("waiting", 0, 2), SUPERSEDED),
        (copy(0, 9), row("waiting", 1, 0), SUPERSEDED),
        (copy(1, 0), row("waiting", 0, 9), CURRENT),
        (copy(0, 3), row("done", 0, 1), ENDED),  # an attempt more does not open what has ended
        (copy(1, 0), row("given_up", 0, 3), CURRENT),  # a replay does
        (copy(1, 0), row("done", 1, 0), ENDED),
        (copy(1, 0), row("done", 2, 0), ENDED),
    ],
)
def test_the_table(record: Incoming, known: Parked | None, verdict: Verdict) -> None:
    assert judge(arrive("agents", record), known) is verdict


@pytest.mark.parametrize("state", get_args(State))
def test_a_row_of_another_log_says_nothing_of_a_record_that_comes_for_the_first_time(state: State) -> None:
    stranger = row(state, 2, 2, key="another plan")
    assert judge(arrive("agents", ORIGINAL), stranger) is FRESH
    assert judge(arrive("agents", copy(0, 1)), stranger) in (SUPERSEDED, ENDED)


SMALL = range(3)


def test_of_any_two_copies_only_one_is_taken_up() -> None:
    """Of two different copies of a record that waits, each judged by the other's row, exactly one counts."""
    generations = list(product(SMALL, SMALL))
    for mine, other in product(generations, generations):
        here = judge(arrive("agents", copy(*mine)), row("waiting", *other))
        there = judge(arrive("agents", copy(*other)), row("waiting", *mine))
        assert {here, there} == ({CURRENT} if mine == other else {CURRENT, SUPERSEDED})


def test_nothing_but_a_replay_opens_what_has_ended() -> None:
    for mine, other in product(product(SMALL, SMALL), product(SMALL, SMALL)):
        for state in ("done", "given_up"):
            opened = judge(arrive("agents", copy(*mine)), row(state, *other)) is CURRENT
            assert opened == (mine[0] > other[0])


NAMES = st.sampled_from([h.ORIG_TOPIC, h.ORIG_PARTITION, h.ORIG_OFFSET, h.REPLAY, h.ATTEMPT, "ce_id"])
VALUES = st.none() | st.sampled_from([b"7", b"0", b"-1", b"\0", b"\xff", b"9" * 30, b"plan.events"]) | st.binary()


@given(st.none() | st.binary(), st.lists(st.tuples(NAMES, VALUES)))
def test_a_record_is_read_as_header_by_header(key: bytes | None, headers: list[tuple[str, bytes]]) -> None:
    arrival = arrive("g", Incoming("t", 1, 2, 0, key, b"", headers, lambda: None))
    number = {name: min(h.number(headers, name), 2**31 - 1) for name in (h.ORIG_PARTITION, h.REPLAY, h.ATTEMPT)}
    origin = h.text(headers, h.ORIG_TOPIC) or None
    place = ("t", 1) if origin is None else (h.storable(origin), number[h.ORIG_PARTITION])
    offset = 2 if origin is None else h.number(headers, h.ORIG_OFFSET)
    assert (arrival.place, arrival.offset, arrival.comes_again) == (place, offset, origin is not None)
    assert arrival.id == f"g|{place[0]}|{place[1]}|{offset}"
    assert (arrival.replay, arrival.attempt) == (number[h.REPLAY], number[h.ATTEMPT])
    assert arrival.key == ((key or b"").decode("utf-8", "replace").replace("\0", "\ufffd"))[: h.NAME_LIMIT]
    assert {name: arrival.header(name) for name, _ in headers} == {name: h.text(headers, name) for name, _ in headers}
