"""A transaction that nobody ends is told once it is open for too long, and not beside the lock of the same session."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.verdict.finding import Finding
from gateway.verdict.judge import judge
from gateway.verdict.kinds import Kind
from gateway.verdict.open_since import OpenSince
from projections.reads.sessions import Lock, Sessions, Transaction
from tests.unit.gateway.verdict.examples import NOW, QUIET, kinds, seen


def of(pid: int, open_s: float | None, number: str = "734") -> Transaction:
    return Transaction(pid, "psql", "ana", number, open_s)


@pytest.mark.parametrize(("open_s", "told"), [(900.0, []), (900.1, [Kind.TRANSACTION_OPEN]), (None, [])])
def test_it_is_told_once_it_is_open_for_longer_than_it_may(open_s: float | None, told: list[Kind]) -> None:
    assert kinds(seen(transactions=(of(7, open_s),))) == told


def test_the_oldest_is_named_and_the_others_counted() -> None:
    found = judge(seen(transactions=(of(7, 70.0), of(8, 90.0), of(9, 5.0)), transaction_due_s=60.0)).findings

    values = {"count": 2, "age": 90.0, "pid": 8, "name": "psql", "user": "ana"}
    (one,) = found
    assert isinstance(one, Finding)
    assert (one.kind, one.values) == (Kind.TRANSACTION_OPEN, values)
    assert one.since is not None
    assert (NOW - one.since).total_seconds() == 90.0


def test_of_a_session_whose_lock_others_wait_for_the_lock_is_told() -> None:
    locked = replace(QUIET, sessions=Sessions(0, Lock(3, 4.2, 7, "psql", 950.0)))

    assert kinds(seen(locked, transactions=(of(7, 950.0),))) == [Kind.LOCK_KEPT]
    assert kinds(seen(locked, transactions=(of(7, 950.0), of(8, 920.0)))) == [Kind.LOCK_KEPT, Kind.TRANSACTION_OPEN]


def test_where_the_database_does_not_tell_it_is_open_since_it_was_seen_first() -> None:
    since = OpenSince()

    assert [one.open_seconds for one in since.told([of(7, None), of(8, 3.0)], 100.0)] == [0.0, 3.0]
    assert [one.open_seconds for one in since.told([of(7, None)], 160.0)] == [60.0]
    assert [one.open_seconds for one in since.told([of(7, None, "800")], 170.0)] == [0.0]  # another transaction of it
    assert since.told([], 180.0) == ()
    assert [one.open_seconds for one in since.told([of(7, None, "800")], 190.0)] == [0.0]
