"""Rows that tell of their order only in part, rows that take sales back, and amounts after fees."""

from __future__ import annotations

import polars as pl
import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts import Reading
from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD, UNPAID
from gateway.intake.layouts.orders import filled_by_order
from gateway.intake.layouts.taken_back import BOTH_SIGNS, REFUNDS_ASIDE
from tests.unit.gateway.intake.tables import fields, reading, sold


def values(found: Reading) -> dict[str, float]:
    (own,) = channel_facts(sold(found), None)
    return {figure.metric: figure.value for figure in own.figures}


FIRST_ROW_ALONE = """Pedido;Data;Situação;Produto;Quantidade;Preço;Total do pedido
1;03/09/2026;Cancelado;Vaso;1;10,00;30,00
1;;;Prato;2;10,00;
2;13/09/2026;Entregue;Vaso;3;10,00;50,00
2;;;Prato;2;10,00;
3;14/09/2026;Entregue;Prato;1;10,00;10,00"""


def test_what_stands_on_an_orders_first_row_alone_is_of_all_its_rows() -> None:
    found = reading(FIRST_ROW_ALONE)
    lines = sold(found)

    assert lines["status"].to_list() == [CANCELLED, CANCELLED, SOLD, SOLD, SOLD]
    assert lines["at"].dt.day().to_list() == [3, 3, 13, 13, 14]
    assert lines["revenue"].to_list() == [10, 20, 30, 20, 10]
    told = values(found)
    assert {name: told[name] for name in ("revenue", "orders", "units")} == {"revenue": 60, "orders": 2, "units": 6}
    assert told["cancellation_rate"] == pytest.approx(1 / 3, abs=1e-4)


def test_a_row_without_its_orders_number_is_of_the_order_above() -> None:
    found = reading(FIRST_ROW_ALONE.replace("\n1;;;", "\n;;;").replace("\n2;;;", "\n;;;"))
    told = values(found)

    assert sold(found)["order_id"].to_list() == ["1", "1", "2", "2", "3"]
    assert {name: told[name] for name in ("revenue", "orders", "units")} == {"revenue": 60, "orders": 2, "units": 6}


def test_a_row_without_number_that_has_a_date_of_its_own_is_of_no_order() -> None:
    found = reading(FIRST_ROW_ALONE.replace("\n1;;;", "\n;03/09/2026;;"))

    assert sold(found)["order_id"].to_list() == ["1", None, "2", "2", "3"]


def test_an_order_with_two_values_fills_nothing() -> None:
    orders = pl.Series(["1", "1", "1", "2", "2", None])
    given = pl.Series(["a", "b", None, "c", None, None])

    filled = filled_by_order(orders, given)

    assert filled is not None
    assert filled.to_list() == ["a", "b", None, "c", "c", None]
    assert filled_by_order(None, given) is given


@pytest.mark.parametrize(
    ("word", "kind"), [("Estorno", "Venda"), ("Refund", "Payment"), ("Devolução de venda", "Venda")]
)
def test_a_row_that_is_called_a_refund_is_one_whatever_its_sign(word: str, kind: str) -> None:
    head = "Transação;Data;Tipo;Produto;Valor"
    sales = [f"T{day};{day:02d}/09/2026;{kind};Curso;50,00" for day in range(10, 20)]
    for sign in ("", "-"):
        told = values(reading("\n".join([head, *sales, f"E1;21/09/2026;{word};Curso;{sign}50,00"])))
        assert (told["revenue"], told["orders"], told["refunds"]) == (500, 10, 50)


def test_a_fee_that_is_given_back_is_no_refund_of_a_sale() -> None:
    rows = [f"T{day};{day:02d}/09/2026;Venda;Curso;50,00" for day in range(10, 20)]
    found = reading("\n".join(["Transação;Data;Tipo;Produto;Valor", *rows, "E1;21/09/2026;Estorno de tarifa;;5,00"]))

    assert "refunds" not in values(found)


STATEMENT = "Data;Descrição;Pedido;Valor"


def test_fees_and_transfers_of_a_statement_are_no_sales() -> None:
    rows = [f"{n}/09/2026;Venda;P{n};{n}0,00\n{n}/09/2026;Comissão;P{n};-{n},00" for n in range(10, 20)]
    told = values(reading("\n".join([STATEMENT, *rows, "20/09/2026;Saque;;-900,00"])))

    assert (told["revenue"], told["orders"]) == (1450, 10)


def test_a_statement_of_which_more_is_taken_than_given_tells_no_revenue() -> None:
    rows = [f"{n}/09/2026;Lote {n};P{n};{n}0,00\n{n}/09/2026;Diversos {n};P{n};-{n},50" for n in range(10, 20)]
    found = reading("\n".join([STATEMENT, *rows, "20/09/2026;Outros;;-900,00"]))

    assert BOTH_SIGNS in found.report.warnings
    assert sold(found)["revenue"].null_count() == 21


def test_what_is_left_after_the_fees_is_no_revenue() -> None:
    rows = [f"T{n};{n:02d}/09/2026;Curso;{n}0,00;{n},00;{9 * n},00" for n in range(10, 20)]
    found = reading("\n".join(["Transação;Data;Produto;Valor;Taxa;Líquido", *rows]))
    told = values(found)

    assert fields(found)["revenue"] == "Valor"
    assert (told["revenue"], told["fees"]) == (1450, 145)


def test_what_is_left_after_the_fees_and_the_sellers_freight_is_no_revenue() -> None:
    """Nearly all orders are of one piece, so that the net is the price times the units less its costs as well."""
    rows = [
        f"T{n};{n:02d}/09/2026;Caneca;{1 + n // 18};{n}0,00;{n},00;5,00;{(1 + n // 18) * 10 * n - n - 5},00"
        for n in range(10, 20)
    ]
    found = reading("\n".join(["Pedido;Data;Produto;Qtd;Preço unitário;Comissão;Custo do frete;Líquido", *rows]))
    told = values(found)

    assert "revenue" not in fields(found)
    assert (told["revenue"], told["fees"], told["shipping_cost"]) == (1820, 145, 50)


def test_a_net_amount_that_the_fees_do_not_lead_to_stays() -> None:
    rows = [f"T{n};{n:02d}/09/2026;Curso;{n}0,00;{n},00;{7 * n},00" for n in range(10, 20)]
    found = reading("\n".join(["Transação;Data;Produto;Valor;Taxa;Líquido", *rows]))

    assert fields(found)["revenue"] == "Líquido"


@pytest.mark.parametrize(
    ("text", "status"),
    [("Expirado", UNPAID), ("Recusada", UNPAID), ("Pagamento recusado", UNPAID), ("Boleto vencido", UNPAID)],
)
def test_what_was_never_paid_is_no_sale(text: str, status: str) -> None:
    found = reading(f"Pedido;Produto;Qtd;Valor total;Status\n1;A;1;10,00;Completo\n2;A;1;20,00;{text}")

    assert sold(found)["status"].to_list() == [SOLD, status]


def test_an_order_that_is_void_is_cancelled_beside_such_as_are_accepted() -> None:
    found = reading("Order ID;Product;Qty;Sales;Status\n1;A;1;10.00;Payment Accepted\n2;A;1;20.00;Void")

    assert sold(found)["status"].to_list() == [SOLD, CANCELLED]


def test_a_row_that_its_type_calls_shipping_is_no_item() -> None:
    found = reading(
        "Order ID;Date;Line Type;Item;Qty;Amount\nA-1;2026-09-13;Product;Tee;1;40.00\n"
        "A-1;2026-09-13;Shipping;Standard by post;1;9.90\nA-2;2026-09-14;Product;Tee;2;80.00"
    )
    told = values(found)

    assert (told["revenue"], told["units"], told["orders"]) == (120, 3, 2)


def test_amounts_that_rise_by_one_are_no_counter_where_they_have_cents() -> None:
    rows = [f"T{n};{n:02d}/09/2026;Curso;{n},00;{n - 1},50" for n in range(10, 20)]
    found = reading("\n".join(["Transação;Data;Produto;Valor da venda;Valor líquido", *rows]))

    assert fields(found)["revenue"] == "Valor da venda"


@pytest.mark.parametrize(("sold_as", "ended"), [("Pagada", "Anulada"), ("Hoàn thành", "Đã hủy")])
def test_a_state_is_one_of_orders_by_its_words_and_no_place(sold_as: str, ended: str) -> None:
    rows = [f"#{n};{n:02d}-09-2026;Taza;1;{n}00,50;{ended if n % 4 == 0 else sold_as}" for n in range(10, 20)]
    found = reading("\n".join(["N° de orden;Fecha;Producto;Cantidad;Total;Estado", *rows]))

    assert (sold(found)["status"] == CANCELLED).sum() == 2


def test_a_vietnamese_return_is_one() -> None:
    found = reading(
        "Mã đơn hàng;Ngày;Sản phẩm;SL;Doanh thu;Hoàn tiền;Tình trạng\n"
        "V1;13/09/2026;Áo;2;200.000;0;Hoàn thành\nV2;14/09/2026;Áo;1;100.000;100.000;Hoàn trả"
    )

    assert sold(found)["status"].to_list() == [SOLD, RETURNED]
    assert (sold(found)["units"].to_list(), sold(found)["refund"].to_list()) == ([2, 1], [0, 100000])


def test_a_receipts_number_is_an_orders_and_no_discount() -> None:
    rows = [f"{n:02d}/09/2026;{n * 7:04d};Pão;1;{n},50" for n in range(10, 20)]
    found = reading("\n".join(["Data;Cupom;Produto;Qtde;Total R$", *rows]))

    assert fields(found)["order_id"] == "Cupom"
    assert "discount" not in fields(found)


def test_a_coupons_amount_is_no_orders_number() -> None:
    rows = [f"{n:02d}/09/2026;{n - 9},00;Pão;1;{n},50" for n in range(10, 20)]
    found = reading("\n".join(["Data;Cupom;Produto;Qtde;Valor total", *rows]))

    assert "order_id" not in fields(found)


def test_refunds_in_a_column_stand_above_those_that_the_status_tells() -> None:
    found = reading(
        "order_id;created_at;status;order_total;refunded_total\n"
        "A-1;2026-09-13;completed;100.00;20.00\nA-2;2026-09-14;refunded;50.00;50.00"
    )

    assert sold(found)["refund"].to_list() == [20, 50]


def test_where_a_column_of_refunds_is_not_understood_they_are_unknown() -> None:
    found = reading(
        "Pedido;Produto;Qtd;Valor total;Status;Estorno bandeira xyz\n"
        "1;A;1;100,00;Entregue;20,00\n2;A;1;50,00;Devolvido;50,00"
    )

    assert sold(found)["status"].to_list() == [SOLD, RETURNED]
    assert sold(found)["refund"].null_count() == 2
    assert REFUNDS_ASIDE.format(column="Estorno bandeira xyz") in found.report.warnings


TIENDANUBE = """Número de orden;Fecha;Estado de la orden;Estado del pago;Moneda;Subtotal de productos;Descuento;\
Costo de envío;Total;Nombre del producto;Precio del producto;Cantidad del producto;SKU;Canal
7;13/09/2026 10:00:00;Abierta;Recibido;ARS;12700,00;500,00;1200,00;13400,00;Remera;8500,00;1;R;Tienda
7;;;;;;;;;Gorra;4200,00;1;G;
8;14/09/2026 10:00:00;Cancelada;Recibido;ARS;8500,00;0,00;1200,00;9700,00;Remera;8500,00;1;R;Tienda"""


def test_tiendanubes_list_is_nuvemshops_in_spanish() -> None:
    found = reading(TIENDANUBE)
    (own,) = channel_facts(sold(found), None)

    assert found.report.layout == "nuvemshop.orders"
    assert sold(found)["status"].to_list() == [SOLD, SOLD, CANCELLED]
    assert (own.currency, values(found)["revenue"], values(found)["orders"], values(found)["units"]) == (
        "ARS",
        13400,
        1,
        2,
    )
    assert own.reconciliation is not None
    assert own.reconciliation.difference == 0


@pytest.mark.parametrize(
    ("payment", "status"),
    [
        ("Pendiente", UNPAID),
        ("En espera", UNPAID),
        ("Rechazado", UNPAID),
        ("Por pagar", UNPAID),
        ("No pagado", UNPAID),
        ("Anulado", CANCELLED),
        ("Devuelto", RETURNED),
        ("Reembolsado", RETURNED),
        ("Recibido", SOLD),
        ("Pagado", SOLD),
    ],
)
def test_an_order_is_sold_once_its_payment_says_so_in_spanish(payment: str, status: str) -> None:
    found = reading(TIENDANUBE.replace("Abierta;Recibido", f"Abierta;{payment}"))

    assert sold(found)["status"].to_list() == [status, status, CANCELLED]
