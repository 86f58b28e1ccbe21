"""The worth of placed orders is assumed to be revenue, and said; what columns tell in other ways is understood."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD, UNPAID
from gateway.intake.layouts.orders_placed import ORDERS_PLACED
from gateway.intake.layouts.taken_back import BOTH_SIGNS
from tests.unit.gateway.intake.tables import fields, reading, sold


@pytest.mark.parametrize("header", ["GMV", "Gross Merchandise Value (BRL)"])
def test_a_worth_of_placed_orders_is_revenue_by_assumption(header: str) -> None:
    rows = "2026-03-01;A-1;300,00;12\n2026-03-02;B-2;251,50;9\n2026-03-03;A-1;80,10;3"
    found = reading(f"Date;SKU;{header};Units sold\n{rows}")

    assert sold(found)["revenue"].sum() == pytest.approx(631.6)
    assert ORDERS_PLACED.format(column=header) in found.report.warnings


def test_a_total_of_sales_is_none_of_placed_orders() -> None:
    found = reading("Date;SKU;Total sales;Units\n2026-03-01;A-1;300,00;12\n2026-03-02;B-2;251,50;9")

    assert sold(found)["revenue"].sum() == pytest.approx(551.5)
    assert not any("pedidos feitos" in told for told in found.report.warnings)


def test_a_statement_counts_no_units_as_it_repeats_them() -> None:
    sale, fee = "Verkoop;B{0};870{0};01-03-2026;2;50,00;100,00", "Commissie;B{0};870{0};01-03-2026;2;-6,00;-12,00"
    more = "Bijdrage;B{0};870{0};01-03-2026;2;-0,50;-1,00"
    rows = "\n".join(line.format(n) for n in range(1, 5) for line in (sale, fee, more))
    found = reading(f"Omschrijving;Bestelnummer;EAN;Datum;Aantal;Prijs;Bedrag\n{rows}")

    assert BOTH_SIGNS in found.report.warnings
    assert sold(found)["revenue"].null_count() == sold(found)["units"].null_count() == 12


def test_a_program_writes_its_own_names_behind_those_of_the_columns() -> None:
    header = (
        "Data da compra (date_created);Número da transação (operation_id);Status da operação (status);"
        "Valor do produto (transaction_amount);Tarifa do Mercado Pago (mercadopago_fee);"
        "Valor devolvido (amount_refunded)"
    )
    rows = (
        "01/03/2026 10:00;70001;approved;100,00;-4,99;0,00\n02/03/2026 10:00;70002;rejected;50,00;0,00;0,00\n"
        "03/03/2026 10:00;70003;refunded;80,00;0,00;-80,00"
    )
    found = reading(f"{header}\n{rows}")

    assert sold(found)["status"].to_list() == [SOLD, UNPAID, RETURNED]
    assert sold(found)["fees"].sum() == pytest.approx(4.99)
    assert sold(found)["refund"].sum() == 80
    assert fields(found)["at"] == "Data da compra (date_created)"


def test_short_forms_of_databases_are_names() -> None:
    header = "nr_venda;dt_venda;cod_prod;nm_prod;nm_cliente;qt;vl_total;tx_gateway"
    found = reading(f"{header}\n1;01/03/2026;A-1;Vela;Ana;1;54,00;3,09\n2;02/03/2026;B-2;Bolsa;Bia;2;179,80;9,37")

    assert fields(found)["title"] == "nm_prod"
    assert sold(found)["fees"].sum() == pytest.approx(12.46)
    assert "Ana" not in str(found.report)


def test_a_transactions_status_tells_what_was_cancelled() -> None:
    header = "Código da transação;Status da transação;Data da transação;Produto;Faturamento bruto (sem impostos)"
    states = ("Completo", "Aprovado", "Reembolsado", "Cancelado", "Expirado")
    rows = "\n".join(f"HP{n};{state};0{n + 1}/03/2026;Curso;197,00" for n, state in enumerate(states))
    found = reading(f"{header}\n{rows}")

    assert sold(found)["status"].to_list() == [SOLD, SOLD, RETURNED, CANCELLED, UNPAID]


def test_a_blank_column_of_returns_makes_no_export_of_returns() -> None:
    rows = "\n".join(f"b{n};0{n}.03.2026;SENT;S-{n};1;10,90;" for n in range(1, 5))
    found = reading(f"Bestellnummer;Bestelldatum;Positionsstatus;SKU;Menge;Bruttopreis;Retourendatum\n{rows}")

    assert sold(found)["revenue"].sum() == pytest.approx(43.6)


def test_a_discount_of_which_only_the_sums_tell_is_taken_off() -> None:
    rows = ("1;2026-03-01;A;2;50,00;100,00;10,00;90,00", "2;2026-03-02;B;1;40,00;40,00;0,00;40,00",
            "3;2026-03-03;A;1;50,00;50,00;5,00;45,00")  # fmt: skip
    found = reading("\n".join(["Order;Date;SKU;Qty;Unit price;Total;Discount given;Left over", *rows]))

    assert sold(found)["revenue"].to_list() == [90, 40, 45]


def test_a_total_in_an_orders_own_row_is_without_the_delivery_that_its_buyer_paid() -> None:
    head = "Type;OrderId;SellerStatus;OrderDate;DeliveryAmount;TotalToPayAmount;Currency;OfferName;Quantity;PriceAmount"
    rows: list[str] = []
    for number, (state, price) in enumerate((("SENT", 50), ("SENT", 30), ("CANCELLED", 70), ("SENT", 20)), start=1):
        rows.append(
            f"order;o-{number};{state};2026-03-0{number};12,99;{price * 2 + 12.99:.2f};PLN;;;".replace(".", ",")
        )
        rows.append(f"lineItem;o-{number};;;;;;Kubek {price};2;{price},00")
    found = reading("\n".join([head, *rows]))
    lines = sold(found).filter(sold(found)["status"] == SOLD)

    assert lines["revenue"].sum() == pytest.approx(200)
    assert lines["units"].sum() == 6
