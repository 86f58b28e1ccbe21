"""What a shop ordered from its suppliers is asked about, and a person is told by which columns it looks so."""

import pytest

from gateway.intake.layouts.purchases import BOUGHT, ORDERED, SUPPLIED
from tests.unit.gateway.intake.tables import reading, sold


def table(header: str, cells: str) -> str:
    return "\n".join([header, *(f"{cells.format(n=n)};{n};12.50;{n * 12.5}" for n in range(1, 7))])


@pytest.mark.parametrize(
    ("header", "cells", "order", "supplier"),
    [
        ("PO Number;Vendor Name;Date;Item;Qty;Unit Price;Total", "PO-{n};Norte;0{n}/03/2026;Copo", 0, 1),
        ("Invoice No;Vendor;PO Reference;Description;Qty;Unit Price;Subtotal", "NF{n};Norte;P{n};Copo", 2, 1),
        ("po_id;supplier_id;order_date;sku;qty;unit_price;po_total", "P{n};S-1;0{n}/03/2026;C-{n}", 0, 1),
        ("Nº do P.O.;Fornecedor;Data;Produto;Qtd;Preço;Total", "{n};Norte;0{n}/03/2026;Copo", 0, 1),
    ],
)
def test_purchase_orders_beside_suppliers_are_asked_about(header: str, cells: str, order: int, supplier: int) -> None:
    found, names = reading(table(header, cells)), header.split(";")

    assert (found.lines, found.report.asks) == (None, True)
    assert BOUGHT.format(order=names[order], supplier=names[supplier]) in found.report.warnings


def test_purchase_orders_without_a_customer_are_asked_about() -> None:
    found = reading(table("PO No;Date;Item;Qty;Unit Price;Total", "PO-{n};0{n}/03/2026;Copo"))

    assert (found.lines, found.report.asks) == (None, True)
    assert ORDERED.format(order="PO No") in found.report.warnings


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("PO No;Customer;Date;Item;Qty;Unit Price;Total", "PO-{n};Loja {n};0{n}/03/2026;Copo"),
        ("Order Number;PO No;Date;Item;Qty;Unit Price;Total", "SO-{n};PO-9{n};0{n}/03/2026;Copo"),
    ],
)
def test_a_customers_purchase_orders_are_sales(header: str, cells: str) -> None:
    assert sold(reading(table(header, cells)))["revenue"].sum() == pytest.approx(262.5)


def test_suppliers_alone_are_asked_about() -> None:
    found = reading(table("Date;Supplier;Item;Qty;Price;Total", "0{n}/03/2026;Norte;Copo"))

    assert found.lines is None
    assert SUPPLIED.format(supplier="Supplier") in found.report.warnings


def test_purchase_orders_at_a_warehouse_are_no_stock() -> None:
    header = "po_id;vendor_id;warehouse;order_date;qty;unit_price;total_amount"
    found = reading(table(header, "P{n};V-1;Galpão;0{n}/03/2026"))

    assert found.report.kind == "unknown"
    assert BOUGHT.format(order="po_id", supplier="vendor_id") in found.report.warnings
