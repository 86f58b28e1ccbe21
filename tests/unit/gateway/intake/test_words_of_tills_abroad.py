"""Names of columns of tills and shops in Spanish, German, Polish and Indonesian, and of pieces that were sold."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.unpriced import UNPRICED
from tests.unit.gateway.intake.tables import fields, reading, sold


def test_payments_of_a_studio_in_spanish_are_sales() -> None:
    rows = "\n".join(f"2026-05-{n + 1:02} 20:15;Plan;{n * 15 + 20},00;{29476 + n * 7}" for n in range(9))
    found = reading(f"Fecha de pago;Elemento;Valor de la venta;Referencia de venta\n{rows}")

    assert fields(found) == {
        "at": "Fecha de pago",
        "revenue": "Valor de la venta",
        "order_id": "Referencia de venta",
    }


@pytest.mark.parametrize("name", ["FECHA_HORA", "Fecha y hora", "Fecha de factura", "Fecha de la orden"])
def test_days_have_these_names_in_spanish(name: str) -> None:
    found = reading(f"ID_PEDIDO;PRODUCTO;CANTIDAD;PRECIO;{name}\n7;Aros;2;10,50;2026-05-13 14:30\n8;Anillo;1;9,90;")

    assert fields(found)["at"] == name


@pytest.mark.parametrize(
    "names",
    ["BestellID;ProduktID;Bestelldatum;Menge", "VerkaufsID;ProduktID;Datum;Menge", "transakcja_id;kod;data;szt"],
)
def test_numbers_of_orders_in_german_and_polish(names: str) -> None:
    rows = "\n".join(f"{n + 40};{n % 4 + 11};2026-03-{n % 28 + 1:02};{n % 3 + 1}" for n in range(40))
    found = reading(f"{names}\n{rows}", where="planilha “Verkauf”")

    assert fields(found)["order_id"] == names.split(";", maxsplit=1)[0]
    assert UNPRICED in found.report.warnings


def test_what_a_till_took_in_a_day_in_indonesian() -> None:
    assert fields(reading("tanggal;total_pemasukan\n2026-12-15;84500\n2026-12-16;91250")) == {
        "at": "tanggal",
        "revenue": "total_pemasukan",
    }


def test_a_price_of_a_litre_is_a_price() -> None:
    found = reading("Fecha;Producto;Cantidad Vendida;Precio por Litro\n2026-03-25;Magna;250.0;23.99\n;Super;200;23.59")

    assert sold(found)["revenue"].sum() == pytest.approx(10715.5)


def test_pieces_that_were_sold_stand_above_those_that_were_bought() -> None:
    rows = "Lamp;5;12.75;9.76;2\nVase;3;18.00;33.56;3\nBowl;4;16.94;52.26;1"
    found = reading(f"Item;Quantity;Cost/Unit;Price Sold;Units Sold\n{rows}", where="sales")

    assert fields(found)["units"] == "Units Sold"
    assert sold(found)["units"].sum() == 6


def test_a_serial_number_counts_no_pieces() -> None:
    rows = "\n".join(f"{n};Shirt;{n * 7 % 50 + 10}" for n in range(1, 20))

    assert "units" not in fields(reading(f"Sl;Product;Sales\n{rows}"))
    pieces = "\n".join(f"{n % 4 + 1};Áo;{n * 7 % 50 + 10}" for n in range(1, 20))
    assert fields(reading(f"SL;Sản phẩm;Thành tiền\n{pieces}"))["units"] == "SL"


def test_an_items_place_is_no_order() -> None:
    found = reading("fecha;item_orden;item_codigo;cantidad;total\n2026-04-18;1;P001;2;20,50\n2026-04-18;2;P002;1;6,10")

    assert "order_id" not in fields(found)


@pytest.mark.parametrize(
    "table", ["mois;ventes\n1;12500\n2;13200\n3;9900", "Type;Net Sales;year\nHats;25;2019\nBags;3;2020"]
)
def test_amounts_of_months_and_years_are_asked_about(table: str) -> None:
    found = reading(table)

    assert found.report.asks
    assert not any("nenhuma coluna diz" in one for one in found.report.warnings)


def test_a_year_without_its_tilde_is_a_year() -> None:
    found = reading("anio;mes;producto;monto\n2026;3;Gorra;90,50\n2026;4;Gorra;70,10")

    assert fields(found)["year"] == "anio"
