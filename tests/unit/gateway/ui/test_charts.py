"""Bars have the length of their numbers; what is unknown is not drawn, what is below zero hangs under the line."""

from __future__ import annotations

import pytest

from gateway.ui.charts import HEIGHT, LINE, Bar, months_chart, share_bar
from schemas.facts import Month


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        (0, 100, (0.0, 100.0)),
        (75, 25, (75.0, 25.0)),
        (90, 20, (90.0, 10.0)),  # cut at the end of the line
        (-10, 20, (0.0, 10.0)),
        (50, 0.01, (49.26, 0.75)),  # seen, however small
    ],
)
def test_a_share_is_as_long_as_its_part(start: float, length: float, expected: tuple[float, float]) -> None:
    drawn = share_bar("cost", start, length, 100)
    assert drawn is not None
    assert (drawn.x, drawn.width) == expected
    assert 0 <= drawn.x <= drawn.x + drawn.width <= LINE


@pytest.mark.parametrize(("length", "whole"), [(0, 100), (-5, 100), (5, 0), (5, -100)])
def test_nothing_is_drawn_of_nothing(length: float, whole: float) -> None:
    assert share_bar("net", 0, length, whole) is None


def test_months_stand_beside_each_other_with_the_net_in_the_revenue() -> None:
    chart = months_chart([Month("2026-01", revenue=200.0, net=50.0), Month("2026-02", revenue=100.0)])
    assert chart is not None
    assert (chart.width, chart.zero) == (40.0, HEIGHT)
    assert chart.bars == [
        Bar("revenue", 3.0, 0.0, 14.0, 100.0),
        Bar("net", 6.5, 75.0, 7.0, 25.0),
        Bar("revenue", 23.0, 50.0, 14.0, 50.0),
    ]


def test_a_loss_hangs_under_the_line() -> None:
    chart = months_chart([Month("2026-01", revenue=300.0, net=-100.0), Month("2026-02", revenue=300.0, net=0.0)])
    assert chart is not None
    assert chart.zero == 75.0
    assert chart.bars[1] == Bar("loss", 6.5, 75.0, 7.0, 25.0)
    assert chart.bars[3].height == 0.0


@pytest.mark.parametrize(
    "months",
    [
        [],
        [Month("2026-01", revenue=1.0)],
        [Month("2026-01", revenue=1.0), Month("2026-02", net=5.0)],
        [Month("2026-01", revenue=0.0), Month("2026-02", revenue=0.0)],
    ],
)
def test_a_chart_needs_two_months(months: list[Month]) -> None:
    assert months_chart(months) is None
