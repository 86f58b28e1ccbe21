"""Columns that tell what became of orders, or number them, by names of stores in Spanish, Vietnamese and Indonesian."""

import pytest

from gateway.intake.layouts.lines import CANCELLED, SOLD
from tests.unit.gateway.intake.tables import fields, reading, sold


@pytest.mark.parametrize("name", ["Situación", "Situación del pedido", "Estatus", "Estatus de la orden"])
def test_a_column_of_states_in_spanish_tells_what_was_cancelled(name: str) -> None:
    states = ["Entregada", "Cancelación del comprador", "Despachado", "Anulada", "Entregada", "En preparación"]
    rows = [f"{n};0{n}/03/2026;T-{n};2;30,00;{state}" for n, state in enumerate(states, 1)]
    lines = sold(reading("\n".join([f"Pedido;Fecha;Código;Cantidad;Total producto;{name}", *rows])))

    assert lines["status"].to_list() == [SOLD, CANCELLED, SOLD, CANCELLED, SOLD, SOLD]


@pytest.mark.parametrize("name", ["Mã ĐH", "Kode Pesanan", "Kode Transaksi"])
def test_the_number_of_an_order_in_vietnamese_and_indonesian(name: str) -> None:
    rows = [f"DH{n // 2};0{n}/03/2026;T-{n};2;30000;60000" for n in range(1, 7)]
    found = reading("\n".join([f"{name};Ngày;SKU;Qty;Harga;Total", *rows]))

    assert fields(found)["order_id"] == name
    assert sold(found)["order_id"].n_unique() == 4
