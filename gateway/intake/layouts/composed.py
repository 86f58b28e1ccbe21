"""Understands names that are put together of known parts: `VLR_COMISSAO_MKP`, `shipping_cost_seller_paid`.

A word of a fee and one of a marketplace name its fees; a word of freight and one of the seller name the seller's
freight. Such a name is less sure than a whole one of the dictionary. With a word that makes it something else (a rate,
a day, what is left without it) it names nothing here.
"""

from __future__ import annotations

from typing import Final

#: How sure such a name is: enough to be used, and less than any whole name.
SURENESS: Final = 0.66
#: Beside such a word it is no fee of the channel: freight, what the buyer pays, taxes, rates, what is paid back, what
#: a shop spends itself.
NO_FEES: Final = frozenset(
    (
        *("frete", "envio", "shipping", "freight", "entrega", "delivery", "ongkir", "kirim", "comprador", "buyer"),
        *("pengiriman", "ongkos", "flete", "chuyen", "ship"),
        *("cliente", "customer", "cambio", "exchange", "conversao", "conversion", "imposto", "tax", "juro", "interest"),
        *("rate", "percentual", "percent", "devolucao", "reembolso", "refund", "cancelamento", "ocupacao"),
        *("iklan", "kemasan", "packing", "produksi", "modal", "operasional", "quang", "goi", "thue", "mien", "hoan"),
        *("status", "situacao", "numero", "id", "codigo"),
    )
)
#: Words of a fee, in languages of which all others are no names of anything else.
FEES: Final = frozenset(
    (
        *("taxa", "tarifa", "comissao", "fee", "commission", "cargo", "comision", "encargo", "biaya", "mdr"),
        *("antecipacao", "komisi", "phi"),
    )
)
#: Words of a cost, which is a fee only where a marketplace as such has it: `Custo Shopee` may be that of the goods.
_COSTS: Final = frozenset(("custo", "costo", "coste", "cost"))
_MARKET: Final = frozenset(("marketplace", "canal", "channel", "plataforma", "platform", "mkt", "tmdt", "san"))
_CHANNELS: Final = frozenset((
    "mercado", "livre", "libre", "meli", "ml", "shopee", "magalu", "amazon", "tiktok", "shein", "americanas", "olist",
    "temu", "ebay", "etsy", "walmart", "lazada", "tokopedia", "tiki", "sendo", "bukalapak", "blibli", "aliexpress",
    "falabella", "linio", "dafiti", "netshoes", "carrefour", "kabum", "enjoei", "shopify", "ifood", "olx", "luiza",
    "etsy", "rappi", "payhip", "gumroad", "hotmart", "kiwify", "integrada", "nuvem", "nuvemshop", "tray", "yampi",
    "vtex", "coupang", "depop", "vinted", "poshmark", "mercari",
    # Who takes the payment takes a fee of it, too.
    "gateway", "stripe", "paypal", "pagseguro", "pagbank", "klarna", "square", "sumup", "pix", "cielo",
    "stone", "getnet", "mollie", "adyen", "razorpay", "paystack", "afterpay", "ebanx",
))  # fmt: skip
_FREIGHT: Final = frozenset(("frete", "envio", "shipping", "freight", "flete", "ongkir", "kirim", "pengiriman"))
SELLERS: Final = frozenset(("vendedor", "penjual", "merchant"))
#: A shop is who pays only beside a word of paying: `shipping_store` may number one.
SHOPS: Final = frozenset(("loja", "empresa", "tienda", "store", "shop", "toko"))
_PAID: Final = frozenset((
    "custo", "costo", "coste", "cost", "pago", "paga", "pagado", "paid", "conta", "cargo", "valor", "ditanggung",
    "dibayar", "biaya", "tra", "chiu", "phi", "pagou", "fee", "taxa", "tarifa", "amount", "monto", "importe",
))  # fmt: skip
#: Who charges it is paid, and who is charged pays.
_CHARGED: Final = frozenset(("cobrado", "cobrada", "charged", "charge"))
#: Words of freight that are of money on their own; what is only called shipping may be a day, a way or an address.
_OF_MONEY: Final = frozenset(("frete", "freight", "flete", "ongkir"))
BUYERS: Final = frozenset((
    "cliente", "client", "comprador", "customer", "buyer", "consumidor", "usuario", "pembeli", "khach",
))  # fmt: skip
#: With such a word the name is of something else: what is left, a rate, a state, a day, a way, what comes back.
_ELSE: Final = frozenset((
    "com", "con", "with", "sem", "sin", "without", "apos", "after", "menos", "meno", "minus", "antes", "before",
    "base", "calculo", "aliquota", "tasa", "persentase", "percentage", "porcentaje", "rata", "le", "margem", "data",
    "date", "dia", "hora", "prazo", "fecha", "tipo", "type", "nome", "name", "code", "metodo", "method", "forma",
    "modalidade", "endereco", "cidade", "estado", "transportadora", "rastreio", "tracking", "peso", "receita",
    "income", "ingreso", "revenue", "credito", "credit", "return", "reverse", "reverso", "reversa", "subsidio",
    "subsidy", "desconto", "discount", "descuento", "diskon", "voucher", "cupom", "bonus", "estorno", "faixa",
    "gratis", "grati", "free", "quantidade", "quantity", "qtd", "seguro", "produto", "product", "mercadoria",
    "unitario", "medio", "compra", "crescimento", "resposta", "sucesso", "growth", "response", "estoque", "gst",
    "igst", "cgst", "sgst", "vat", "iva", "icms", "iss", "pis", "cofins", "tds", "tcs", "irrf", "ppn", "pph",
    "retencao", "retencion", "withheld", "impuesto", "marketing", "midia", "trafego", "campanha", "campaign", "ad",
    "recebido", "recebida", "received", "recibido", "receber", "rating", "nota", "avaliacao", "score", "time",
    "address", "direccion", "city", "ciudad", "state", "zip", "cep", "country", "pais", "phone", "telefone",
    "telefono", "email", "mail", "alamat", "street", "rua", "bairro", "complemento", "comentario", "observacao",
    "day", "tempo", "sla", "distance", "distancia", "pham", "quang", "anuncio", "publicidade", "ads", "chargeback",
    "liquido", "liquida", "net", "neto",
))  # fmt: skip
#: `Taxa` alone is any rate, of which there are more than anybody can list: only with these words besides it is a fee.
_RATE_OR_FEE: Final = frozenset(("taxa",))
_BESIDE_RATE: Final = frozenset((
    "valor", "total", "venda", "pedido", "fixa", "variavel", "servico", "paga", "pago", "cobrada", "cobrado", "loja",
    "item", "ao", "pela", "pelo", "adm", "administracao", "administrativa", "transacao", "intermediacao",
))  # fmt: skip


def composed(own: frozenset[str]) -> dict[str, float]:
    """Return what a name's words make together; empty where they make nothing that is known."""
    if own & _ELSE:
        return {}
    if own & _FREIGHT or {"van", "chuyen"} <= own or {"phi", "ship"} <= own:
        return {} if own & _NO_FREIGHT else _freight(own)
    return _fee(own)


#: Of what keeps a name from being a fee's, that keeps it from being freight's, too.
_NO_FREIGHT: Final = NO_FEES - _FREIGHT - BUYERS - {"chuyen", "ship", "entrega", "delivery"}


def costs_of_market(own: frozenset[str]) -> bool:
    """Say whether these words name what a marketplace costs, and not the goods: `Custo do marketplace`."""
    return bool(own & _COSTS and own & _MARKET) and not own & _ELSE


def _freight(own: frozenset[str]) -> dict[str, float]:
    if not own & (_OF_MONEY | _PAID | _CHARGED):
        return {}
    if own & BUYERS or {"nguoi", "mua"} <= own:
        return {"_buyers_freight": SURENESS}
    is_sellers = bool(own & SELLERS) or {"nguoi", "ban"} <= own
    return {"shipping": SURENESS} if is_sellers or (own & SHOPS and own & _PAID) else {}


def _fee(own: frozenset[str]) -> dict[str, float]:
    if own & NO_FEES or own & BUYERS:
        return {}
    where, fees = own & (_MARKET | _CHANNELS), own & FEES
    if fees == _RATE_OR_FEE and not own - fees - where <= _BESIDE_RATE:
        return {}
    if (fees or {"hoa", "hong"} <= own) and where:
        return {"fees": SURENESS}
    return {"fees": SURENESS} if own & _COSTS and own & _MARKET else {}
