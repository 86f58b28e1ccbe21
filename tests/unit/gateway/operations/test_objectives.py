"""From counts by the hour to shares, budgets and rates; what nothing was measured of is unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.operations.objectives import Period, Standing, judged, last_days, of_month, period_of, why
from projections.slo.reads import Hour
from schemas.slo import BEYOND_MS, OBJECTIVE, OBJECTIVES

NOW = datetime(2026, 11, 26, 10, 30, tzinfo=UTC)


def hour(ago: int) -> datetime:
    return NOW.replace(minute=0) - timedelta(hours=ago)


def standing(name: str, *counted: Hour, period: Period | None = None) -> Standing:
    found = {one.objective.name: one for one in judged(counted, counted, period or last_days(NOW), NOW)}
    assert list(found) == [objective.name for objective in OBJECTIVES]
    return found[name]


def phase1(ago: int, le_ms: int, n: int) -> Hour:
    return Hour(hour(ago), "phase1", le_ms, n)


def test_nothing_measured_is_unknown_and_neither_0_nor_100_percent() -> None:
    for objective in OBJECTIVES:
        found = standing(objective.name, Hour(hour(1), "approved", 0, 9))
        assert (found.state, found.good, found.budget_left, found.at_most_ms) == ("unknown", None, None, None)
        assert why(found)
        assert {window.rate for window in found.windows} == {None}


def test_an_objective_that_is_met_says_what_is_left_of_its_budget() -> None:
    found = standing("phase1", phase1(200, 500, 995), phase1(200, 10_000, 5))

    assert (found.state, found.spent.total, found.spent.bad) == ("met", 1000, 5)
    assert found.good == pytest.approx(0.995)
    assert found.budget_left == pytest.approx(0.5)
    assert found.at_most_ms == 500
    assert why(found) == ""


def test_one_that_is_missed_has_overspent_and_its_share_took_longer() -> None:
    found = standing("phase1", phase1(3, 500, 97), phase1(3, BEYOND_MS, 3))

    assert (found.state, found.at_most_ms) == ("missed", BEYOND_MS)
    assert found.budget_left == pytest.approx(-2.0)


def test_exactly_what_is_promised_is_met() -> None:
    assert standing("queue", Hour(hour(0), "queue", 100, 999), Hour(hour(0), "queue", 250, 1)).state == "met"


def test_a_window_is_the_hour_that_goes_on_and_those_before_it() -> None:
    counted = [phase1(0, 5, 90), phase1(1, 10_000, 10), phase1(2, 10_000, 100), phase1(73, 5, 1000)]
    windows = standing("phase1", *counted).windows

    assert [(w.name, w.spent.total, w.spent.bad) for w in windows] == [
        ("1h", 100, 10), ("6h", 200, 110), ("1d", 200, 110), ("3d", 200, 110), ("30d", 1200, 110),
    ]  # fmt: skip
    assert [w.rate for w in windows] == pytest.approx([10.0, 55.0, 55.0, 55.0, 110 / 1200 / 0.01])


def test_the_worst_hours_are_those_with_the_most_that_missed() -> None:
    counted = [phase1(n, 10_000, n) for n in range(1, 9)] + [phase1(3, 5, 50), phase1(20, 5, 50)]
    found = standing("phase1", *counted).worst

    assert [(slot.at, slot.spent.bad) for slot in found] == [(hour(n), n) for n in (8, 7, 6, 5, 4)]
    assert standing("phase1", phase1(2, 5, 9)).worst == ()


def test_days_have_what_their_hours_have() -> None:
    found = standing("phase1", phase1(1, 5, 2), phase1(9, 10_000, 3), phase1(30, 5, 4)).days
    assert [(slot.at.day, slot.spent.total, slot.spent.bad) for slot in found] == [(25, 4, 0), (26, 5, 3)]


def test_one_stalled_plan_is_one_too_many() -> None:
    uploaded = Hour(hour(5), "uploaded", 0, 500)
    assert standing("stalled", uploaded).state == "met"

    found = standing("stalled", uploaded, Hour(hour(2), "stalled", 500, 1))
    assert (found.state, found.spent.bad, found.spent.total, found.budget_left) == ("missed", 1, 500, None)


def test_the_time_in_which_nobody_looked_is_neither_up_nor_down() -> None:
    found = standing("availability", Hour(hour(2), "seen", 0, 3000), Hour(hour(2), "down", 0, 6))

    assert found.spent.total == 3000
    assert found.good == pytest.approx(0.998)
    assert standing("availability", Hour(hour(2), "seen", 0, 0), Hour(hour(2), "down", 0, 0)).state == "unknown"


def test_what_too_few_were_measured_of_is_shown_and_not_judged() -> None:
    """Nine cold approvals say nothing of the slowest of a thousand, however slow or quick they were."""
    for le_ms, good in ((250, 0.0), (25, 1.0)):
        found = standing("queue", Hour(hour(0), "queue", le_ms, 9))
        assert (found.state, found.good, found.at_most_ms, found.budget_left) == ("too-few", good, le_ms, None)
        assert why(found) == "too few to judge: 9 of 1,000"
        assert {window.rate for window in found.windows} == {None}


@pytest.mark.parametrize(("name", "least"), [("phase1", 100), ("queue", 1000), ("detection", 20), ("recovery", 20)])
def test_an_objective_is_judged_from_as_many_as_its_budget_allows_a_bad_one_of(name: str, least: int) -> None:
    measure = OBJECTIVE[name].of or ""
    assert OBJECTIVE[name].least == least
    one_bad = Hour(hour(0), measure, BEYOND_MS, 1)
    few, enough = (standing(name, Hour(hour(0), measure, 5, n - 1), one_bad) for n in (least - 1, least))
    assert (few.state, few.windows[0].rate) == ("too-few", None)
    assert enough.state == "met"
    assert enough.windows[0].rate == pytest.approx(1.0)
    assert standing(name, Hour(hour(0), measure, BEYOND_MS, least)).state == "missed"


def test_the_first_minutes_of_a_system_are_too_little_to_judge_by() -> None:
    started = standing("availability", Hour(hour(0), "seen", 0, 999), Hour(hour(0), "down", 0, 56))
    assert (started.state, started.budget_left) == ("too-few", None)
    assert why(started) == "too little to judge: 16 min of 17 min"
    assert (started.spent.total, started.spent.bad) == (999, 56), "what was measured is told all the same"
    assert {window.rate for window in started.windows} == {None}

    later = standing("availability", Hour(hour(0), "seen", 0, 1000), Hour(hour(0), "down", 0, 56))
    assert (later.state, why(later)) == ("met", "")
    assert later.windows[0].rate == pytest.approx(56 / 3600 / 0.001), "of the whole hour"


@pytest.mark.parametrize(("down", "state"), [(600, "met"), (2595, "met"), (2596, "missed")])
def test_the_budget_of_time_is_that_of_30_days_for_a_system_of_an_hour_too(down: int, state: str) -> None:
    found = standing("availability", Hour(hour(0), "seen", 0, 3600), Hour(hour(0), "down", 0, down))

    assert found.state == state
    assert found.budget_left == pytest.approx(1 - down / (721 * 3600 * 0.001))


def test_a_stalled_plan_of_before_is_none_of_no_plan() -> None:
    found = standing("stalled", Hour(hour(2), "stalled", 500, 2))
    assert (found.state, found.spent.bad, found.spent.total) == ("missed", 2, 2)


@pytest.mark.parametrize(
    ("year", "month", "first", "after", "over"),
    [
        (2026, 11, "2026-11-01", "2026-12-01", False),
        (2026, 10, "2026-10-01", "2026-11-01", True),
        (2025, 12, "2025-12-01", "2026-01-01", True),
    ],
)
def test_a_month_is_a_calendar_month(year: int, month: int, first: str, after: str, over: bool) -> None:
    found = of_month(year, month, NOW)

    assert (f"{found.since:%Y-%m-%d}", f"{found.until:%Y-%m-%d}", found.over) == (first, after, over)
    assert period_of(f"{year}-{month:02d}", NOW) == found
    assert standing("phase1", period=found).windows == ()  # burn rates are of now


@pytest.mark.parametrize("month", ["2026", "2026-13", "x-y", "-", "2026-11-02"])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        period_of(month, NOW)


def test_without_a_month_it_is_the_last_30_days() -> None:
    found = period_of("", NOW)
    assert (found.month, found.until - found.since) == ("", timedelta(days=30, hours=1))
