"""What a name says of taxes beside what it is: fees and amounts with and without them are one amount each."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.tax_asides import is_taxed, without_tax_aside
from gateway.intake.layouts.withheld import is_withheld
from tests.unit.gateway.intake.tables import fields, reading, sold


@pytest.mark.parametrize(
    ("header", "name", "taxed"),
    [
        ("Commission (TTC)", "Commission", True),
        ("Commission HT", "Commission", False),
        ("Preço s/ IVA", "Preço", False),
        ("Total c/ IVA", "Total", True),
        ("Komisyon Tutarı (KDV Dahil)", "Komisyon Tutarı", True),
        ("Pret unitar fara TVA", "Pret unitar", False),
        ("Subtotal (ex tax)", "Subtotal", False),
        ("Price (Incl. GST + Commission)", "Price", True),
        ("IVA incluído", "IVA incluído", True),
        ("Sales Tax", "Sales Tax", None),
        ("Com desconto", "Com desconto", None),
    ],
)
def test_a_name_is_told_from_what_it_says_of_taxes(header: str, name: str, taxed: bool | None) -> None:
    left = without_tax_aside(header).strip()

    assert (left in (name, left if taxed is None else name.translate(str.maketrans("çı", "ci"))), is_taxed(header)) == (
        True,
        taxed,
    )


def test_a_commission_without_its_tax_counts_with_it_once() -> None:
    head = "Order number;Date;Offer SKU;Quantity;Amount;Commission (excluding taxes);Commission taxes"
    found = reading(
        f"{head};Commission value (including taxes);Total order amount incl. VAT (including shipping charges)\n"
        "A1;2026-03-01;K-1;2;100.00;10.00;2.00;12.00;110.00\nA2;2026-03-02;K-2;1;50.00;5.00;1.00;6.00;60.00\n"
        "A3;2026-03-03;K-1;1;50.00;5.00;1.00;6.00;60.00"
    )

    assert sold(found)["fees"].to_list() == [12, 6, 6]
    assert not is_withheld("Total order amount incl. VAT (including shipping charges)")


@pytest.mark.parametrize("with_tax", ["Comissão com impostos", "Comissão TTC"])
def test_the_fee_with_its_tax_stands_for_the_one_without(with_tax: str) -> None:
    found = reading(
        f"Pedido;Data;SKU;Qtd;Valor total;Comissão sem impostos;{with_tax}\n"
        "1;01/03/2026;K-1;2;100,00;10,00;12,30\n2;02/03/2026;K-2;1;50,00;5,00;6,15"
    )

    assert sold(found)["fees"].to_list() == [12.3, 6.15]


def test_a_price_without_the_tax_stands_beside_a_total_with_it() -> None:
    found = reading(
        "Encomenda;Data;Estado;Ref.;Artigo;Qtd;Preço s/ IVA;IVA;Total c/ IVA\n"
        "E-1;01-03-2026;Enviada;K-1;Caneca;2;10,00;23%;24,60\nE-2;02-03-2026;Anulada;K-2;Prato;1;20,00;23%;24,60\n"
        "E-3;03-03-2026;Enviada;K-3;Copo;3;5,00;23%;18,45"
    )

    assert fields(found)["revenue"] == "Total c/ IVA"
    assert sold(found)["revenue"].to_list() == [24.6, 24.6, 18.45]
    assert sold(found)["status"].to_list() == ["sold", "cancelled", "sold"]


def test_of_two_totals_the_one_with_the_taxes_was_paid() -> None:
    found = reading(
        "Order ID;Order Date;SKU;Quantity;Line Total (ex tax);Line Total (inc tax)\n"
        "1;2026-03-01;K-1;1;100.00;120.00\n2;2026-03-02;K-2;1;50.00;60.00"
    )

    assert sold(found)["revenue"].to_list() == [120, 60]
