"""Days without a year get it from a column, a title, the sheet's or the file's name, or are unknown."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from gateway.intake.dates import are_months
from gateway.intake.document import contents, read
from gateway.intake.kept import Kept
from gateway.intake.layouts.plain import NO_YEAR, UNDATED, YEAR_TOLD
from gateway.intake.layouts.yearless import Years, are_yearless, in_years, years_in
from gateway.intake.limits import Limits
from tests.unit.gateway.intake.tables import reading, sold

TABLE = "Pedido;Data;SKU;Quantidade;Valor total\n1;{0};A;1;10,00\n2;{1};B;2;20,00\n3;{2};A;1;10,00"


def days_of(text: str, where: str = "t") -> list[str | None]:
    at = sold(reading(text, where=where))["at"].to_list()
    return [None if one is None else f"{one:%Y-%m-%d %H:%M}" for one in at]


def at(year: int, month: int, day: int) -> datetime:
    return datetime.fromisoformat(f"{year}-{month:02d}-{day:02d}")


def told(texts: pl.Series, years: Years | None, today: date = date(2026, 11, 27)) -> list[datetime] | None:
    found = None if years is None else in_years(texts, years, today)
    return None if found is None else found.to_list()


def of_file(name: str, days: list[str], today: date = date(2026, 11, 27)) -> list[str | None] | None:
    """Return the days that a file of this name has."""
    found = told(pl.Series(days), years_in([name]), today)
    return None if found is None else [None if one is None else f"{one:%Y-%m-%d}" for one in found]


@pytest.mark.parametrize(
    "days",
    [
        ("27/02", "28/02", "01/03"),
        ("27 de fevereiro", "28 de fevereiro", "1 de março"),
        ("27-fev", "28-fev", "01-mar"),
        ("sex, 27/02 00:00", "sáb, 28/02 00:00", "dom, 01/03 00:00"),
        ("27 Feb", "28 Feb", "1 Mar"),
    ],
)
@pytest.mark.parametrize(
    ("title", "where"),
    [
        ("Vendas de 2026\n", "t"),
        ("Período: 01/02/2026 a 31/03/2026\n", "t"),
        ("Gerado em 02/04/2026\n", "t"),
        ("", "planilha “Vendas 2026”"),
    ],
)
def test_the_title_or_the_sheet_tells_the_year(days: tuple[str, str, str], title: str, where: str) -> None:
    assert days_of(title + TABLE.format(*days), where) == ["2026-02-27 00:00", "2026-02-28 00:00", "2026-03-01 00:00"]


def test_the_years_turn_lies_within_a_period_and_before_the_day_up_to_which_it_goes() -> None:
    texts = pl.Series(["30/12", "02/01", "15/06"])

    assert told(texts, Years(date(2025, 12, 1), date(2026, 1, 31))) == [
        at(2025, 12, 30),
        at(2026, 1, 2),
        None,  # of no day of the period
    ]
    assert days_of("Gerado em 05/01/2026\n" + TABLE.format("30/12", "31/12", "02/01")) == [
        "2025-12-30 00:00",
        "2025-12-31 00:00",
        "2026-01-02 00:00",
    ]


def test_a_column_of_years_tells_it_by_row() -> None:
    found = reading(
        "Pedido;Ano;Data;SKU;Quantidade;Valor total\n1;2025;30/12;A;1;10,00\n2;2026;02/01;B;2;20,00\n"
        "3;2026;03/01;B;1;9,00"
    )

    assert sold(found)["at"].to_list() == [at(2025, 12, 30), at(2026, 1, 2), at(2026, 1, 3)]


def test_without_any_year_the_days_are_unknown_and_that_is_said() -> None:
    found = reading(TABLE.format("27/02", "28/02", "01/03"))

    assert sold(found)["at"].null_count() == 3
    assert NO_YEAR.format(column="Data") in found.report.warnings
    assert sold(found)["revenue"].sum() == 40


def test_the_files_name_tells_it(tmp_path: Path) -> None:
    (tmp_path / "upload").write_text(TABLE.format("27/02", "28/02", "01/03"), "utf-8")
    (named,) = read(tmp_path / "upload", "vendas_2026-03.csv", ["own_store"], Limits()).channels
    (bare,) = read(tmp_path / "upload", "vendas.csv", ["own_store"], Limits()).channels

    assert (named.period, bare.period) == (["2026-02-27", "2026-03-01"], [])


def test_the_day_of_the_upload_is_the_last_one_on_which_something_was_sold(tmp_path: Path) -> None:
    (tmp_path / "upload").write_text(TABLE.format("27/02", "28/02", "01/03"), "utf-8")
    (tmp_path / "years").write_text(
        "Pedido;Ano;Data;SKU;Quantidade;Valor total\n1;2026;27/02;A;1;10,00\n2;2026;01/03;B;1;5,00", "utf-8"
    )

    def last_day(name: str, filename: str, today: str) -> list[str]:
        (own,) = contents(tmp_path / name, filename, ["own_store"], Limits(), kept=Kept(today=today)).facts.channels
        return own.period[1:]

    assert last_day("upload", "vendas-2026.csv", "2026-02-28") == ["2026-03-01"]  # it may be tomorrow somewhere
    assert last_day("upload", "vendas-2026.csv", "2026-02-27") == []
    assert last_day("years", "vendas.csv", "2026-02-28") == ["2026-03-01"]
    assert last_day("years", "vendas.csv", "2026-02-27") == []


def test_the_files_name_tells_it_to_a_table_within_a_text_too(tmp_path: Path) -> None:
    (tmp_path / "upload").write_text(f"Vendas do mês\n\n{TABLE.format('27/02', '28/02', '01/03')}\n", "utf-8")
    (own,) = read(tmp_path / "upload", "vendas_2026-03.md", ["own_store"], Limits()).channels

    assert own.period == ["2026-02-27", "2026-03-01"]


def test_the_day_of_dispatch_is_after_the_sale() -> None:
    found = reading(
        "Pedido;Data da venda;Data de envio;SKU;Quantidade;Valor total\n1;30/12/2025;02/01;A;1;10,00\n"
        "2;05/01/2026;06/01;B;2;20,00"
    )

    assert sold(found)["ship_days"].to_list() == [3, 1]


def test_month_first_where_a_second_number_is_no_month() -> None:
    assert told(pl.Series(["02/27", "03/01"]), Years(date(2026, 1, 1), date(2026, 12, 31))) == [
        at(2026, 2, 27),
        at(2026, 3, 1),
    ]


@pytest.mark.parametrize(
    "cells",
    [["27/02/2026", "28/02/2026"], ["jan 26", "fev 26"], ["março", "abril"], ["P-1", "P-2"], ["12,50", "3,00"], [None]],
)
def test_other_cells_are_no_such_days(cells: list[str | None]) -> None:
    assert not are_yearless(pl.Series(cells, dtype=pl.String))


@pytest.mark.parametrize("texts", [["Vendas 2025 e 2026"], ["Relatório"], ["31/02/2026 é dia nenhum, 2025 é ano"], []])
def test_several_years_or_none_tell_nothing(texts: list[str]) -> None:
    assert years_in(texts) is None


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("vendas-ate-31-03-2026.csv", "2026-03-20", "2026-03-31"),
        ("vendas 31-03-2026.csv", "2026-03-20", "2026-03-31"),
        ("vendas 15-03-2026.csv", "2026-03-15", "2026-03-15"),
        ("vendas 15-03-2026.csv", "2026-03-10", "2026-03-15"),
        ("vendas a partir de 01-03-2026.csv", "2026-03-05", "2026-03-07"),
        ("vendas 01-03-2026.csv", "2026-03-05", "2026-03-07"),
        ("vendas-2026-01.csv", "2025-12-30", "2026-01-02"),
        ("vendas_01-2026.csv", "2026-01-02", "2026-01-31"),
        ("vendas_202601.csv", "2026-01-02", "2026-01-31"),
        ("vendas ate 29-02-2024.csv", "2024-02-28", "2024-02-29"),
        ("vendas desde 29-02-2024.csv", "2024-02-29", "2024-03-01"),
        ("vendas-2025.csv", "2025-01-01", "2025-01-02"),
    ],
)
def test_every_day_gets_the_year_of_the_nearest_reading(name: str, first: str, last: str) -> None:
    days = pl.date_range(date.fromisoformat(first), date.fromisoformat(last), eager=True)

    assert of_file(name, [f"{one:%d/%m}" for one in days]) == [str(one) for one in days]
    assert of_file(name, [f"{one:%d/%m}" for one in days.reverse()]) == [str(one) for one in days.reverse()]


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("vendas-2026.csv", ["30/12", "31/12", "01/01", "02/01"]),
        ("vendas-2026.csv", ["02/01", "01/01", "31/12", "30/12"]),
        ("vendas-2025.csv", ["30/12", "31/12", "01/01", "02/01"]),
        ("vendas-2025.csv", ["02/01", "01/01", "31/12", "30/12"]),
        ("vendas-2026.csv", ["27/11", "28/11"]),  # after today
        ("vendas 15-03-2026.csv", ["20/08", "10/03", "02/11"]),  # up to then, or since then
        ("vendas desde 01-09-2026.csv", ["05/01"]),
        ("vendas de 01-11-2026 a 31-12-2026.csv", ["20/11", "05/12"]),  # a period that is told, and not over
    ],
)
def test_days_that_no_single_year_holds_are_unknown(name: str, days: list[str]) -> None:
    assert of_file(name, days) is None


def test_rows_without_a_date_are_counted_and_the_days_are_those_that_are_there() -> None:
    found = reading("Vendas até 31-03-2026\n" + TABLE.format("30/03", "31/03", "30/02"))

    assert sold(found)["at"].to_list() == [at(2026, 3, 30), at(2026, 3, 31), None]
    assert UNDATED.format(rows=1) in found.report.warnings
    assert YEAR_TOLD.format(column="Data", first=date(2026, 3, 30), last=date(2026, 3, 31)) in found.report.warnings


def test_a_full_date_among_days_keeps_its_year() -> None:
    days = [f"{day:02}/03" for day in range(1, 20)]
    rows = "".join(f"\n{n};{day};A;1;10,00" for n, day in enumerate([*days, "20/03/2025"], start=1))
    dated = sold(reading(f"Vendas de 2026\nPedido;Data;SKU;Quantidade;Valor total{rows}"))["at"]

    assert dated[-2:].to_list() == [at(2026, 3, 19), at(2025, 3, 20)]


@pytest.mark.parametrize(
    ("cells", "are"),
    [
        (["12/25", "01/26", "02/26"], True),
        (["01/26", "02/26", "02/03/26"], False),
        (["01/26", "01/27", "01/28"], False),
        (["01/02", "02/02"], False),
    ],
)
def test_months_beside_years_are_told_by_all_cells(cells: list[str], *, are: bool) -> None:
    assert are_months(pl.Series(cells)) is are


def test_months_beside_years_stand_for_their_first_days() -> None:
    found = reading("Vendas 2026\nMês;SKU;Quantidade;Valor total\n01/26;A;1;10,00\n02/26;A;2;20,00\n03/26;A;1;10,00")

    assert sold(found)["at"].dt.date().to_list() == [date(2026, month, 1) for month in (1, 2, 3)]


def test_a_day_of_dispatch_before_the_sale_is_unknown() -> None:
    found = reading(
        "Pedido;Data da venda;Data de envio;SKU;Quantidade;Valor total\n1;30/12/2025;29/12;A;1;10,00\n"
        "2;05/01/2026;06/01;B;2;20,00"
    )

    assert sold(found)["ship_days"].to_list() == [None, 1]


@pytest.mark.parametrize(
    ("title", "years", "day", "year"),
    [
        ("Vendas de 2026", ("2018", "2020"), "01/03", 2026),
        ("Vendas de 2026", ("2018", "2018"), "01/03", 2026),
        ("vendas-2026-01", ("2025", "2025"), "05/01", 2026),  # in the year of December, and no day of January
        ("vendas-2026-01", ("2025", "2025"), "30/12", 2025),
        ("vendas 20-12-2025", ("2026", "2026"), "01/07", 2026),  # the year of the one side, and a day of it
    ],
)
def test_a_year_counts_where_the_document_may_mean_the_day(
    title: str, years: tuple[str, str], day: str, year: int
) -> None:
    rows = "".join(f"\n{n};{one};{day};A;{n};10,00" for n, one in enumerate((*years, years[1]), start=1))
    found = reading(f"{title}\nPedido;Ano;Data;SKU;Quantidade;Valor total{rows}")

    assert sold(found)["at"].dt.strftime("%d/%m %Y").to_list() == [f"{day} {year}"] * 3
