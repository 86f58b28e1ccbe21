"""Shopee: income of paid orders ("Renda"). Known from programs and descriptions; a form without a total from a file."""

from __future__ import annotations

import re
from functools import reduce
from operator import add
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns, key
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.payouts import Movements, amount, amounts, needed, payout_lines, text_of
from gateway.intake.layouts.shopee import CHANNEL
from gateway.intake.values import CENTS
from gateway.intake.words import fold

NAME: Final = "shopee.income"
#: In Portuguese, English, Indonesian, Vietnamese and the Chinese of Taiwan: Shopee writes it in the words of the
#: country.
_ORDER: Final = "ID do pedido | Order ID | No. Pesanan | Mã đơn hàng | 訂單編號"
_TOTAL: Final = (
    "Quantia total lançada | Total Released Amount | Total Penghasilan | Tổng tiền đã thanh toán | 錢包入帳金額 | "
    "全部入帳金額 ($)"
)
_PAID: Final = (
    "Data de conclusão do pagamento | Payout Completed Date | Tanggal Dana Dilepaskan | Ngày hoàn thành thanh toán | "
    "錢包入帳日期 | 撥款完成日期"
)
REQUIRED: Final = (_ORDER, _TOTAL, _PAID)
TYPICAL: Final = (
    *("Preço do produto", "Preço original do produto", "Product Price", "Original product price", "Canal de liberação"),
    *("Taxa de comissão líquida", "Taxa de comissão", "Commission Fee", "Commission Fee (incl. SST)"),
    *("Release Channel", "Harga Produk", "Harga Asli Produk", "Giá sản phẩm", "Phí cố định", "商品原價"),
)
#: Of the form that has no column of what was released: only a heading above the columns that make it.
_VIEW_BY: Final = "Ver | View By | Lihat berdasarkan | Đơn hàng / Sản phẩm | Xem theo | 檢視方式"
_PRICES: Final = "Preço do produto | Product Price | Harga Produk | Giá sản phẩm"
REQUIRED_OF_PARTS: Final = (_ORDER, _VIEW_BY, _PRICES, _PAID)
_WHOLE_PRICE: Final = _PRICES
_LIST_PRICE: Final = "Preço original do produto | Original product price | Harga Asli Produk | 商品原價"
_PROMOTION: Final = (
    "A promoção do seu produto | Promoção do seu produto | Your product promotion | Seller Product Promotion | "
    "Total Diskon Produk | 賣場商品促銷折扣 | 你的賣家商品促銷"
)
_VOUCHERS: Final = (
    (
        "Voucher subsidiado pelo Seller | Voucher Sponsored by Seller | Voucher disponsor oleh Penjual | "
        "Diskon Voucher Ditanggung Penjual | Mã ưu đãi do Người Bán chịu | 賣家負擔優惠券"
    ),
    (
        "Voucher compartilhado subsidiado pelo Seller | Co-fund Voucher Sponsored by Seller | "
        "Voucher co-fund disponsor oleh Penjual | Mã ưu đãi đồng tài trợ do Người Bán chịu"
    ),
    (
        "Coin Cashback subsidiado pelo Seller | Cashback de moeda absorvida do vendedor | "
        "Coin Cashback Sponsored by Seller | Seller Absorbed Coin Cashback | Cashback Koin disponsori Penjual | "
        "Cashback Koin yang Ditanggung Penjual | Mã hoàn xu do Người Bán chịu | 賣家負擔蝦幣回饋券"
    ),
    (
        "Coin Cashback compartilhado subsidiado pelo Seller | Co-fund Coin Cashback Sponsored by Seller | "
        "Cashback Koin Co-fund disponsori Penjual | Mã hoàn xu đồng tài trợ do Người Bán chịu"
    ),
    "Penyesuaian Penjual - 1",
    "Penyesuaian Penjual - 2",
)
_REFUND: Final = (
    "Valor do Reembolso | Valor do reembolso para o comprador | Refund Amount | Refund Amount to Buyer | "
    "Refund Amount (Buyer) | Jumlah Pengembalian Dana ke Pembeli | Số tiền hoàn lại | 退款金額 | "
    "買家退款金額"
)
_FREIGHT: Final = (
    (
        "Taxa de frete paga pelo comprador | Shipping Fee Paid by Buyer | Shipping Fee Paid by Buyer (excl. SST) | "
        "Ongkir Dibayar Pembeli | Phí vận chuyển Người mua trả | 買家支付運費 | 買家支付的運費"
    ),
    (
        "Frete cobrado pelo parceiro logístico | Taxa de frete real paga pela Shopee | Actual Shipping Fee | "
        "Shipping Fee Charged by Logistic Provider | Ongkos Kirim yang Dibayarkan ke Jasa Kirim | "
        "Ongkir yang Diteruskan oleh Shopee ke Jasa Kirim | Phí vận chuyển thực tế | 蝦皮代付運費"
    ),
    "Potongan Ongkos Kirim dari Jasa Kirim | Diskon Ongkir Ditanggung Jasa Kirim",
    (
        "Desconto de frete pela Shopee | Shipping Rebate From Shopee | Shopee Shipping Rebate | "
        "Gratis Ongkir dari Shopee | Phí vận chuyển được trợ giá từ Shopee | 蝦皮補助運費 | 蝦皮運費補助"
    ),
    (
        "Taxa de envio reverso | Taxa de envio reversa | Reverse Shipping Fee | Reverse Shipping Fee (excl. SST) | "
        "Ongkos Kirim Pengembalian Barang | Phí vận chuyển trả hàng (đơn Trả hàng/hoàn tiền) | 退貨運費"
    ),
    (
        "Taxa de devolução do vendedor | Return to Seller Fee | Kembali ke Biaya Pengiriman Pengirim | "
        "Phí vận chuyển trả hàng (đơn giao không thành công)"
    ),
    "Pengembalian Biaya Kirim | Phí vận chuyển được hoàn bởi PiShip",
)
_FEES: Final = (
    "Taxa de comissão líquida | Taxa de comissão | Commission Fee | Commission Fee (incl. SST) | 成交手續費",
    "Taxa de serviço líquida | Taxa de serviço | Service Fee | Service Fee (incl. SST) | 其他服務費",
    "Taxa de transação | Transaction Fee | Transaction Fee (incl. SST) | 金流與系統處理費 | 信用卡手續費",
    "Taxa de comissão Afiliados do Vendedor | AMS Commission Fee | AMS推廣費用",
    "Taxa de Devolução Fácil Shopee | Saver Programme Fee (incl. SST)",
)
#: Indonesian and Vietnamese reports have a column for each fee that a programme of Shopee's has (`Biaya Layanan Promo
#: XTRA`, `Phí hạ tầng`): what each begins with. Freight, and what advertising was topped up with, are none of them.
_NAMED_FEES: Final = re.compile(r"^(biaya|premi\b|bea masuk|phi|thue)")
_NO_FEE: Final = re.compile(r"^(biaya (isi saldo|kirim)|phi van chuyen|phi tra hang)")
#: The currency of the country whose language it is.
_CURRENCIES: Final = {"No. Pesanan": "IDR", "Mã đơn hàng": "VND", "訂單編號": "TWD"}
_AT: Final = (
    "Data de criação do pedido",
    "Order Creation Date",
    "Waktu Pesanan Dibuat",
    "Ngày đặt hàng",
    "訂單成立日期",
    "訂單成立時間",
)
_TITLE: Final = ("Nome do produto", "Product Name", "Nama Produk", "Tên sản phẩm", "商品名稱")
_SKU: Final = (
    "SKU",
    "Número de referência SKU",
    "SKU Reference No.",
    "Product ID",
    "ID Produk",
    "Mã sản phẩm",
    "商品編號",
)
_VIEW: Final = tuple(alternatives(_VIEW_BY))
MADE_OF: Final = (
    "Nenhuma coluna diz o total liberado: ele é a soma das {columns} colunas abaixo de “{group}”, e as tarifas são o "
    "que falta até ele, com os impostos retidos."
)
NO_TOTAL: Final = (
    "Nenhuma coluna diz o total liberado, e nenhum título acima do cabeçalho diz de que colunas ele é feito: o que "
    "sobra e as tarifas não são conhecidos. Diga em “Ver as colunas” o que é cada coluna."
)
TWICE: Final = (
    "{rows} linha(s) repetem o pedido, inteiro ou por produto, e não foram contadas outra vez: as dos produtos contam "
    "onde somam o que o pedido diz."
)
ADVERTISING: Final = (
    "A recarga automática de anúncios ({sum}) está descontada do valor recebido; não é uma taxa da venda."
)
_TOP_UP: Final = (
    "Taxa da Recarga Automática (Pedido) | Ads Escrow Top Up Fee | Biaya Isi Saldo Otomatis (dari Penghasilan)"
)


def read(table: Columns) -> pl.DataFrame:
    """Return the lines. An order has a row of its own, one for each product, or both: it is counted once."""
    table.keep((text_of(table, _ORDER) != "-").fill_null(value=False))
    group, parts = ("", []) if table.has(*alternatives(_TOTAL)) else _parts(table)
    _each_once(table, _net(table, parts))
    height, net = table.height, _net(table, parts)
    price = amount(table, _WHOLE_PRICE)
    promotion = amount(table, _PROMOTION)
    if price is None:
        price = amounts(table, _LIST_PRICE, _PROMOTION)
    vouchers, top_up = amounts(table, *_VOUCHERS), amount(table, _TOP_UP)
    if top_up is not None and (sum_of := float(top_up.sum())):
        table.warnings.append(ADVERTISING.format(sum=f"{abs(sum_of):.2f}".replace(".", ",")))
    given = [one for one in (promotion, vouchers) if one is not None]
    true = pl.Series([True]).new_from_index(0, height)
    title, sku = table.text(*_TITLE, optional=True), table.text(*_SKU, optional=True)
    goods = price if price is None or vouchers is None else price + vouchers
    freight, refund = amounts(table, *_FREIGHT), amount(table, _REFUND)
    charged = [one for one in (amounts(table, *_FEES), *_named_fees(table)) if one is not None]
    fees = reduce(add, charged) if charged else None
    if parts:
        fees = net - reduce(add, [one for one in (goods, freight, refund) if one is not None])
    moved = Movements(
        channel=constant(CHANNEL, height),
        sold=true,
        back=~true,
        kind=constant("-", height),
        net=net,
        net_name=next((name for name in alternatives(_TOTAL) if table.has(name)), group),
        order=text_of(table, _ORDER),
        goods=goods,
        fees=fees,
        freight=freight,
        refund=refund,
        discount=reduce(add, given) if given else None,
        sku=None if sku is None else sku.replace("-", None),
        title=None if title is None else title.replace("-", None),
        at=table.moment(*_AT),
        currency=_currency(table),
    )
    return payout_lines(table, moved, "criação do pedido")


def _parts(table: Columns) -> tuple[str, list[int]]:
    """Return the heading of the columns of which the total is made, and their places; tell of it.

    The heading stands above the price, and the next one in its row above what is no part of it.
    """
    prices = set(map(key, alternatives(_PRICES)))
    first = next(place for place, header in enumerate(table.headers) if key(header) in prices)
    for above in table.table.top.head(table.header_row).rows():
        last = next((place for place in range(first + 1, len(above)) if above[place]), None)
        if above[first] and last is not None:
            group = " ".join(str(above[first]).split())
            table.warnings.append(MADE_OF.format(columns=last - first, group=group))
            return group, list(range(first, last))
    table.doubt = NO_TOTAL
    return "-", []


def _net(table: Columns, parts: list[int]) -> pl.Series:
    """Return what was released of each row: its column, or the sum of its parts."""
    if not parts:
        return needed(table, _TOTAL if table.has(*alternatives(_TOTAL)) else _PRICES)
    return reduce(add, [table.number_at(place).fill_null(0.0) for place in parts])


def _named_fees(table: Columns) -> list[pl.Series]:
    """Return the fees that are known by what their names begin with, in Indonesian and Vietnamese.

    A programme of two classes of goods has two columns of one name.
    """
    if not table.has(*_CURRENCIES):
        return []
    names = map(fold, table.headers)
    places = [place for place, name in enumerate(names) if _NAMED_FEES.search(name) and not _NO_FEE.search(name)]
    return [table.number_at(place).fill_null(0.0) for place in places]


def _currency(table: Columns) -> pl.Series | None:
    """Return the currency that the report's language leaves no other for; None where it is written in several."""
    code = next((code for name, code in _CURRENCIES.items() if table.has(name)), None)
    return None if code is None else constant(code, table.height)


def _each_once(table: Columns, net: pl.Series) -> None:
    """Keep either an order's own row or those of its products: these where they come to the same amount."""
    view = table.text(*_VIEW, optional=True)
    product = table.text(*_SKU, *_TITLE, optional=True)
    if view is not None:
        whole = view.str.to_lowercase().str.strip_chars() != "sku"
    elif product is not None:
        whole = product.is_null() | (product == "-")
    else:
        return
    frame = pl.DataFrame({"order": text_of(table, _ORDER), "whole": whole.fill_null(value=True), "net": net})
    of_products = pl.col("net").filter(~pl.col("whole")).sum().over("order")
    of_whole = pl.col("net").filter("whole").sum().over("order")
    has_products, has_whole = (~pl.col("whole")).any().over("order"), pl.col("whole").any().over("order")
    by_product = has_products & (~has_whole | ((of_products - of_whole).abs() < CENTS))
    twice = frame.select(pl.when("whole").then(by_product).otherwise(~by_product)).to_series()
    if twice.any():
        table.warnings.append(TWICE.format(rows=int(twice.sum())))
        table.keep(~twice)
