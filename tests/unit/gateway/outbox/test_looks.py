"""Looks at the outbox that decisions do for the relay: one at a time, and none beside what one has found."""

from __future__ import annotations

from typing import cast

import asyncpg

from gateway.outbox.looks import Look, Looks

ROWS = cast("list[asyncpg.Record]", [{"seq": 7}])


def looks() -> tuple[Looks, list[str]]:
    """Return looks, and what they have said to the relay."""
    said: list[str] = []
    return Looks(lambda: said.append("look by yourself"), lambda: said.append("take it"), 16), said


def lent(from_: Looks) -> Look:
    look = from_.lend()
    assert look is not None
    return look


def test_a_relay_that_works_lends_none_and_one_that_rests_lends_one_at_a_time() -> None:
    its, _ = looks()
    assert its.lend() is None
    with its.resting(None):
        assert its.lend() is None
    with its.resting([3]):
        look = lent(its)
        assert (look.known, look.most) == ([3], 16)
        assert its.lend() is None
    assert its.lend() is None


def test_what_one_has_found_is_taken_once_and_nothing_is_lent_before_that() -> None:
    its, said = looks()
    with its.resting([]):
        lent(its).give(ROWS)
    with its.resting([]):
        assert its.lend() is None  # it would find the same rows again: they would be carried twice
    assert (list(its.take()), list(its.take()), said) == (ROWS, [], ["take it"])
    with its.resting([]):
        lent(its)


def test_what_nobody_waits_for_any_more_or_what_failed_has_the_relay_look_by_itself() -> None:
    its, said = looks()
    with its.resting([]):
        void = lent(its)
    its.void()
    void.give(ROWS)
    with its.resting([]):
        lent(its).give(None)
    assert (list(its.take()), said) == ([], ["look by yourself"] * 2)
