"""Mercado Libre's sales export in Spanish: its fees, packages and currency are read as those of the Portuguese one."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts import Reading
from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD
from gateway.intake.layouts.mercado_livre import PARTS_UNSURE
from tests.unit.gateway.intake.tables import reading, sold

WHOLE = ("Cargo por venta e impuestos ({code})",)
SPLIT = ("Cargo por venta", "Costo fijo", "Costo por ofrecer cuotas", "Impuestos")
_BEFORE = (
    "# de venta", "Fecha de venta", "Estado", "Paquete de varios productos", "Unidades",
    "Ingresos por productos ({code})",
)  # fmt: skip
_AFTER = (
    "Ingresos por envío ({code})", "Costos de envío ({code})", "Anulaciones y reembolsos ({code})", "Total ({code})",
    "Venta por publicidad", "SKU", "# de publicación", "Título de la publicación", "Estado", "Forma de entrega",
)  # fmt: skip


def sale(number: int, fees: tuple[float, ...], **given: Any) -> list[str]:
    usual = {
        "at": "12 de marzo de 2026 10:00 hs.", "state": "Entregado", "package": "No", "units": 1, "revenue": 100,
        "ship_in": "", "ship_out": -8, "undone": "", "sku": "A", "listing": "MLA1", "title": "Lámpara", "ads": "",
    } | given  # fmt: skip
    usual.setdefault("total", 100 + sum(fees) - 8)
    order = ("at", "state", "package", "units", "revenue")
    after = ("ship_in", "ship_out", "undone", "total", "ads", "sku", "listing", "title")
    cells = [number, *(usual[name] for name in order), *fees, *(usual[name] for name in after), "Córdoba", "Envío"]
    return [str(cell) for cell in cells]


def read(*rows: list[str], fees: tuple[str, ...] = WHOLE, code: str = "ARS") -> Reading:
    header = [name.format(code=code) for name in (*_BEFORE, *fees, *_AFTER)]
    titles = ["Reporte de ventas", "", "Ventas;;;Publicación"]
    text = "\n".join([*titles, *(";".join(row) for row in (header, *rows))])
    return reading(text, ["mercado_livre"])


def member(number: int, fees: int, units: int, sku: str) -> list[str]:
    """A row for one product of a package, without date and money."""
    nothing = dict.fromkeys(("at", "revenue", "ship_out", "total"), "")
    row = sale(number, (0,) * fees, package="Sí", units=units, sku=sku, **nothing)
    return [*row[:6], *[""] * fees, *row[6 + fees :]]


@pytest.mark.parametrize("code", ["ARS", "MXN", "CLP", "COP", "PEN", "UYU"])
def test_its_amounts_are_those_of_its_country(code: str) -> None:
    found = read(sale(1, (-15,)), sale(2, (-15,), ads="Sí", ship_in=3, total=80), code=code)

    assert (found.report.layout, found.report.kind) == ("mercado_livre.vendas", "sales")
    (own,) = channel_facts(sold(found), None)
    values = {figure.metric: figure.value for figure in own.figures}
    assert (own.currency, own.currency_source) == (code, "read")
    told = {name: values[name] for name in ("revenue", "orders", "fees", "shipping_cost", "net_receipts")}
    assert told == {"revenue": 200, "orders": 2, "fees": 30, "shipping_cost": 13, "net_receipts": 157}
    assert values["advertising_share"] == 0.5
    assert own.reconciliation is not None
    assert (own.reconciliation.column, own.reconciliation.difference) == (f"Total ({code})", 0)


def test_fees_in_several_columns_are_added_up() -> None:
    found = read(sale(1, (-13, -5, -4, -2)), sale(2, (-13, 0, 0, -2)), fees=SPLIT)

    assert sold(found)["fees"].to_list() == [24, 15]
    assert "Cargo por venta" in found.report.columns_used


def test_fees_are_unknown_where_a_column_of_costs_that_nobody_knows_is_in_the_total() -> None:
    found = read(sale(1, (-13, -5, -4, -2), total=61), sale(2, (-13, 0, 0, -2), total=66), fees=SPLIT)

    assert sold(found)["fees"].null_count() == 2
    assert PARTS_UNSURE in found.report.warnings
    assert sold(found)["net"].to_list() == [61, 66]


def test_a_packages_money_is_that_of_its_products_which_have_no_date() -> None:
    head = sale(
        7, (-30,), state="Paquete de 2 productos", package="", units="", revenue=300, sku="", listing="", title=""
    )
    head[6 + 1 + 3] = "262"
    found = sold(read(sale(1, (-15,)), head, member(8, 1, 2, "B"), member(9, 1, 1, "C")))

    assert found["order_id"].to_list() == ["1", "7", "7"]
    assert found["sku"].to_list() == ["A", "B", "C"]
    assert found["units"].sum() == 4
    assert found["revenue"].sum() == 400
    assert found["fees"].sum() == 45
    assert found["at"].null_count() == 0


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("Venta cancelada. No despaches", CANCELLED),
        ("Cancelaste la venta", CANCELLED),
        ("Entregado", SOLD),
        ("Devolución finalizada con reembolso al comprador", RETURNED),
        ("Devolución finalizada. Te dimos el dinero", RETURNED),
        ("Te dimos el dinero", SOLD),
        ("Cancelamos la devolución", SOLD),
        ("Devolvimos el producto al comprador", SOLD),
        ("Si el comprador cancela, te avisamos", SOLD),
    ],
)
def test_what_became_of_a_sale_is_told_by_its_state(state: str, status: str) -> None:
    assert sold(read(sale(1, (-15,), state=state), sale(2, (-15,))))["status"][0] == status


def test_a_table_with_some_of_its_names_alone_is_none_of_it() -> None:
    found = reading("# de venta;Fecha de venta;Ingresos por productos;Total\n1;12/03/2026;100;90\n2;13/03/2026;50;40")

    assert found.report.layout != "mercado_livre.vendas"


def test_an_export_of_some_years_ago_has_shorter_names() -> None:
    header = (
        "# de venta;Fecha de venta;Estado;Paquete de varios productos;Unidades;Ingresos (ARS);Costos de envío;"
        "Cargo por venta e impuestos;Anulaciones (ARS);Total (ARS);SKU;# de publicación;Título de la publicación;"
        "Ciudad;Estado"
    )
    rows = [
        "1;12 de marzo de 2020 10:00 hs;Entregado;No;2;200,50;-20;-30;;150,50;A;MLA1;Lámpara;Córdoba;Córdoba",
        "2;13 de marzo de 2020 10:00 hs;Venta cancelada;No;1;100;;-15;-85;0;A;MLA1;Lámpara;Rosario;Santa Fe",
    ]
    found = reading("\n".join([header, *rows]), ["mercado_livre"])
    (own,) = channel_facts(sold(found), None)
    values = {figure.metric: figure.value for figure in own.figures}

    assert found.report.layout == "mercado_livre.vendas"
    told = {name: values[name] for name in ("revenue", "orders", "units", "cancellation_rate", "cancelled_revenue")}
    assert told == {"revenue": 200.5, "orders": 1, "units": 2, "cancellation_rate": 0.5, "cancelled_revenue": 100}
    assert (values["fees"], values["net_receipts"], own.currency) == (30, 150.5, "ARS")
