"""Cancelled sales that no column of statuses tells: a reason, a mark, a word of a language that is not known."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.cancel_reasons import DECLINED, REASONED
from gateway.intake.layouts.lines import CANCELLED, SOLD
from tests.unit.gateway.intake.tables import fields, reading, sold

KEYS = "Pedido;Data;SKU;Produto;Quantidade;Preço;Subtotal"


def table(column: str, *cells: str) -> str:
    rows = (f"{n};0{n}/03/2026;A-{n % 3};Copo;2;{n}0,00;{2 * n}0,00;{cell}" for n, cell in enumerate(cells, start=1))
    return "\n".join([f"{KEYS};{column}", *rows])


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ("Motivo do cancelamento", "Sem estoque"),
        ("motivo_cancelamento", "Desistência"),
        ("Cancel Reason", "Out of stock"),
        ("Reason for cancellation", "Changed mind"),
        ("Cancelado por", "Comprador"),
        ("Lý do hủy", "Hết hàng"),
    ],
)
def test_what_tells_why_it_was_cancelled_was(column: str, reason: str) -> None:
    found = reading(table(column, "", reason, "-", "", "N/A", reason))

    assert sold(found)["status"].to_list() == [SOLD, CANCELLED, SOLD, SOLD, SOLD, CANCELLED]
    assert REASONED.format(column=column, rows=2) in found.report.warnings


@pytest.mark.parametrize("column", ["decline_reason", "Motivo da recusa", "Rejection reason", "Motivo de rechazo"])
def test_what_a_network_declined_is_no_sale(column: str) -> None:
    found = reading(table(column, "", "Not the last click", "", "Already told", "", ""))
    lines = sold(found)

    assert (lines.height, lines["status"].null_count()) == (4, 4)
    assert DECLINED.format(column=column, rows=2) in found.report.warnings


def test_a_status_stands_above_a_reason_to_decline() -> None:
    text = table("Motivo da recusa;Status", "x;Entregue", ";Cancelado", ";Entregue", ";Enviado")

    assert sold(reading(text))["status"].to_list() == [SOLD, CANCELLED, SOLD, SOLD]


def test_a_status_stands_above_a_reason() -> None:
    text = table("Motivo do cancelamento;Status", *("x;Entregue", ";Cancelado", ";Entregue", ";Enviado"))

    assert sold(reading(text))["status"].to_list() == [SOLD, CANCELLED, SOLD, SOLD]


def test_reasons_in_most_rows_tell_nothing_of_sales() -> None:
    lines = sold(reading(table("Motivo do cancelamento", "a", "b", "c", "")))

    assert lines["status"].null_count() == lines.height


@pytest.mark.parametrize("mark", ["✓", "✔", "x", "sim", "canc."])
def test_a_mark_in_some_rows_says_that_they_were_cancelled(mark: str) -> None:
    assert sold(reading(table("Cancelado", "", mark, "", "")))["status"].to_list() == [SOLD, CANCELLED, SOLD, SOLD]


def test_words_that_are_no_mark_leave_it_unknown() -> None:
    lines = sold(reading(table("Cancelado", "talvez", "quase", "ver", "")))

    assert lines["status"].null_count() == lines.height


def test_a_state_of_orders_is_no_place() -> None:
    states = ["Recibido"] * 20 + ["Cancelado", "Recibido"]
    rows = [
        f"{n};{n % 28 + 1:02d}/03/2026;A-{n % 3};Vaso;2;{n}0,00;{2 * n}0,00;{one}"
        for n, one in enumerate(states, start=1)
    ]
    found = reading("\n".join(["Número de pedido;Fecha;SKU;Producto;Cantidad;Precio;Importe;Estado", *rows]))

    assert fields(found)["status"] == "Estado"
    assert (sold(found)["status"] == CANCELLED).sum() == 1


def test_a_place_is_no_state_of_orders() -> None:
    found = reading(table("Estado", *["Minas Gerais", "Pará", "São Paulo", "Bahia"] * 6))

    assert "status" not in fields(found)


def test_a_cancelled_order_is_found_beside_words_that_nobody_knows() -> None:
    found = reading(table("Zustandscode", *["Zabc", "Zdef", "Storniert", "Zabc", "Zdef", "Zabc"]))

    assert sold(found)["status"].to_list() == [SOLD, SOLD, CANCELLED, SOLD, SOLD, SOLD]


def test_what_is_cancelled_in_a_title_is_no_order() -> None:
    titles = ["Fone com cancelamento de ruído", "Cancelador de ruído", "Copo"] * 2
    rows = [f"{n};0{n}/03/2026;A-{n % 3};2;{n}0,00;{2 * n}0,00;{one}" for n, one in enumerate(titles, start=1)]
    lines = sold(reading("\n".join(["Pedido;Data;SKU;Quantidade;Preço;Subtotal;Xyz", *rows])))

    assert lines["status"].null_count() == lines.height
