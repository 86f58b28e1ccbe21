"""Months without days: they stand for their first days where their year is sure; else nothing is said of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from gateway.intake.document import contents
from gateway.intake.kept import Kept
from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.monthly import written_on
from gateway.intake.limits import Limits
from schemas.facts import ChannelFacts
from tests.unit.gateway.intake.tables import cells, raw, sold

TODAY = date(2026, 11, 27)
HEAD = "Mês;Produto;Quantidade;Valor total"


def reading(text: str, file: str = "vendas.csv") -> Reading:
    return understand(replace(raw(cells(text)), filename=file, today=TODAY), ["own_store"])


def monthly(*months: str, file: str = "vendas.csv", title: str = "") -> Reading:
    rows = [f"{month};Camisa;{place + 1};{10 * place + 10},00" for place, month in enumerate(months)]
    return reading("\n".join([*([title, ""] if title else []), HEAD, *rows]), file)


def starts(found: Reading) -> list[date | None]:
    return sold(found)["at"].dt.date().to_list()


@pytest.mark.parametrize(
    "months",
    [("2026-01", "2026-02"), ("01/2026", "02/2026"), ("jan/26", "fev/26"), ("Janeiro de 2026", "Fevereiro de 2026")],
)
def test_months_with_their_year_stand_for_their_first_days(months: tuple[str, str]) -> None:
    found = monthly(*months)

    assert starts(found) == [date(2026, 1, 1), date(2026, 2, 1)]
    assert not any("Mês" in warning for warning in found.report.warnings)


@pytest.mark.parametrize(
    ("file", "title"),
    [("Vendas 2025.csv", ""), ("vendas.csv", "Vendas por produto em 2025"), ("vendas_2025-12.csv", "")],
)
def test_the_year_of_names_is_that_of_the_title_or_the_file(file: str, title: str) -> None:
    found = monthly("Outubro", "Novembro", "Dezembro", file=file, title=title)

    assert starts(found) == [date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1)]
    assert any("10/2025 a 12/2025" in warning for warning in found.report.warnings)


@pytest.mark.parametrize(
    ("months", "file", "why"),
    [
        (("Janeiro", "Fevereiro"), "vendas.csv", "nobody tells the year"),
        (("Janeiro", "Fevereiro"), "vendas 2024 e 2025.csv", "there are two"),
        (("Novembro", "Dezembro", "Janeiro"), "vendas 2026.csv", "they go over a year's end"),
        (("Outubro", "Dezembro"), "vendas 2026.csv", "December is to come"),
        (("Janeiro", "Fevereiro", "Março"), "relatorio_20260210.csv", "the file was written before March"),
        (("Janeiro", "Janeiro"), "vendas 2026.csv", "one month is no length of time"),
        (("Janeiro", "Verão"), "vendas 2026.csv", "one of them is no month"),
    ],
)
def test_where_the_year_is_not_sure_nothing_is_said_of_time(months: tuple[str, ...], file: str, why: str) -> None:
    found = monthly(*months, file=file)

    assert set(starts(found)) == {None}, why
    assert sold(found)["revenue"].sum() == sum(10 * place + 10 for place in range(len(months)))


def test_a_person_is_told_what_to_do() -> None:
    assert any("Ponha o ano" in warning for warning in monthly("Janeiro", "Fevereiro").report.warnings)


@pytest.mark.parametrize("months", [("1", "2"), ("jan", "fev"), ("Janeiro", "Fevereiro")])
def test_a_column_of_years_tells_it(months: tuple[str, str]) -> None:
    first, second = months
    found = reading(f"Ano;Mês;Produto;Quantidade;Valor total\n2025;{first};A;1;10,00\n2026;{second};A;2;20,00")

    assert starts(found) == [date(2025, 1, 1), date(2026, 2, 1)]


def figures(folder: Path, text: str, name: str) -> ChannelFacts:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    kept = Kept(today=TODAY.isoformat())
    (found,) = contents(path, name, ["own_store"], Limits(), None, kept).facts.channels
    return found


WIDE = "Produto;Jan;Fev;Mar;Abr\nCamisa;1000,50;500,00;250,00;{last}\nCalça;300,00;0,00;100,00;{last}"


def test_months_as_columns_without_a_year_are_summed_and_undated(tmp_path: Path) -> None:
    found = figures(tmp_path, WIDE.format(last="10,00"), "faturamento.csv")

    values = {figure.metric: figure.value for figure in found.figures}
    assert (values["revenue"], found.period, found.months) == (2170.5, [], [])


def test_months_to_come_that_stand_as_zero_are_none(tmp_path: Path) -> None:
    text = WIDE.format(last="10,00").replace("Abr", "Dez").replace("10,00\n", "0,00\n").removesuffix("10,00") + "0,00"
    found = figures(tmp_path, text, "Faturamento 2026.csv")

    assert found.period == ["2026-01-01", "2026-03-31"]
    assert [month.month for month in found.months] == ["2026-01", "2026-02", "2026-03"]


def test_pieces_and_money_below_each_month_may_be_called_by_the_currency_alone(tmp_path: Path) -> None:
    text = "Produto;Janeiro;;Fevereiro;\n;Qtd;R$;Qtd;R$\nCamisa;2;20,00;1;10,00\nCalça;1;30,00;0;0,00"
    found = figures(tmp_path, text, "vendas 2026.csv")

    values = {figure.metric: figure.value for figure in found.figures}
    assert (values["revenue"], values["units"]) == (60, 4)
    assert [(month.month, month.revenue) for month in found.months] == [("2026-01", 50), ("2026-02", 10)]


def test_months_as_columns_that_go_over_a_years_end_have_no_year(tmp_path: Path) -> None:
    text = WIDE.format(last="10,00").replace("Jan;Fev;Mar;Abr", "Nov;Dez;Jan;Fev")

    assert figures(tmp_path, text, "Faturamento 2026.csv").period == []


@pytest.mark.parametrize(
    ("names", "day"),
    [
        (["pedidos_20260115.csv"], date(2026, 1, 15)),
        (["20260115", "20260116"], None),
        (["20261315"], None),
        (["20260231"], None),
        (["Vendas 2026"], None),
    ],
)
def test_the_day_on_which_a_file_was_written(names: list[str], day: date | None) -> None:
    assert written_on(names) == day


def test_the_rows_keep_their_order() -> None:
    found = sold(monthly("03/2026", "01/2026", "02/2026"))

    assert found["at"].dt.month().to_list() == [3, 1, 2]
    assert found.schema["at"] == pl.Datetime("us")


@pytest.mark.parametrize("name", ["ano_mes", "Ano/Mês", "Mês de referência", "year_month"])
def test_a_month_with_its_year_has_a_name_of_its_own(name: str) -> None:
    found = reading(f"{name};faturamento;pedidos\n2026-01;1.000,50;10\n2026-02;2.000,00;12\n2026-03;1.500,25;9")

    assert sold(found)["revenue"].sum() == 4500.75
    assert sold(found)["at"].dt.month().to_list() == [1, 2, 3]


def test_sums_by_month_are_read_in_vietnamese() -> None:
    found = reading("Tháng;Tổng doanh thu theo tháng\n2023-01-01;142221476\n2023-02-01;101002614\n2023-03-01;72529599")

    assert sold(found)["revenue"].sum() == 315753689


SPARSE = [
    "2026-01;;;Mesa;1;10,00",
    "2026-01;;;Cama;1;20,00",
    "2026-02;;;Mesa;1;30,00",
    "2026-03;05/03/2026;N-1;Mesa;1;40,00",
    "2026-03;;;Cama;1;50,00",
]


def test_months_tell_when_where_most_rows_lack_their_day() -> None:
    found = sold(reading("\n".join(["Ano mês;Data de emissão;Número da nota;Produto;Quantidade;Valor total", *SPARSE])))

    assert found["at"].dt.date().to_list() == [date(2026, month, 1) for month in (1, 1, 2, 3, 3)]


def test_a_row_of_another_month_is_of_no_order_above() -> None:
    head, rows = "Mês;Data;Pedido;Produto;Quantidade;Valor total", [SPARSE[3], SPARSE[4], SPARSE[2]]
    other = sold(reading("\n".join([head, *rows])))
    same = sold(reading("\n".join([head, *rows[:2]])))

    assert other["order_id"].to_list() == ["N-1", None, None]
    assert same["order_id"].to_list() == ["N-1", "N-1"]


def test_days_that_stand_in_every_month_tell_when() -> None:
    rows = ["2026-01;05/01/2026;Mesa;1;10,00", "2026-01;;Cama;1;20,00", "2026-02;07/02/2026;Mesa;1;30,00"]
    found = sold(reading("\n".join(["Mês;Data;Produto;Quantidade;Valor total", *rows])))

    assert found["at"].dt.date().to_list() == [date(2026, 1, 5), None, date(2026, 2, 7)]
