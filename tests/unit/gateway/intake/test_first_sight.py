"""Exports of marketplaces and shops as they were first met: each figure is the file's own, to the cent, or unknown."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts import Reading
from gateway.intake.layouts.buyers_freight import TAKEN_OUT
from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD
from gateway.intake.layouts.waiting import UNMET
from gateway.uploads.reading_words import remark_in_english
from tests.unit.gateway.intake.tables import fields, reading, sold

_VENTAS = (
    "# de venta;Fecha de venta;Estado;Unidades;Ingresos por productos (COP);Cargo por venta e impuestos (COP);"
    "Costo fijo (COP);Costo por ofrecer cuotas (COP);Costos de envío (COP);Anulaciones y reembolsos (COP);Total (COP);"
    "SKU;# de publicación;Título de la publicación"
)


def test_mercado_libres_fixed_cost_beside_the_fee_counts_where_the_total_is_less_it() -> None:
    found = reading(
        f"{_VENTAS}\n"
        "1;3 de marzo de 2026 10:00 hs.;Entregado;1;39900;-6384;-2200;;;;31316;A;MCO1;Guantes\n"
        "2;4 de marzo de 2026 10:00 hs.;Entregado;1;129900;-20784;;-3897;-11500;;93719;B;MCO2;Morral",
        ["mercado_livre"],
    )

    assert sold(found)["fees"].to_list() == [8584, 24681]
    assert sold(found)["total_ours"].to_list() == sold(found)["total_theirs"].to_list()


def test_mercado_libres_fee_counts_once_where_the_columns_beside_it_are_its_parts() -> None:
    found = reading(
        f"{_VENTAS}\n"
        "1;3 de marzo de 2026 10:00 hs.;Entregado;1;39900;-8584;-2200;;;;31316;A;MCO1;Guantes\n"
        "2;4 de marzo de 2026 10:00 hs.;Entregado;1;129900;-24681;;-3897;-11500;;93719;B;MCO2;Morral",
        ["mercado_livre"],
    )

    assert sold(found)["fees"].to_list() == [8584, 24681]


def test_amazons_business_report_of_brazil_is_read_where_its_asins_are_in_english() -> None:
    found = reading(
        "ASIN (parent);ASIN (child);Título;Código SKU;Sessões - Total;Visualizações da página - Total;Unidades pedidas;"
        "Vendas de produtos pedidos;Total de itens do pedido\n"
        "B1;B2;Vaso;VS-1;751;1.030;31;R$ 1.856,90;30\nB1;B3;Xícara;XC-2;25.384;36.220;1.204;R$ 23.959,60;1203",
        ["amazon"],
    )

    assert found.report.layout == "amazon.business_products"
    assert found.exposure is not None
    assert found.exposure["revenue"].to_list() == [1856.9, 23959.6]
    assert found.exposure["units"].to_list() == [31, 1204]
    assert found.exposure["sku"].to_list() == ["VS-1", "XC-2"]


def test_amazons_preview_of_fees_is_a_list_of_prices_though_a_column_names_amazon() -> None:
    found = reading(
        "sku;fnsku;asin;product-name;brand;fulfilled-by;your-price;sales-price;item-package-weight;currency;"
        "estimated-fee-total\n"
        "A-1;X1;B01;Steel bottle;Acme;Amazon;19.99;19.99;0.8;USD;7.20\n"
        "A-2;X2;B02;Steel cup;Acme;Amazon;34.50;34.50;0.9;USD;9.38\n"
        "A-3;X3;B03;Steel jar;Acme;Amazon;8.99;8.99;1.0;USD;5.55",
        ["amazon"],
    )

    assert (found.report.kind, found.lines) == ("prices", None)


def test_a_refund_that_both_rows_of_an_order_repeat_is_paid_back_once() -> None:
    found = reading(
        "order_id;date;status;item_name;item_sku;item_quantity;item_total;refunded_total;order_currency\n"
        "907;2026-03-08;refunded;Plate;PL;1;18.50;53.47;EUR\n907;2026-03-08;refunded;Bowl;BW;3;29.97;53.47;EUR\n"
        "908;2026-03-09;completed;Mug;MG;2;24.00;0.00;EUR\n909;2026-03-09;completed;Mug;MG;1;12.00;0.00;EUR"
    )

    assert sold(found)["refund"].sum() == pytest.approx(53.47)


def test_refunds_of_an_orders_items_that_are_alike_are_each_paid_back() -> None:
    found = reading(
        "order_id;date;status;item_name;item_sku;item_quantity;item_total;refunded_total;order_currency\n"
        "907;2026-03-08;refunded;Plate;PL;1;18.50;18.50;EUR\n907;2026-03-08;refunded;Plate;PL;1;18.50;18.50;EUR\n"
        "908;2026-03-09;completed;Mug;MG;2;24.00;0.00;EUR\n909;2026-03-09;completed;Mug;MG;1;12.00;0.00;EUR"
    )

    assert sold(found)["refund"].sum() == pytest.approx(37)


_TOKOPEDIA = (
    "Nomor;Nomor Invoice;Tanggal Pembayaran;Status Terakhir;Nama Produk;Nomor SKU;Jumlah Produk Dibeli;"
    "Harga Jual (IDR);Biaya Pengiriman Tunai (IDR);Biaya Asuransi Pengiriman (IDR);Total Biaya Pengiriman (IDR);"
    "Total Penjualan (IDR)"
)


def test_of_tokopedias_columns_of_freight_the_insured_one_is_taken_out_of_the_total() -> None:
    found = reading(
        f"{_TOKOPEDIA}\n"
        "1;INV/1;01-03-2026 10:00:00;Pesanan Selesai;Kopi;K;1;80000;12000;300;12300;137300\n"
        "2;INV/1;01-03-2026 10:00:00;Pesanan Selesai;Filter;F;1;45000;12000;300;12300;137300\n"
        "3;INV/2;02-03-2026 10:00:00;Pesanan Selesai;Kopi;K;2;80000;12000;300;12300;172300\n"
        "4;INV/3;03-03-2026 10:00:00;Dibatalkan Pembeli;Filter;F;1;45000;12000;300;12300;57300"
    )

    assert sold(found)["revenue"].round(2).to_list() == [80000, 45000, 160000, 45000]
    assert sold(found)["shipping"].null_count() == 4
    total = TAKEN_OUT.format(column="Total Biaya Pengiriman (IDR)", total="Total Penjualan (IDR)", amount="24.600,00")
    assert total in found.report.warnings


def test_what_is_gross_less_the_discount_and_the_freight_is_paid_by_the_buyer() -> None:
    found = reading(
        "Nº Pedido;Data do Pedido;Status;SKU Lojista;Descrição;Qtde;Vlr Bruto;Vlr Desconto;Vlr Líquido;Vlr Frete;"
        "Vlr Total;Vlr Comissão;Vlr Repasse\n"
        "1;01/03/2026;Entregue;T1;Tênis;1;249,90;24,99;224,91;14,90;239,81;49,48;175,43\n"
        "2;02/03/2026;Entregue;T2;Camisa;2;199,80;0,00;199,80;14,90;214,70;43,96;155,84\n"
        "3;03/03/2026;Faturado;T3;Bola;1;99,90;9,99;89,91;9,90;99,81;19,78;70,13\n"
        "4;04/03/2026;Faturado;T3;Bola;1;99,90;0,00;99,90;0,00;99,90;21,98;77,92"
    )

    assert sold(found)["revenue"].round(2).to_list() == [224.91, 199.8, 89.91, 99.9]
    assert sold(found)["shipping"].null_count() == 4
    assert sold(found)["net"].to_list() == [175.43, 155.84, 70.13, 77.92]


def test_aliexpress_amount_is_read_without_its_logistics_price_and_after_the_stores_coupon() -> None:
    found = reading(
        "Order ID;Order Status;Order Date;Total Product Price;Logistics price;Order Amount;Store Coupon;Refund Amount\n"
        "8180001;Finished;2026-03-01 04:00;US $ 12.50;US $ 0.00;US $ 11.50;US $ 1.00;\n"
        "8180002;Finished;2026-03-02 04:00;US $ 15.98;US $ 2.50;US $ 18.48;US $ 0.00;\n"
        "8180003;Shipped;2026-03-03 04:00;US $ 33.00;US $ 2.50;US $ 34.50;US $ 1.00;"
    )

    assert sold(found)["revenue"].round(2).to_list() == [11.5, 15.98, 32.0]


_ENJOEI = "código da venda;data da venda;produto;preço do produto;tarifa enjoei;{off};valor a receber;status"


def _of_enjoei(off: str) -> Reading:
    return reading(
        f"{_ENJOEI.format(off=off)}\n"
        "1;01/03/2026;vestido;79,00;-12,42;-10,00;56,58;entregue\n2;02/03/2026;blusa;45,00;-8,10;0,00;36,90;entregue\n"
        "3;03/03/2026;jaqueta;120,00;-19,80;-10,00;0,00;cancelada\n"
        "4;04/03/2026;blusa;45,00;-6,30;-10,00;28,70;entregue"
    )


def test_a_discount_that_its_name_only_suggests_is_taken_off_where_the_payout_shows_it() -> None:
    found = _of_enjoei("desconto em oferta")

    assert sold(found)["revenue"].round(2).to_list() == [69, 45, 110, 35]
    assert sold(found)["discount"].to_list() == [10, 0, 10, 10]
    assert sold(found)["net"].to_list() == [56.58, 36.9, 0, 28.7]


def test_what_is_left_after_a_discount_is_none() -> None:
    assert "discount" not in fields(_of_enjoei("preço com desconto"))
    assert sold(_of_enjoei("preço com desconto"))["discount"].null_count() == 4


def test_dafitis_seller_center_tells_what_was_paid_and_no_freight_of_the_seller() -> None:
    found = reading(
        "Order Item Id;Order Number;Seller SKU;Dafiti SKU;Created at;Customer Name;Payment Method;Paid Price;"
        "Unit Price;Shipping Fee;Wallet Credits;Item Name;Variation;CD Shipping Provider;Promised shipping time;"
        "Status;Reason\n"
        "71;319000;CAL-0;DF1;2026-03-01 13:01:00;x;CC;143.91;159.90;12.90;0.00;Sapatilha;38;;;delivered;\n"
        "72;319000;CAL-1;DF2;2026-03-01 13:01:00;x;CC;80.91;89.90;0.00;0.00;Tênis;39;;;delivered;\n"
        "73;319011;CAL-2;DF3;2026-03-02 13:01:00;x;CC;249.00;249.00;12.90;0.00;Bota;40;;;canceled;Out of stock\n"
        "74;319022;CAL-1;DF2;2026-03-03 13:01:00;x;CC;89.90;89.90;12.90;0.00;Tênis;39;;;returned;Size too small"
    )
    lines = sold(found)

    assert found.report.layout == "seller_center.orders"
    assert lines["revenue"].to_list() == [143.91, 80.91, 249, 89.9]
    assert lines["status"].to_list() == [SOLD, SOLD, CANCELLED, RETURNED]
    assert lines["refund"].to_list() == [0, 0, 0, 89.9]
    assert lines["shipping"].null_count() == 4


@pytest.mark.parametrize(("market", "currency"), [("amazon.co.jp", "JPY"), ("Non-Amazon", None)])
def test_amazons_transactions_of_japan_are_in_the_marketplaces_yen_and_points_are_a_cost(
    market: str, currency: str | None
) -> None:
    found = reading(
        "日付/時間;決済番号;トランザクションの種類;注文番号;SKU;説明;数量;Amazon 出品サービス;商品売上;商品の売上税;"
        "Amazonポイントの費用;プロモーション割引額;手数料;FBA 手数料;その他;合計\n"
        f"2026/03/01 10:00:22 JST;9;注文;250-1;A;マグカップ;1;{market};2960;296;-15;0;-326;-434;0;2481\n"
        f"2026/03/02 10:01:22 JST;9;注文;250-2;B;皿;1;{market};2980;298;0;-100;-328;-434;0;2416",
        ["amazon"],
    )
    lines = sold(found)

    assert lines["fees"].to_list() == [775, 762]
    assert lines["total_ours"].to_list() == lines["total_theirs"].to_list()
    assert lines["currency"].to_list() == [currency, currency]


def test_the_lines_above_amazons_transactions_of_japan_name_the_yen_in_other_words_too() -> None:
    found = reading(
        "特に記載がない限り、全ての通貨は日本円です。\n"
        "日付/時間;決済番号;トランザクションの種類;注文番号;SKU;説明;数量;商品売上;手数料;合計\n"
        "2026/03/01 10:00:22 JST;9;注文;250-1;A;マグカップ;1;2960;-326;2634",
        ["amazon"],
    )

    assert sold(found)["currency"].to_list() == ["JPY"]


def test_shopees_income_of_taiwan_comes_to_what_the_wallet_got() -> None:
    found = reading(
        "訂單編號;退款編號;訂單成立日期;撥款完成日期;商品原價;賣場商品促銷折扣;退款金額;蝦皮補貼金額;賣家負擔優惠券;"
        "賣家負擔蝦幣回饋券;買家支付運費;蝦皮補助運費;蝦皮代付運費;退貨運費;AMS推廣費用;成交手續費;其他服務費;"
        "金流與系統處理費;錢包入帳金額\n"
        "260301B1;;2026-03-01;2026-03-08;500;0;0;0;-30;0;60;0;-60;0;-10;-30;-15;-10;405\n"
        "260302B2;;2026-03-02;2026-03-09;320;-50;-270;0;0;0;60;0;-60;0;0;-16;-8;-5;-29",
        ["shopee"],
    )
    (facts,) = channel_facts(sold(found), None)
    values = {figure.metric: figure.value for figure in facts.figures}

    told = {name: values[name] for name in ("revenue", "orders", "fees", "refunds", "shipping_cost", "net_receipts")}
    assert told == {"revenue": 740, "orders": 2, "fees": 94, "refunds": 270, "shipping_cost": 0, "net_receipts": 376}
    assert facts.currency == "TWD"
    assert facts.reconciliation is not None
    assert (facts.reconciliation.column, facts.reconciliation.difference) == ("錢包入帳金額", 0)


_STATUSES = "Pedido;Data;Status;SKU;Quantidade;Valor total\n1;01/03/2026;Entregue;A;1;10,00\n2;02/03/2026;{};B;1;20,00"


def test_a_status_that_nobody_knows_counts_as_sold_and_is_told() -> None:
    found = reading(_STATUSES.format("Extraviado Fluvial"))

    assert sold(found)["status"].to_list() == [SOLD, SOLD]
    told = UNMET.format(rows=1, column="Status", texts="“Extraviado Fluvial”")
    assert told in found.report.warnings
    assert remark_in_english(told).startswith("1 row(s) have a status in column “Status” that is not known")


@pytest.mark.parametrize("known", ["Enviado", "Pago", "Cancelado", "Em trânsito", "Devolvido", ""])
def test_of_a_known_status_nothing_is_told(known: str) -> None:
    assert not [told for told in reading(_STATUSES.format(known)).report.warnings if "não é conhecida" in told]


def test_an_order_that_tokopedias_seller_rejected_is_cancelled() -> None:
    assert sold(reading(_STATUSES.format("Pesanan Ditolak")))["status"].to_list() == [SOLD, CANCELLED]


_SETTLED = (
    "Número do pedido;Data do pedido;Nome do produto;Preço de venda;Comissão;{freight};{paid}\n"
    "1;01/03/2026;Vestido;59,90;-9,58;-4,00;46,32\n2;02/03/2026;Saia;89,90;-14,38;-4,00;71,52\n"
    "3;03/03/2026;Blusa;35,00;-5,60;0,00;29,40"
)


@pytest.mark.parametrize("freight", ["Taxa de intermediação de frete", "Frete intermediado"])
def test_freight_that_is_taken_off_is_the_sellers_whatever_else_its_name_says(freight: str) -> None:
    found = reading(_SETTLED.format(freight=freight, paid="Valor a liquidar"), ["shein"])

    assert sold(found)["shipping"].to_list() == [4, 4, 0]
    assert sold(found)["net"].to_list() == [46.32, 71.52, 29.4]
    assert not [told for told in found.report.warnings if "o nome não diz quem paga" in told]


@pytest.mark.parametrize("paid", ["Pago neto", "Valor de liquidação"])
def test_what_is_called_net_paid_is_what_is_left(paid: str) -> None:
    found = reading(_SETTLED.format(freight="Custo de frete", paid=paid))

    assert sold(found)["net"].to_list() == [46.32, 71.52, 29.4]


def test_amazons_transactions_of_spain_are_known_by_their_own_names_of_days_and_taxes() -> None:
    found = reading(
        "Todos los importes en EUR, a menos que se especifique lo contrario\n"
        "fecha y hora;identificador de pago;tipo;número de pedido;sku;descripción;cantidad;web de Amazon;"
        "ventas de productos;impuesto de ventas de productos;abonos de envío;impuestos por abonos de envío;"
        "devoluciones promocionales;impuestos de descuentos por promociones;impuesto retenido en el sitio web;"
        "tarifas de venta;tarifas de Logística de Amazon;tarifas de otras transacciones;otro;total\n"
        "1 mar. 2026 10:00:11 UTC;77;Pedido;404-1;A;Taza;1;amazon.es;19,99;4,20;5,00;1,05;-2,00;-0,42;0;-3,63;-3,10;"
        "0;0;21,09",
        ["amazon"],
    )
    lines = sold(found)

    assert found.report.layout == "amazon.transactions"
    assert (lines["revenue"].item(), lines["fees"].item()) == (17.99, 6.73)
    assert lines["net"].item() == pytest.approx(16.26)
    assert lines["total_ours"].item() == pytest.approx(lines["total_theirs"].item())


def test_ebays_orders_in_german_are_worth_what_was_sold_without_the_postage() -> None:
    found = reading(
        "Verkaufsprotokollnummer;Bestellnummer;Artikelnummer;Angebotstitel;Bestandseinheit;Verkauft über Basisanzeigen;"
        "Anzahl;Verkauft für;Verpackung und Versand;Gesamtpreis;Verkauft am;Versandt am\n"
        "300;12-0;11570;Lampe;L-0;Ja;1;EUR 19,95;EUR 4,99;EUR 24,94;01-Mär-26;02-Mär-26\n"
        "301;12-1;11571;Uhr;L-1;Nein;2;EUR 1.240,00;EUR 0,00;EUR 2.480,00;02-Mär-26;03-Mär-26"
    )
    lines = sold(found)

    assert found.report.layout == "ebay.orders"
    assert lines["revenue"].to_list() == [19.95, 2480]
    assert lines["order_id"].to_list() == ["12-0", "12-1"]
    assert lines["advertised"].to_list() == [True, False]
    assert lines["currency"].to_list() == ["EUR", "EUR"]


def test_a_delivery_that_is_numbered_is_no_freight() -> None:
    found = reading(
        "Data do repasse;Pedido;Entrega;Tipo de transação;Valor bruto;Comissão;Valor líquido\n"
        "15/04/2026;5120001;512000101;Venda;199,00;-31,84;167,16\n15/04/2026;5120002;512000201;Venda;89,90;-14,38;75,52\n"
        "15/04/2026;5120003;512000301;Venda;650,00;-104,00;546,00"
    )

    assert sold(found)["shipping"].null_count() == 3
    assert sold(found)["revenue"].to_list() == [199, 89.9, 650]


def test_a_delivery_that_costs_less_than_the_sale_is_freight() -> None:
    found = reading("Pedido;Data;Produto;Entrega;Valor total\n1;01/03/2026;Vaso;12;199,00\n2;02/03/2026;Pote;9;89,90")

    assert sold(found)["shipping"].to_list() == [12, 9]


def test_what_the_seller_got_is_no_revenue_where_the_price_less_the_fee_makes_it() -> None:
    found = reading(
        "Título do anúncio;Data da venda;Preço anunciado;Preço negociado;Taxa de venda;Valor recebido;"
        "Situação da venda\n"
        "Bicicleta;01/03/2026;R$ 350,00;R$ 330,00;R$ 33,00;R$ 297,00;Concluída\n"
        "Celular;02/03/2026;R$ 1.200,00;R$ 1.200,00;R$ 120,00;R$ 1.080,00;Enviado\n"
        "Mesa;03/03/2026;R$ 89,00;R$ 80,00;R$ 8,00;R$ 0,00;Cancelada pelo comprador"
    )

    assert sold(found)["revenue"].to_list() == [330, 1200, 80]


def test_operations_that_name_their_sale_and_its_fees_are_sales_beside_the_accounts_balance() -> None:
    found = reading(
        "Data de compra;Tipo de operação;Número da transação;Número da venda no Mercado Livre;Título;Valor do produto;"
        "Tarifa do Mercado Pago;Frete;Valor líquido recebido;Saldo\n"
        "01/03/2026 10:00:00;Pagamento;88001;2000011;Vaso;129,90;-6,48;-18,90;104,52;104,52\n"
        "02/03/2026 10:00:00;Pagamento;88002;2000012;Pote;59,00;-2,94;0,00;56,06;160,58\n"
        "03/03/2026 10:00:00;Pagamento;88003;2000013;Luz;210,00;-10,48;-18,90;180,62;341,20\n"
        "04/03/2026 10:00:00;Pagamento;88004;2000014;Luz;210,00;-10,48;-18,90;180,62;521,82\n"
        "05/03/2026 10:00:00;Pagamento;88005;2000015;Pote;59,00;-2,94;0,00;56,06;577,88",
        ["mercado_livre"],
    )
    lines = sold(found)

    assert [round(float(lines[name].sum()), 2) for name in ("revenue", "fees", "shipping")] == [667.9, 33.32, 56.7]
