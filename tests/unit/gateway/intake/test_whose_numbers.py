"""Numbers and codes of a weak name: those of an order, of its lines, of a product, of who brings it."""

import pytest

from tests.unit.gateway.intake.tables import fields, reading, sold

CODES = "{};Produto;Quantidade;Preço unitário;Data"
TWICE = (
    "{0}1;Sofá;1;900,00;01/03/2026\n{0}2;Mesa;2;400,00;02/03/2026\n{0}1;Sofá;3;900,00;05/03/2026\n"
    "{0}2;Mesa;1;400,00;{1}"
)


@pytest.mark.parametrize("name", ["ID", "Número"])
def test_an_id_that_comes_again_with_its_product_on_other_days_is_the_products(name: str) -> None:
    found = reading(f"{CODES.format(name)}\n{TWICE.format('HL', '06/03/2026')}")

    assert (fields(found).get("order_id"), sold(found)["sku"].to_list()) == (None, ["HL1", "HL2", "HL1", "HL2"])


@pytest.mark.parametrize(
    "table",
    [
        f"{CODES.format('Pedido')}\n{TWICE.format('HL', '06/03/2026')}",
        f"{CODES.format('ID')}\n{TWICE.format('', '02/03/2026').replace('05/03/2026', '01/03/2026')}",
        f"{CODES.format('ID')}\n{TWICE.format('', '06/03/2026').replace('Mesa;1', 'Banco;1')}",
    ],
)
def test_an_id_of_one_day_or_of_several_products_is_the_orders(table: str) -> None:
    assert sold(reading(table))["order_id"].drop_nulls().n_unique() >= 2


def test_numbers_of_an_orders_lines_are_no_products() -> None:
    rows = "1;10;Copo;2;5,00\n2;10;Jarra;1;30,00\n3;11;Copo;4;5,00\n5;12;Copo;1;5,00"
    found = reading(f"item_id;pedido_id;produto;quantidade;preco_unitario\n{rows}")

    assert (sold(found)["sku"].null_count(), sold(found)["title"].n_unique()) == (4, 2)


@pytest.mark.parametrize("codes", [["SO-7", "SO-8", "SO-9", "SO-10"], ["SO-10", "SO-9", "SO-8", "SO-7"]])
def test_a_reference_that_counts_up_or_down_is_no_product(codes: list[str]) -> None:
    days = [f"{code};0{n}/03/2026;{'Copo' if n % 2 else 'Jarra'};1;5,00" for n, code in enumerate(codes, 1)]
    other = [row.replace("SO-8", "TB-8") for row in days]
    far = [row.replace("SO-7", "SO-1").replace("SO-10", "SO-10000") for row in days]

    assert sold(reading("\n".join(["ref_no;data;produto;qtd;total", *days])))["sku"].null_count() == len(codes)
    for kept in (other, far):
        assert sold(reading("\n".join(["ref_no;data;produto;qtd;total", *kept])))["sku"].null_count() == 0


def test_codes_of_products_beside_their_names_stay() -> None:
    rows = "70;10;Copo;2;5,00\n90;10;Jarra;1;30,00\n70;11;Copo;4;5,00\n70;12;Copo;1;5,00"

    assert sold(reading(f"item_id;pedido_id;produto;quantidade;preco_unitario\n{rows}"))["sku"].null_count() == 0


def test_a_long_list_that_names_each_product_once_has_no_orders() -> None:
    head, rows = (
        "ID;Produto;Qtd vendida;Preço venda;Total vendas",
        [f"{n};Suco {n};{n};2,50;{n * 2.5:.2f}" for n in range(7, 37)],
    )
    long, short = reading("\n".join([head, *rows])), reading("\n".join([head, *rows[:6]]))

    assert "order_id" not in fields(long)
    assert sold(long)["order_id"].null_count() == sold(long).height
    assert fields(short)["order_id"] == "ID"


def test_who_brings_it_is_no_product() -> None:
    rows = [f"N-{n};2026-03-0{n};Hat {n};1;20.50;30100{n % 2}-Z" for n in range(1, 9)]

    assert "sku" not in fields(reading("\n".join(["order;createdAt;product;qty;total;carrierId", *rows])))


def test_what_was_sold_is_no_number_of_an_order_in_indonesian() -> None:
    rows = [f"2026-03-0{n};{n + 20};roti" for n in range(1, 9)]
    found = reading("\n".join(["tanggal;penjualan;varian", *rows]))

    assert (found.lines, "order_id" in fields(found)) == (None, False)
    assert "order_id" in fields(reading("\n".join(["tanggal;no penjualan;varian", *rows])))
    salespeople = reading("Bulan;Jumlah Sales;Penjualan\nJanuari;12;35\nFebruari;20;90\nMaret;82;201")
    assert salespeople.lines is None
