"""Lists of own stores whose orders' numbers begin anew, and bills that ran out."""

import pytest

from tests.unit.gateway.intake.tables import reading, sold

NUVEMSHOP = (
    "Número do Pedido;Data;Status do Pedido;Status do Pagamento;Status do Envio;Moeda;Subtotal;Desconto;"
    "Valor do Frete;Total;Nome do Produto;Valor do Produto;Quantidade Comprada;SKU"
)


def order(number: str, day: str, paid: str, total: str) -> str:
    return f"{number};{day} 10:00;Aberto;{paid};Enviado;BRL;{total};0,00;0,00;{total};Vestido;{total};1;V-1"


def item(number: str, price: str) -> str:
    return f"{number};;;;;;;;;;Blusa;{price};1;B-1"


def test_two_orders_of_one_number_are_two_orders() -> None:
    rows = [
        order("107", "23/03/2026", "Confirmado", "60,00"),
        order("108", "24/03/2026", "Confirmado", "100,00"),
        item("108", "50,00"),
        order("107", "23/02/2026", "Confirmado", "350,00"),
        order("108", "25/02/2026", "Pendente", "80,00"),
        item("108", "40,00"),
    ]
    lines = sold(reading("\n".join([NUVEMSHOP, *rows])))

    assert lines["order_id"].to_list() == ["107", "108", "108", "107 (2)", "108 (2)", "108 (2)"]
    assert lines["status"].to_list() == ["sold"] * 4 + ["unpaid"] * 2
    assert lines["revenue"].sum() == pytest.approx(60 + 100 + 350 + 80)


def test_an_order_whose_rows_all_have_its_moment_is_one() -> None:
    rows = [order("107", "23/03/2026", "Confirmado", "60,00")] * 2

    assert sold(reading("\n".join([NUVEMSHOP, *rows])))["order_id"].n_unique() == 1


@pytest.mark.parametrize("paid", ["Vencido", "Recusado", "Pendiente", "Rechazado", "Expirado"])
def test_a_bill_that_ran_out_is_no_sale(paid: str) -> None:
    row = order("107", "23/03/2026", paid, "60,00")

    assert sold(reading(f"{NUVEMSHOP}\n{row}"))["status"].to_list() == ["unpaid"]


def test_an_overdue_bill_of_what_was_sent_is_a_sale() -> None:
    table = "Pedido;Data;Produto;Qtd;Valor total;Status do pedido;Status do pagamento\n"
    lines = sold(reading(table + "1;01/03/2026;Meia;1;30,00;Enviado;Vencido\n2;02/03/2026;Meia;1;30,00;Aberto;Vencido"))

    assert lines["status"].to_list() == ["sold", "unpaid"]
