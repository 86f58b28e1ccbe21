"""The last hour has sixty minutes; of those that nobody saw there is no line, and of nothing known no figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.operations.charts import charts, since
from gateway.ui import i18n
from gateway.ui.last_hour import Chart, chosen, drawn
from projections.reads.history import Minute
from schemas.slo import BEYOND_MS, BOUNDS_MS

NOW = datetime(2026, 11, 26, 10, 30, 17, tzinfo=UTC)
FIRST = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
SEEN = Minute(FIRST, 3, 2, 1, 0, {25: 99, 250: 1}, 4, 1, {"analyzing": 12.0, "awaiting_approval": 9e5}, 14, 3, 1)
SEEN = replace(
    SEEN,
    plans_completed=1,
    tasks_completed=6,
    channels_analyzed=3,
    channels_failed=1,
    phase1_time={500: 98, 2500: 2},
)
QUIET = replace(
    SEEN, plans_in=0, approvals=0, phase1_made=0, plans_completed=0, tasks_completed=0, channels_analyzed=0,
    channels_failed=0, phase1_time={}, queue_delay={}, retries=0, dead_letters=0, oldest_s={}, lag=0, behind=0,
    breakers=0,
)  # fmt: skip
AWAY = Minute(FIRST, None, None, None, None, None, None, None, {})


@pytest.fixture(autouse=True)
def english() -> None:
    i18n.use("en")


def shown(*minutes: Minute) -> dict[str, Chart]:
    return {chart.key: chart for chart in drawn(charts(minutes, NOW))}


def quiet(begin: int, end: int = 60) -> list[Minute]:
    """Return minutes in which nothing happened."""
    return [replace(QUIET, at=FIRST + timedelta(minutes=n)) for n in range(begin, end)]


def said(chart: Chart) -> list[str]:
    return [one.said for one in chart.series]


def test_what_is_known_is_summed_or_told_at_its_most() -> None:
    second = replace(SEEN, at=FIRST + timedelta(minutes=1), plans_in=9, retries=0, queue_delay={})
    found = shown(SEEN, second, *quiet(2))

    assert since(NOW) == FIRST
    assert said(found["flow"]) == ["12", "4"]
    assert said(found["made"]) == ["2", "0"]
    assert said(found["ended"]) == ["2", "12"]
    assert said(found["phase1"]) == ["2.5 s", "500 ms"]
    assert said(found["queue"]) == ["25 ms", "25 ms"]
    assert said(found["oldest"]) == ["12 s"]  # what waits for a person is not the system's
    assert said(found["aside"]) == ["most: 4", "most: 1"]
    assert said(found["lag"]) == ["most: 14", "most: 3"]
    assert said(found["breakers"]) == ["most: 1"]
    assert found["flow"].width == 590
    assert [one.line.top for one in found["flow"].series] == [9, 9]  # one scale


def test_what_nobody_saw_is_unknown_and_a_gap() -> None:
    for minutes in ((), (AWAY,)):
        assert not any(chart.known for chart in shown(*minutes).values())
        assert {one.line.parts for chart in shown(*minutes).values() for one in chart.series} == {()}
    untold = [replace(one, lag=None) for one in (SEEN, *quiet(1))]
    assert said(shown(*untold)["lag"]) == ["", "most: 3"], "no watchdog told"
    gap = shown(SEEN, replace(AWAY, at=FIRST + timedelta(minutes=1)), replace(SEEN, at=FIRST + timedelta(minutes=2)))
    assert len(gap["flow"].series[0].line.parts) == 2


@pytest.mark.parametrize(
    ("minutes", "plans", "retries"),
    [
        pytest.param((SEEN, *quiet(1)), "3", "most: 4", id="all of it was watched"),
        pytest.param((SEEN, *quiet(1, 59)), "3", "most: 4", id="the last minute is not written yet"),
        pytest.param((SEEN, *quiet(1, 30)), "at least 3", "most seen: 4", id="nobody watches any more"),
        pytest.param((SEEN, *quiet(1, 20), *quiet(21)), "at least 3", "most seen: 4", id="nobody watched for a minute"),
        pytest.param(
            (SEEN, replace(QUIET, at=FIRST + timedelta(minutes=1), plans_in=None), *quiet(2)),
            "at least 3",
            "most: 4",
            id="an engine that began does not know what came before",
        ),
        pytest.param(
            (*quiet(20, 40), replace(SEEN, at=FIRST + timedelta(minutes=40)), *quiet(41)), "3", "most: 4",
            id="there was nothing before",
        ),
    ],
)  # fmt: skip
def test_of_a_time_that_was_not_watched_whole_a_sum_is_said_to_be_a_part(
    minutes: tuple[Minute, ...], plans: str, retries: str
) -> None:
    found = shown(*minutes)
    assert said(found["flow"])[0] == plans
    assert said(found["aside"])[0] == retries


def test_where_something_was_recorded_before_a_beginning_without_a_record_was_not_watched() -> None:
    minutes = (*quiet(20, 40), replace(SEEN, at=FIRST + timedelta(minutes=40)), *quiet(41))
    (flow,) = [chart for chart in charts(minutes, NOW, earlier=True) if chart.name == "flow"]
    assert (flow.lines[0].whole, flow.lines[0].least) == (3, True)


def test_the_failure_rate_of_the_hour_is_of_all_that_ended_and_unknown_where_nothing_did() -> None:
    some = replace(SEEN, channels_failed=1, channels_analyzed=1, tasks_failed=0, tasks_completed=0)
    other = replace(SEEN, at=FIRST + timedelta(minutes=1), channels_failed=1, channels_analyzed=9, tasks_failed=0)
    assert said(shown(some, other)["rate"]) == ["16.7%", "0.0%"]
    assert said(shown(some)["rate"]) == ["50.0%", ""], "no task ended: that is no rate of 0"
    assert shown(some)["rate"].series[1].line.parts == ()
    assert said(shown(replace(some, channels_analyzed=None))["rate"]) == ["", ""], "written by an engine of before"
    assert [one.line.top for one in shown(some)["rate"].series] == [1.0, 1.0]


def test_a_minute_in_which_nothing_waited_is_zero_and_one_beyond_all_bounds_is_said_to_be() -> None:
    found = shown(replace(SEEN, oldest_s={}, queue_delay={BEYOND_MS: 1}))
    assert said(found["oldest"]) == ["0 ms"]
    assert said(found["queue"]) == ["longer than 2 h", "longer than 2 h"]
    assert said(shown(replace(SEEN, queue_delay={BOUNDS_MS[-1]: 1}))["queue"]) == ["2 h", "2 h"]


@pytest.mark.parametrize("hours", [24, 168])
def test_a_day_and_a_week_are_drawn_by_whole_hours(hours: int) -> None:
    """What nobody saw breaks the line, and the hour that goes on is not drawn."""
    first = datetime(2026, 11, 26, 10, tzinfo=UTC) - timedelta(hours=hours)
    seen = [replace(SEEN, at=first + timedelta(hours=n)) for n in range(hours + 1) if n not in (3, 4)]
    found = {chart.key: chart for chart in drawn(charts(seen, NOW, hours))}

    assert since(NOW, hours) == first
    assert said(found["flow"])[0] == f"at least {3 * (hours - 2)}"
    assert len(found["flow"].series[0].line.parts) == 2
    assert not drawn(charts([], NOW, hours))[0].known


def test_only_spans_that_are_offered_can_be_chosen() -> None:
    assert [chosen(text) for text in ("", "1", "24", "168", "2", "-1", "a lot", "1e9")] == [1, 1, 24, 168, 1, 1, 1, 1]
