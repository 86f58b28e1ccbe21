"""Medians of rounds, the comparison with an earlier commit, tables and plots."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from bench.report import plots, svg, table
from bench.report.figures import Block, medians, order, slower, too_slow
from bench.report.numbers import short


def test_systems_take_turns_there_and_back() -> None:
    assert [order("abc", n) for n in range(3)] == [["a", "b", "c"], ["c", "b", "a"], ["a", "b", "c"]]


def test_the_median_of_each_figure_is_that_of_the_rounds_that_have_it() -> None:
    blocks = [
        Block("ours", 0, {"closed/plans_per_s": 100.0}),
        Block("other", 0, {"closed/plans_per_s": 7.0}),
        Block("ours", 1, {"closed/plans_per_s": 300.0, "late": 1.0}),
        Block("ours", 2, {"closed/plans_per_s": 120.0}),
    ]
    assert medians(blocks) == {"ours": {"closed/plans_per_s": 120.0, "late": 1.0}, "other": {"closed/plans_per_s": 7.0}}


def test_slower_is_above_one_for_speed_and_for_time_alike() -> None:
    assert slower({"closed/plans_per_s": 50.0}, {"closed/plans_per_s": 100.0}) == {"closed/plans_per_s": 2.0}
    assert slower({"a/p50_ms": 30.0, "a/cost/switches/all": 9.0}, {"a/p50_ms": 20.0, "a/cost/switches/all": 1.0}) == {
        "a/p50_ms": 1.5
    }
    assert slower({"a/p50_ms": 1.0}, {}) == {}


def test_a_steady_rate_decides_by_latency_and_only_against_the_same_rate() -> None:
    now = {"open 50/rate": 50.0, "open 50/plans_per_s": 40.0, "open 50/p50_ms": 30.0}
    assert slower(now, {"open 50/rate": 50.0, "open 50/plans_per_s": 50.0, "open 50/p50_ms": 20.0}) == {
        "open 50/p50_ms": 1.5
    }
    assert slower(now, {"open 50/rate": 60.0, "open 50/p50_ms": 20.0}) == {}


def test_only_what_is_more_than_half_as_slow_again_fails() -> None:
    assert too_slow({"a": 1.5, "b": 1.51, "c": 0.2}) == ["b"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (0.0, "0"), (0.0042, "0.0042"), (1.234, "1.23"), (12.34, "12.3"), (866.4, "866"), (1e4, "10,000")],
)
def test_numbers_have_three_figures(value: float | None, text: str) -> None:
    assert short(value) == text


MEDIANS = {
    "ours": {
        "idle/core/all": 0.1,
        "open 20/rate": 20.0,
        "open 20/p50_ms": 13.4,
        "open 20/p99_ms": 40.0,
        "open 20/cost/cpu_us/worker": 400.0,
        "open 20/cost/cpu_us/all": 2100.0,
        "open 200/rate": 200.0,
        "open 200/p50_ms": 20.0,
        "growth 1,000/page plans_ms": 12.0,
    },
    "other <&>": {"open 20/rate": 20.0, "open 20/p50_ms": 2.0},
}


def test_a_part_is_a_row_for_each_system_that_has_it() -> None:
    lines = table.headlines(MEDIANS)
    assert lines[0] == "| part | system | p50, ms | p99, ms | share of a core | processor a plan, us |"
    assert "| open 20 | ours | 13.4 | 40.0 | - | 2,100 |" in lines
    assert "| open 20 | other <&> | 2.00 | - | - | - |" in lines
    assert sum(line.startswith("| idle |") for line in lines) == 1


def test_every_figure_stands_in_the_table_of_its_part() -> None:
    text = "\n".join(table.all_figures(MEDIANS))
    assert "### open 200\n|  | ours | other <&> |" in text
    assert "| cost/cpu_us/worker | 400 | - |" in text


def test_plots_are_whole_and_have_a_line_for_each_system() -> None:
    made = plots.plots(MEDIANS)
    assert set(made) == {"latency.svg", "cost.svg", "processes.svg", "growth.svg"}
    for text in made.values():
        ET.fromstring(text)
        assert "<script" not in text
    assert made["latency.svg"].count("<polyline") == 3  # ours p50 and p99, the other's p50
    assert "other &lt;&amp;&gt;, p50" in made["latency.svg"]


def test_what_was_not_measured_is_not_drawn() -> None:
    assert plots.plots({}) == {}
    assert plots.plots({"ours": {"idle/core/all": 0.1}}) == {}


def test_a_comparison_is_a_table_too() -> None:
    assert table.ratios({"closed/plans_per_s": 1.234}, "at abc")[-1] == "| closed/plans_per_s | 1.23 |"


def test_a_point_stands_where_its_logarithm_is() -> None:
    assert svg.logarithmic(100, 10, 1000) == 0.5
    assert svg.logarithmic(5, 5, 5) == 0.5
    assert svg.decades([3.0, 20.0]) == (1.0, 100.0)
    assert svg.decades([10.0]) == (10.0, 100.0)


def test_numbers_under_an_axis_do_not_stand_on_each_other() -> None:
    assert svg.apart([(0.0, "20"), (10.0, "22"), (36.0, "50"), (50.0, "60")]) == [(0.0, "20"), (36.0, "50")]


def test_without_figures_there_is_a_plot_that_says_so() -> None:
    assert "nothing was measured" in svg.lines("t", "x", "y", {"a": [(1.0, 0.0)]})
    assert "nothing was measured" in svg.stacked("t", "y", {})


def test_parts_of_a_bar_are_as_high_as_they_weigh() -> None:
    page = ET.fromstring(svg.stacked("t", "us", {"20/s": {"a": 1.0, "b": 3.0}}))
    boxes = [one for one in page.iter("{http://www.w3.org/2000/svg}rect") if len(one)]
    heights = {one[0].text: float(one.attrib["height"]) for one in boxes}
    assert heights["b: 3.00"] == pytest.approx(3 * heights["a: 1.00"])
