"""Shopee: income of paid orders ("Renda"). Known from programs and descriptions, not from a file."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.payouts import Movements, amount, amounts, needed, payout_lines, text_of
from gateway.intake.layouts.shopee import CHANNEL
from gateway.intake.values import CENTS

NAME: Final = "shopee.income"
_ORDER: Final = "ID do pedido | Order ID"
_TOTAL: Final = "Quantia total lançada | Total Released Amount"
_PAID: Final = "Data de conclusão do pagamento | Payout Completed Date"
REQUIRED: Final = (_ORDER, _TOTAL, _PAID)
TYPICAL: Final = (
    *("Preço do produto", "Preço original do produto", "Product Price", "Original product price", "Canal de liberação"),
    *(
        "Taxa de comissão líquida",
        "Taxa de comissão",
        "Commission Fee",
        "Commission Fee (incl. SST)",
        "Release Channel",
    ),
)
_WHOLE_PRICE: Final = "Preço do produto | Product Price"
_LIST_PRICE: Final = "Preço original do produto | Original product price"
_PROMOTION: Final = (
    "A promoção do seu produto | Promoção do seu produto | Your product promotion | Seller Product Promotion"
)
_VOUCHERS: Final = (
    "Voucher subsidiado pelo Seller | Voucher Sponsored by Seller",
    "Voucher compartilhado subsidiado pelo Seller | Co-fund Voucher Sponsored by Seller",
    (
        "Coin Cashback subsidiado pelo Seller | Cashback de moeda absorvida do vendedor | "
        "Coin Cashback Sponsored by Seller | Seller Absorbed Coin Cashback"
    ),
    "Coin Cashback compartilhado subsidiado pelo Seller | Co-fund Coin Cashback Sponsored by Seller",
)
_REFUND: Final = (
    "Valor do Reembolso | Valor do reembolso para o comprador | Refund Amount | Refund Amount to Buyer | "
    "Refund Amount (Buyer)"
)
_FREIGHT: Final = (
    "Taxa de frete paga pelo comprador | Shipping Fee Paid by Buyer | Shipping Fee Paid by Buyer (excl. SST)",
    (
        "Frete cobrado pelo parceiro logístico | Taxa de frete real paga pela Shopee | Actual Shipping Fee | "
        "Shipping Fee Charged by Logistic Provider"
    ),
    "Desconto de frete pela Shopee | Shipping Rebate From Shopee | Shopee Shipping Rebate",
    "Taxa de envio reverso | Taxa de envio reversa | Reverse Shipping Fee | Reverse Shipping Fee (excl. SST)",
    "Taxa de devolução do vendedor | Return to Seller Fee",
)
_FEES: Final = (
    "Taxa de comissão líquida | Taxa de comissão | Commission Fee | Commission Fee (incl. SST)",
    "Taxa de serviço líquida | Taxa de serviço | Service Fee | Service Fee (incl. SST)",
    "Taxa de transação | Transaction Fee | Transaction Fee (incl. SST)",
    "Taxa de comissão Afiliados do Vendedor | AMS Commission Fee",
    "Taxa de Devolução Fácil Shopee | Saver Programme Fee (incl. SST)",
)
TWICE: Final = (
    "{rows} linha(s) repetem o pedido, inteiro ou por produto, e não foram contadas outra vez: as dos produtos contam "
    "onde somam o que o pedido diz."
)
ADVERTISING: Final = (
    "A recarga automática de anúncios ({sum}) está descontada do valor recebido; não é uma taxa da venda."
)
_TOP_UP: Final = "Taxa da Recarga Automática (Pedido) | Ads Escrow Top Up Fee"


def read(table: Columns) -> pl.DataFrame:
    """Return the lines. An order has a row of its own, one for each product, or both: it is counted once."""
    table.keep((text_of(table, _ORDER) != "-").fill_null(value=False))
    _each_once(table)
    height, net = table.height, needed(table, _TOTAL)
    price = amount(table, _WHOLE_PRICE)
    promotion = amount(table, _PROMOTION)
    if price is None:
        price = amounts(table, _LIST_PRICE, _PROMOTION)
    vouchers, top_up = amounts(table, *_VOUCHERS), amount(table, _TOP_UP)
    if top_up is not None and (sum_of := float(top_up.sum())):
        table.warnings.append(ADVERTISING.format(sum=f"{abs(sum_of):.2f}".replace(".", ",")))
    given = [one for one in (promotion, vouchers) if one is not None]
    true = pl.Series([True]).new_from_index(0, height)
    title = table.text("Nome do produto", "Product Name", optional=True)
    sku = table.text("SKU", "Número de referência SKU", "SKU Reference No.", "Product ID", optional=True)
    moved = Movements(
        channel=constant(CHANNEL, height),
        sold=true,
        back=~true,
        kind=constant("-", height),
        net=net,
        net_name=alternatives(_TOTAL)[0],
        order=text_of(table, _ORDER),
        goods=price if price is None or vouchers is None else price + vouchers,
        fees=amounts(table, *_FEES),
        freight=amounts(table, *_FREIGHT),
        refund=amount(table, _REFUND),
        discount=reduce(add, given) if given else None,
        sku=None if sku is None else sku.replace("-", None),
        title=None if title is None else title.replace("-", None),
        at=table.moment("Data de criação do pedido", "Order Creation Date"),
    )
    return payout_lines(table, moved, "criação do pedido")


def _each_once(table: Columns) -> None:
    """Keep either an order's own row or those of its products: these where they come to the same amount."""
    view = table.text("Ver", "View By", optional=True)
    product = table.text("SKU", "Nome do produto", "Product Name", "Product ID", optional=True)
    if view is not None:
        whole = view.str.to_lowercase().str.strip_chars() != "sku"
    elif product is not None:
        whole = product.is_null() | (product == "-")
    else:
        return
    net = needed(table, _TOTAL)
    frame = pl.DataFrame({"order": text_of(table, _ORDER), "whole": whole.fill_null(value=True), "net": net})
    of_products = pl.col("net").filter(~pl.col("whole")).sum().over("order")
    of_whole = pl.col("net").filter("whole").sum().over("order")
    has_products, has_whole = (~pl.col("whole")).any().over("order"), pl.col("whole").any().over("order")
    by_product = has_products & (~has_whole | ((of_products - of_whole).abs() < CENTS))
    twice = frame.select(pl.when("whole").then(by_product).otherwise(~by_product)).to_series()
    if twice.any():
        table.warnings.append(TWICE.format(rows=int(twice.sum())))
        table.keep(~twice)
