"""Each layout's own totals against what they are made of: equal where the document is, told with its rows where not."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from schemas.facts import ChannelFacts
from tests.unit.gateway.intake.tables import reading, sold

SHOPEE = (
    "ID do pedido;Status do pedido;Nome do Produto;Preço acordado;Quantidade;Subtotal do produto;Código do Cupom;"
    "Cupom do vendedor;Cupom Shopee;Compensar Moedas Shopee;Total descontado Cartão de Crédito;Valor Total;"
    "Taxa de envio pagas pelo comprador;Taxa de transação;Total global\n"
    "A;Concluído;Camisa;50.00;2;100.00;X;5.00;3.00;250;1.00;105.00;10.00;2;{first}\n"
    "A;Concluído;Meia;10.00;1;10.00;X;5.00;3.00;250;1.00;105.00;10.00;2;{first}\n"
    "B;Cancelado;Meia;10.00;1;10.00;;0.00;0.00;0;0.00;0.00;0.00;0;0.00\n"
    "C;Entregue;Meia;10.00;1;10.00;;0.00;0.00;0;0.00;10.00;0.00;1;10.00"
)
SHEIN = (
    "Número do pedido;Status do pedido;Nome do produto;SKU do vendedor;SHEIN-SKU;SKC;Status do produto;"
    "Moeda do vendedor;Preço do produto;Valor do cupom;Desconto de campanha da loja;Comissão;"
    "Receita estimada de mercadorias;Taxa de intermediação de frete;Taxa de operação de estocagem\n"
    "1;Enviado;Anel;A;I1;s1;Enviado;BRL;22.90;0;2.98;3.19;{first};4;1\n"
    "2;Reembolsado por cliente;Anel;A;I1;s1;Reembolsado por cliente;BRL;20.90;0;0;3.34;0;4;1"
)
SHOPIFY = (
    "Name;Financial Status;Currency;Subtotal;Shipping;Taxes;Total;Discount Amount;Created at;Lineitem quantity;"
    "Lineitem name;Lineitem price;Lineitem sku;Refunded Amount\n"
    "#1;paid;USD;90;5;8;{first};10;2026-03-01;2;Shirt;40;S;0\n#1;;;;;;;;2026-03-01;1;Sock;20;K;\n"
    "#2;paid;USD;20;0;2;22;0;2026-03-02;1;Sock;20;K;0"
)
VTEX = (
    "Order;Creation Date;Status;Quantity_SKU;ID_SKU;SKU Name;SKU Selling Price;SKU Total Price;Shipping Value;"
    "Total Value;Discounts Totals;Currency Code\n"
    "v1;2026-01-18 16:44:45Z;Faturado;2;1;Camisa;50;100;10.99;{first};-20;BRL\n"
    "v1;2026-01-18 16:44:45Z;Faturado;1;2;Meia;9;9;10.99;{first};-20;BRL"
)
NUVEMSHOP = (
    "Número do Pedido;Data;Status do Pedido;Status do Pagamento;Moeda;Subtotal;Desconto;Valor do Frete;Total;"
    "Nome do Produto;Valor do Produto;Quantidade Comprada;SKU\n"
    "1001;01/03/2026;Arquivada;Confirmado;BRL;59,00;9,00;14,90;{first};Camisa;50,00;1;A\n"
    "1001;;;;;;;;;Meia;9,00;1;B"
)
WOOCOMMERCE = (
    "Order Number,Order Status,Order Date,Item Name,SKU,Quantity,Item Cost,Cart Discount Amount,Order Shipping Amount,"
    "Order Total Tax Amount,Order Refund Amount,Order Total Amount\n"
    "7,Completed,2026-03-01,Shirt,S,2,40,10,5,8,0,{first}\n7,Completed,2026-03-01,Sock,K,1,20,10,5,8,0,{first}"
)
MAGALU = (
    "Magalu Marketplace - repasses\n\nNº do pedido;Data do pedido;SKU do lojista;Descrição do produto;Qtde;"
    "Valor do item;Comissão;Frete pago pelo lojista;Valor líquido a receber;Situação do pedido\n"
    "LU-1;01/03/2026;A;Camisa;1;100,00;16,00;4,00;{first};Entregue\nLU-2;02/03/2026;B;Meia;1;50,00;8,00;2,00;40,00;Entregue"
)
PLAIN = (
    "Pedido;Data;SKU;Produto;Qtd;Valor total;Comissão;Repasse\n1;01/03/2026;A;Camisa;1;100,00;12,00;{first}\n"
    "2;01/03/2026;B;Meia;2;50,00;6,00;44,00"
)
ETSY = (
    "Sale Date;Order ID;Number of Items;Currency;Order Value;Discount Amount;Shipping Discount;Shipping;Sales Tax;"
    "Order Total;Card Processing Fees;Order Net\n"
    "03/01/26;11;2;USD;100.00;10.00;2.00;5.00;8.00;{first};3.00;98.00\n03/15/26;12;1;USD;20.00;;;;;20.00;1.00;19.00"
)
EBAY = (
    "Order Number;Item Number;Item Title;Custom Label;Quantity;Sold For;Shipping And Handling;eBay Collected Tax;"
    "Total Price;Sale Date\n1;254;Cup;A;2;$10.00;$0.00;$1.40;{first};Jan-03-26\n"
    "2;;;;2;$30.00;$7.00;$2.00;$39.00;Jan-04-26\n2;255;Mug;B;1;$20.00;$0.00;$0.00;;Jan-04-26\n"
    "2;256;Pot;C;1;$10.00;$0.00;$0.00;;Jan-04-26"
)
ETSY_ITEMS = (
    "Sale Date;Item Name;Quantity;Price;Discount Amount;Order Shipping;Item Total;Currency;Transaction ID;Listing ID;"
    "Order ID;SKU\n02/13/26;Cup;2;9.00;0;6.50;{first};USD;1;9;71;A\n02/14/26;Mug;1;20.00;4.00;0;16.00;USD;2;8;72;B"
)
LAYOUTS = [
    ("ebay.orders", EBAY, "Total Price", "$21.40"),  # 2 x 10 + 1.40
    ("etsy.items", ETSY_ITEMS, "Item Total", "18.00"),
    ("etsy.orders", ETSY, "Order Total", "101.00"),  # 100 - 10 - 2 + 5 + 8
    ("shopee.order_all", SHOPEE, "Total global", "108.50"),  # 110 - 5 + 10 - 3 - 2.50 - 1
    ("shein.orders", SHEIN, "Receita estimada de mercadorias", "11.73"),
    ("shopify.orders", SHOPIFY, "Total", "103"),  # 100 - 10 + 5 + 8
    ("vtex.orders", VTEX, "Total Value", "99.99"),
    ("nuvemshop.orders", NUVEMSHOP, "Total", "64,90"),
    ("woocommerce.orders", WOOCOMMERCE, "Order Total Amount", "103"),
    ("magalu.orders", MAGALU, "Valor líquido a receber", "80,00"),
    ("plain", PLAIN, "Repasse", "88,00"),
]


def own_of(layout: str, text: str, first: str) -> ChannelFacts:
    found = reading(text.format(first=first).replace(",", ";" if layout == "woocommerce.orders" else ","))
    assert found.report.layout == layout
    (own,) = channel_facts(sold(found), None)
    return own


@pytest.mark.parametrize(("layout", "text", "column", "total"), LAYOUTS)
def test_a_total_that_is_the_sum_of_its_parts_is_told_as_equal(layout: str, text: str, column: str, total: str) -> None:
    own = own_of(layout, text, total)

    assert own.reconciliation is not None
    assert (own.reconciliation.column, own.reconciliation.difference, own.reconciliation.causes) == (column, 0, [])
    assert not any("com as maiores diferenças" in warning for warning in own.warnings)


@pytest.mark.parametrize(("layout", "text", "column", "total"), LAYOUTS)
def test_a_total_that_differs_is_a_warning_with_its_row(layout: str, text: str, column: str, total: str) -> None:
    own = own_of(layout, text, total.replace("1", "7").replace("8", "6").replace("9", "5"))
    check = own.reconciliation
    row = next(number for number, one in enumerate(text.splitlines(), start=1) if "{first}" in one)

    assert check is not None
    assert check.share > 0.005
    assert [cause.row for cause in check.causes] == [row]
    assert any(f"“{column}”" in one and one.endswith(f"maiores diferenças: {row}.") for one in own.warnings)


def test_an_order_of_ebay_has_its_total_in_its_head() -> None:
    own = own_of("ebay.orders", EBAY.replace("$39.00", "$79.00"), "$21.40")

    assert own.reconciliation is not None
    assert [(one.row, one.theirs, one.ours) for one in own.reconciliation.causes] == [(3, 79, 39)]


def test_tax_that_ebay_keeps_is_no_part_where_it_is_said_or_does_not_fit() -> None:
    told = EBAY.replace("Sale Date\n", "Sale Date;eBay Collected Tax and Fees Included in Total\n").replace(
        "-26", "-26;No"
    )
    for text in (told, EBAY):
        own = own_of("ebay.orders", text.replace("$39.00", "$37.00"), "$20.00")
        assert own.reconciliation is not None
        assert own.reconciliation.causes == []


def test_taxes_that_are_in_the_prices_are_not_added() -> None:
    own = own_of("shopify.orders", SHOPIFY.replace(";2;22;0;", ";2;20;0;"), "95")

    assert own.reconciliation is not None
    assert own.reconciliation.difference == 0


def test_an_amount_that_no_cost_explains_is_no_payout() -> None:
    text = "Pedido;SKU;Qtd;Valor total;Comissão;Valor líquido\n1;A;1;100,00;12,00;70,00\n2;B;2;50,00;6,00;31,00"
    (own,) = channel_facts(sold(reading(text)), None)

    assert own.reconciliation is None


def test_differences_of_two_orders_do_not_take_each_other_off() -> None:
    rows = "".join(
        f"\n{n};A;1;100,00;12,00;{stated}" for n, stated in enumerate(("88,00", "88,00", "128,00", "48,00"), start=1)
    )
    (own,) = channel_facts(sold(reading(f"Pedido;SKU;Qtd;Valor total;Comissão;Repasse{rows}")), None)

    assert own.reconciliation is not None
    assert (own.reconciliation.difference, own.reconciliation.share) == (0, round(80 / 352, 4))
    assert any("as diferenças são 22,7% dela" in warning for warning in own.warnings)


@pytest.mark.parametrize(
    ("columns", "amounts", "column"),
    [
        ("Valor a receber", ["90,00", "45,00"], ""),  # total less discount: the buyer owes it
        ("Valor a receber;Repasse", ["90,00;78,00", "45,00;39,00"], "Repasse"),
        ("Repasse previsto;Valor líquido", ["1,00;78,00", "7,00;39,00"], "Valor líquido"),
    ],
)
def test_what_the_buyer_owes_is_no_payout_and_each_column_is_tried(
    columns: str, amounts: list[str], column: str
) -> None:
    text = (
        f"Pedido;SKU;Qtd;Valor total;Desconto;Comissão;{columns}\n1;A;1;100,00;10,00;12,00;{amounts[0]}\n"
        f"2;B;2;50,00;5,00;6,00;{amounts[1]}"
    )
    (own,) = channel_facts(sold(reading(text)), None)

    assert (own.reconciliation.column if own.reconciliation else "") == column
    net = {figure.metric: figure.value for figure in own.figures}.get("net_receipts")
    assert net == (117 if column == "Repasse" else None)
