"""What a worker made of a record stands before the end that the log had once the worker had passed it."""

from __future__ import annotations

from streams.watchdog.passed import KEPT, Passed, made_before

P = ("plan.events", 7)


def seen(*looks: tuple[int, int]) -> Passed:
    """Return what is known after looks: how far the workers were before each, and where the log ended."""
    passed = Passed()
    for done, end in looks:
        passed.note({P: done}, {P: end})
    return passed


def end_of(passed: Passed, offset: int) -> int | None:
    return made_before(passed.marks().get(P, ()), offset)


def test_the_first_look_after_it_was_passed_says_before_which_place_it_all_stands() -> None:
    passed = seen((5, 20), (9, 30), (9, 44), (12, 50))
    assert [end_of(passed, offset) for offset in (0, 4, 5, 8, 9, 11)] == [20, 20, 30, 30, 50, 50]


def test_a_record_that_is_not_passed_is_not_known() -> None:
    assert end_of(seen((5, 20)), 5) is None
    assert end_of(Passed(), 0) is None


def test_a_partition_without_an_end_says_nothing_yet() -> None:
    passed = Passed()
    passed.note({P: 5}, {})
    assert end_of(passed, 0) is None
    passed.note({P: 5}, {P: 20})
    assert end_of(passed, 0) == 20


def test_of_records_long_passed_too_late_an_end_is_told_and_never_too_early_a_one() -> None:
    passed = seen(*((n, n * 10) for n in range(1, KEPT + 50)))
    assert len(passed.marks()[P]) == KEPT
    assert end_of(passed, 0) == 500
    assert end_of(passed, KEPT) == (KEPT + 1) * 10


def test_a_group_that_begins_again_is_followed_from_there() -> None:
    passed = seen((90, 200), (3, 210))
    assert end_of(passed, 2) == 210
    assert end_of(passed, 50) is None
