"""Sales that a card acquirer reports: its own products are ways of paying, and what it keeps are its fees."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from tests.unit.gateway.intake.tables import fields, reading, sold


def figures(text: str) -> dict[str, float]:
    (own,) = channel_facts(sold(reading(text)), None)
    return {one.metric: round(one.value, 4) for one in own.figures}


def test_a_sale_that_a_card_paid_has_its_fee_and_no_product() -> None:
    text = (
        "DATA DA VENDA;BANDEIRA;PRODUTO;N DE PARCELAS;VALOR BRUTO;VALOR LIQUIDO;DESCONTO DE MDR;DESCONTO UNIFICADO\n"
        "01/06/2026 10:20;VISA;Crédito;1;80,00;77,60;2,40;2,40\n02/06/2026 11:20;ELO;Débito;1;40,00;39,20;0,80;0,80\n"
        "03/06/2026 12:20;VISA;Crédito parcelado 2x;2;60,00;57,00;3,00;3,00"
    )
    found = figures(text)

    assert (found["revenue"], found["fees"]) == (180, 6.2)
    assert "title" not in fields(reading(text))


@pytest.mark.parametrize(
    ("header", "row", "fees"),
    [
        (
            "Data da venda;Hora da venda;Bandeira;Valor bruto;Valor Taxa/Tarifa;Valor líquido;Status da venda",
            "{day}/07/2026;12:46;Visa;{paid};-{kept};{left};{state}",
            3.0,
        ),
        (
            "data da venda;status da venda;valor da venda original;taxa MDR;valor MDR;valor líquido",
            "{day}/07/2026;{state};{paid};2,00;{kept};{left}",
            3.0,
        ),
    ],
)
def test_the_gross_amount_is_the_revenue_and_a_declined_sale_is_none(header: str, row: str, fees: float) -> None:
    sales = [("01", "100,00", "2,00", "98,00"), ("02", "50,00", "1,00", "49,00"), ("03", "200,00", "4,00", "196,00")]
    states = ("Aprovada", "Aprovada", "Negada")
    rows = [
        row.format(day=day, paid=paid, kept=kept, left=left, state=state)
        for (day, paid, kept, left), state in zip(sales, states, strict=True)
    ]
    found = figures("\n".join([header, *rows]))

    assert (found["revenue"], found["fees"]) == (150, fees)


def test_the_simplest_report_has_no_products_either() -> None:
    text = (
        "Data da venda;Produto;Status;Valor bruto;Código de autorização\n26/05/2026;Credito;Aprovada;100,00;A1B2\n"
        "26/05/2026;Debito;Aprovada;55,40;C3D4\n27/05/2026;Pix;Negada;20,90;E5F6"
    )

    assert sold(reading(text))["revenue"].sum() == pytest.approx(176.3)
    assert not {"title", "sku"} & fields(reading(text)).keys()


def test_a_product_that_is_called_like_a_way_of_paying_stays_one_without_payments() -> None:
    found = reading("Data;Produto;Valor total\n01/06/2026;Voucher;80,00\n02/06/2026;Voucher;40,00")

    assert fields(found)["title"] == "Produto"


def test_what_a_receipt_lists_is_no_product() -> None:
    head = "Date;Receipt number;Net sales;Description\n"
    several = reading(
        f"{head}01/10/2026 10:00;2-1;80.00;1 x Latte, 2 x Cake\n02/10/2026 10:00;2-2;40.00;1 x Juice\n"
        "03/10/2026 10:00;2-3;60.00;1.5 x Tea, 1 x Cake"
    )
    one_set = reading(
        f"{head}01/10/2026 10:00;2-1;80.00;6 x Cup\n02/10/2026 10:00;2-2;40.00;6 x Cup, 6 x Saucer\n"
        "03/10/2026 10:00;2-3;60.00;6 x Cup"
    )

    assert sold(several)["revenue"].sum() == 180
    assert "title" not in fields(several)
    assert fields(one_set)["title"] == "Description"
