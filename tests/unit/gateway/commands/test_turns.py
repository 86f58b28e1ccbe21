"""Commands that come alone do not wait for those of a bulk request, nor the other way round."""

from __future__ import annotations

import pytest

from gateway.commands import gathering, turns
from gateway.commands.gathering import ENOUGH
from gateway.commands.turns import BATCH_LIMIT, CALLS_AT_ONCE, Call, Turns

BULK = [f"bulk {number}" for number in range(3 * BATCH_LIMIT)]


def begun(known: Turns[str], now: float = 0.0) -> list[Call[str]]:
    """Return the calls that begin at once."""
    found = []
    while isinstance(call := known.next(now), Call):
        found.append(call)
    return found


def test_a_command_that_comes_alone_begins_while_a_bulk_request_is_under_way() -> None:
    known: Turns[str] = Turns()
    known.came(BULK, 0.0)
    assert begun(known) == [Call("bulk", BULK[:BATCH_LIMIT])], "a place stays free"
    known.came(["alone"], 0.0)
    assert begun(known) == [Call("one", ["alone"])]


def test_a_bulk_request_goes_on_whatever_comes_alone() -> None:
    known: Turns[str] = Turns()
    known.came(BULK, 0.0)
    decided: list[str] = []
    calls = begun(known)
    for number in range(3):
        known.came([f"alone {number}"], float(number))
        calls += begun(known, float(number))
        assert {call.lane for call in calls} == {"bulk", "one"}
        for call in calls:
            decided += call.batch
            known.ended(call.lane)
        calls = begun(known, float(number))
    assert [one for one in decided if one.startswith("bulk")] == BULK
    assert len(decided) == len(BULK) + 3
    assert calls == []


def test_without_bulk_requests_all_places_are_for_commands_that_come_alone() -> None:
    known: Turns[str] = Turns()
    calls = []
    for number in range(CALLS_AT_ONCE + 1):
        known.came([f"alone {number}"], float(number))
        calls += begun(known, float(number))
    assert [call.batch for call in calls] == [["alone 0"], ["alone 1"]]
    known.ended("one")
    assert begun(known, 9.0) == [Call("one", ["alone 2"])]


def test_a_few_commands_of_one_request_are_no_bulk_request() -> None:
    known: Turns[str] = Turns()
    known.came(BULK[:ENOUGH], 0.0)
    assert begun(known) == [Call("one", BULK[:ENOUGH])]
    known.came(BULK[: ENOUGH + 1], 0.0)
    assert begun(known) == [Call("bulk", BULK[: ENOUGH + 1])]


def test_no_call_is_larger_than_a_transaction_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "ENOUGH", len(BULK))
    known: Turns[str] = Turns()
    known.came(BULK, 0.0)
    assert [len(call.batch) for call in begun(known)] == [BATCH_LIMIT] * CALLS_AT_ONCE


def test_commands_that_wait_for_others_do_not_keep_a_bulk_request_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "FROM_PER_S", 0.0)
    known: Turns[str] = Turns()
    known.came(["first"], 0.0)
    assert begun(known) == [Call("one", ["first"])]
    known.ended("one")
    known.came(["second"], 0.001)
    wait_s = known.next(0.001)
    assert isinstance(wait_s, float)
    assert wait_s == pytest.approx(gathering.GAP_S - 0.001)
    known.came(BULK, 0.001)
    assert begun(known, 0.001) == [Call("bulk", BULK[:BATCH_LIMIT])]
    assert begun(known, gathering.GAP_S) == [Call("one", ["second"])]


def test_a_bulk_request_that_waits_gets_the_next_place() -> None:
    known: Turns[str] = Turns()
    known.came(["alone"], 0.0)
    assert begun(known) == [Call("one", ["alone"])]
    known.came(BULK, 1.0)
    known.came(["later"], 1.0)
    assert [call.lane for call in begun(known, 1.0)] == ["bulk"]
    known.ended("one")
    assert begun(known, 2.0) == [Call("one", ["later"])]


def test_a_bulk_request_begins_at_once_also_where_all_places_are_taken() -> None:
    """Else commands that come alone, one after the other, would keep it waiting for ever."""
    known: Turns[str] = Turns()
    for number in range(CALLS_AT_ONCE):
        known.came([f"alone {number}"], float(number))
        assert [call.lane for call in begun(known, float(number))] == ["one"]
    known.came(BULK, 9.0)
    assert [call.lane for call in begun(known, 9.0)] == ["bulk"]


def test_no_more_calls_are_under_way_while_the_last_of_a_bulk_request_is() -> None:
    known: Turns[str] = Turns()
    known.came(BULK[:BATCH_LIMIT], 0.0)
    assert [call.lane for call in begun(known)] == ["bulk"]
    calls = []
    for number in range(CALLS_AT_ONCE):
        known.came([f"alone {number}"], float(number))
        calls += begun(known, float(number))
    assert [call.batch for call in calls] == [["alone 0"]]


def test_commands_that_come_alone_wait_for_each_other_once_they_are_many_a_second() -> None:
    known: Turns[str] = Turns()
    many = round(gathering.FROM_PER_S * gathering.MEMORY_S)
    for number in range(many):
        known.came([f"early {number}"], 0.0)
    (first,) = begun(known)
    known.ended(first.lane)
    known.came(["late"], 0.001)
    assert known.next(0.001) == pytest.approx(gathering.GAP_S - 0.001)
    known.came(["long after"], 60.0)
    assert [call.batch for call in begun(known, 60.0)] == [["late", "long after"]]
