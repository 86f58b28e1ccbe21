"""What became of orders after their sale, where a column of its own tells it."""

import polars as pl
import pytest

from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD, UNPAID
from tests.unit.gateway.intake.tables import reading, sold

STATES = ["Concluído", "Enviado", "Para Enviar", "Não Pago", "Enviado", "Concluído"]
LATER = ["", "Cancelado", "", "Cancelado", "Devolvido", ""]


def table(name: str, later: list[str], states: list[str] | None = None) -> str:
    """Return six orders with the state of each, and what became of it."""
    header = f"Nº do pedido;Data;SKU;Qtd;Valor total;{'Estado do Pedido;' if states else ''}{name}"
    rows = [
        f"V-{n};0{n}/03/2026;K-{n % 2};2;{n}0,00;{f'{states[n - 1]};' if states else ''}{text}"
        for n, text in enumerate(later, 1)
    ]
    return "\n".join([header, *rows])


@pytest.mark.parametrize("name", ["Pós-venda/Cancelado/Devolvido", "Posventa", "After-sales status"])
def test_what_became_of_orders_after_their_sale_counts(name: str) -> None:
    found = reading(table(name, LATER, STATES))
    lines = sold(found)

    assert lines["status"].to_list() == [SOLD, CANCELLED, SOLD, UNPAID, RETURNED, SOLD]
    assert lines.filter(pl.col("status") == RETURNED).select("refund", "returned_units").row(0) == (50, 2)
    assert not any("Para Enviar" in told for told in found.report.warnings)


def test_it_counts_without_another_status() -> None:
    lines = sold(reading(table("Pós-venda", LATER)))

    assert lines["status"].to_list() == [SOLD, CANCELLED, SOLD, CANCELLED, RETURNED, SOLD]
    assert not lines["payment_only"].any()


@pytest.mark.parametrize(
    ("name", "later"),
    [("Pós-venda", ["", "-", "", "", "-", ""]), ("Pós-venda por", LATER), ("Vendedor pós-venda", LATER)],
)
def test_a_column_of_something_else_changes_nothing(name: str, later: list[str]) -> None:
    lines = sold(reading(table(name, later, STATES)))

    assert lines["status"].to_list() == [SOLD, SOLD, SOLD, UNPAID, SOLD, SOLD]
