"""How long a request to an agent is waited for: by what was learned of it, and never too short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.analysis.agents.patience import ENOUGH, KEPT, LEAST_S, Patience


def known(*seconds: float, times: float | None = 3.0) -> Patience:
    patience = Patience(times)
    for took in seconds:
        patience.answered(took)
    return patience


@pytest.mark.parametrize(
    ("patience", "limit"),
    [
        (known(*[4.0] * (ENOUGH - 1)), None),
        (known(*[4.0] * ENOUGH), 12.0),
        (known(*[4.0] * ENOUGH, times=None), None),
        (known(*[4.0] * ENOUGH, times=1.5), 6.0),
        (known(*[0.1] * ENOUGH), LEAST_S),
        (known(*[4.0] * (KEPT - 1), 20.0), 12.0),
        (known(*[4.0] * (KEPT - 2), 20.0, 20.0), 60.0),
        (known(*[20.0] * KEPT, *[4.0] * KEPT), 12.0),
    ],
    ids=[
        "too little is known",
        "three times as long",
        "nothing is given up",
        "as often as said",
        "never less than the least",
        "one slow answer of many is chance",
        "two are believed",
        "what is long past is forgotten",
    ],
)
def test_the_limit_follows_the_slow_answers(patience: Patience, limit: float | None) -> None:
    assert patience.seconds == limit


def test_nothing_is_given_up_where_another_one_as_long_would_not_fit_in() -> None:
    patience = known(*[4.0] * ENOUGH)
    assert patience.within(24.0) == 12.0
    assert patience.within(23.9) == 23.9
    assert Patience().within(24.0) == 24.0


def test_an_agent_that_became_slow_is_waited_for_until_it_answers() -> None:
    """From two to a hundred seconds: what is given up is waited for longer the next time."""
    patience = known(*[2.0] * KEPT)
    given_up = 0
    while (limit := patience.within(10_000.0)) < 100.0:
        patience.given_up(limit)
        given_up += 1
    assert given_up < 10


@given(st.lists(st.floats(0.001, 300.0), max_size=2 * KEPT), st.floats(0.001, 600.0))
def test_no_request_has_more_than_is_left_nor_less_than_the_least(took: list[float], left: float) -> None:
    assert min(left, LEAST_S) <= known(*took).within(left) <= left
