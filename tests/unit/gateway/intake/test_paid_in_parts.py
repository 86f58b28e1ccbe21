"""A sale in several rows, one for each way it was paid, counts once; where nothing tells it, it is unknown."""

from __future__ import annotations

import pytest

from tests.unit.gateway.intake.tables import reading, sold

#: Buyer, product, units, price, total, and how it was paid.
SALES = (
    ("01/03/2026", "Ana", "Camisa", 2, 50.0, [("Pix", 40.0), ("Cartão", 60.0)]),
    ("02/03/2026", "Bia", "Calça", 1, 80.0, [("Pix", 80.0)]),
    ("03/03/2026", "Caio", "Boné", 1, 50.0, [("Dinheiro", 30.0), ("Pix", 20.0)]),
    ("04/03/2026", "Davi", "Camisa", 3, 50.0, [("Pix", 150.0)]),
)
TRUE = 380.0


def table(header: str, *names: str) -> str:
    """Return a row for each payment, with the columns of these names."""
    lines = []
    for number, (day, buyer, product, units, price, payments) in enumerate(SALES, 1):
        for means, paid in payments:
            total = units * price
            told = {
                "order": str(number), "day": day, "buyer": buyer, "product": product, "units": str(units),
                "price": f"{price:.2f}", "total": f"{total:.2f}", "means": means, "paid": f"{paid:.2f}",
            }  # fmt: skip
            lines.append(";".join(told[name].replace(".", ",") for name in names))
    return "\n".join([header, *lines])


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("Data;Cliente;Produto;Forma de pagamento;Valor pago;Total do pedido", "day buyer product means paid total"),
        ("Data;Produto;Qtd;Preço;Total;Forma de pagamento;Valor pago", "day product units price total means paid"),
        (
            "Pedido;Data;Produto;Qtd;Preço;Total;Forma de pagamento;Valor pago",
            "order day product units price total means paid",
        ),
        ("Pedido;Data;Total;Forma de pagamento;Valor pago", "order day total means paid"),
        ("Date;Customer;Item;Payment method;Amount paid;Order total", "day buyer product means paid total"),
    ],
)
def test_parts_that_add_up_to_a_sale_count_it_once(header: str, names: str) -> None:
    found = reading(table(header, *names.split()))

    assert sold(found)["revenue"].sum() == TRUE
    assert sold(found).height == len(SALES)
    assert any("uma linha por pagamento" in one for one in found.report.warnings)
    if "units" in names:
        assert sold(found)["units"].sum() == 7


def test_rows_of_an_order_that_differ_in_the_means_alone_repeat_what_price_and_units_make() -> None:
    header = "Pedido;Data;Produto;Qtd;Preço;Total;Forma de pagamento"
    found = reading(table(header, *["order", "day", "product", "units", "price", "total", "means"]))

    assert (sold(found)["revenue"].sum(), sold(found)["units"].sum()) == (TRUE, 7)


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("Data;Cliente;Produto;Forma de pagamento;Total do pedido", "day buyer product means total"),
        ("Pedido;Data;Total;Forma de pagamento", "order day total means"),
    ],
)
def test_where_nothing_tells_whether_they_are_parts_the_revenue_is_unknown(header: str, names: str) -> None:
    found = reading(table(header, *names.split()))

    assert sold(found)["revenue"].is_null().all()
    assert any("a receita não foi calculada" in one for one in found.report.warnings)


def test_an_order_total_that_may_repeat_is_told_with_what_it_would_change() -> None:
    header = "Data;Produto;Forma de pagamento;Total do pedido"
    found = reading(table(header, *["day", "product", "means", "total"]))

    assert sold(found)["revenue"].sum() == TRUE + 150
    assert any("a receita é 150,00 menor" in one for one in found.report.warnings)


def test_two_sales_alike_that_were_paid_in_two_ways_are_two() -> None:
    rows = (
        "01/03/2026;Camisa;1;50,00;50,00;Pix\n01/03/2026;Camisa;1;50,00;50,00;Cartão\n02/03/2026;Boné;1;30,00;30,00;Pix"
    )
    found = reading(f"Data;Produto;Qtd;Preço;Total;Forma de pagamento\n{rows}")

    assert sold(found)["revenue"].sum() == 130
    assert not any("pagamento" in one for one in found.report.warnings)


def test_fees_that_differ_between_payments_are_unknown() -> None:
    rows = (
        "1;01/03/2026;100,00;Pix;40,00;1,00\n1;01/03/2026;100,00;Cartão;60,00;3,00\n2;02/03/2026;80,00;Pix;80,00;2,00"
    )
    found = reading(f"Pedido;Data;Total;Forma de pagamento;Valor pago;Comissão\n{rows}")

    assert sold(found)["revenue"].sum() == 180
    assert sold(found)["fees"].is_null().all()


def test_items_of_an_order_that_differ_in_their_kind_are_no_payments_of_one() -> None:
    rows = "1;100,00;2;Roupas;Camisas;Pix\n1;100,00;2;Roupas;Saias;Cartão\n2;80,00;1;Casa;Mesas;Pix"
    found = reading(f"Pedido;Valor total;Quantidade;Categoria;Subcategoria;Forma de pagamento\n{rows}")

    assert sold(found)["revenue"].sum() == 280
    assert not any("pagamento" in one for one in found.report.warnings)
