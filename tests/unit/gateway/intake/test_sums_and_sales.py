"""A sale whose cells read like a total is a sale; a sum of other rows is none, whatever it is called."""

from __future__ import annotations

import polars as pl
import pytest

from gateway.intake.layouts import understand
from gateway.intake.layouts.bare import UNTOLD
from gateway.intake.layouts.columns import SUMMED_UP
from gateway.intake.layouts.sum_labels import kind_of_label
from gateway.intake.layouts.sums import sums_below_groups, sums_of_group, sums_of_others
from tests.unit.gateway.intake.tables import cells, raw, reading, sold

ORDERS = "Pedido;Data;Produto;Quantidade;Valor total"
TWO = f"{ORDERS}\n1001;01/03/2026;Camisa;1;100,00\n1002;02/03/2026;Calça;2;200,00\n"
SUMS = [
    "TOTAL (2 pedidos)", "Total vendido", "Total de 2 pedidos", "Importe total", "Order total", "Vendas totais",
    "Jumlah", "Tổng doanh thu", "Totale", "T O T A L", "Σ", "Resultado",
]  # fmt: skip


def days(header: str, row: str) -> str:
    """Return a table of March with a row for each day: `{paid}` goes through three means."""
    paid = ["Pix", "Cartão", "Saldo em conta"]
    return header + "".join(
        "\n" + row.format(day=day, paid=paid[day % 3], note="Saldo de março" if day == 5 else "")
        for day in range(1, 31)
    )


@pytest.mark.parametrize(
    "text",
    [
        days("Data;Canal;Pagamento;Valor total", "{day:02}/03/2026;Shopee;{paid};10,00"),
        days("Pagamento;Data;Canal;Valor total", "{paid};{day:02}/03/2026;Shopee;10,00"),
        days("Data;Canal;Obs;Valor total", "{day:02}/03/2026;Shopee;{note};10,00"),
        days("Pedido;Data;Pagamento;Valor total", "10{day:02};{day:02}/03/2026;Pix;10,00").replace(
            "1005;05/03/2026;Pix", ";05/03/2026;Saldo Mercado Livre"
        ),
    ],
)
def test_a_means_of_payment_or_a_note_that_reads_like_a_balance_is_no_sum(text: str) -> None:
    found = reading(text)

    assert (sold(found)["revenue"].sum(), sold(found).height) == (300, 30)
    assert not [said for said in found.report.warnings if "total, média" in said]


@pytest.mark.parametrize(
    ("title", "order"),
    [(title, True) for title in ("Resumo Semanal", "Total", "Resumo", "Saldo", "Soma", "Subtotal")]
    + [(title, False) for title in ("Resumo Semanal", "Total", "Resumo", "Saldo")],
)
def test_a_product_of_such_a_name_is_sold(title: str, *, order: bool) -> None:
    names = ORDERS if order else ORDERS.removeprefix("Pedido;")
    rows = [f"01/03/2026;{title};1;100,00", "02/03/2026;Planner;2;200,00", "03/03/2026;Caderno;1;50,00"]
    numbered = [f"{1001 + at};{row}" if order else row for at, row in enumerate(rows)]

    assert sold(reading("\n".join([names, *numbered])))["revenue"].to_list() == [100, 200, 50]


@pytest.mark.parametrize("order", ["Pedido;", ""])
def test_products_that_are_all_called_so_are_sold(order: str) -> None:
    rows = [f"0{n}/03/2026;Resumo {name};1;{n}0,00" for n, name in ((1, "Semanal"), (2, "Mensal"), (5, "Anual"))]
    text = "\n".join(
        [f"{order}Data;Produto;Quantidade;Valor total", *(f"1{row[:2]};{row}" if order else row for row in rows)]
    )

    assert sold(reading(text))["revenue"].to_list() == [10, 20, 50]


def test_a_known_export_sells_a_product_that_is_called_total() -> None:
    text = (
        "ID do pedido;Status do pedido;Data de criação do pedido;Nome do Produto;Quantidade;Preço acordado;"
        "Subtotal do produto;Valor Total\nA1;Concluído;2026-03-01 10:00;Total;1;100,00;100,00;100,00\n"
        "A2;Concluído;2026-03-02 10:00;Meia;1;50,00;50,00;50,00"
    )

    assert sold(understand(raw(cells(text)), ["shopee"]))["title"].to_list() == ["Total", "Meia"]


@pytest.mark.parametrize("title", ["Total Clean", "Resumo Semanal"])
def test_a_further_item_of_an_order_is_sold_whatever_its_name_begins_with(title: str) -> None:
    text = (
        "Pedido;Data;Cliente;Produto;Quantidade;Valor total\n1001;01/03/2026;Ana;Camisa;1;100,00\n"
        f";;;{title};1;30,00\n1002;02/03/2026;Bia;Calça;2;200,00\n1003;03/03/2026;Caio;Meia;1;50,00"
    )

    assert sold(reading(text))["revenue"].to_list() == [100, 30, 200, 50]
    assert sold(reading(f"{text}\nTotal;;;;5;380,00"))["revenue"].to_list() == [100, 30, 200, 50]


def test_a_further_item_may_be_called_total_where_others_stand_so() -> None:
    text = f"{TWO};;Meia;1;9,00\n;;Total;1;30,00\n1003;03/03/2026;Cinto;1;50,00\n1004;03/03/2026;Cinto;1;51,00"

    assert sold(reading(text))["revenue"].to_list() == [100, 200, 9, 30, 50, 51]


@pytest.mark.parametrize("label", SUMS)
@pytest.mark.parametrize("row", ["{};;;3;300,00", ";{};;3;300,00", ";;{};3;300,00"])
def test_a_sum_is_left_out_in_whatever_words_it_is_told(label: str, row: str) -> None:
    found = reading(TWO + row.format(label))

    assert kind_of_label(label)
    assert sold(found)["revenue"].to_list() == [100, 200]
    assert SUMMED_UP.format(rows=1) in found.report.warnings


@pytest.mark.parametrize("row", ["Faturado até aqui;;;3;300,00", ";Faturado até aqui;;3;300,00", ";;;3;300,00"])
def test_a_sum_is_known_by_its_amount_where_nobody_knows_its_name(row: str) -> None:
    found = reading(TWO + row)

    assert sold(found)["revenue"].to_list() == [100, 200]
    assert SUMMED_UP.format(rows=1) in found.report.warnings


@pytest.mark.parametrize("title", ["Total geral", "Total", "Saldo Americanas"])
def test_an_order_with_number_and_date_is_one_even_where_its_amount_is_the_sum(title: str) -> None:
    assert sold(reading(f"{TWO}1003;03/03/2026;{title};1;300,00"))["revenue"].to_list() == [100, 200, 300]


def test_cancelled_rows_may_be_missing_from_a_sum() -> None:
    found = reading(
        "Pedido;Data;Produto;Status;Quantidade;Valor total\n1001;01/03/2026;Camisa;Pago;1;100,00\n"
        "1002;02/03/2026;Calça;Cancelado;2;200,00\n1003;02/03/2026;Calça;Pago;2;200,00\nApurado;;;;3;300,00"
    )

    assert sold(found)["revenue"].to_list() == [100, 200, 200]


@pytest.mark.parametrize(
    "rows",
    [
        ["01/03/2026;Shopee;100,00", "02/03/2026;Shopee;200,00", "Março;Shopee;300,00"],
        ["01/03/2026;Shopee;100,00", "02/03/2026;Shopee;200,00", "Março;Shopee;300,00", "01/04/2026;Shopee;50,00",
         "02/04/2026;Shopee;60,00", "2026-04;Shopee;110,00"],
        ["01/03/2026;Shopee;100,00", "02/03/2026;Amazon;20,00", "02/03/2026;Shopee;200,00", "03/03/2026;Amazon;20,00",
         "Março;Shopee;300,00", "Março;Amazon;40,00"],
    ],
)  # fmt: skip
def test_a_row_of_a_month_among_days_is_the_sum_of_them(rows: list[str]) -> None:
    found = sold(reading("\n".join(["Data;Canal;Valor total", *rows])))

    assert found["at"].null_count() == 0
    assert found.height == sum("/" in row for row in rows)


def test_a_row_that_nobody_can_tell_is_not_counted_and_told() -> None:
    found = reading(f"{TWO}1003;02/03/2026;Meia;1;20,00\nVer planilha;;;3;250,00")

    assert sold(found)["revenue"].to_list() == [100, 200, 20]
    assert UNTOLD.format(rows=1, first=5) in found.report.warnings


@pytest.mark.parametrize("amount", ["77,00", "300,00"])
def test_an_order_that_lacks_date_and_product_stays_one(amount: str) -> None:
    assert sold(reading(f"{TWO}1003;;;1;{amount}")).height == 3


def test_a_sale_whose_date_is_not_told_stays_one() -> None:
    text = "Data;Canal;Valor total\n01/03/2026;Shopee;100,00\ns/d;Shopee;50,00\n02/03/2026;Shopee;200,00"

    assert sold(reading(text))["revenue"].to_list() == [100, 50, 200]


def test_sums_of_all_of_those_above_and_since_the_last() -> None:
    def found(amounts: list[float | None], may_be: list[int], least: int = 1) -> list[int]:
        marks = pl.Series([index in may_be for index in range(len(amounts))])
        return sums_of_others(pl.Series(amounts, dtype=pl.Float64), marks, least=least).arg_true().to_list()

    assert found([6, 1, 2, 3], [0]) == [0]
    assert found([1, 2, 3, 4, 5, 9, 12], [2, 5]) == [2, 5]
    assert found([1, 2, 3, 4, 7], [2, 4]) == [2, 4]
    assert found([1, 1], [1], least=2) == []
    assert found([1, 2, 8, None, 0], [2, 3, 4]) == []
    assert found([5, 2, 8, 10], [1, 3]) == []
    assert found([10, 5, 25, 30], [3]) == []  # of some right above, as an order's further item may be


def test_sums_of_groups_that_another_column_puts_together() -> None:
    def found(amounts: list[float | None], groups: str) -> list[int]:
        group = pl.Series([one.strip("+ ") or None for one in groups])
        marks = pl.Series([one == "+" for one in groups])
        return sums_below_groups(pl.Series(amounts, dtype=pl.Float64), marks, group).arg_true().to_list()

    # groups of two rows and more have a sum of their own, those of one have none
    assert found([40, 30, 70, 10, 5, 25, 30], "AA+BCC+") == [2, 6]
    assert found([40, 30, 70, 10, 5, None, 25, 30, 110], "AA+BCCC++") == [2, 7]
    assert found([40, 30, 70, 5, 25, 30], "AA+AA+") == [2, 5]
    assert found([10, 5, 25, 30], "BCC+") == []  # one alone
    assert found([40, 30, 70, 10, 5, 25, 31], "AA+BCC+") == []  # a group has another sum
    assert found([40, 30, 70, 5, 25], "AA+CC") == []  # or none
    assert found([40, 30, 70, 10, 5, 25, 30], "  +B  +") == []  # nothing puts them together
    assert found([0, 0, 0, 0, 0, 0], "AA+BB+") == []


@pytest.mark.parametrize("at", [2, 3, 15, 30])
def test_a_further_item_that_is_the_sum_of_some_rows_above_is_sold(at: int) -> None:
    amounts = [20 + 10 * (n % 4) for n in range(30)]
    rows = [f"{1000 + n};{1 + n % 28:02d}/03/2026;Peça {n};{amount},00" for n, amount in enumerate(amounts)]
    item = f";;Kit presente;{sum(amounts[at - 2 : at])},00"
    found = reading("\n".join(["Pedido;Data;Produto;Valor", *rows[:at], item, *rows[at:]]))

    assert sold(found)["revenue"].sum() == sum(amounts) + sum(amounts[at - 2 : at])


def test_groups_that_have_their_sum_without_a_name() -> None:
    text = "Bill No;Date;Customer;Qty;Sales Value\n1;01/03/2026;A;2;10,50\n2;02/03/2026;A;3;20,25\n;;;5;30,75\n"
    text += "3;03/03/2026;B;1;7,00\n4;04/03/2026;C;4;40,00\n5;05/03/2026;C;-1;-4,00\n;;;3;36,00\n"
    text += "6;06/03/2026;D;1;5,00\n;;;12;78,75"
    lines = sold(reading(text))

    assert (lines["revenue"] - lines["refund"].fill_null(0)).sum() == 78.75
    assert lines["order_id"].n_unique() == 6


def test_sums_of_those_that_say_the_same() -> None:
    amounts, group = pl.Series([1.0, 2.0, 3.0, 2.0, None]), pl.Series(["a", "b", "a", "b", "b"])

    assert sums_of_group(amounts, pl.Series([False, False, True, True, True]), group).to_list() == [
        False, False, False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("row", ["31/03/2026;Total;300,00", ";Total;311,00", "Total;;311,00", ";;300,00"])
def test_a_channel_that_is_called_total_is_the_sum_of_them(row: str) -> None:
    rows = "01/03/2026;Shopee;100,00\n02/03/2026;Shopee;150,00\n03/03/2026;Amazon;50,00"

    assert sold(reading(f"Data;Canal;Valor total\n{rows}\n{row}"))["revenue"].to_list() == [100, 150, 50]


def test_a_gift_card_is_sold() -> None:
    rows = "01/03/2026;Saldo Americanas;1;40,00\n02/03/2026;Meia;1;60,00\n03/03/2026;Cinto;1;10,00"

    assert sold(reading(f"Data;Produto;Quantidade;Valor total\n{rows}"))["revenue"].to_list() == [40, 60, 10]


def test_orders_of_two_words_are_orders() -> None:
    orders = TWO.replace("\n100", "\nPED 100")
    found = reading(f"{orders}PED 1003;02/03/2026;Meia;1;20,00\nPED 1004;;;1;77,00\nApurado;;;5;397,00")

    assert sold(found)["revenue"].to_list() == [100, 200, 20, 77]


@pytest.mark.parametrize(
    ("rows", "revenue"),
    [
        (["1;01/03/2026;;A;2;50", "2;02/03/2026;;B;3;49", ";;;Fechamento;5;99"], 99),
        ([";;;A;2;50", ";;;B;3;49", ";;;C;1;10", ";;;Fechamento;6;109"], 109),
        ([";;;Tudo;6;109", ";;;A;2;50", ";;;B;3;49", ";;;C;1;10"], 109),
        ([";;;A;2;50", ";;;B;3;49", ";;;C;1;10", ";;;D;5;109"], 218),  # its units are its own
        ([";;;A;1;10", ";;;B;1;10", ";;;C;2;20"], 40),  # so few may be chance
        (["1;01/03/2026;A1;A;1;10", "2;01/03/2026;A1;A;1;10", ";;A2;C;2;20"], 40),
        (
            [";01/03/2026;;A;2;50", ";02/03/2026;;B;3;49", ";;;Fecho;5;99", ";01/04/2026;;C;1;10",
             ";02/04/2026;;C;1;11", ";;;Fecho abril;2;21"],
            120,
        ),
        (  # further items of an order stand so, too
            ["1;01/03/2026;;A;1;10", "2;01/03/2026;;A;1;10", ";;;A;2;20", "3;02/03/2026;;B;1;7", "4;02/03/2026;;B;1;7",
             "5;02/03/2026;;B;1;7", ";;;B;3;8"],
            69,
        ),
    ],
)  # fmt: skip
def test_a_row_with_a_name_alone_is_a_sum_where_amount_and_units_are(rows: list[str], revenue: float) -> None:
    names = ["Pedido", "Data", "SKU", "Produto", "Qtd", "Valor total"]
    filled = [any(row.split(";")[at] for row in rows) for at in range(len(names))]
    table = [
        ";".join(cell for cell, has in zip(row.split(";"), filled, strict=True) if has)
        for row in [";".join(names), *rows]
    ]

    assert sold(reading("\n".join(table)))["revenue"].sum() == revenue


def test_a_total_below_days_is_one_beside_a_count_of_items_that_is_called_as_products_are() -> None:
    days = [f"{day:02d}/09/2026;{day};{day * 3};{day}10,50;90,00" for day in range(1, 11)]
    found = reading(
        "\n".join(["Dia;Pedidos;Itens vendidos;Faturamento;Ticket médio", *days, "Total;55;165;5.605,00;"]),
        ["own_store"],
    )

    assert sold(found)["revenue"].sum() == 5605
    assert sold(found)["units"].sum() == 165
