"""Which number is whose: an order's, a product's, a parcel's or a person's; and what a name with a currency is."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD, UNPAID
from gateway.intake.layouts.matching import concepts
from tests.unit.gateway.intake.tables import fields, reading, sold

#: Four orders of an ERP, a row each: nothing in it is a product.
ORDERS = (
    "id_pedido;data_pedido;cliente;situacao;total_pedido;{code}\n"
    "807490063;04/05/2026;Zuleica;Entregue;2690,27;{first}\n"
    "807494251;05/05/2026;Teobaldo;Enviado;649,89;{second}\n"
    "807506928;05/05/2026;Iracema;Enviado;550,89;{third}\n"
    "807506929;06/05/2026;Iracema;Entregue;50,89;{first}"
)


@pytest.mark.parametrize(
    "code", ["codigo_rastreamento", "cart_hash", "salesRepId", "objeto"], ids=["parcel", "cart", "who sold it", "?"]
)
def test_a_code_in_a_list_of_orders_is_no_sku(code: str) -> None:
    found = reading(ORDERS.format(code=code, first="XI4VKXV37Z", second="GYZUK4IVN1", third="QM77BXV9A2"))

    assert "sku" not in fields(found)
    assert sold(found)["sku"].null_count() == 4
    assert sold(found)["revenue"].sum() == pytest.approx(3941.94)


def test_a_code_beside_a_product_still_is_one() -> None:
    found = reading("Data;Produto;xyz;Qtd;Total\n01/03/2026;Copo;A-1;1;10,00\n02/03/2026;Pote;B-2;2;30,00\n"
                    "03/03/2026;Copo;A-1;1;10,00")  # fmt: skip
    assert fields(found)["sku"] == "xyz"


def test_the_reference_of_an_order_is_no_sku_and_that_of_a_product_is() -> None:
    orders = (
        "ID;Referencia;Nuevo cliente;Cliente;Total;Pago;Estado;Fecha\n"
        "5;XKBKNABJK;1;Z. B.;61,80 €;Tarjeta;Enviado;2026-02-01 10:00:00\n"
        "6;OHSATSERP;0;T. Q.;69,90 €;Tarjeta;Entregado;2026-02-02 10:00:00\n"
        "7;UOYEVOLIA;0;I. M.;14,90 €;Tarjeta;Cancelado;2026-02-03 10:00:00"
    )
    goods = "Fecha;Referencia;Cantidad;Total\n2026-02-01;A1;2;20,00\n2026-02-02;B2;1;15,00\n2026-02-02;A1;1;10,00"

    assert sold(reading(orders))["sku"].null_count() == 3
    assert sold(reading(orders))["order_id"].to_list() == ["5", "6", "7"]
    assert sold(reading(goods))["sku"].to_list() == ["A1", "B2", "A1"]


def test_numbers_of_ten_digits_are_orders_where_the_column_says_so_and_phones_where_it_says_nothing() -> None:
    table = "{name};Data;Produto;Qtd;Total\n3159107009;01/03/2026;Copo;1;10,00\n3158906618;02/03/2026;Pote;2;30,00"

    assert sold(reading(table.format(name="Order ID")))["order_id"].to_list() == ["3159107009", "3158906618"]
    assert sold(reading(table.format(name="Número da comanda")))["order_id"].n_unique() == 2
    for name in ("Contato", "Telefone", "xyz"):
        found = reading(table.format(name=name))
        assert sold(found)["order_id"].null_count() == 2
        assert not any("3159107009" in str(column.samples) for column in found.report.columns)


@pytest.mark.parametrize(
    ("header", "best"),
    [
        ("VENTA $", "revenue"),
        ("Vendas (R$)", "revenue"),
        ("Number of Items", "units"),
        ("Item Number", "_row"),
        ("# PRODUCTO", "sku"),
        ("Order #", "order_id"),
        ("Supplier Discounted Price (Incl GST and Commission)", "price"),
        ("shipping_total", "_buyers_freight"),
        ("Frete pago", "shipping"),
    ],
)
def test_what_a_name_says(header: str, best: str) -> None:
    found = concepts(header)
    assert max(found, key=lambda name: found[name]) == best


def test_zeros_do_not_show_that_columns_multiply() -> None:
    """A column of units for each shop: most cells are 0, and 0 times anything is 0."""
    head = "Producto;Norte Ctdad Ordenada;Sur Ctdad Ordenada;Este Ctdad Ordenada;Oeste Ctdad Ordenada;Fecha"
    rows = [f"P{day};{2 if day % 5 == 0 else 0};{3 if day == 7 else 0};0;{day % 2};2026-04-{day:02}"
            for day in range(1, 29)]  # fmt: skip
    found = reading("\n".join([head, *rows]))
    assert found.lines is None
    assert found.report.asks


def test_a_day_on_which_it_was_cancelled_cancels_the_row() -> None:
    found = reading(
        "ID DO PEDIDO;DATA;VALOR DOS ITENS;TOTAL DO PEDIDO;FORMAS DE PAGAMENTO;DATA DO CANCELAMENTO\n"
        "9a1;01/03/2026 19:40;79,01;84,01;PIX;\n9a2;02/03/2026 20:10;69,00;74,00;PIX;02/03/2026 20:20\n"
        "9a3;03/03/2026 20:11;70,99;75,99;PIX;"
    )
    lines = sold(found)

    assert lines["status"].to_list() == [SOLD, CANCELLED, SOLD]
    assert lines["revenue"].to_list() == [79.01, 69, 70.99]
    assert "Situação do pedido" not in found.report.columns_missing


def test_a_payment_that_is_looked_into_is_not_paid_yet() -> None:
    table = "Pedido;Data;Produto;Status;Total\n1;01/03/2026;Copo;{status};10,00\n2;02/03/2026;Pote;Pago;30,00"
    for status in ("Pagamento em análise", "payment_review", "Payment in review"):
        assert sold(reading(table.format(status=status)))["status"].to_list() == [UNPAID, SOLD]


def test_parcels_on_their_way_back_to_the_seller_came_back() -> None:
    found = reading(
        "Reason for Credit Entry;Sub Order No;Order Date;Customer State;Product Name;SKU;Quantity;"
        "Supplier Listed Price (Incl. GST + Commission);Supplier Discounted Price (Incl GST and Commission)\n"
        "DELIVERED;184337_1;2025-08-05;Bihar;Saree;S-1;2;500.0;488.0\n"
        "RTO_COMPLETE;184543_1;2025-08-06;Delhi;Saree;S-2;1;500.0;488.0\n"
        "CANCELLED;184633_1;2025-08-06;Delhi;Saree;S-1;1;500.0;494.0"
    )
    lines = sold(found)

    assert lines["order_id"].to_list() == ["184337_1", "184543_1", "184633_1"]
    assert lines["status"].to_list() == [SOLD, RETURNED, CANCELLED]
    assert lines["revenue"].to_list() == [976, 488, 494]


def test_a_legend_of_letters_and_formulas_below_the_names_is_no_second_head() -> None:
    found = reading(
        "Sub Order No;Order Date;Product Name;Quantity;Final Settlement Amount;Total Sale Amount (Incl. GST);TCS\n"
        ";;;;(A + B);A;B = 1% of A\n184337_1;2025-08-05;Saree;1;590.06;594.0;-3.94\n"
        "184543_1;2025-08-06;Top;2;580.0;588.0;-8"
    )
    assert fields(found)["revenue"] == "Total Sale Amount (Incl. GST)"
    assert sold(found)["revenue"].to_list() == [594, 588]


#: What it shows -> table, revenue, units
SMALL: dict[str, tuple[str, float, float | None]] = {
    "no product, but how it was paid": (
        (
            "Cliente;Tamanho;Quantidade;Valor Unitário;Forma de Pagamento;Valor Total\n"
            "Zuleica;M;5;45,00;PIX;225,00\nTeobaldo;P;1;45,00;DINHEIRO;45,00\nIracema;M;2;40,00;PIX;80,00"
        ),
        350,
        8,
    ),
    "whole amounts of orders": (
        "ID Venta;Fecha;Vendedor;Productos;Total\nV-1;02/01/2026;Ana;Ron (x1);1476000\nV-2;03/01/2026;Ana;Agua;9000",
        1485000,
        None,
    ),
    "Indonesian": (
        "Tanggal;Nama_Barang;Terjual;Total_Pendapatan\n2025-07-16;Espresso;28;420000\n2025-07-17;Latte;6;108000",
        528000,
        34,
    ),
    "a sign of money": (
        (
            "FECHA;# PRODUCTO;PRODUCTO;VENTA UNIDADES;VENTA $;COSTO DE VENTA $;UTILIDAD $\n"
            "01/10/2025;P002;Barra;2;40;23.2;16.8\n02/10/2025;P001;Agua;7;140;77;63"
        ),
        180,
        9,
    ),
}
#: What it shows -> kind, table, where it stands
NO_SALES: dict[str, tuple[str, str, str]] = {
    "a shop's list": (
        "prices",
        "Nombre;Categoria;Precio Compra;Precio Venta\nTaza;Cocina;4900;30800\nPlato;Cocina;900;2800",
        "t",
    ),
    "a catalogue": (
        "prices",
        "ID;Nome;Preço;Marca;Categoria;Foto\no_1;Copo azul;65;OPEN;Casa;/a.png\no_2;Pote;72;OPEN;Casa;/b.png",
        "t",
    ),
    "a sheet called stock": (
        "stock",
        "Material;Quantidade;Preço;Valor Total\nCopo;80;1,50;130,00\nPote;29;3,00;90,00",
        "planilha “Estoque 3”",
    ),
    "what the seller bought": (
        "costs",
        (
            "Order Date;Order ID;Payment Instrument Type;Purchase Order Number;Order Status;Subtotal;Total Charged\n"
            "04/01/19;112-1;Visa;;Shipped;$35.00;$36.93\n04/02/19;112-2;Visa;;Shipped;$9.99;$9.99"
        ),
        "t",
    ),
}


@pytest.mark.parametrize("shown", SMALL)
def test_small_shops_own_tables_are_sales(shown: str) -> None:
    text, revenue, units = SMALL[shown]
    lines = sold(reading(text))
    assert lines["revenue"].sum() == revenue
    assert (lines["units"].sum() if lines["units"].null_count() == 0 else None) == units


@pytest.mark.parametrize("shown", NO_SALES)
def test_what_is_no_sale_is_said(shown: str) -> None:
    kind, text, where = NO_SALES[shown]
    found = reading(text, where=where)
    assert (found.report.kind, found.lines) == (kind, None)
