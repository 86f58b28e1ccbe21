"""An objective in words: never better than it is, and unknown where it is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from gateway.operations.objectives import Standing, judged, last_days
from gateway.ui import i18n
from gateway.ui.words import slo_words
from projections.slo.reads import Hour
from schemas.slo import BEYOND_MS, OBJECTIVE

NOW = datetime(2026, 11, 26, 10, 30, tzinfo=UTC)
HOUR = NOW.replace(minute=0)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def standing(name: str, *counted: tuple[str, int, int]) -> Standing:
    hours = [Hour(HOUR, measure, le_ms, n) for measure, le_ms, n in counted]
    return next(one for one in judged(hours, hours, last_days(NOW), NOW) if one.objective.name == name)


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("phase1", "99% within 5 s"),
        ("queue", "99.9% within 100 ms"),
        ("recovery", "95% within 30 s"),
        ("stalled", "none"),
        ("availability", "99.9% of the time"),
    ],
)
def test_a_target_says_how_much_within_what(name: str, target: str) -> None:
    assert slo_words.target(OBJECTIVE[name]) == target


@pytest.mark.parametrize(("value", "said"), [(1.0, "100.00%"), (0.999999, "99.99%"), (0.99, "99.00%"), (0.0, "0.00%")])
def test_a_share_is_never_rounded_to_something_better(value: float, said: str) -> None:
    assert slo_words.share(value) == said


def test_what_was_measured_is_said_with_its_numbers() -> None:
    found = standing("phase1", ("phase1", 500, 1995), ("phase1", 10_000, 5))

    assert slo_words.now(found) == "99.75%"
    assert slo_words.of_all(found.objective, found.spent) == "5 of 2,000"
    assert slo_words.at_most(found) == "at most 500 ms"
    assert slo_words.budget(found) == "75.0%"
    assert slo_words.why(found) == ""
    assert _word(found) == "Met"


def test_time_is_told_as_time() -> None:
    found = standing("availability", ("seen", 0, 7200), ("down", 0, 40))
    assert slo_words.of_all(found.objective, found.spent) == "40 s of 2 h"


def test_of_too_few_it_is_said_how_many_they_are_and_how_they_were() -> None:
    few = standing("queue", ("queue", 50, 5), ("queue", 250, 4))
    assert _word(few) == "Not judged yet"
    assert slo_words.now(few) == "55.55%"
    assert slo_words.why(few) == "too few to judge: 9 of 1,000"
    assert slo_words.at_most(few) == "at most 250 ms"
    assert slo_words.budget_left(few) == ""
    i18n.use("pt_BR")
    assert slo_words.why(few) == "poucos demais para julgar: 9 de 1.000"


def test_of_the_first_minutes_it_is_said_that_they_are_too_little() -> None:
    started = standing("availability", ("seen", 0, 56), ("down", 0, 56))
    assert _word(started) == "Not judged yet"
    assert slo_words.why(started) == "too little to judge: 56 s of 17 min"
    assert slo_words.budget_left(started) == ""
    assert slo_words.now(standing("availability")) == ""


def test_the_share_of_a_young_system_does_not_contradict_its_budget() -> None:
    """A tenth of the first minutes is little of a month's budget: both are said of what they are."""
    young = standing("availability", ("seen", 0, 1000), ("down", 0, 100))
    assert _word(young) == "Below the target, within the budget"
    assert slo_words.now(young) == "90.00% of the 16 min measured so far"
    assert slo_words.budget_left(young) == "96.1% left of the budget of 30 days (43 min)"
    calm = standing("availability", ("seen", 0, 1000))
    assert slo_words.budget_left(calm) == "nothing spent of the budget of 30 days (43 min)"
    old = standing("availability", ("seen", 0, 30 * 86_400), ("down", 0, 60))
    assert slo_words.now(old) == "99.99%"
    gone = standing("availability", ("seen", 0, 86_400), ("down", 0, 7200))
    assert slo_words.budget_left(gone) == slo_words.budget(gone)
    of_events = standing("phase1", ("phase1", 500, 1995), ("phase1", 10_000, 5))
    assert slo_words.budget_left(of_events) == "budget left: 75.0%"


def test_what_is_overspent_and_beyond_says_so() -> None:
    found = standing("phase1", ("phase1", 500, 90), ("phase1", BEYOND_MS, 10))

    assert slo_words.at_most(found) == "longer than 2 h"
    assert slo_words.budget(found) == "overspent: 10 times the budget"
    assert slo_words.rate(found.windows[0].rate) == "10x"
    assert _word(found) == "Missed"


def test_what_is_below_its_target_is_not_counted_as_met() -> None:
    stalls = standing("stalled", ("uploaded", 0, 9))
    below = standing("availability", ("seen", 0, 1000), ("down", 0, 100))
    assert (slo_words.met([stalls]), slo_words.met([stalls, standing("phase1")])) == (1, 1)
    assert (slo_words.met([stalls, below]), _word(below)) == (1, "Below the target, within the budget")


def test_what_is_unknown_has_a_reason_and_no_figure() -> None:
    i18n.use("pt_BR")
    found = standing("phase1")

    assert slo_words.now(found) == slo_words.at_most(found) == slo_words.budget(found) == slo_words.rate(None) == ""
    assert slo_words.budget_left(found) == ""
    assert slo_words.why(found) == "nada disso aconteceu neste período"
    assert slo_words.window("1h") == "1 hora"
    assert slo_words.title(found.objective) == "Fase 1 em até 5 s"
    assert _word(found) == "Unknown"


def test_stalled_plans_are_counted() -> None:
    assert slo_words.now(standing("stalled", ("uploaded", 0, 9), ("stalled", 500, 2))) == "2 plans stalled"
    assert slo_words.now(standing("stalled", ("uploaded", 0, 9))) == "0 plans stalled"


def _word(found: Standing) -> str:
    return slo_words.state(found).word
