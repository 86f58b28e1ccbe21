"""Baskets that buyers left are no sales; what a status, a no of their column or a name says to be paid is one."""

from dataclasses import replace

import pytest

from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.bare import OTHER_NATURE
from gateway.intake.layouts.baskets import CARTS, MAY_BE_CARTS
from gateway.intake.layouts.called import BY_NAME
from gateway.intake.layouts.described import header_id
from tests.unit.gateway.intake.tables import cells, raw, sold

ROWS = ("1;01/03/2026;Luva;1;30,00", "2;02/03/2026;Touca;2;70,00", "3;03/03/2026;Gorro;1;25,00")


def read(name: str, *told: str, file: str = "x.csv", mapped: dict[str, str] | None = None) -> Reading:
    """Read three orders with more columns called so; each of `told` is what stands there in a row."""
    header = "Pedido;Data;Produto;Qtd;Total" + (f";{name}" if name else "")
    rows = [f"{row};{more}" if name else row for row, more in zip(ROWS, told or ("", "", ""), strict=True)]
    table = replace(raw(cells("\n".join([header, *rows]))), filename=file)
    return understand(table, ["own_store"], {header_id(header.split(";")): mapped} if mapped else None)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Carrinho abandonado", ("Não", "não", "N")),
        ("Motivo do abandono", ("", "", "")),
        ("Motivo do abandono;Situação", (";Pago", ";Pago", ";Pago")),
        ("Motivo do abandono;Situação", ("Frete;Recuperado", "Preço;Aprovado", "Frete;Pago")),
        ("Carrinho abandonado;Situação", ("Sim;Aprovado", "Não;Aprovado", "Não;Entregue")),
    ],
)
def test_a_column_that_says_no_or_nothing_and_a_status_that_sells_leave_sales(name: str, told: tuple[str, ...]) -> None:
    assert sold(read(name, *told))["revenue"].sum() == 125


@pytest.mark.parametrize("status", ["", ";Em análise"])
def test_rows_that_a_column_calls_baskets_are_left_out_and_told(status: str) -> None:
    name = "Carrinho abandonado" + (";Situação" if status else "")
    found = read(name, f"Não{status}", f"Sim{status}", f"Não{status}")

    assert sold(found)["revenue"].to_list() == [30, 25]
    assert OTHER_NATURE.format(rows=1, column="Carrinho abandonado") in found.report.warnings


@pytest.mark.parametrize(
    ("name", "told", "file"),
    [
        ("Carrinho abandonado", ("Sim", "Sim", "Sim"), "x.csv"),
        ("Motivo do abandono", ("Frete", "Preço", "Frete"), "x.csv"),
        ("Motivo do abandono;Situação", ("Frete;Pendente", "Preço;Não recuperado", "Frete;Pendente"), "x.csv"),
        (
            "Abandonado em;Situação da mensagem",
            ("01/03/2026;Enviado", "02/03/2026;Enviado", "03/03/2026;Enviado"),
            "x.csv",
        ),
        ("", (), "carrinhos abandonados.csv"),
        ("", (), "carrinhos abandonados não recuperados.csv"),
        ("", (), "unrecovered abandoned carts.csv"),
    ],
)
def test_baskets_are_no_sales_and_it_is_told_how_to_overrule_that(name: str, told: tuple[str, ...], file: str) -> None:
    found = read(name, *told, file=file)

    assert (found.report.kind, found.lines) == ("performance", None)
    assert found.report.warnings == [CARTS, BY_NAME]
    assert sold(read(name, *told, file=file, mapped={"Total": "revenue"}))["revenue"].sum() == 125


@pytest.mark.parametrize(
    ("name", "told", "file"),
    [
        ("Motivo do abandono", ("Frete", "", ""), "x.csv"),
        ("Carrinho abandonado", ("Sim", "", ""), "x.csv"),
        ("Motivo do abandono;Situação", ("Frete;Pago", "Preço;Abandonado", "Frete;Pago"), "x.csv"),
        ("Motivo do abandono;Situação", ("Frete;Pago", "Preço;Em análise", "Frete;Em análise"), "x.csv"),
        ("", (), "vendas e carrinhos abandonados.csv"),
    ],
)
def test_where_nobody_can_tell_baskets_from_sales_a_person_is_asked(
    name: str, told: tuple[str, ...], file: str
) -> None:
    found = read(name, *told, file=file)

    assert (found.report.kind, found.report.asks, found.lines) == ("unknown", True, None)
    assert found.report.warnings == [MAY_BE_CARTS]
    assert sold(read(name, *told, file=file, mapped={"Total": "revenue"}))["revenue"].sum() == 125


@pytest.mark.parametrize(
    "file",
    [
        "carrinhos abandonados recuperados.csv",
        "vendas recuperadas de carrinhos abandonados no mês.csv",
        "abandoned carts (converted).csv",
    ],
)
def test_baskets_that_a_name_calls_recovered_are_sales(file: str) -> None:
    assert sold(read("", file=file))["revenue"].sum() == 125


def test_a_name_that_calls_them_recovered_stands_above_the_day_on_which_they_were_left() -> None:
    found = read("Abandonado em", "28/02/2026", "01/03/2026", "02/03/2026", file="carrinhos recuperados.csv")

    assert sold(found)["revenue"].sum() == 125
