"""The figures that the pages explain are those that docs/analysis.md documents, by the same formulas."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.figures.catalogue import ASKED, FIELDS, LEFT_OUT, METRICS, RECONCILED_WELL
from gateway.intake import choosable_fields
from gateway.intake.figures.reconcile import TOLERATED_SHARE

DOC = (Path(__file__).parents[2] / "docs" / "analysis.md").read_text("utf-8")


def documented(text: str) -> dict[str, str]:
    """Return metric to formula, of the table under "The figures"."""
    section = text.split("## The figures")[1].split("\n## ", maxsplit=1)[0]
    return dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+?) \|", section, flags=re.MULTILINE))


def test_every_figure_is_explained_as_documented() -> None:
    assert {name: metric.formula for name, metric in METRICS.items()} == documented(DOC)


def test_every_reason_to_leave_rows_out_is_documented() -> None:
    section = DOC.split("## The rows behind a figure")[1].split("\n## ")[0]
    listed = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert {reason for cell in listed for reason in re.findall(r"`(\w+)`", cell)} == LEFT_OUT.keys()


def test_the_page_and_the_reading_warn_of_the_same_difference() -> None:
    assert RECONCILED_WELL == TOLERATED_SHARE


def test_a_formula_that_differs_is_seen() -> None:
    planted = DOC.replace("| fees / revenue |", "| revenue / fees |")
    assert documented(planted) != documented(DOC)
    assert "fee_share" in documented(DOC)


def test_figures_are_made_of_figures() -> None:
    assert {part for metric in METRICS.values() for part in metric.made_of} <= METRICS.keys()
    assert set(ASKED) <= METRICS.keys()


def test_what_a_person_may_call_a_column_has_its_word_on_the_plan() -> None:
    assert [choice["field"] for choice in choosable_fields() if choice["field"] not in FIELDS] == []
