"""How much to take up at once."""

from __future__ import annotations

from functools import partial

from schemas.process.portions import Portions, portion

NEXT = partial(portion, within_s=0.2, least=16, limit=500)


def test_a_go_that_takes_long_makes_the_next_ones_smaller_until_they_are_quick_again() -> None:
    most = NEXT(500, 500, 1.0)
    assert most == 100
    assert NEXT(most, 10, 0.1) == most  # too few to learn from
    assert NEXT(most, most, 0.1) == 2 * most
    assert NEXT(500, 500, 0.1) == 500
    assert NEXT(most, 3, 60.0) == 16


def test_after_something_urgent_portions_are_smaller_for_a_while_and_then_as_usual() -> None:
    portions = Portions(limit=500, least=16, quick_s=0.5, quick_for_s=2.0, usual_s=2.0)
    assert portions.most == 500
    portions.done(500, 0.0, 1.0)
    assert portions.most == 500
    portions.hurry(1.0)
    portions.done(500, 1.0, 2.0)
    assert portions.most == 250
    portions.done(250, 2.75, 9.0)  # begun within the two seconds, however long it took
    assert portions.most == 20
    portions.done(20, 3.0, 4.0)
    assert portions.most == 40
    portions.hurry(4.0)
    portions.done(40, 5.0, 65.0)
    assert portions.most == 16


def test_where_there_is_no_usual_time_as_many_as_possible_are_taken_up_again() -> None:
    portions = Portions(limit=500, least=16, quick_s=0.5, quick_for_s=2.0)
    portions.done(500, 0.0, 60.0)
    assert portions.most == 500
    portions.hurry(60.0)
    portions.done(500, 60.0, 61.0)
    assert portions.most == 250
    portions.done(250, 62.0, 63.0)
    assert portions.most == 500
