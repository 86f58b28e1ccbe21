"""Reports of payouts and of summed sales as their documentation and programs describe them, each with its truth."""

from __future__ import annotations

from dataclasses import dataclass, field

_AMAZON_ABOVE = """"Inclui transações do Amazon Marketplace e Fulfillment by Amazon (FBA)"
"Todas as quantias em {currency}, a menos que especificado"
"Definições:"
"""
_AMAZON_PT = (
    "data/hora,id de liquidação,tipo,id do pedido,sku,descrição,quantidade,mercado,cidade do pedido,vendas do produto,"
    "créditos de remessa,créditos de embalagem de presente,descontos promocionais,imposto de vendas coletados,"
    "tarifas de venda,taxas fba,taxas de outras transações,outro,total"
)
_AMAZON_EN = (
    "date/time,settlement id,type,order id,sku,description,quantity,marketplace,order city,product sales,"
    "shipping credits,gift wrap credits,promotional rebates,sales tax collected,"
    "selling fees,fba fees,other transaction fees,other,total"
)
_AMAZON_ROWS = """
{d1},9,{order},701-1,A-1,Almofada,1,amazon.com.br,Natal,"75,97","3,19",0,"-3,19",0,"-9,12","-5,00",0,0,"61,85"
{d2},9,{order},701-2,B-2,Lençol,2,amazon.com.br,Natal,"1.200,00",0,0,"-10,00",0,"-24,00","-8,50",0,0,"1.157,50"
{d2},9,{refund},701-2,B-2,Lençol,1,amazon.com.br,Natal,"-600,00",0,0,"5,00",0,"9,60",0,0,0,"-585,40"
{d2},9,{refund},701-0,A-1,Almofada,1,amazon.com.br,Natal,"-50,00",0,0,0,0,"6,00",0,0,0,"-44,00"
{d2},9,{label},701-1,,Tarifa de entrega,,amazon.com.br,,0,0,0,0,0,0,0,"-6,00",0,"-6,00"
{d2},9,{service},,,Publicidade,,amazon.com.br,,0,0,0,0,0,0,0,"-30,00",0,"-30,00"
{d2},9,{transfer},,,Para conta bancária,,amazon.com.br,,0,0,0,0,0,0,0,0,"-500,00","-500,00"
"""
_PT = {
    "order": "Pedido",
    "refund": "Reembolso",
    "label": "Serviços de Envio",
    "service": "Taxa de serviço",
    "transfer": "Transferir",
    "d1": "1 de mar. de 2026 00:15:19 GMT-8",
    "d2": "3 de mar. de 2026 10:15:19 GMT-8",
}
_EN = {
    "order": "Order",
    "refund": "Refund",
    "label": "Shipping Services",
    "service": "Service Fee",
    "transfer": "Transfer",
    "d1": '"Mar 1, 2026 1:05:07 AM PDT"',
    "d2": '"Mar 3, 2026 1:05:07 AM PDT"',
}
_SETTLEMENT = [
    "settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount",
    "currency", "transaction-type", "order-id", "marketplace-name", "amount-type",
    "amount-description", "amount", "posted-date", "sku", "quantity-purchased",
]  # fmt: skip
_AMOUNTS = """
Order 701-1 ItemPrice Principal 100.00 A-1 2
Order 701-1 ItemPrice Shipping 12.00 A-1 2
Order 701-1 Promotion Shipping -12.00 A-1
Order 701-1 Promotion Principal -5.00 A-1
Order 701-1 ItemFees Commission -14.25 A-1
Order 701-1 ItemFees FBAPerUnitFulfillmentFee -10.00 A-1
Order 701-2 ItemPrice Principal 60.00 B-2 1
Order 701-2 ItemFees Commission -9.00 B-2
Order 701-2 ItemPrice Tax 3.00 B-2
Order 701-2 ItemFees MarketplaceFacilitatorTax-Principal -3.00 B-2
Refund 701-0 ItemPrice Principal -30.00 B-2 1
Refund 701-0 ItemFees Commission 4.50 B-2
Refund 701-0 ItemFees RefundCommission -0.90 B-2
other-transaction - other-transaction Subscription -19.00 -
"""
_RELEASES = """DATE;SOURCE_ID;EXTERNAL_REFERENCE;RECORD_TYPE;DESCRIPTION;NET_CREDIT_AMOUNT;NET_DEBIT_AMOUNT;\
GROSS_AMOUNT;\
MP_FEE_AMOUNT;FINANCING_FEE_AMOUNT;SHIPPING_FEE_AMOUNT;TAXES_AMOUNT;CURRENCY;SUB_UNIT;PAYER_NAME
2026-08-09T23:59:59.000-03:00;;;initial_available_balance;;100.00;0.00;100.00;0.00;0.00;0.00;0.00;BRL;;
2026-08-10T14:32:00.000-03:00;111;2000000111;release;payment;150.25;0.00;199.90;{s}35.65;0.00;{s}14.00;0.00;BRL;\
Mercado Livre;Zuleica
2026-08-11T14:32:00.000-03:00;112;2000000112;release;payment;80.00;0.00;100.00;{s}18.00;{s}2.00;0.00;0.00;BRL;\
Mercado Livre;Zuleica
2026-08-11T14:33:00.000-03:00;113;loja-7;release;payment;47.50;0.00;50.00;{s}2.50;0.00;0.00;0.00;BRL;\
Online payments;Teobaldo
2026-08-11T09:00:00.000-03:00;222;;release;advertising;0.00;48.90;48.90;0.00;0.00;0.00;0.00;BRL;Mercado Livre;
2026-08-11T10:15:00.000-03:00;333;2000000099;release;refund;0.00;71.90;89.90;18.00;0.00;0.00;0.00;BRL;Mercado Livre;
2026-08-12T10:15:00.000-03:00;334;2000000112;release;reserve_for_dispute;0.00;80.00;80.00;0.00;0.00;0.00;0.00;BRL;\
Mercado Livre;
2026-08-12T18:00:00.000-03:00;444;;release;payout;0.00;100.00;100.00;0.00;0.00;0.00;0.00;BRL;;
2026-08-13T00:00:00.000-03:00;;;total;;277.75;300.80;;;;;;BRL;;"""
_RELEASES_ES = (
    "FECHA DE LIBERACIÓN;ID DE OPERACIÓN EN MERCADO PAGO;CÓDIGO DE REFERENCIA;TIPO DE REGISTRO;DESCRIPCIÓN;"
    "MONTO NETO ACREDITADO;MONTO NETO DEBITADO;MONTO BRUTO DE LA OPERACIÓN;"
    "COMISIÓN DE MERCADO PAGO O MERCADO LIBRE (INCLUYE IVA);COMISIÓN POR OFRECER CUOTAS SIN INTERÉS;COSTO DE ENVÍO;"
    "IMPUESTOS COBRADOS;MONEDA;UNIDAD DE NEGOCIO;PAGADOR"
)
_SHOPEE_HEAD = (
    "Número da sequência;Ver;ID do pedido;ID do reembolso;SKU;Nome do produto;Data de criação do pedido;"
    "Data de conclusão do pagamento;Canal de liberação;Quantia total lançada (R$);Preço do produto;"
    "Voucher subsidiado pelo Seller;Valor do Reembolso;Taxa de frete paga pelo comprador;"
    "Frete cobrado pelo parceiro logístico;Desconto de frete pela Shopee;Taxa de envio reverso;"
    "Taxa de comissão líquida;"
    "Taxa de serviço líquida;Taxa de transação;Nome de usuário (Comprador);Taxa de comissão bruta"
)
_SHOPEE = f"""Informações do pedido;;;;;;;;;;Valores;;;Frete;;;;Taxas;;;;
{_SHOPEE_HEAD}
1;Order;26040A1;-;-;-;2026-04-01;2026-04-10;SC;79,50;100,00;-5,00;0;10;-22;12;0;-12,00;-3,50;0;zuleica;-12
2;Sku;26040A1;-;CAM-1;Camisa;2026-04-01;2026-04-10;SC;79,50;100,00;-5,00;0;10;-22;12;0;-12,00;-3,50;0;zuleica;-12
3;Order;26040B2;-;-;-;2026-04-02;2026-04-11;SC;120,00;150,00;0;0;0;-20;20;0;-22,00;-8,00;0;teobaldo;-22
4;Sku;26040B2;-;CAM-1;Camisa;2026-04-02;2026-04-11;SC;80,00;100,00;0;0;0;-20;20;0;-15,00;-5,00;0;teobaldo;-15
5;Sku;26040B2;-;MEI-1;Meia;2026-04-02;2026-04-11;SC;40,00;50,00;0;0;0;0;0;0;-7,00;-3,00;0;teobaldo;-7
6;Order;26040C3;R1;-;-;2026-04-03;2026-04-12;SC;-8,00;60,00;0;-60,00;0;-10;10;-8;0;0;0;ana;0"""
_TIKTOK = """Order/adjustment ID,Type,Order created time,Order settled time,Currency,Total settlement amount,\
Total Revenue,\
Subtotal after seller discounts,Subtotal before discounts,Seller discounts,Refund subtotal after seller discounts,\
Total Fees,\
TikTok Shop commission fee,Affiliate commission,Adjustment amount,Related order ID
570001,Order,2026/08/01,2026/08/12,BRL,75.00,90.00,90.00,100.00,-10.00,0,-15.00,-9.00,-6.00,0,
570002,Order,2026/08/02,2026/08/13,BRL,-1.20,0,50.00,50.00,0,-50.00,-1.20,-1.20,0,0,
570003,Logistics reimbursement,2026/08/03,2026/08/14,BRL,12.00,0,0,0,0,0,0,0,0,12.00,570001"""
_SHOPIFY = """Transaction Date,Type,Order,Card Brand,Payout Status,Payout Date,Payout ID,Amount,Fee,Net,Currency
2026-09-01 07:33:09 +0200,charge,#1001,master,paid,2026-09-10,1,56.29,1.93,54.36,EUR
2026-09-02 07:33:09 +0200,charge,#1002,visa,paid,2026-09-10,1,25.00,1.03,23.97,EUR
2026-09-03 08:12:57 +0200,refund,#1001,master,paid,2026-09-10,1,-6.29,0.00,-6.29,EUR
2026-09-04 08:12:57 +0200,adjustment,,,paid,2026-09-10,1,-15.00,0.00,-15.00,EUR"""


@dataclass(frozen=True, slots=True)
class Report:
    """A report, its separator, whom it is asked about, and by channel the figures that are known of it."""

    name: str
    layout: str
    text: str
    truth: dict[str, dict[str, float]]
    separator: str = ","
    told: tuple[str, ...] = ()  # a part of what is said of rows that are left out
    unknown: tuple[str, ...] = field(default=("cancellation_rate", "unpaid_share"))


def _amazon(head: str, words: dict[str, str], currency: str, *, point: bool = False) -> str:
    rows = _AMAZON_ROWS.format(**words)
    rows = _pointed(rows.replace("1.", "1")) if point else rows
    return _AMAZON_ABOVE.format(currency=currency) + head + rows


def _pointed(rows: str) -> str:
    """Return amounts such as `"75,97"` with a decimal point."""
    parts = rows.split('"')
    return '"'.join(
        part.replace(",", ".") if index % 2 and part.replace(",", "").lstrip("-").isdigit() else part
        for index, part in enumerate(parts)
    )


def _settlement() -> str:
    head = {"total-amount": "77.35", "currency": "BRL", "deposit-date": "2026-09-17"}
    rows = [head]
    for line in _AMOUNTS.split("\n"):
        kind, order, of, what, amount, sku, *units = (*line.split(), "", "") if line else [""] * 7
        if kind:
            rows.append(
                {"transaction-type": kind, "order-id": order.strip("-"), "amount-type": of, "amount-description": what,
                 "amount": amount, "sku": sku if sku != "-" else "", "quantity-purchased": units[0],
                 "posted-date": "2026-09-05"}
            )  # fmt: skip
    lines = ["\t".join(row.get(name, "1" if name == "settlement-id" else "") for name in _SETTLEMENT) for row in rows]
    return "\n".join(["\t".join(_SETTLEMENT), *lines])


_FIRST_SETTLEMENT = [
    "settlement-id", "total-amount", "currency", "transaction-type", "order-id", "shipment-fee-type",
    "shipment-fee-amount", "posted-date", "order-item-code", "sku", "quantity-purchased", "price-type", "price-amount",
    "item-related-fee-type", "item-related-fee-amount", "misc-fee-amount", "other-fee-amount",
    "other-fee-reason-description", "promotion-type", "promotion-amount", "other-amount",
]  # fmt: skip
_FIRST_PLACES = {
    "price": ("price-type", "price-amount"),
    "fee": ("item-related-fee-type", "item-related-fee-amount"),
    "promotion": ("promotion-type", "promotion-amount"),
    "shipment": ("shipment-fee-type", "shipment-fee-amount"),
    "reason": ("other-fee-reason-description", "other-fee-amount"),
    "other": ("", "other-amount"),
}
_FIRST_AMOUNTS = """
Order 701-1 A-1 pieces - 2
Order 701-1 A-1 price Principal 100.00
Order 701-1 A-1 price Shipping 12.00
Order 701-1 A-1 promotion Shipping -12.00
Order 701-1 A-1 promotion Principal -5.00
Order 701-1 A-1 fee Commission -14.25
Order 701-1 A-1 fee FBAPerUnitFulfillmentFee -10.00
Order 701-2 B-2 pieces - 1
Order 701-2 B-2 price Principal 60.00
Order 701-2 B-2 fee Commission -9.00
Refund 701-0 B-2 price Principal -30.00
Refund 701-0 B-2 fee Commission 4.50
Refund 701-0 B-2 fee RefundCommission -0.90
ServiceFee - - fee Advertising -19.00
ServiceFee - - reason TaxAmount -2.00
REIMBURSEMENT - A-1 other - 8.00
"""


def _first_settlement() -> str:
    rows = [{"total-amount": "82.35", "currency": "CAD"}]
    for line in _FIRST_AMOUNTS.strip().splitlines():
        kind, order, sku, of, what, amount = line.split()
        row = {"transaction-type": kind, "order-id": order.strip("-"), "sku": sku.strip("-"),
               "posted-date": "2026-09-05T10:20:02+00:00", "order-item-code": order.strip("-")}  # fmt: skip
        if of == "pieces":
            row["quantity-purchased"] = amount
        else:
            row |= {name: text for name, text in zip(_FIRST_PLACES[of], (what, amount), strict=True) if name}
        rows.append(row)
    lines = [
        "\t".join(row.get(name, "1" if name == "settlement-id" else "") for name in _FIRST_SETTLEMENT) for row in rows
    ]
    return "\n".join(["\t".join(_FIRST_SETTLEMENT), *lines])


_PAYPAL = """\
{date},{time},{zone},{name},{type},{status},{currency},{gross},{fee},{net},{id},{title},{quantity},{reference}
03/13/2026,10:00:00,PDT,Zuleica,{payment},{done},USD,"1,200.00",-42.29,"1,157.71",T1,Vase,2,
03/14/2026,10:00:00,PDT,Zuleica,{payment},{done},USD,50.00,-2.24,47.76,T2,Cup,1,
03/14/2026,11:00:00,PDT,Zuleica,{payment},{open},USD,70.00,0.00,70.00,T3,Cup,1,
03/15/2026,10:00:00,PDT,Zuleica,{refund},{done},USD,-50.00,0.00,-50.00,R1,Cup,,T2
03/15/2026,11:00:00,PDT,Teobaldo,{refund},{done},USD,-20.00,0.00,-20.00,R2,Cup,,T0
03/16/2026,10:00:00,PDT,,{withdrawal},{done},USD,-300.00,0.00,-300.00,W1,,,
03/17/2026,10:00:00,PDT,Teobaldo,{payment},{done},USD,-15.00,0.00,-15.00,P1,Paper,1,"""
_PAYPAL_EN = {
    "date": "Date", "time": "Time", "zone": "TimeZone", "name": "Name", "type": "Type", "status": "Status",
    "currency": "Currency", "gross": "Gross", "fee": "Fee", "net": "Net", "id": "Transaction ID",
    "title": "Item Title", "quantity": "Quantity", "reference": "Reference Txn ID", "done": "Completed",
    "open": "Pending", "payment": "Express Checkout Payment", "refund": "Payment Refund",
    "withdrawal": "General Withdrawal",
}  # fmt: skip
_PAYPAL_PT = {
    "date": "Data", "time": "Hora", "zone": "Fuso horário", "name": "Nome", "type": "Tipo", "status": "Status",
    "currency": "Moeda", "gross": "Bruto", "fee": "Tarifa", "net": "Líquido", "id": "ID da transação",
    "title": "Título do item", "quantity": "Quantidade", "reference": "ID de referência da transação",
    "done": "Concluído", "open": "Pendente", "payment": "Pagamento do Checkout Expresso",
    "refund": "Reembolso de pagamento", "withdrawal": "Saque para conta bancária",
}  # fmt: skip
_PAYPAL_TRUTH = {
    "own_store": {"revenue": 1250.0, "orders": 2, "units": 3, "refunds": 70.0, "fees": 44.53,
                  "net_without_freight": 1135.47},
}  # fmt: skip
_AMAZON_TRUTH = {
    "amazon": {
        "revenue": 1265.97, "orders": 2, "units": 3, "refunds": 645.0, "returned_units": 2, "fees": 31.02,
        "shipping_cost": 6.0, "net_receipts": 583.95,
    },
}  # fmt: skip
_RELEASED_TRUTH = {
    "mercado_livre": {
        "revenue": 299.9, "orders": 2, "fees": 37.65, "shipping_cost": 14.0, "refunds": 89.9, "net_receipts": 158.35,
    },
    "own_store": {"revenue": 50.0, "orders": 1, "fees": 2.5, "net_receipts": 47.5},
}  # fmt: skip
REPORTS = (
    Report("Amazon transactions", "amazon.transactions", _amazon(_AMAZON_PT, _PT, "BRL"), _AMAZON_TRUTH,
           told=("somam -530,00", "Transferir: -500,00")),
    Report("Amazon transactions in English", "amazon.transactions", _amazon(_AMAZON_EN, _EN, "USD", point=True),
           _AMAZON_TRUTH, told=("Transfer: -500,00",)),
    Report("Amazon settlement", "amazon.settlement", _settlement(), {
        "amazon": {"revenue": 155.0, "orders": 2, "units": 3, "refunds": 30.0, "returned_units": 1, "fees": 29.65,
                   "shipping_cost": 0.0, "net_receipts": 95.35},
    }, separator="\t", told=("Subscription: -19,00", "77,35")),
    Report("Amazon settlement, first form", "amazon.settlement", _first_settlement(), {
        "amazon": {"revenue": 155.0, "orders": 2, "units": 3, "refunds": 30.0, "fees": 29.65, "shipping_cost": 0.0,
                   "net_receipts": 95.35},
    }, separator="\t", told=("somam -13,00", "Advertising: -19,00"), unknown=("returned_units", "return_rate")),
    Report("Mercado Pago releases", "mercado_pago.releases", _RELEASES.format(s="-"), _RELEASED_TRUTH, ";",
           told=("payout: -100,00", "reserve_for_dispute: -80,00")),
    Report("Mercado Pago releases without signs", "mercado_pago.releases", _RELEASES.format(s=""), _RELEASED_TRUTH,
           ";"),
    Report("Mercado Pago releases by their date", "mercado_pago.releases", "RELEASE_" + _RELEASES.format(s="-"),
           _RELEASED_TRUTH, ";"),
    Report("Mercado Pago releases in Spanish", "mercado_pago.releases",
           "\n".join([_RELEASES_ES, *_RELEASES.format(s="-").splitlines()[1:]]), _RELEASED_TRUTH, ";"),
    Report("Mercado Pago transactions", "mercado_pago.settlements", """\
EXTERNAL_REFERENCE;SOURCE_ID;TRANSACTION_TYPE;TRANSACTION_AMOUNT;TRANSACTION_CURRENCY;TRANSACTION_DATE;FEE_AMOUNT;\
SETTLEMENT_NET_AMOUNT;SETTLEMENT_CURRENCY;MKP_FEE_AMOUNT;FINANCING_FEE_AMOUNT;SHIPPING_FEE_AMOUNT;TAXES_AMOUNT
2000000111;111;SETTLEMENT;199.90;BRL;2026-08-01T14:32:00.000-03:00;-35.65;150.25;BRL;0.00;0.00;-14.00;0.00
2000000112;112;SETTLEMENT;100.00;BRL;2026-08-02T14:32:00.000-03:00;-20.00;80.00;BRL;-5.00;-2.00;0.00;0.00
2000000112;112;REFUND;-100.00;BRL;2026-08-05T14:32:00.000-03:00;20.00;-80.00;BRL;5.00;2.00;0.00;0.00
;555;WITHDRAWAL;-100.00;BRL;2026-08-06T14:32:00.000-03:00;0.00;-100.00;BRL;0.00;0.00;0.00;0.00""", {
        "mercado_livre": {"revenue": 299.9, "orders": 2, "fees": 35.65, "shipping_cost": 14.0, "refunds": 100.0,
                          "net_receipts": 150.25},
    }, ";", told=("WITHDRAWAL: -100,00",)),
    Report("Mercado Pago transactions, most of an own page", "mercado_pago.settlements", """\
EXTERNAL_REFERENCE;SOURCE_ID;TRANSACTION_TYPE;TRANSACTION_AMOUNT;ORIGIN_DATE;FEE_AMOUNT;SETTLEMENT_NET_AMOUNT;\
SETTLEMENT_CURRENCY;ORDER_ID
r5sTL9;111;SETTLEMENT;199.90;2026-08-01T14:32:00.000;-9.90;190.00;BRL;
r7uXY2;112;SETTLEMENT;100.00;2026-08-02T14:32:00.000;-5.00;95.00;BRL;
2000000113;113;SETTLEMENT;50.00;2026-08-03T14:32:00.000;-3.00;47.00;BRL;2000000113""", {
        "mercado_livre": {"revenue": 349.9, "orders": 3, "fees": 17.9},
    }, ";"),
    Report("Shopee income", "shopee.income", _SHOPEE, {
        "shopee": {"revenue": 305.0, "orders": 3, "fees": 45.5, "refunds": 60.0, "shipping_cost": 8.0,
                   "net_receipts": 191.5},
    }, ";", told=("2 linha(s) repetem o pedido",)),
    Report("TikTok income", "tiktok.income", _TIKTOK, {
        "tiktok_shop": {"revenue": 140.0, "orders": 2, "fees": 16.2, "refunds": 50.0, "net_receipts": 73.8},
    }, told=("Logistics reimbursement: 12,00", "frete está dentro das taxas"), unknown=("cancellation_rate", "units")),
    Report("PayPal's activity", "paypal.activity", _PAYPAL.format(**_PAYPAL_EN), _PAYPAL_TRUTH,
           told=("somam -245,00", "General Withdrawal: -300,00")),
    Report("PayPal's activity in Portuguese", "paypal.activity", _PAYPAL.format(**_PAYPAL_PT), _PAYPAL_TRUTH),
    Report("Shopify payouts", "shopify.payouts", _SHOPIFY, {
        "own_store": {"revenue": 81.29, "orders": 2, "fees": 2.96, "refunds": 6.29, "net_without_freight": 72.04},
    }, told=("adjustment: -15,00",), unknown=("net_receipts", "shipping_cost", "units")),
    Report("Amazon business report", "amazon.business_products", """\
"(Parent) ASIN","(Child) ASIN","Title","SKU","Sessions - Total","Page Views - Total","Units Ordered",\
"Units Ordered - B2B","Unit Session Percentage","Ordered Product Sales","Ordered Product Sales - B2B",\
"Total Order Items"
B0A,B0A1,"Mug, big",MUG-1,"1,200","1,500",50,2,4.17%,"R$1,250.50",R$50.00,48
B0B,B0B1,Plate,PLT-1,800,900,20,1,2.50%,R$600.00,R$30.00,20""", {"amazon": {"revenue": 1850.5, "units": 70}},
           unknown=("orders", "cancellation_rate", "impressions")),
    Report("Amazon business report by day", "amazon.business_days", """\
Date,Ordered Product Sales,Ordered Product Sales - B2B,Units Ordered,Units Ordered - B2B,Total Order Items,\
Sessions - Total
09/01/2026,"$1,250.50",$50.00,50,2,48,1200
09/13/2026,$600.00,$30.00,20,1,20,800""", {"amazon": {"revenue": 1850.5, "units": 70, "period_days": 13}},
           unknown=("orders", "cancellation_rate")),
    Report("Shopify sales by product", "store.sales_report", """\
Product title,Product vendor,Product type,Net items sold,Gross sales,Discounts,Returns,Net sales,Taxes,Total sales
Mug,Acme,Kitchen,10,250.00,-10.00,-24.00,216.00,20.00,236.00
Plate,Acme,Kitchen,5,100.00,0.00,0.00,100.00,9.00,109.00""",
           {"own_store": {"revenue": 369.0, "units": 15, "refunds": 24.0}},
           unknown=("orders", "shipping_cost", "return_rate")),
    Report("WooCommerce revenue", "store.sales_report", """\
Date,Orders,Gross sales,Returns,Coupons,Net sales,Taxes,Shipping,Total sales
2026-08-01,5,500,-20,-10,470,0,30,500
2026-08-02,3,300,0,0,300,0,10,310""",
           {"own_store": {"revenue": 830.0, "refunds": 20.0}}, unknown=("units", "shipping_cost", "returned_units")),
)  # fmt: skip
