"""Exports of Magalu, Walmart and Shopee in Taiwan: right to the cent by their columns."""

import polars as pl
import pytest

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.magalu import UNIT_PRICES
from gateway.intake.layouts.payouts import UNREAD
from tests.unit.gateway.intake.tables import reading, sold

MAGALU = """\
Data do Pedido;Canal de vendas;Número do pedido;Codigo SKU seller;Título do produto;Quantidade de itens;\
Valor Total do Item;Valor bruto do pedido;Valor total dos itens do pedido;Último Evento;Nome do cliente;\
Tarifa fixa (Forma de pagamento 1);Tarifa fixa (Forma de pagamento 2);\
Serviços do marketplace (1+2+3+4) (Forma de pagamento 1);Serviços de tecnologia (1);Coparticipação de Fretes estimada;\
Pago pelo Magalu (Coparticipação de Desconto à Vista);Pago pelo Parceiro (Coparticipação de Desconto à Vista);\
Pago pelo Parceiro (Valor subsídio Cupom);Valor líquido estimado a receber
01/07/2026 07:01:36;Magazine Luiza;LU-1524770104953001;A-1;Almofada;1;R$ 60.00;R$ 146.00;R$ 160.00;Pedido entregue;\
Zuleica;R$ -10.00;Não se aplica;R$ -16.00;R$ -10.00;R$ -2.40;R$ 4.00;R$ -6.00;R$ -4.00;R$ 121.60
01/07/2026 07:01:36;Magazine Luiza;LU-1524770104953001;B-2;Lençol;2;R$ 100.00;R$ 146.00;R$ 160.00;Pedido entregue;\
Zuleica;R$ -10.00;Não se aplica;R$ -16.00;R$ -10.00;R$ -2.40;R$ 4.00;R$ -6.00;R$ -4.00;R$ 121.60
02/07/2026 09:00:00;Magazine Luiza;LU-1524770104953002;A-1;Almofada;1;R$ 60.00;R$ 60.00;R$ 60.00;Pedido cancelado;\
Teobaldo;R$ -5.00;Não se aplica;R$ -6.00;R$ -5.00;R$ 0;R$ 0;R$ 0;R$ 0;R$ 49.00
"""
ORDERS = """\
PO#;Order#;Order Date;Customer Name;FLIDS;Line#;Status;Item Description;Qty;SKU;Item Cost;Shipping Cost;Tax
1089001;2000001;2026-08-01;Zuleica;x;1;Delivered;Cushion;2;A-1;30.00;0;4.80
1089001;2000001;2026-08-01;Zuleica;x;2;Delivered;Sheet;1;B-2;40.00;0;3.20
1089002;2000002;2026-08-02;Teobaldo;x;1;Cancelled;Sheet;1;B-2;40.00;0;3.20
"""
PAYMENTS = """\
Period Start Date;Currency;Transaction Posted Timestamp;Transaction Type;Customer Order #;Purchase Order #;Amount;\
Amount Type;Ship Qty;Commission Rate;Partner Item Id;Partner Item Name
08/01/2026;USD;08/02/2026 01:00:00;Sale;2000001;1089001;60.00;Product Price;2;;A-1;Cushion
08/01/2026;USD;08/02/2026 01:00:00;Sale;2000001;1089001;4.80;Product tax;2;;A-1;Cushion
08/01/2026;USD;08/02/2026 01:00:00;Sale;2000001;1089001;-9.00;Commission on Product;;0.15;A-1;Cushion
08/01/2026;USD;08/09/2026 01:00:00;Refund;2000001;1089001;-30.00;Product Price;1;;A-1;Cushion
08/01/2026;USD;08/09/2026 01:00:00;Refund;2000001;1089001;4.50;Commission on Product;;0.15;A-1;Cushion
08/01/2026;USD;;PaymentSummary;;;30.30;;;;;
"""
TAIWAN = """\
訂單編號;訂單狀態;退貨 / 退款狀態;買家帳號;訂單成立日期;商品總價;買家支付運費;買家總支付金額;\
賣家負擔優惠券;成交手續費;其他服務費;金流與系統處理費;商品名稱;商品原價;商品活動價格;商品選項貨號;數量;退貨數量;買家付款時間
2608A;已完成;;zuleica;2026-08-01 08:12;200;60;250;10;11;4;5;枕頭;100;100;A-1;2;0;2026-08-01 08:15
2608B;不成立;;teobaldo;2026-08-02 08:12;100;60;160;0;0;0;0;枕頭;100;100;A-1;1;0;2026-08-02 08:15
2608C;尚未付款;;teobaldo;2026-08-03 08:12;100;60;160;0;0;0;0;枕頭;100;100;A-1;1;0;
2608D;已完成;退貨/退款已完成;teobaldo;2026-08-04 08:12;50;60;110;0;3;1;1;床單;50;50;B-2;1;1;2026-08-04 08:15
2608E;運送中;已取消退貨/退款;teobaldo;2026-08-05 08:12;50;60;110;0;3;1;1;床單;50;50;B-2;1;0;2026-08-05 08:15
"""


def test_magalus_money_of_an_order_is_counted_once() -> None:
    found = reading(MAGALU, ["magalu"])
    lines = sold(found)

    assert found.report.layout == "magalu.sales"
    assert lines["status"].to_list() == [shape.SOLD, shape.SOLD, shape.CANCELLED]
    assert lines["revenue"].round(2).to_list() == [56.25, 93.75, 60.0]
    one = lines.filter(pl.col("status") == shape.SOLD)
    assert [round(float(one[name].sum()), 2) for name in ("fees", "shipping", "discount")] == [26.0, 2.4, 10.0]
    assert round(float((one["total_ours"] - one["total_theirs"]).abs().sum()), 2) == 0.0
    assert "Zuleica" not in str((lines.rows(), found.report))


def test_an_item_of_magalu_may_have_the_price_of_one_unit() -> None:
    text = MAGALU.replace("Lençol;2;R$ 100.00", "Lençol;2;R$ 50.00")
    found = reading(text, ["magalu"])

    assert sold(found)["revenue"].round(2).to_list() == [56.25, 93.75, 60.0]
    assert UNIT_PRICES.format(column="Valor Total do Item") in found.report.warnings


def test_what_walmart_calls_the_items_cost_is_its_price() -> None:
    found = reading(ORDERS)
    lines = sold(found)

    assert found.report.layout == "walmart.orders"
    assert lines["revenue"].to_list() == [60.0, 40.0, 40.0]
    assert lines["order_id"].to_list() == ["2000001", "2000001", "2000002"]
    assert lines["status"].to_list() == [shape.SOLD, shape.SOLD, shape.CANCELLED]
    assert "Zuleica" not in str((lines.rows(), found.report))


def test_walmarts_amounts_of_an_item_are_one_sale_or_one_refund() -> None:
    found = reading(PAYMENTS)
    lines = sold(found)

    assert found.report.layout == "walmart.payments"
    assert lines["revenue"].to_list() == [60.0, 0.0]
    assert (lines["fees"].sum(), lines["refund"].sum(), lines["net"].sum()) == (4.5, 30.0, 25.5)
    assert (lines["units"].sum(), lines["returned_units"].sum()) == (2, 1)


def test_an_order_of_walmart_with_an_entry_that_has_no_amount_is_left_out_and_told() -> None:
    more = "08/01/2026;USD;08/03/2026 01:00:00;Sale;2000002;1089002;40.00;Product Price;1;;B-2;Sheet\n"
    found = reading(PAYMENTS.replace("-9.00", "") + more)

    assert sold(found)["order_id"].to_list() == ["2000002"]
    assert UNREAD.format(rows=1, orders=1) in found.report.warnings


@pytest.mark.parametrize("voucher", ["賣家負擔優惠券", "賣場優惠券"])
def test_shopee_of_taiwan(voucher: str) -> None:
    found = reading(TAIWAN.replace("賣家負擔優惠券", voucher), ["shopee"])
    lines = sold(found)

    assert found.report.layout == "shopee.order_all"
    assert lines["status"].to_list() == [shape.SOLD, shape.CANCELLED, shape.UNPAID, shape.RETURNED, shape.SOLD]
    assert lines["revenue"].to_list() == [190.0, 100.0, 100.0, 50.0, 50.0]
    assert lines["fees"].to_list() == [20.0, 0.0, 0.0, 5.0, 5.0]
    assert lines["refund"].to_list() == [0.0, 0.0, 0.0, 50.0, 0.0]
    assert set(lines["currency"]) == {"TWD"}
