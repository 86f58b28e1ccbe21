"""How much to take up at once."""

from __future__ import annotations

from functools import partial

from schemas.process.portions import portion

NEXT = partial(portion, within_s=0.2, least=16, limit=500)


def test_a_go_that_takes_long_makes_the_next_ones_smaller_until_they_are_quick_again() -> None:
    most = NEXT(500, 500, 1.0)
    assert most == 100
    assert NEXT(most, 10, 0.1) == most  # too few to learn from
    assert NEXT(most, most, 0.1) == 2 * most
    assert NEXT(500, 500, 0.1) == 500
    assert NEXT(most, 3, 60.0) == 16
