"""Columns that may be called after a discount (`desconto em oferta`, `EXDISC`): sums have to show that it is."""

from __future__ import annotations

from typing import Final

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words

_MOST: Final = 0.9
_DISCOUNT: Final = frozenset((
    *("desconto", "discount", "descuento", "diskon", "rabatt", "remise", "sconto"),
    *("cupom", "coupon", "cupon", "kupon", "voucher", "promocao", "promotion", "promocion", "giam", "khau"),
))  # fmt: skip
#: Words of what a discount is taken off as a whole: `hóa đơn` and `đơn hàng` are a bill and an order.
_WHOLE: Final = frozenset((
    *("pedido", "order", "orden", "pesanan", "invoice", "bill", "factura", "fatura", "faktur", "don"),
    *("compra", "cart", "carrinho", "carrito", "basket", "ticket"),
))  # fmt: skip
#: Of a discount that the marketplace pays, the seller's revenue is not less.
_THEIRS: Final = frozenset((
    *("plataforma", "platform", "marketplace", "canal", "channel", "san", "shopee", "tiktok", "lazada", "amazon"),
    *("mercado", "magalu", "americanas", "shein", "tokopedia", "bank", "banco", "payment", "pagamento", "pago"),
))  # fmt: skip
#: `EXDISC` and `LineDiscount` are one word; `NFItem_VlDesc` is of an amount, and describes nothing.
_ENDS: Final = ("disc", "discount", "desconto", "descuento")
_SHORT: Final = frozenset(("valor", "desc"))
#: Beside such a word it is something else: what is left after it, its code or its share, a fee, freight.
_ELSE: Final = frozenset((
    *("com", "con", "with", "apos", "after", "setelah", "sem", "without", "antes", "before"),
    *("preco", "price", "precio", "harga", "codigo", "code", "kode", "id", "nome", "name", "numero"),
    *("percentual", "percent", "taxa", "tarifa", "fee", "frete", "envio", "freight", "shipping", "ongkir"),
    *("pengiriman", "quantidade", "quantity"),
))  # fmt: skip


def maybe_discounts(table: Columns, columns: Assignment) -> list[int]:
    """Return the columns of amounts that may be discounts; none where one is sure."""
    return [] if columns.column("discount") is not None else _called(table, columns)


def discounts_of_wholes(table: Columns, columns: Assignment) -> list[int]:
    """Return the columns beside a sure discount that may be another one, of the whole order or bill."""
    named = {i: set(words(table.headers[i])) for i in _called(table, columns)}
    return [i for i, own in named.items() if own & _WHOLE and not own & _THEIRS]


def _called(table: Columns, columns: Assignment) -> list[int]:
    taken = {columns.column(name) for name in columns.guesses}
    numeric = [i for i, one in enumerate(columns.profiles) if one.number >= _MOST and i not in taken]
    named = {i: set(words(table.headers[i])) for i in numeric if "%" not in table.headers[i]}
    return [i for i, own in named.items() if _is_called(own) and not own & _ELSE and _is_some(table, i)]


def _is_called(own: set[str]) -> bool:
    return bool(own & _DISCOUNT) or own >= _SHORT or any(word.endswith(_ENDS) for word in own)


def _is_some(table: Columns, index: int) -> bool:
    return bool((table.amounts(index) != 0).any())
