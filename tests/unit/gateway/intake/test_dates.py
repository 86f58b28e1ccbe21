"""Dates as countries, programs and months write them."""

from datetime import datetime

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.intake import dates
from gateway.intake.dates import are_months, from_parts, moments


def at(text: str) -> datetime:
    """Return a local moment, as exports write it."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("cells", "day_first", "expected"),
    [
        (["12 de março de 2026 14:05 hs."], True, [at("2026-03-12T14:05")]),
        (["1 de dezembro de 2025"], True, [at("2025-12-01")]),
        (["2026-03-12T01:02:03+00:00", "2026-03-12 01:02"], True, [at("2026-03-12T01:02")] * 2),
        (["12/03/2026", "05/04/2026 07:15"], True, [at("2026-03-12"), at("2026-04-05T07:15")]),
        (["03-12-26", "04-05-22"], False, [at("2026-03-12"), at("2022-04-05")]),
        (["03-12-26", "04-30-22"], True, [at("2026-03-12"), at("2022-04-30")]),  # the column shows it
        (
            ["05.09.2026 10:00:00 UTC", "06.09.2026 11:00:00 BRT"],
            True,
            [at("2026-09-05T10:00"), at("2026-09-06T11:00")],
        ),
        (["13/02/2026", "03/02/2026"], False, [at("2026-02-13"), at("2026-02-03")]),
        (["02/01/2026 4:25:15 PM", "13/01/2026 12:05 AM"], True, [at("2026-01-02T16:25"), at("2026-01-13T00:05")]),
        (["02/01/2026 12:00:00 p. m."], True, [at("2026-01-02T12:00")]),
        (
            ["01/02/2026", "01/03/2026", "01/05/2026", "02/01/2026", "02/02/2026"],
            True,
            [at("2026-01-02"), at("2026-01-03"), at("2026-01-05"), at("2026-02-01"), at("2026-02-02")],
        ),  # in order only month first
        (
            ["01/03/2026", "01/04/2026", "01/05/2026", "02/03/2026"],
            True,
            [at("2026-03-01"), at("2026-04-01"), at("2026-05-01"), at("2026-03-02")],
        ),  # so few stand in order by chance
        (["Aug-01-26", "Sep-15-2026"], True, [at("2026-08-01"), at("2026-09-15")]),
        (["Aug-01-26", "Sep 12 30"], True, [at("2026-08-01"), None]),
        (["March 12, 2026 08:00", "Mar 1st, 2026"], True, [at("2026-03-12T08:00"), at("2026-03-01")]),
        (
            ["12-Mar-26", "1 Maret 2026", "3 diciembre 2025"],
            True,
            [at("2026-03-12"), at("2026-03-01"), at("2025-12-03")],
        ),
        (["12 tháng 3, 2026", "01 thg 12 năm 2025"], True, [at("2026-03-12"), at("2025-12-01")]),
        (["20260312", "20251231"], True, [at("2026-03-12"), at("2025-12-31")]),
        (["46093", "46093.5", None], True, [at("2026-03-12"), at("2026-03-12T12:00"), None]),
        (["1773324000", "1773324000"], True, [at("2026-03-12T14:00")] * 2),
        (["1773324000000"], True, [at("2026-03-12T14:00")]),
        (["2026-03-12T01:02:03Z", "2026-03-12 01:02:03 +0500"], True, [at("2026-03-12T01:02")] * 2),
        (["12/03/2569"], True, [at("2026-03-12")]),
        (["27 de fevereiro | 08:55", "2026-03", "março"], True, [None] * 3),
        (["31/02/2026", "Total", None, "99/99/2026"], True, [None] * 4),
    ],
)
def test_moments(cells: list[str | None], day_first: bool, expected: list[datetime | None]) -> None:
    assert moments(pl.Series(cells, dtype=pl.String), day_first=day_first).to_list() == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["03/01/2026", "03/04/2026", "03/03/2026"], [None, None, at("2026-03-03")]),
        (["03/01/2026", "03/14/2026"], [at("2026-03-01"), at("2026-03-14")]),
        (["2026-03-01", "March 4, 2026"], [at("2026-03-01"), at("2026-03-04")]),
    ],
)
def test_where_nobody_says_what_comes_first_a_date_of_two_readings_is_unknown(
    cells: list[str], expected: list[datetime | None]
) -> None:
    assert moments(pl.Series(cells), day_first=None).to_list() == expected


def test_three_columns_make_a_date() -> None:
    year, month, day = (
        pl.Series(["2026", "26", "2026.0"]),
        pl.Series(["3", "março", "Dez."]),
        pl.Series(["12", "1", "x"]),
    )

    assert from_parts(year, month, day).to_list() == [at("2026-03-12"), at("2026-03-01"), None]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2026-03", "2026-04"], True),
        (["março/2026", "Abr 26", None], True),
        (["03/2026"], True),
        (["2026-03-12"], False),
        (["Camisa"], False),
        ([None], False),
    ],
)
def test_months_are_no_dates(cells: list[str | None], expected: bool) -> None:
    assert are_months(pl.Series(cells, dtype=pl.String)) is expected


_PIECE = st.sampled_from(
    ["1", "12", "31", "3", "2026", "26", "20260312", "/", "-", ".", " ", ", ", " de ", "março", "Mar", "tháng", "thg",
     "dez", "th", "se", "t", "septiembre", "mayo", "of ", "10:30", "PM", "R$", "SKU-4", "Camiseta", "\n"]
)  # fmt: skip


@given(st.lists(_PIECE, min_size=1, max_size=7).map("".join))
@example("10:30 12/03/2026")
@example("x 12 tháng 3, 2026")
def test_a_column_is_passed_over_only_where_no_cell_holds_a_date(text: str) -> None:
    cells = pl.Series([text], dtype=pl.String)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dates, "_MAY_BE_A_DATE", "")
        read = moments(cells).to_list()
    assert moments(cells).to_list() == read


def test_a_column_that_is_read_in_pieces_has_one_order_of_day_and_month(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cell that tells it may stand in the last piece alone."""
    cells = ["03/04/2026 10:00", "05/04/2026 11:30", None, "2026-04-07", "no day", "09/04/2026", "04/25/2026 4:05 PM"]
    series = pl.Series("at", cells, dtype=pl.String)
    whole = moments(series, day_first=None)
    monkeypatch.setattr(dates, "_SLICE", 2)

    assert moments(series, day_first=None).to_list() == whole.to_list()
    assert whole.to_list()[0] == at("2026-03-04T10:00")
    assert whole.to_list()[-1] == at("2026-04-25T16:05")
    assert moments(pl.Series(["03/04/2026"] * 5), day_first=True).to_list() == [at("2026-04-03T00:00")] * 5
