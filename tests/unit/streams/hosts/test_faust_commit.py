"""Faust's commit rule loses records; ours does not. Held to the exact version that was read."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

import faust
import pytest
from faust.transport.drivers.aiokafka import Consumer
from hypothesis import given, settings
from hypothesis import strategies as st
from intervaltree import IntervalTree  # type: ignore[import-untyped] # it has no types

from streams.hosts import faust_commit
from streams.hosts.faust_commit import SafeConsumer, SafeTransport, check_version

TP = ("plan.events", 7)
OTHER = ("plan.events", 8)


def consumer(
    kind: type[Consumer],
    *,
    committed: int | None,
    acked: list[int],
    in_flight: list[int],
    elsewhere: list[int] = [],  # noqa: B006 - never changed
    handed_over: Sequence[_Message] = (),
) -> Any:
    """Return a consumer in this state; none of its machinery is started."""
    made: Any = kind.__new__(kind)
    made._committed_offset = defaultdict(lambda: None, {TP: committed})
    made._acked = defaultdict(list, {TP: list(acked)})
    made._acked_index = defaultdict(set, {TP: set(acked)})
    made._gap = defaultdict(IntervalTree)
    made._unacked_messages = {
        *(_Message(tp=TP, offset=offset, acked=False) for offset in in_flight),
        *(_Message(tp=OTHER, offset=offset, acked=False) for offset in elsewhere),
        *(_Message(tp=TP, offset=offset, acked=True) for offset in acked[:1]),  # acknowledged, not yet cleaned up
    }
    made._handed_over = defaultdict(WeakSet)
    for message in handed_over:
        made.hand_over(message)
    return made


@dataclass(eq=False)
class _Message:
    tp: tuple[str, int]
    offset: int
    acked: bool


def test_this_is_the_version_that_was_read() -> None:
    assert faust.__version__ == faust_commit.MENDED_VERSION == "0.15.3"
    check_version()


def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faust_commit, "MENDED_VERSION", "0.15.4")
    with pytest.raises(RuntimeError, match=r"mends faust-streaming 0\.15\.4, not 0\.15\.3"):
        check_version()


def test_the_transport_uses_it() -> None:
    assert SafeTransport.Consumer is SafeConsumer
    assert SafeConsumer._new_offset is not Consumer._new_offset


@pytest.mark.parametrize(
    ("committed", "acked", "in_flight", "theirs", "ours"),
    [
        # what is wrong in 0.15.3: the record in flight would be lost
        (None, [1, 2, 3], [0], 4, None),
        (31, [32, 33], [31], 34, None),
        (None, [5, 6], [3, 4], 7, None),
        # what was right stays
        (None, [0, 1, 2], [], 3, 3),
        (31, [31, 32], [33], 33, 33),
        (31, [31, 32, 34, 35], [33], 33, 33),
        (31, [33], [31, 32], None, None),
        (31, [], [31], None, None),
        (31, [], [], None, None),
    ],
)
def test_nothing_in_flight_is_committed(
    committed: int | None, acked: list[int], in_flight: list[int], theirs: int | None, ours: int | None
) -> None:
    original = consumer(Consumer, committed=committed, acked=acked, in_flight=in_flight)
    mended = consumer(SafeConsumer, committed=committed, acked=acked, in_flight=in_flight)
    assert original._new_offset(TP) == theirs
    assert mended._new_offset(TP) == ours


def test_what_still_waits_for_its_agent_is_not_committed_by_what_concerns_nobody() -> None:
    waits = _Message(TP, 31, acked=False)
    mended = consumer(SafeConsumer, committed=31, acked=[32], in_flight=[], handed_over=[waits])
    assert consumer(Consumer, committed=31, acked=[32], in_flight=[], handed_over=[])._new_offset(TP) == 33
    assert mended._new_offset(TP) is None
    waits.acked = True
    mended._acked[TP].append(31)
    assert mended._new_offset(TP) == 33


def test_what_was_dropped_with_its_partition_holds_nothing_up() -> None:
    mended = consumer(SafeConsumer, committed=5, acked=[5, 6], in_flight=[], handed_over=[_Message(TP, 4, acked=False)])
    gc.collect()
    assert mended._new_offset(TP) == 7


def test_what_is_held_back_is_committed_later() -> None:
    mended = consumer(SafeConsumer, committed=31, acked=[33, 32], in_flight=[31])
    assert mended._new_offset(TP) is None
    assert sorted(mended._acked[TP]) == [32, 33]
    mended._unacked_messages = set()
    mended._acked[TP].append(31)
    assert mended._new_offset(TP) == 34


def test_another_partition_holds_nothing_back() -> None:
    mended = consumer(SafeConsumer, committed=5, acked=[5, 6], in_flight=[], elsewhere=[0])
    assert mended._new_offset(TP) == 7


def test_a_gap_in_the_log_is_no_record_in_flight() -> None:
    """Offsets 2 and 3 were never records (a transaction's marker): they do not stop the commit."""
    mended = consumer(SafeConsumer, committed=0, acked=[0, 1, 4], in_flight=[5])
    mended._gap[TP].addi(2, 4)
    assert mended._new_offset(TP) == 5


@settings(deadline=None)
@given(st.integers(0, 3), st.permutations(range(12)), st.lists(st.booleans(), min_size=12, max_size=12))
def test_acknowledged_in_any_order_nothing_is_lost(start: int, order: list[int], look: list[bool]) -> None:
    """However acknowledgements come, a commit never passes a record in flight, and in the end it reaches all."""
    offsets = [start + n for n in order]
    mended = consumer(SafeConsumer, committed=start or None, acked=[], in_flight=offsets)
    reached = start
    for offset, now in zip(offsets, look, strict=True):
        mended._unacked_messages = {m for m in mended._unacked_messages if m.offset != offset}
        mended._acked[TP].append(offset)
        mended._acked_index[TP].add(offset)
        if now:
            reached = commit(mended, reached)
    assert commit(mended, reached) == start + 12


def commit(mended: Any, reached: int) -> int:
    new = mended._new_offset(TP)
    if new is None:
        return reached
    in_flight = [m.offset for m in mended._unacked_messages]
    assert reached < new <= min(in_flight, default=new)
    mended._committed_offset[TP] = new
    return int(new)
