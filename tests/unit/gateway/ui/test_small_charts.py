"""Bars have the height of their numbers, the bad part at the foot; a line breaks where nothing is known."""

from __future__ import annotations

import pytest

from gateway.ui.small_charts import HEIGHT, Bar, bars_of, line_of


def test_a_bar_is_as_high_as_its_number_and_its_bad_part_stands_at_the_foot() -> None:
    drawn = bars_of([(100, 25), None, (50, 0), (0, 0), (20, 20)])

    assert drawn.width == 50
    assert drawn.bars == (
        Bar("good", 1.0, 0.0, 8.0, 30.0),
        Bar("bad", 1.0, 30.0, 8.0, 10.0),
        Bar("good", 21.0, 20.0, 8.0, 20.0),
        Bar("bad", 41.0, 32.0, 8.0, 8.0),
    )


def test_one_bad_of_many_is_seen_and_nothing_is_higher_than_the_chart() -> None:
    for slots in ([(10_000, 1)], [(10_000, 9_999)], [(10_000, 0), (1, 1)]):
        bars = bars_of(slots).bars
        assert all(bar.height >= 1.5 or bar.tone == "good" for bar in bars)
        assert all(bar.y >= 0 and bar.y + bar.height <= HEIGHT for bar in bars)


def test_nothing_is_drawn_of_nothing() -> None:
    assert bars_of([]).bars == bars_of([None, (0, 0)]).bars == ()
    assert line_of([]).parts == line_of([None, None]).parts == ()


def test_a_line_goes_through_its_values_and_breaks_where_nothing_is_known() -> None:
    drawn = line_of([0.0, 2.0, None, 4.0, None, 1.0, 3.0])

    assert (drawn.width, drawn.top) == (60, 4.0)
    assert drawn.parts == ("0,40 10,20", "30,0 31.5,0", "50,30 60,10")


@pytest.mark.parametrize(("values", "top", "point"), [([1.0, 1.0], 4.0, "0,30"), ([0.0, 0.0], None, "0,40")])
def test_two_lines_can_have_one_scale_and_zeros_lie_at_the_foot(
    values: list[float], top: float | None, point: str
) -> None:
    assert line_of(values, top).parts[0].startswith(point)
