"""Of which days the cost of advertising is: a title names them in words, and campaigns begin and end on others."""

from datetime import date

import polars as pl
import pytest

from gateway.intake.layouts import understand
from gateway.intake.layouts.advertising_columns import period_in
from tests.unit.gateway.intake.tables import cells, raw


def spent(text: str) -> pl.DataFrame:
    ads = understand(raw(cells(text)), ["own_store"]).ads
    assert ads is not None
    return ads


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Date Range: Feb 10, 2025 - Feb 16, 2025", (date(2025, 2, 10), date(2025, 2, 16))),
        ("De 1 de fevereiro de 2026 a 3 de março de 2026", (date(2026, 2, 1), date(2026, 3, 3))),
        ("3 mar. 2026 / 9 mar. 2026", (date(2026, 3, 3), date(2026, 3, 9))),
        ("May 2, 2026", None),
        ("Feb 31, 2026 - Mar 2, 2026", None),
        ("Shop 12, 2026 - Mar 13, 2026", None),
        ("Mar 13, 2026 - Mar 2, 2026", None),
    ],
)
def test_a_title_names_the_days_of_a_report_in_words(title: str, period: tuple[date, date] | None) -> None:
    assert period_in([title]) == period


def test_the_days_of_the_title_are_those_of_the_cost() -> None:
    title = "Date Range: Feb 10, 2025 - Feb 16, 2025"
    ads = spent(f"{title};;;\nCampaign;Impressions;Clicks;Spend\nA;100;7;12.50\nB;90;3;4.25")

    assert ads.select("first", "last").unique().rows() == [(date(2025, 2, 10), date(2025, 2, 16))]
    assert ads["amount"].sum() == pytest.approx(16.75)


HEAD = "{};Campaign;Campaign Start Date;Campaign End Date;Impressions;Clicks;Spend"
ROWS = "\n2026-03-13;A;2026-01-02;2026-06-30;100;7;12.50\n2026-03-14;A;2026-01-02;2026-06-30;90;3;4.25"


def test_the_day_of_each_row_stands_above_those_on_which_its_campaign_begins_and_ends() -> None:
    ads = spent(HEAD.format("Date") + ROWS)

    assert ads.select("first", "last").rows() == [(date(2026, 3, day), date(2026, 3, day)) for day in (13, 14)]


def test_of_three_days_that_all_begin_or_end_none_is_the_rows_own() -> None:
    assert spent(HEAD.format("Start Date") + ROWS)["first"].to_list() == [None, None]
