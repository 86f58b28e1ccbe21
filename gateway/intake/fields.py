"""The fields that a column of sales, costs or stock can be mapped to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from gateway.intake.words import fold

#: field -> what a person who maps columns reads: Portuguese, English
LABELS: Final[dict[str, tuple[str, str]]] = {
    "order_id": ("Número do pedido", "Order number"),
    "sku": ("SKU ou código do produto", "SKU or product code"),
    "title": ("Nome do produto", "Product name"),
    "at": ("Data da venda", "Date of the sale"),
    "status": ("Situação do pedido", "Order status"),
    "units": ("Quantidade vendida", "Units sold"),
    "returned_units": ("Quantidade devolvida", "Units returned"),
    "revenue": ("Valor total da linha", "Total of the row"),
    "price": ("Preço por unidade", "Price of a unit"),
    "fees": ("Comissões e tarifas do canal", "Channel's fees"),
    "shipping": ("Frete pago por você", "Shipping that you paid"),
    "refund": ("Valor reembolsado", "Amount refunded"),
    "discount": ("Desconto dado por você", "Discount that you gave"),
    "advertised": ("Venda por publicidade (sim ou não)", "Sale by advertising (yes or no)"),
    "channel": ("Canal de venda", "Sales channel"),
    "dispatched": ("Data de envio", "Date of dispatch"),
    "currency": ("Moeda", "Currency"),
    "year": ("Ano da venda", "Year of the sale"),
    "month": ("Mês da venda", "Month of the sale"),
    "day": ("Dia da venda", "Day of the sale"),
}

#: The same for tables of costs and stock, kept by SKU, and of advertising, kept by day: they are joined with sales.
GOODS_LABELS: Final[dict[str, tuple[str, str]]] = {
    "cost": ("Custo por unidade", "Cost of a unit"),
    "packaging": ("Embalagem por unidade", "Packaging of a unit"),
    "tax_rate": ("Imposto sobre a venda (%)", "Tax on the sale (%)"),
    "since": ("Custo válido desde", "Cost valid from"),
    "stock": ("Unidades em estoque", "Units in stock"),
    "counted_on": ("Data do estoque", "Date of the stock"),
    "ad_cost": ("Custo de publicidade", "Cost of advertising"),
}
CHOICES: Final = LABELS | GOODS_LABELS

#: `header_id` of a table, or ANY_TABLE -> the column's name as `TableRead.columns` shows it -> field, or IGNORE
Mappings = dict[str, dict[str, str]]
#: Stands for every table that has all columns of the mapping: a person at a terminal knows no digest.
ANY_TABLE: Final = "*"
#: What a person chooses for a column that is not to be used.
IGNORE: Final = "ignore"
#: A field that several columns may be: their amounts are added up.
ADDED_UP: Final = "fees"
#: Stands before a field that an agent proposes: it counts only where the column's cells agree.
PROPOSED: Final = "?"


#: Fields of sales that a table of costs or stock has, too.
SHARED: Final = ("sku", "title", "channel", "currency")
#: Amounts that a sale has beside its revenue.
BESIDE_REVENUE: Final = ("fees", "shipping", "refund", "discount")
#: What a column of costs or stock was taken for by its cells -> what it is there; of two the first.
_AS_GOODS: Final = {"price": "cost", "revenue": "cost", "units": "stock", "at": "since"}


def as_goods(taken: Mapping[str, str]) -> dict[str, str]:
    """Return column -> field of a table of costs or stock, with the fields of goods only."""
    found: dict[str, str] = {}
    for guessed in (*SHARED, *GOODS_LABELS, *_AS_GOODS):
        field = _AS_GOODS.get(guessed, guessed)
        found |= {column: field for column, one in taken.items() if one == guessed and field not in set(found.values())}
    return found


def choosable_fields() -> list[dict[str, str]]:
    """Return the fields that a person may choose, in the order in which to show them: `field`, `pt`, `en`."""
    return [{"field": name, "pt": portuguese, "en": english} for name, (portuguese, english) in CHOICES.items()]


def fits(mapping: dict[str, str], shown: list[str]) -> bool:
    """Return whether a table with these columns has every column of the mapping."""
    return all(place_of(header, shown) is not None for header in mapping)


def place_of(header: str, shown: list[str]) -> int | None:
    """Return the place of a column by its name; one that is written a little differently has to be the only one."""
    if header in shown:
        return shown.index(header)
    same = [fold(name) for name in shown]
    return same.index(fold(header)) if Counter(same)[fold(header)] == 1 else None
