"""The charts of the overview, for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from gateway.cli.views.charts import charts


def line(*values: float | None, whole: float | None = None, beyond: tuple[int, ...] = ()) -> dict[str, Any]:
    return {"name": "plans", "title": "plans", "values": list(values), "beyond": list(beyond), "whole": whole}


def shown(*lines: dict[str, Any], unit: str = "count", how: str = "sum") -> str:
    console = Console(width=120)
    with console.capture() as capture:
        console.print(charts([{"name": "flow", "title": "What came", "unit": unit, "how": how, "lines": list(lines)}]))
    return capture.get().rstrip().splitlines()[-1].rstrip()


def test_a_line_says_its_figure_and_is_drawn_on_the_scale_of_its_chart() -> None:
    assert "plans    1,207" in shown(line(0, 1207, whole=1207))
    assert shown(line(0, 7, whole=7)).endswith("▁█")
    assert shown(line(0, 14, whole=14), line(7, 7, whole=14)).endswith("▅▅"), "half of the highest of both"
    assert "most 3" in shown(line(3, 1, whole=3), how="most")
    assert "most seen 3" in shown({**line(3, None, whole=3), "atLeast": True}, how="most")
    assert "at least 1,207" in shown({**line(None, 1207, whole=1207), "atLeast": True})
    assert "16.7%" in shown(line(0.5, None, whole=1 / 6), unit="share", how="share")
    assert shown(line(0.5, None, whole=1 / 6), unit="share", how="share").endswith("▅"), "a share is drawn of 100 %"


def test_what_nobody_watched_is_blank_and_unknown_and_a_time_beyond_all_bounds_is_said_to_be() -> None:
    assert shown(line(None, None)).endswith("unknown")
    assert shown(line(1, None, 1, whole=2)).endswith("█ █")
    beyond = shown(line(None, 60.0, beyond=(0,)), unit="seconds", how="most")
    assert "> 2 h" in beyond
    assert beyond.endswith("██")
    assert "1 min" in shown(line(60.0, whole=60.0), unit="seconds", how="most")


def test_a_week_fits_a_terminal() -> None:
    drawn = shown(line(*([None] * 84), *([5] * 84), whole=420))
    assert drawn.endswith(" " * 12 + "█" * 12)
    assert len(drawn) < 80
