"""Amounts that happen to go up by one are amounts, and a column that counts the rows is none."""

from __future__ import annotations

import pytest

from tests.unit.gateway.intake.tables import fields, reading, sold

ROWS = 8
GOODS = ("Caneca", "Vela", "Prato")


def table(head: str, first: int, step: int = 1) -> str:
    """Return rows under these names; what is none of a sale's first columns goes up from `first`."""
    rows = []
    for place in range(ROWS):
        known = {
            "Pedido": f"A{70 + place * 3}",
            "Order": f"A{70 + place * 3}",
            "Data": f"{place + 1:02d}/03/2026",
            "Date": f"2026-03-{place + 1:02d}",
            "Produto": GOODS[place % 3],
            "Product": GOODS[place % 3],
        }
        rows.append(";".join(known.get(name, str(first + place * step)) for name in head.split(";")))
    return "\n".join([head, *rows])


@pytest.mark.parametrize("first", [1, 51, 1200])
@pytest.mark.parametrize(
    "head",
    [
        "Pedido;Data;Produto;Valor total",
        "Data;Produto;Valor total",
        "Data;Produto;Receita",
        "Pedido;Data;Produto;Faturamento",
        "Order;Date;Product;Amount",
        "Order;Date;Product;Total Amount (USD)",
    ],
)
def test_an_amount_by_its_name_is_read_however_it_runs(head: str, first: int) -> None:
    running, apart = reading(table(head, first)), reading(table(head, first, step=3))

    assert fields(running) == fields(apart)
    assert sold(running)["revenue"].to_list() == [float(first + place) for place in range(ROWS)]


def test_a_vague_name_is_read_as_it_would_be_if_the_amounts_did_not_run() -> None:
    """`Total` of whole numbers may count something: a person is asked, with the column that it would be."""
    for name in ("Total", "Valor"):
        running, apart = (reading(table(f"Pedido;Data;Produto;{name}", 51, step)) for step in (1, 3))

        assert fields(running) == fields(apart)
        assert (running.report.kind, running.report.asks) == (apart.report.kind, apart.report.asks)


def test_a_total_that_price_and_units_make_is_one() -> None:
    made = [(1, 52.0), (2, 26.5), (1, 54.0), (5, 11.0), (4, 14.0), (1, 57.0), (2, 29.0), (1, 59.0)]
    rows = [f"A{7 + 3 * n};{n + 1:02d}/03/2026;{GOODS[n % 3]};{units};{price}" for n, (units, price) in enumerate(made)]
    text = "\n".join(["Pedido;Data;Produto;Qtd;Preço;Total", *(f"{row};{52 + n}" for n, row in enumerate(rows))])
    found = reading(text)

    assert sold(found)["revenue"].to_list() == [float(52 + n) for n in range(ROWS)]
    assert sold(found)["units"].to_list() == [float(units) for units, _ in made]
    assert not any("Nada na tabela mostra" in one for one in found.report.warnings)


def test_a_price_that_runs_is_a_price() -> None:
    rows = [f"A{n};{n + 1:02d}/03/2026;{GOODS[n % 3]};{1 + n % 2};{51 + n}" for n in range(ROWS)]
    lines = sold(reading("\n".join(["Pedido;Data;Produto;Qtd;Preço unitário", *rows])))

    assert lines["revenue"].to_list() == [float((51 + n) * (1 + n % 2)) for n in range(ROWS)]


@pytest.mark.parametrize("name", ["Nº", "Linha", "Item", "Venda", "Número", "#", "Pedidos"])
def test_a_count_of_the_rows_is_no_amount(name: str) -> None:
    rows = [f"{n};{n + 1:02d}/03/2026;{GOODS[n % 3]};{20 + 7 * n * n},50" for n in range(1, ROWS)]
    found = reading("\n".join([f"{name};Data;Produto;Valor total", *rows]))

    assert sold(found)["revenue"].to_list() == [20.5 + 7 * n * n for n in range(1, ROWS)]
    assert {"units": name, "price": name}.items().isdisjoint(fields(found).items())
