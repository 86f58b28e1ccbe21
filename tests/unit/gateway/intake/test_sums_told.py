"""What a remark says of amounts is of the sales, as the revenue is: cancelled and unpaid rows are not in it."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.amounts import WHOSE_FREIGHT
from gateway.intake.layouts.buyers_fees import TAKEN_OUT as FEE_TAKEN_OUT
from gateway.intake.layouts.buyers_fees import UNTOLD
from gateway.intake.layouts.buyers_freight import TAKEN_OUT
from gateway.intake.layouts.cancel_reasons import REASONED
from gateway.intake.layouts.cancelled_amounts import LESS
from gateway.intake.layouts.cancelled_amounts import UNSURE as MAY_BE_CANCELLED
from gateway.intake.layouts.discount_rates import AMOUNT_OFF, RATE_OFF
from gateway.intake.layouts.discounts import REFUNDED, TAKEN_OFF, UNSURE
from gateway.intake.layouts.paid_answers import NOT_PAID
from gateway.intake.layouts.paid_otherwise import ADDED
from gateway.intake.layouts.salespeople import OF_SALESPEOPLE
from gateway.intake.layouts.taxed import TAXED
from gateway.intake.layouts.withheld import WITHHELD
from tests.unit.gateway.intake.tables import reading

STATES = ["Entregue", "Cancelado", "Entregue", "Não pago"]


def told(columns: str, *amounts: str, states: list[str] | None = None, named: str = "Status") -> list[str]:
    rows = [
        f"{n};0{n}/10/2026;A;1;{amount}{f';{states[n - 1]}' if states else ''}" for n, amount in enumerate(amounts, 1)
    ]
    header = f"Pedido;Data;Produto;Qtd;{columns}{f';{named}' if states else ''}"
    return reading("\n".join([header, *rows])).report.warnings


@pytest.mark.parametrize(("states", "off", "left"), [(None, "26,00", "374,00"), (STATES, "12,00", "188,00")])
def test_a_discount_that_nothing_shows_is_of_sales(states: list[str] | None, off: str, left: str) -> None:
    rows = ("100,00;5,00", "100,00;6,00", "100,00;7,00", "100,00;8,00")

    said = UNSURE.format(revenue="a coluna “Valor total”", column="Desconto", discount=off, left=left)
    assert said in told("Valor total;Desconto", *rows, states=states)


@pytest.mark.parametrize(("states", "off"), [(None, "26,00"), (STATES, "12,00")])
def test_a_discount_that_is_taken_off_is_of_sales(states: list[str] | None, off: str) -> None:
    rows = ("100,00;5,00;9,00;104,00", "100,00;6,00;9,00;103,00", "110,00;7,00;9,00;112,00", "90,00;8,00;9,00;91,00")

    said = TAKEN_OFF.format(total="Total", revenue="a coluna “Subtotal”", discount=off)
    assert said in told("Subtotal;Desconto;Envio;Total", *rows, states=states)


@pytest.mark.parametrize(("states", "amount"), [(None, "26,00"), (STATES, "12,00")])
def test_freight_that_is_told_is_of_sales(states: list[str] | None, amount: str) -> None:
    rows = ("100,00;5,00", "90,00;6,00", "80,00;7,00", "70,00;8,00")
    priced = ("95,00;5,00;100,00", "84,00;6,00;90,00", "73,00;7,00;80,00", "62,00;8,00;70,00")

    assert WHOSE_FREIGHT.format(column="Frete", total=amount) in told("Valor total;Frete", *rows, states=states)
    said = TAKEN_OUT.format(column="Frete", total="Total", amount=amount)
    assert said in told("Preço;Frete;Total", *priced, states=states)


@pytest.mark.parametrize(
    ("named", "states"),
    [
        ("Status do pagamento", ["Aprovado", "Recusado", "Aprovado", "Pendente"]),
        ("Pago", ["sim", "não", "sim", "não"]),
        ("Cancelado em", ["", "03/10/2026", "", "05/10/2026"]),
        ("Motivo do cancelamento", ["", "Sem estoque", "", "Comprador desistiu"]),
        ("Status", ["Entregue", "Pendente", "Entregue", "Pendente"]),
        ("Status", ["Pago", "Em aberto", "Pago", "Em aberto"]),
    ],
)
def test_a_payment_a_day_a_reason_and_waiting_make_no_sale_in_a_remark_either(named: str, states: list[str]) -> None:
    rows = ("100,00;5,00", "90,00;6,00", "80,00;7,00", "70,00;8,00")
    found = told("Valor total;Desconto", *rows, states=states, named=named)

    said = UNSURE.format(revenue="a coluna “Valor total”", column="Desconto", discount="12,00", left="168,00")
    assert said in found
    once = [REASONED.format(column=named, rows=2), NOT_PAID.format(column=named, rows=2)]
    assert all(found.count(one) <= 1 for one in once), "what tells it is told once"


def test_a_status_of_codes_takes_no_row_out_of_a_sum() -> None:
    rows = ("100,00;5,00", "90,00;6,00", "80,00;7,00", "70,00;8,00")
    found = told("Valor total;Desconto", *rows, states=["X", "Y", "X", "Y"])

    assert UNSURE.format(revenue="a coluna “Valor total”", column="Desconto", discount="26,00", left="314,00") in found


@pytest.mark.parametrize(("states", "amount"), [(None, "10,60"), (STATES, "5,20")])
def test_a_fee_that_the_buyer_may_pay_is_of_sales(states: list[str] | None, amount: str) -> None:
    rows = ("100,00;2,50", "90,00;2,60", "80,00;2,70", "70,00;2,80")
    found = told("Valor dos itens;Taxa de serviço", *rows, states=states)
    assert UNTOLD.format(column="Taxa de serviço", amount=amount) in found

    totals = ("2,50;100,00;102,50", "2,60;90,00;92,60", "2,70;80,00;82,70", "2,80;70,00;72,80")
    said = FEE_TAKEN_OUT.format(column="Taxa de serviço", total="Total do pedido", amount=amount)
    assert said in told("Taxa de serviço;Preço dos itens;Total do pedido", *totals, states=states)


@pytest.mark.parametrize(("states", "amount"), [(None, "2,60"), (STATES, "1,20")])
def test_taxes_that_are_kept_back_are_of_sales(states: list[str] | None, amount: str) -> None:
    rows = ("100,00;10,00;0,50", "90,00;9,00;0,60", "80,00;8,00;0,70", "70,00;7,00;0,80")
    found = told("Valor total;Comissão do marketplace;IRRF retido", *rows, states=states)

    assert WITHHELD.format(columns="“IRRF retido”", total=amount) in found


@pytest.mark.parametrize(("states", "amount"), [(None, "34,00"), (STATES, "18,00")])
def test_the_commission_of_salespeople_is_of_sales(states: list[str] | None, amount: str) -> None:
    rows = ("100,00;10,00;Ana", "90,00;9,00;Bia", "80,00;8,00;Ana", "70,00;7,00;Bia")
    found = told("Valor total;Comissão;Vendedor", *rows, states=states)

    assert OF_SALESPEOPLE.format(column="Comissão", amount=amount, person="Vendedor") in found


@pytest.mark.parametrize(("states", "amount"), [(None, "36,00"), (STATES, "18,00")])
def test_a_discount_that_is_a_share_of_the_price_is_of_sales(states: list[str] | None, amount: str) -> None:
    shares = ("100,00;10", "90,00;10", "80,00;10", "90,00;10")
    amounts = ("100,00;0,10;99,90", "90,00;0,20;89,80", "80,00;0,30;79,70", "90,00;0,40;89,60")

    assert RATE_OFF.format(column="Desconto %", discount=amount) in told("Preço;Desconto %", *shares, states=states)
    said = AMOUNT_OFF.format(column="Desconto", shown="Devido", discount="0,40" if states else "1,00")
    assert said in told("Preço;Desconto;Devido", *amounts, states=states)


@pytest.mark.parametrize(("states", "amount"), [(None, "100,00"), (STATES, "30,00")])
def test_what_was_cancelled_of_gross_sales_is_of_sales(states: list[str] | None, amount: str) -> None:
    rows = ("100,00;10,00;90,00", "90,00;50,00;40,00", "80,00;20,00;60,00", "70,00;20,00;50,00")
    named = {"column": "Cancelamentos", "amount": amount, "revenue": "Venda Bruta"}

    found = told("Venda Bruta;Cancelamentos;Venda Líquida", *rows, states=states)
    assert LESS.format(total="Venda Líquida", **named) in found
    alone = [row.rsplit(";", 1)[0] for row in rows]
    assert MAY_BE_CANCELLED.format(**named) in told("Venda Bruta;Cancelamentos", *alone, states=states)


def test_what_was_cancelled_of_no_sale_is_not_told() -> None:
    rows = ("100,00;0,00", "90,00;90,00", "80,00;0,00", "70,00;70,00")
    found = told("Venda Bruta;Cancelamentos", *rows, states=STATES)

    assert not [one for one in found if "Cancelamentos" in one]


@pytest.mark.parametrize(("states", "total", "left"), [(None, "34,00", "340,00"), (STATES, "18,00", "180,00")])
def test_taxes_that_the_revenue_has_in_it_are_of_sales(states: list[str] | None, total: str, left: str) -> None:
    rows = ("100,00;10,00;110,00", "90,00;9,00;99,00", "80,00;8,00;88,00", "70,00;7,00;77,00")
    found = told("Base;ICMS;Valor total", *rows, states=states)

    said = TAXED.format(column="Valor total", tax="ICMS", without="Base", total=total, left=left)
    assert said in found


@pytest.mark.parametrize(("states", "amount"), [(None, "100,00"), (STATES, "30,00")])
def test_refunds_that_the_revenue_is_without_are_of_sales(states: list[str] | None, amount: str) -> None:
    rows = ("100,00;10,00;90,00", "90,00;50,00;40,00", "80,00;20,00;60,00", "70,00;20,00;50,00")
    found = told("Bruto;Valor reembolsado;Valor total", *rows, states=states)

    assert REFUNDED.format(amount=amount) in found


@pytest.mark.parametrize(("states", "amount"), [(None, "26,00"), (STATES, "12,00")])
def test_what_was_paid_by_gift_card_is_of_sales(states: list[str] | None, amount: str) -> None:
    rows = ("95,00;5,00;100,00", "84,00;6,00;90,00", "73,00;7,00;80,00", "62,00;8,00;70,00")
    found = told("Valor pago;Vale presente;Valor dos produtos no carrinho", *rows, states=states)

    assert [one for one in found if one.startswith(ADDED.split("“", maxsplit=1)[0]) and f"{amount} ao todo" in one]
