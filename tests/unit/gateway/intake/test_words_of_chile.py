"""Columns as marketplaces of Chile and their sellers' own sheets write them."""

from __future__ import annotations

from gateway.intake.layouts.doubts import CARRIED
from tests.unit.gateway.intake.tables import fields, reading, sold


def test_a_price_less_the_commission_is_no_fee() -> None:
    rows = "\n".join(f"{n};Falabella;1{n}/08/2025;1190;1;1190;119;881" for n in range(1, 6))
    found = reading(f"Pedido;Plataforma;Fecha;Precio;Cantidad;Subtotal;Comisión;Pvta s/iva - comisión\n{rows}")

    assert sold(found)["fees"].to_list() == [119] * 5


def test_two_fees_of_which_one_is_called_after_the_other_are_both_fees() -> None:
    rows = "\n".join(f"{n};1{n}/08/2025;1190;1;1190;119;20" for n in range(1, 6))
    found = reading(f"Pedido;Fecha;Precio;Cantidad;Subtotal;Comisión;Cargo extra - comisión\n{rows}")

    assert sold(found)["fees"].to_list() == [139] * 5


def test_the_state_of_the_order_is_not_the_state_that_it_is_sent_to() -> None:
    rows = "\n".join(
        f"{n};1{n}/08/2025;Metropolitana de Santiago;{'Cancelado' if n == 3 else 'Entregado'};Silla;1;5000"
        for n in range(1, 9)
    )
    found = reading(f"Número De Orden;Fecha de orden;Estado - Envío;Estado;Producto;Cantidad;Precio\n{rows}")

    assert fields(found)["status"] == "Estado"
    assert sold(found)["status"].to_list().count("cancelled") == 1


def test_what_sending_costs_is_no_cost_of_the_goods() -> None:
    rows = "\n".join(f"{n};1{n}/08/2025;Silla;1;5000;990" for n in range(1, 6))
    found = reading(f"Nro_orden;Fecha_de_compra;Nombre_Producto;Cantidad;Precio;Costo_despacho\n{rows}")

    assert sold(found)["own_cost"].null_count() == 5
    assert sold(found)["shipping"].to_list() == [990] * 5
    assert any("o nome não diz quem paga" in one for one in found.report.warnings)


def test_what_one_piece_costs_and_leaves_is_a_calculation_and_no_sale() -> None:
    rows = "\n".join(f"A-{n};Silla {n};10000;1500;900;{7600 + n};4000;{3600 + n}" for n in range(1, 6))
    found = reading(f"SKU;Título;Precio;Comision $;Envio;Ingreso;Costo;Utilidad\n{rows}")

    assert found.lines is None
    assert found.report.asks


def test_what_was_sold_of_each_product_keeps_its_profit() -> None:
    rows = "\n".join(f"A-{n};Silla {n};{n};10000;{n}0000;4000;{n * 6000}" for n in range(1, 6))
    found = reading(f"SKU;Producto;Cantidad;Precio;Total venta;Costo;Utilidad\n{rows}")

    assert sold(found)["revenue"].sum() == 150000


def test_what_a_carrier_charged_is_no_sale() -> None:
    rows = "\n".join(f"G{n};0{n}/01/2026;{n};2163,98;3028,28;Jabones SA;Hotel {n}" for n in range(1, 8))
    found = reading(f"FACTURA;F.DOC;BULTOS;FLETE;SUBTOTAL;REMITENTE;DESTINATARIO\n{rows}")

    assert found.lines is None
    assert CARRIED in found.report.warnings


def test_sales_of_products_may_tell_who_sends_them() -> None:
    rows = "\n".join(f"P{n};0{n}/01/2026;A-{n};1;100,00;12,00;Loja;Fulano" for n in range(1, 8))
    found = reading(f"Pedido;Data;SKU;Quantidade;Valor total;Frete;Remetente;Destinatário\n{rows}")

    assert sold(found)["revenue"].sum() == 700


def test_a_column_that_says_one_thing_of_all_rows_is_no_status() -> None:
    rows = "\n".join(f"P{n};0{n % 9 + 1}/01/2026;100,00;OK" for n in range(1, 30))
    found = reading(f"Pedido;Data;Valor total;Incidencias\n{rows}")

    assert "status" not in fields(found)
