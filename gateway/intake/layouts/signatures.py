"""Recognises exports of unpublished format, by the column names that descriptions and interfaces use.

Such a table is read by its columns' names and cells, as any other one; its name, and that it is known from
documentation only, is what this adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from gateway.intake.layouts.names import words

#: What a person is told of a format that no file has shown.
DOCUMENTED: Final = (
    "Este formato é conhecido só pela documentação, não por um arquivo de verdade: confira se as colunas e as somas "
    "são as do canal."
)
#: Marketplaces whose export nobody describes: a table of sales that names one in a column or title is taken for it.
NAMED: Final = {"magalu": "magalu.orders", "americanas": "americanas.orders"}
#: Platforms of digital goods, whose lists of sales are known from programs that read them.
HOTMART: Final = "hotmart.sales"
KIWIFY: Final = "kiwify.sales"
EDUZZ: Final = "eduzz.sales"
#: How orders' numbers look where the marketplace writes its name into them: a shop's own may begin so, too.
_NUMBERS: Final = {"magalu": r"^LU-?\d{13,}"}
_MOST: Final = 0.9


@dataclass(frozen=True, slots=True)
class _Signature:
    """One export: a column of each group has to be there."""

    name: str
    groups: tuple[tuple[str, ...], ...]


_SIGNATURES: Final = (
    _Signature(
        "olist_tiny.orders",
        (
            ("Número do pedido no e-commerce",),
            ("Código (SKU)", "Número (Nota Fiscal)", "Frete no e-commerce", "Forma de envio", "ID contato"),
        ),
    ),
    _Signature("olist_tiny.orders", (("ID contato",), ("Número do pedido",), ("Desconto pedido", "Frete pedido"))),
    _Signature(
        "bling.orders",
        (
            (
                "Número pedido loja",
                "Número do pedido na loja",
                "Nº do pedido na loja virtual",
                "Número pedido multiloja",
            ),
            ("Situação", "Total venda", "totalvenda", "Total produtos", "Valor unidade", "valorunidade", "Contato"),
        ),
    ),
    _Signature(
        "tray.orders",
        (
            ("point_sale", "Ponto de venda"),
            ("partial_total", "Total parcial", "shipment_value", "Valor do envio", "discount_coupon"),
        ),
    ),
    _Signature(
        HOTMART,
        (
            ("Código da transação", "Transação"),
            ("Status da transação", "Status"),
            (
                "Faturamento líquido do(a) Produtor(a)",
                "Faturamento bruto (sem impostos)",
                "Valor de compra sem impostos",
                "Comissão do(a) Afiliado(a)",
            ),
        ),
    ),
    _Signature(KIWIFY, (("ID da venda",), ("Preço base do produto",), ("Valor líquido",), ("Taxas",))),
    _Signature(EDUZZ, (("Fatura",), ("Status",), ("Taxa Eduzz",))),
)
#: Their sellers are in other countries, too: no currency is assumed.
_ABROAD: Final = frozenset((HOTMART, EDUZZ))
#: Exports in which an order's total contains the freight that the buyer paid, as their documentation has it.
_WITH_FREIGHT: Final = frozenset(("bling.orders", "olist_tiny.orders", "tray.orders"))
#: What an order's total is called there, apart from words that say nothing.
_ORDER_TOTALS: Final = (frozenset(("total",)), frozenset(("total", "venda")), frozenset(("total", "pedido")))
_SAYS_NOTHING: Final = frozenset(("valor",))
#: Names that stand side by side where a program wrote down what WooCommerce's interface told of each order.
_OF_WOOCOMMERCE: Final = frozenset((frozenset(("cart", "tax")), frozenset(("shipping", "total"))))


def is_order_total(headers: Sequence[str], index: int) -> bool:
    """Say whether this column is an order's total that contains the buyer's freight by its export's format."""
    named = frozenset(words(headers[index].replace("totalvenda", "total venda"))) - _SAYS_NOTHING
    there = {frozenset(words(header)) for header in headers}
    return named in _ORDER_TOTALS and (there >= _OF_WOOCOMMERCE or export_of(headers, None) in _WITH_FREIGHT)


def export_of(headers: Sequence[str], named: str | None) -> str:
    """Return whose export a table of sales is, by its columns or the channel that it names; empty if nobody's."""
    there = {frozenset(words(header)) for header in headers if header}
    for one in _SIGNATURES:
        if all(any(frozenset(words(name)) in there for name in group) for group in one.groups):
            return one.name
    return NAMED.get(named or "", "")


def sells_in_reais(export: str) -> bool:
    """Return whether an export's amounts are reais unless a column says otherwise."""
    return bool(export) and export not in _ABROAD


def tells_refunds(headers: Sequence[str]) -> bool:
    """Say whether the status of these exports names each refund, so that without one nothing was paid back."""
    return export_of(headers, None) in (HOTMART, KIWIFY, EDUZZ)


def channel_of_numbers(orders: pl.Series) -> str | None:
    """Return the channel that order numbers show (Magalu's begin with LU), None without one."""
    known = orders.drop_nulls()
    if known.is_empty():
        return None
    for channel, pattern in _NUMBERS.items():
        if float(known.str.contains(pattern).sum()) >= len(known) * _MOST:
            return channel
    return None
