"""Visits beside what each day sold are of sales; visits alone, or by where they came from, are not."""

import pytest

from gateway.intake.layouts import Reading, understand
from tests.unit.gateway.intake.tables import cells, raw, sold


def read(text: str) -> Reading:
    return understand(raw(cells(text)), ["own_store"])


@pytest.mark.parametrize(
    "text",
    [
        "Data;Visitas;Pedidos;Faturamento\n13/03/2026;120;6;540,50\n14/03/2026;150;9;812,00\n15/03/2026;90;3;270,10",
        "Day;Sessions;Orders;Total sales\n2026-03-13;120;6;540.50\n2026-03-14;150;9;812.00\n2026-03-15;90;3;270.10",
    ],
)
def test_what_each_day_sold_is_read_beside_its_visitors(text: str) -> None:
    found = read(text)

    assert found.report.kind == "sales"
    assert sold(found)["revenue"].sum() == pytest.approx(1622.60)
    assert "units" not in found.report.columns_used


@pytest.mark.parametrize("header", ["Origem;Visitas;Pedidos;Faturamento", "Data;Visitas;Cliques;Faturamento"])
def test_visits_without_a_day_or_without_orders_are_no_sales(header: str) -> None:
    first = "busca" if header.startswith("Origem") else "13/03/2026"
    second = "direto" if header.startswith("Origem") else "14/03/2026"
    found = read(f"{header}\n{first};120;6;540,50\n{second};150;9;812,00")

    assert (found.lines, found.report.kind) == (None, "performance")


def test_visitors_of_a_shop_alone_are_a_report_of_visits() -> None:
    found = read("Week;Online store visitors\n2026-01-05;2349\n2026-01-12;2439\n2026-01-19;3136")

    assert (found.lines, found.report.kind) == (None, "performance")


@pytest.mark.parametrize("tax", ["", "-3,50"])
def test_what_is_blank_or_below_zero_counts_no_visits(tax: str) -> None:
    rows = [f"{n};0{n}/03/2026;100,50;{tax}" for n in range(1, 6)]

    assert read("\n".join(["Nº doc.;Fecha doc.;Importe bruto;visit ba", *rows])).report.kind != "performance"


def test_the_sessions_of_somebody_who_is_named_are_what_was_bought() -> None:
    rows = [f"Ana {n};Pacote {n % 2};10;{90 + n},50;0{n}/10/2026" for n in range(1, 8)]
    found = read("\n".join(["Cliente;Pacote;Sessões;Valor;Data Venda", *rows]))

    assert (found.report.kind, found.report.asks) == ("unknown", True)
