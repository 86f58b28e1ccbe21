"""Names of exports that a stranger uploads: what is counted, what is a fee, and what is no sale at all."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.costs import SUMMED
from tests.unit.gateway.intake.tables import fields, reading, sold


def test_what_a_marketplace_paid_for_lost_goods_is_no_sale() -> None:
    found = reading(
        "approval-date;reimbursement-id;amazon-order-id;reason;sku;product-name;currency-unit;amount-per-unit;"
        "amount-total;quantity-reimbursed-cash;quantity-reimbursed-total;original-reimbursement-id\n"
        "2026-03-02;900;114-1;Lost_Warehouse;A-1;Cup;USD;10.50;21.00;2;2;\n"
        "2026-03-03;901;114-2;CustomerReturn;A-2;Plate;USD;30.00;30.00;1;1;"
    )

    assert found.lines is None
    assert found.report.kind == "payouts"


@pytest.mark.parametrize("name", ["Qtd. mínima", "Quantidade por caixa", "MOQ", "Min Order Qty", "Cantidad mínima"])
def test_how_many_can_be_ordered_counts_nothing_that_was_sold(name: str) -> None:
    """The price of a box is that of its pieces, as a row's total would be."""
    found = reading(
        f"Código;Descrição;{name};Preço unitário;Preço caixa\nA1;Copo;6;10,50;63,00\nB2;Prato;12;5,00;60,00"
    )

    assert found.lines is None
    assert found.report.kind == "prices"


@pytest.mark.parametrize("name", ["TransactionNo", "Transaction No", "Transaction"])
def test_a_transactions_number_is_its_orders(name: str) -> None:
    found = reading(
        f"{name};Date;ProductNo;ProductName;Price;Quantity\n"
        "581475;12/19/2018;21;Cup;10.50;2\n581475;12/19/2018;22;Plate;30.00;1\nC581476;12/20/2018;21;Cup;10.50;-1"
    )

    assert fields(found)["order_id"] == name
    assert sold(found)["revenue"].sum() == 51
    assert sold(found)["refund"].sum() == 10.5


def test_a_number_in_base_64_is_an_orders_number() -> None:
    ids = ("kZ3x_y9QbcdEfghI-klmnA==", "aBcdefGhij9kLmnopqrstQ==", "zYxwvutsrqPonmlkjihg1w==")
    rows = "\n".join(f"{one};Cup;2026-03-0{n + 1};10.50" for n, one in enumerate(ids))

    assert fields(reading(f"Purchase ID;Item Name;Purchase Date;Subtotal\n{rows}"))["order_id"] == "Purchase ID"


def test_the_parts_of_a_final_value_fee_and_what_stands_beside_them_are_the_fees() -> None:
    found = reading(
        "Order creation date;Order number;Item title;Item price;Quantity;Item subtotal;Shipping and handling;"
        "Final Value Fee - fixed;Final Value Fee - variable;Promoted Listing Standard fee;Order earnings\n"
        "Mar 02, 2026;11-1;Cup;10.50;2;21.00;0;-0.30;-2.78;-0.42;17.50\n"
        "Mar 03, 2026;11-2;Plate;30.00;1;30.00;5.00;-0.30;-3.98;-0.60;30.12"
    )

    assert sold(found)["fees"].to_list() == pytest.approx([3.5, 4.88])
    assert any(one.startswith(SUMMED.split("{")[0]) for one in found.report.warnings)


def test_a_fee_that_was_adjusted_afterwards_stands_in_place_of_the_first_one() -> None:
    head = "Order ID;Order Date;Gross Amount;Fees;Net Amount;Adjusted Gross;Adjusted Fees;Adjusted Net;Currency"
    some = "1;03/02/2026;21.00;1.09;19.91;;;;USD\n2;03/03/2026;30.00;1.45;28.55;10.00;0.65;9.35;USD"
    each = "1;03/02/2026;21.00;1.09;19.91;0;0;0;USD\n2;03/03/2026;30.00;1.45;28.55;10.00;0.65;9.35;USD"

    assert sold(reading(f"{head}\n{some}"))["fees"].to_list() == [1.09, 0.65]
    assert sold(reading(f"{head}\n{each}"))["fees"].to_list() == [1.09, 1.45]  # a zero says nothing


def test_the_day_of_a_document_is_that_of_its_sale_and_a_text_with_a_day_in_it_is_none() -> None:
    told = "Estatus: despachado para entrega a domicilio, Fecha: lunes {n} de enero del 2026 08:59 hrs."
    rows = "\n".join(f"23307{n};2026-02-0{n};K-{n};2;50,00;{told.format(n=n + 11)}" for n in range(1, 7))
    names = "DocNum;{};Código;Cantidad;Total;U_SEGUIMIENTO"
    days = [sold(reading(f"{names.format(name)}\n{rows}"))["at"] for name in ("DocDate", "Campo7")]

    assert days[0].dt.month().to_list() == [2] * 6
    assert days[1].dt.month().drop_nulls().to_list() in ([], [2] * 6)


def test_what_videos_sold_is_of_no_day_on_which_they_were_shown() -> None:
    rows = "\n".join(f"{n};Batom {n};2026-03-0{n} 06:00:00;Ana;24,50;{n};{24.5 * n:.2f};90{n}" for n in range(1, 7))
    found = reading(f"排名;视频标题;视频发布时间;达人昵称;售价;销量;销售额;播放量\n{rows}", ["tiktok_shop"])

    assert found.lines is None
    assert found.report.kind == "performance"


@pytest.mark.parametrize(("phase", "is_title"), [("Current phase", False), ("Fase atual", False), ("Observação", True)])
def test_the_titles_of_cards_are_no_products(phase: str, is_title: bool) -> None:
    rows = "\n".join(f"PV{n} - Hospital {n};Arquivado;20{n};2026-03-0{n};{n}00,00" for n in range(1, 7))
    lines = sold(reading(f"Title;{phase};Número da NF;Data de Faturamento;Valor Faturado\n{rows}"))

    assert (lines["title"].count() > 0, lines["revenue"].sum()) == (is_title, 2100)
