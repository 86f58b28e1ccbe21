"""Rows of a plain table that stand for a whole order, and bills that repeat a sale for each of its charges."""

from __future__ import annotations

from tests.unit.gateway.intake.tables import reading, sold

HEAD = "Pedido;Data;SKU;Produto;Qtd;Preço unitário"
BILL = (
    "Nº da fatura;Número da tarifa;Detalhe;Valor da tarifa;Número da venda;Data da venda;Título do anúncio;"
    "Quantidade vendida;Valor da transação"
)
CUP = "F-1;901;Tarifa de venda;14,00;2001;01/03/2026;Caneca;2;100,00"
MUG = "F-1;903;Tarifa de venda;7,00;2002;02/03/2026;Copo;1;50,00"


def test_an_order_above_its_items_is_not_counted_with_them() -> None:
    found = reading(
        f"{HEAD}\n1;01/03/2026;;;3;60,00\n1;01/03/2026;A-1;Caneca;2;20,00\n1;01/03/2026;B-1;Copo;1;20,00\n2;02/03/2026;A-1;Caneca;1;20,00"
    )

    assert sold(found)["revenue"].to_list() == [40, 20, 20]
    assert any("1 linha(s) são o resumo de pedidos" in one for one in found.report.warnings)


def test_a_further_item_without_a_product_is_a_sale() -> None:
    found = reading(f"{HEAD}\n1;01/03/2026;A-1;Caneca;2;20,00\n1;01/03/2026;B-1;Copo;1;20,00\n1;01/03/2026;;;1;15,00")

    assert sold(found)["revenue"].to_list() == [40, 20, 15]


def test_a_bill_counts_each_sale_once_with_all_of_its_charges() -> None:
    sent = [f"F-1;9{n};Tarifa do Mercado Envios;9,00;{one.split(';', 4)[4]}" for n, one in ((2, CUP), (4, MUG))]
    found = reading("\n".join([BILL, CUP, sent[0], MUG, sent[1]]), ["mercado_livre"])
    lines = sold(found)

    assert lines["revenue"].to_list() == [100, 50]
    assert lines["units"].to_list() == [2, 1]
    assert lines["fees"].to_list() == [14, 7]
    assert lines["shipping"].to_list() == [9, 9]
    assert not [one for one in found.report.warnings if "o nome não diz quem paga" in one]


def test_the_number_of_a_charge_is_no_charge() -> None:
    found = reading(f"{BILL}\n{CUP}\n{MUG}")

    assert sold(found)["fees"].to_list() == [14, 7]


def test_rows_of_one_product_with_different_amounts_are_sales_of_their_own() -> None:
    other = "F-1;902;Tarifa de venda fixa;7,00;2001;01/03/2026;Caneca;1;50,00"

    assert sold(reading(f"{BILL}\n{CUP}\n{other}", ["mercado_livre"]))["revenue"].to_list() == [100, 50]
