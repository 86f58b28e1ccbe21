"""Statements of an account are no sales: the balance after each entry tells them."""

import pytest

from gateway.intake.layouts.account_statement import BOOKED, CREDITED, STATEMENT
from tests.unit.gateway.intake.tables import reading

WALLET = """\
Data;Tipo de transação;ID do pedido;Valor;Status;{balance}
2026-08-01 10:00:00;Renda do pedido;2608A;50,10;Concluído;150,10
2026-08-02 10:00:00;Renda do pedido;2608B;60,20;Concluído;210,30
2026-08-03 10:00:00;Renda do pedido;2608C;70,30;Concluído;280,60
2026-08-04 10:00:00;Renda do pedido;2608D;10,00;Concluído;290,60
2026-08-05 10:00:00;Saque;;-90,00;Concluído;{last}
"""


@pytest.mark.parametrize("balance", ["Balanço após as transações", "Saldo", "PARTIAL_BALANCE", "Saldo Akhir"])
def test_a_wallet_has_no_sales(balance: str) -> None:
    found = reading(WALLET.format(balance=balance, last="200,60"), ["shopee"])

    assert (found.lines, found.report.kind, found.report.asks) == (None, "payouts", False)
    assert found.report.warnings[0] == STATEMENT.format(column=balance)


def test_a_balance_that_no_amount_carries_is_none() -> None:
    # what a customer still owes, or what is left in stock, is called so too
    text = WALLET.format(balance="Saldo", last="1,00").replace("210,30", "7,00").replace("280,60", "3,00")

    assert reading(text, ["shopee"]).report.kind != "payouts"


def test_what_came_into_an_account_is_no_cost() -> None:
    found = reading("Data;Razão;Crédito\n02/02/2026;Loja;190,50\n03/02/2026;Loja;17,30\n04/02/2026;Site;46,00")

    assert (found.lines, found.report.kind) == (None, "payouts")
    assert found.report.warnings[0] == CREDITED.format(column="Crédito")


ENTRIES = "Data;Lançamento;Razão social;Valor\n02/02/2026;Pix;Loja;190,50\n03/02/2026;TED;Banco;-17,30"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("Data;Débito;Crédito\n02/02/2026;190,50;\n03/02/2026;;17,30\n04/02/2026;46,00;", "Débito"),
        (
            "Data;Histórico;Débito;Crédito;Saldo\n12/03/2026;PIX;;100,00;1.100,00\n13/03/2026;TARIFA;10,00;;1.090,00",
            "Histórico",
        ),
        (ENTRIES, "Lançamento"),
        (ENTRIES.replace("Lançamento", "tipo_credito_debito"), "tipo_credito_debito"),
    ],
)
def test_entries_of_an_account_are_no_costs(text: str, column: str) -> None:
    found = reading(text)

    assert (found.lines, found.report.kind, found.report.asks) == (None, "payouts", False)
    assert found.report.warnings[0] == BOOKED.format(column=column)


@pytest.mark.parametrize("text", [ENTRIES.replace("Razão social", "Fornecedor"), ENTRIES.replace("Razão", "Despesa")])
def test_entries_of_what_was_spent_are_costs(text: str) -> None:
    assert reading(text).report.kind == "costs"


def test_products_that_came_out_on_a_day_are_no_entries() -> None:
    rows = [f"P{n};Copo {n};{n}9,90;{n}5,00;0{n}/03/2026" for n in range(1, 5)]
    found = reading("\n".join(["id_produto;nome_produto;preco_unitario;custo_unitario;data_lancamento", *rows]))

    assert found.report.kind == "costs"
    assert found.goods is not None


def test_entries_below_a_name_of_expenses_are_costs() -> None:
    assert reading(ENTRIES, where="planilha “Despesas”").report.kind == "costs"


BANK = "Data;Descrição;{names};Saldo\n" + "\n".join(
    f"0{day}/03/2026;{what};{moved};{balance}"
    for day, what, moved, balance in (
        (1, "SALDO ANTERIOR", "{none}", "1.000,00"),
        (2, "PIX RECEBIDO", "200,50{out}", "1.200,50"),
        (3, "BOLETO", "{paid}300,00", "900,50"),
        (4, "PIX RECEBIDO", "50,00{out}", "950,50"),
        (5, "TARIFA", "{paid}10,25", "940,25"),
        (6, "PIX RECEBIDO", "9,75{out}", "950,00"),
    )
)


@pytest.mark.parametrize(
    "text",
    [
        BANK.format(names="Valor", none="", out="", paid="-"),
        BANK.format(names="Entrada;Saída", none=";", out=";", paid=";"),
    ],
)
def test_a_statement_of_a_bank_is_no_stock(text: str) -> None:
    found = reading(text)

    assert (found.lines, found.report.kind) == (None, "payouts")
    assert found.report.warnings[0] == STATEMENT.format(column="Saldo")


def test_a_book_of_what_is_in_stock_is_no_account() -> None:
    moves = [(2, "5;", 25), (3, ";10", 15), (4, "2;", 17), (5, ";1", 16)]
    rows = [f"0{day}/03/2026;Mesa;{moved};{left}" for day, moved, left in [(1, ";", 20), *moves]]

    assert reading("\n".join(["Data;Produto;Entrada;Saída;Saldo", *rows])).report.kind == "stock"
