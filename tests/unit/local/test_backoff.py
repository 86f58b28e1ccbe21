from __future__ import annotations

from local.backoff import Backoff


def test_deaths_in_a_row_wait_longer_up_to_ten_seconds() -> None:
    backoff = Backoff()
    waits = [backoff.died(ran_for=0.1) for _ in range(8)]
    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]


def test_a_process_may_die_as_often_as_it_likes() -> None:
    backoff = Backoff()
    assert {backoff.died(ran_for=0.1) for _ in range(3000)} == {0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0}


def test_a_healthy_run_makes_the_next_death_the_first() -> None:
    backoff = Backoff()
    for _ in range(5):
        backoff.died(ran_for=0.1)
    assert backoff.died(ran_for=10.0) == 0.2
    assert not backoff.keeps_dying


def test_three_in_a_row_are_worth_telling() -> None:
    backoff = Backoff()
    told = []
    for _ in range(4):
        backoff.died(ran_for=1.0)
        told.append(backoff.keeps_dying)
    assert told == [False, False, True, True]
