"""Days without a year get it from a column, a title, the sheet's or the file's name, or are unknown."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from gateway.intake.document import read
from gateway.intake.layouts.plain import NO_YEAR
from gateway.intake.layouts.yearless import Years, are_yearless, in_years, years_in
from gateway.intake.limits import Limits
from tests.unit.gateway.intake.tables import reading, sold

TABLE = "Pedido;Data;SKU;Quantidade;Valor total\n1;{0};A;1;10,00\n2;{1};B;2;20,00\n3;{2};A;1;10,00"


def days_of(text: str, where: str = "t") -> list[str | None]:
    at = sold(reading(text, where=where))["at"].to_list()
    return [None if one is None else f"{one:%Y-%m-%d %H:%M}" for one in at]


def at(year: int, month: int, day: int) -> datetime:
    return datetime.fromisoformat(f"{year}-{month:02d}-{day:02d}")


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

    assert in_years(texts, Years(date(2025, 12, 1), date(2026, 1, 31))).to_list() == [
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


def test_the_day_of_dispatch_is_after_the_sale() -> None:
    found = reading(
        "Pedido;Data da venda;Data de envio;SKU;Quantidade;Valor total\n1;30/12/2025;02/01;A;1;10,00\n"
        "2;05/01/2026;06/01;B;2;20,00"
    )

    assert sold(found)["ship_days"].to_list() == [3, 1]


def test_month_first_where_a_second_number_is_no_month() -> None:
    assert in_years(pl.Series(["02/27", "03/01"]), Years(date(2026, 1, 1), date(2026, 12, 31))).to_list() == [
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
