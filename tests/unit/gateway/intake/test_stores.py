"""Exports of own stores, of SHEIN, and Shopee's in other languages: each one's quirks, on a few rows."""

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.bare import TESTS
from streams.analysis.rules.view import View
from tests.unit.gateway.intake.tables import reading, sold

SHOPIFY = (
    "Name;Email;Financial Status;Paid at;Fulfillment Status;Fulfilled at;Currency;Subtotal;Shipping;Taxes;Total;"
    "Discount Amount;Created at;Lineitem quantity;Lineitem name;Lineitem price;Lineitem sku;Cancelled at;"
    "Payment Method;Refunded Amount"
)


def order(name: str, money: str, sent: str, *, cancelled: str = "", method: str = "Pix", refunded: str = "0") -> str:
    day = "2026-03-12 10:00:00 -0300"
    sent_at = "2026-03-14 10:00:00 -0300" if sent == "fulfilled" else ""
    return (
        f"{name};z@correio.example;{money};{day};{sent};{sent_at};CLP;100;10;0;110;0;{day};1;Camisa;60;A;"
        f"{cancelled};{method};{refunded}"
    )


def line(name: str) -> str:
    return f"{name};z@correio.example;;;;;;;;;;;2026-03-12 10:00:00 -0300;2;Meia;20;B;;;"


def test_shopify_order_fields_stand_on_the_first_row_only() -> None:
    found = reading("\n".join([SHOPIFY, order("#1", "paid", "fulfilled"), line("#1"), order("#2", "paid", "")]))
    lines = sold(found)

    assert found.report.layout == "shopify.orders"
    assert lines["order_id"].to_list() == ["#1", "#1", "#2"]
    assert lines["revenue"].to_list() == pytest.approx([66, 44, 110])  # what was paid, by the items' prices
    assert lines["currency"].to_list() == ["CLP"] * 3
    assert lines["status"].to_list() == ["sold"] * 3
    assert lines["ship_days"].to_list() == [2, 2, None]
    assert lines["channel"].to_list() == ["own_store"] * 3
    assert found.report.warnings == ["A receita é o total pago pelo comprador, com o frete que ele pagou."]
    assert "correio.example" not in str(found)


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (order("#1", "paid", ""), "sold"),
        (order("#1", "pending", ""), "unpaid"),
        (order("#1", "pending", "fulfilled"), "sold"),
        (order("#1", "pending", "", method="Cash on Delivery (COD)"), "sold"),
        (order("#1", "expired", ""), "unpaid"),
        (order("#1", "voided", ""), "cancelled"),
        (order("#1", "paid", "", cancelled="2026-03-13 10:00:00 -0300"), "cancelled"),
        (order("#1", "refunded", "fulfilled", refunded="110"), "returned"),
        (order("#1", "partially_refunded", "fulfilled", refunded="50"), "sold"),
    ],
)
def test_shopify_status(row: str, status: str) -> None:
    assert sold(reading(f"{SHOPIFY}\n{row}"))["status"].to_list() == [status]


def test_shopify_units_that_came_back_are_unknown_where_part_was_refunded() -> None:
    whole = sold(reading("\n".join([SHOPIFY, order("#1", "refunded", "", refunded="110"), order("#2", "paid", "")])))
    part = sold(reading("\n".join([SHOPIFY, order("#1", "partially_refunded", "", refunded="50"), line("#1")])))

    assert (whole["returned_units"].to_list(), whole["refund"].to_list()) == ([1, 0], [110, 0])
    assert (part["returned_units"].to_list(), part["refund"].sum()) == ([None, None], 50)


def test_shopify_orders_through_the_gateway_for_tests_are_left_out_with_their_items() -> None:
    bogus = "(for testing) Bogus Gateway"
    tried = [order("#1", "paid", "fulfilled", method=bogus), line("#1")]
    found = reading("\n".join([SHOPIFY, *tried, order("#2", "paid", "fulfilled")]))

    assert sold(found)["order_id"].to_list() == ["#2"]
    assert TESTS.format(rows=2, column="Payment Method") in found.report.warnings


def test_a_shop_in_which_all_orders_are_tests_is_read_as_it_is() -> None:
    found = reading("\n".join([SHOPIFY, order("#1", "paid", "fulfilled", method="Bogus Gateway")]))

    assert sold(found).height == 1


def test_vtex_totals_stand_on_each_row() -> None:
    header = (
        "Origin;Order;Creation Date;Client Name;Status;Quantity_SKU;ID_SKU;Reference Code;SKU Name;SKU Selling Price;"
        "Shipping Value;Total Value;Discounts Totals;Currency Code"
    )
    found = reading(
        f"{header}\n"
        "Marketplace;1-01;2026-01-18 16:44:45Z;Zuleica;Faturado;1;282;A;Camisa;60;10;110;-5;BRL\n"
        "Marketplace;1-01;2026-01-18 16:44:45Z;Zuleica;Faturado;2;283;;Meia;20;10;110;-5;BRL\n"
        "Marketplace;2-01;2026-01-19 16:44:45Z;Zuleica;Cancelado;1;282;A;Camisa;60;10;70;0;BRL\n"
        "Marketplace;3-01;2026-01-19 16:44:45Z;Zuleica;Payment pending;1;282;A;Camisa;60;10;70;0;BRL"
    )
    lines = sold(found)

    assert found.report.layout == "vtex.orders"
    assert lines["revenue"].to_list() == pytest.approx([66, 44, 70, 70])
    assert lines["discount"].sum() == pytest.approx(5)
    assert lines["status"].to_list() == ["sold", "sold", "cancelled", "unpaid"]
    assert lines["sku"].to_list() == ["A", "283", "A", "A"]
    assert "Zuleica" not in str(lines.rows())


def test_shein_has_a_row_for_each_piece_and_its_costs() -> None:
    found = reading(
        "Solicite informações básicas;;;;;;;;;Província\n"
        "Número do pedido;Status do pedido;SHEIN-SKU;SKU do vendedor;Nome do produto;Preço do produto;Comissão;"
        "Desconto de campanha da loja;Taxa de intermediação de frete;;Status do produto;Moeda do vendedor;"
        "Data e hora de criação do pedido;Taxa de operação de estocagem\n"
        "G1;Enviado;I1;CA-1;Colar;22,9;3,19;2,98;4;SP;Enviado;BRL;03 fevereiro 2026 00:41;1\n"
        "G1;Enviado;I2;CA-2;Anel;10;1,6;0;4;SP;Reembolsado por cliente;BRL;03 fevereiro 2026 00:41;1\n"
        "G2;Cancelado;I2;CA-2;Anel;10;1,6;5;4;SP;Cancelado;BRL;03 fevereiro 2026 00:41;1"
    )
    lines = sold(found)

    assert (found.report.layout, found.report.where) == ("shein.orders", "t, cabeçalho na linha 2")
    sums = [lines[name][:2].sum() for name in ("revenue", "fees", "shipping")]
    assert sums == pytest.approx([32.9, 4.79, 10])
    assert (lines["units"][:2].sum(), lines["returned_units"].sum(), lines["refund"].sum()) == (2, 1, 10)
    assert lines["order_id"].to_list() == ["G1", "G1", "G2"]
    assert lines["status"].to_list() == ["sold", "returned", "cancelled"]
    assert "de 2,98 nas vendas, não foram tirados (sem eles, sobrariam 29,92)" in found.report.warnings[0]


def test_the_depth_of_sheins_discounts_is_their_share_of_the_price_that_contains_them() -> None:
    head = (
        "Número do pedido;Status do pedido;SHEIN-SKU;SKU do vendedor;Nome do produto;Preço do produto;Comissão;"
        "Desconto de campanha da loja;Valor do cupom;Moeda do vendedor;Data e hora de criação do pedido\n"
    )
    rows = [f"G{n};Enviado;I1;CA-1;Colar;20;3,2;3;1;BRL;03 fevereiro 2026 00:41" for n in range(10)]
    own = channel_facts(sold(reading(head + "\n".join(rows))), None)[0]
    figures = {figure.metric: figure for figure in own.figures}

    assert figures["revenue"].value == 200
    assert figures["discount_depth"].value == 0.2
    assert figures["product_discount_depth"].detail["by_sku"]["CA-1"]["depth"] == 0.2
    assert View(own).at_full_price(50) == 50  # not 50 / 0.8: the discount is still in it


def test_nuvemshop() -> None:
    found = reading(
        "Número do Pedido;E-mail;Data;Status do Pedido;Status do Pagamento;Status do Envio;Moeda;Subtotal;Desconto;"
        "Valor do Frete;Total;Nome do comprador;Nome do Produto;Valor do Produto;Quantidade Comprada;SKU;Canal\n"
        "10;z@correio.example;12/03/2026;Aberto;Confirmado;Enviado;BRL;100;0;10;110;Zuleica;Camisa;60;1;A;Móvel\n"
        "10;z@correio.example;;;;;;;;;;Zuleica;Meia;20;2;B;\n"
        "11;z@correio.example;13/03/2026;Cancelado;Confirmado;;BRL;60;0;10;70;Zuleica;Camisa;60;1;A;Móvel\n"
        "12;z@correio.example;13/03/2026;Aberto;Pendente;;BRL;60;0;10;70;Zuleica;Camisa;60;1;A;Móvel"
    )
    lines = sold(found)

    assert found.report.layout == "nuvemshop.orders"
    assert lines["revenue"].to_list() == pytest.approx([66, 44, 70, 70])
    assert lines["status"].to_list() == ["sold", "sold", "cancelled", "unpaid"]
    assert "Zuleica" not in str(lines.rows())


@pytest.mark.parametrize(("paid", "units"), [("Reembolsado", [2, 0]), ("Reembolsado parcialmente", None)])
def test_of_a_nuvemshop_order_that_was_paid_back_in_part_nobody_knows_what_came_back(
    paid: str, units: list[int] | None
) -> None:
    lines = sold(
        reading(
            "Número do Pedido;Data;Status do Pedido;Status do Pagamento;Moeda;Subtotal;Total;Nome do Produto;"
            f"Valor do Produto;Quantidade Comprada;SKU\n10;12/03/2026;Aberto;{paid};BRL;40;40;Meia;20;2;B\n"
            "11;13/03/2026;Aberto;Confirmado;BRL;20;20;Meia;20;1;B"
        )
    )

    assert lines["returned_units"].drop_nulls().to_list() == (units or [])


def test_woocommerce() -> None:
    found = reading(
        "Order Number;Order Status;Order Date;First Name (Billing);SKU;Item Name;Quantity;Quantity (- Refund);"
        "Item Cost;Cart Discount Amount;Order Shipping Amount;Order Refund Amount;Order Total Amount\n"
        "7;Completed;2026-03-12 10:00;Zuleica;A;Camisa;1;1;60;0;10;20;110\n"
        "7;Completed;2026-03-12 10:00;Zuleica;B;Meia;2;1;20;0;10;20;110\n"
        "8;On hold;2026-03-12 10:00;Zuleica;A;Camisa;1;1;60;0;10;0;70\n"
        "9;Failed;2026-03-12 10:00;Zuleica;A;Camisa;1;1;60;0;10;0;70"
    )
    lines = sold(found)

    assert found.report.layout == "woocommerce.orders"
    assert lines["revenue"].to_list() == pytest.approx([66, 44, 70, 70])
    assert lines["refund"].sum() == pytest.approx(20)
    assert lines["returned_units"].to_list() == [0, 1, 0, 0]
    assert lines["status"].to_list() == ["sold", "sold", "unpaid", "cancelled"]


#: language -> header and its words for cancelled, unpaid, done, currency
SHOPEE = {
    "English": (
        (
            "Order ID;Order Status;Order Creation Date;Product Name;SKU Reference No.;Deal Price;Quantity;"
            "Product Subtotal;Commission Fee;Country;Receiver Name"
        ),
        ("Cancelled", "Unpaid", "Completed"),
        "MYR",
    ),
    "Indonesian": (
        (
            "No. Pesanan;Status Pesanan;Waktu Pesanan Dibuat;Nama Produk;Nomor Referensi SKU;Harga Setelah Diskon;"
            "Jumlah;Total Harga Produk;Biaya Administrasi;Provinsi;Nama Penerima"
        ),
        ("Batal", "Belum Bayar", "Selesai"),
        "IDR",
    ),
    "Vietnamese": (
        (
            "Mã đơn hàng;Trạng Thái Đơn Hàng;Ngày đặt hàng;Tên sản phẩm;SKU phân loại hàng;Giá ưu đãi;Số lượng;"
            "Tổng giá bán (sản phẩm);Phí cố định;Tỉnh;Tên Người nhận"
        ),
        ("Đã hủy", "Chưa thanh toán", "Hoàn thành"),
        "VND",
    ),
    "Thai": (
        (
            "หมายเลขคำสั่งซื้อ;สถานะการสั่งซื้อ;วันที่ทำการสั่งซื้อ;ชื่อสินค้า;เลขอ้างอิง SKU (SKU Reference No.);ราคาขาย;จำนวน;"
            "ราคาขายสุทธิ;ค่าคอมมิชชั่น;จังหวัด;ชื่อผู้รับ"
        ),
        ("ยกเลิกแล้ว", "ที่ยังไม่ชำระ", "สำเร็จแล้ว"),
        "THB",
    ),
}


@pytest.mark.parametrize("language", SHOPEE)
def test_shopee_in_other_languages(language: str) -> None:
    header, (cancelled, unpaid, done), currency = SHOPEE[language]
    rows = [
        f"X{n};{status};2026-03-12 10:00;Camisa;A;50;2;100;6;MY;Zuleica"
        for n, status in enumerate((done, cancelled, unpaid))
    ]
    found = reading("\n".join([header, *rows]))
    lines = sold(found)

    assert found.report.layout == "shopee.order_all"
    assert lines["status"].to_list() == ["sold", "cancelled", "unpaid"]
    assert (lines["revenue"].to_list(), lines["fees"].sum(), lines["units"].sum()) == ([100] * 3, 18, 6)
    assert lines["currency"].to_list() == [currency] * 3
    assert header.split(";")[0] in found.report.columns_used  # as it is written in the document
    assert "Zuleica" not in str((lines.rows(), found.report))


def test_shopify_days_that_a_spreadsheet_rewrote_are_unknown_where_the_month_is_not_told() -> None:
    rows = [order("#1", "paid", ""), order("#2", "paid", "fulfilled")]
    unsure = reading("\n".join([SHOPIFY, *(row.replace("2026-03-12 10:00:00 -0300", "3/12/26 10:00") for row in rows)]))
    told = reading("\n".join([SHOPIFY, *(row.replace("2026-03-12 10:00:00 -0300", "3/13/26 10:00") for row in rows)]))

    assert sold(unsure)["at"].null_count() == 2
    assert any("“Created at” não mostra se o dia ou o mês vem primeiro: 2" in one for one in unsure.report.warnings)
    assert sold(told)["at"].dt.strftime("%Y-%m-%d").to_list() == ["2026-03-13"] * 2
    assert not any("vem primeiro" in one for one in told.report.warnings)
