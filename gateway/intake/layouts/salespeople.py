"""Tells the commission of a shop's salespeople, which is none of a channel's fees, by who stands beside it."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.sums_told import of_sales
from gateway.intake.words import fold, in_portuguese

OF_SALESPEOPLE: Final = (
    "“{column}” ({amount} ao todo) não foi lida como tarifa do canal: a coluna “{person}” diz quem vendeu, e parece "
    "ser a comissão dessas pessoas. Se é do canal, diga em “Ver as colunas” que ela são as tarifas."
)
_PERSON: Final = re.compile(
    r"\b(vendedor(a|es|as)?|representantes?|consultor(a|es|as)?|atendentes?|promotor(a|es)?|sales ?(person|people|rep)|"
    r"vendedores|comissionad[oa])\b"
)
#: A shop among others in a marketplace, or a name of one.
_SHOP: Final = re.compile(r"\b(seller|lojista|loja|parceiro|marketplace|canal|id|codigo|cod|cpf|cnpj)\b")
_COMMISSION: Final = re.compile(r"\b(comiss(ao|oes)|commissions?|comision(es)?)\b")
_OF_CHANNEL: Final = re.compile(
    r"\b(marketplace|canal|plataforma|mercado|shopee|amazon|magalu|ml|meli|site|channel|platform|taxa|tarifa|fee)\b"
)
#: So many people sell, each more than one thing.
_FEWEST: Final = 2


def is_of_salespeople(table: Columns, columns: Assignment, fees: int, order: pl.Series | None) -> bool:
    """Say whether the fees are the commission of those who sold, and tell it; each of them sold several times."""
    header = table.headers[fees]
    named = fold(header)
    if not _COMMISSION.search(named) or _OF_CHANNEL.search(named) or columns.column("channel") is not None:
        return False
    for index, title in enumerate(table.headers):
        plain = fold(title)
        if index == fees or not _PERSON.search(plain) or _SHOP.search(plain) or _COMMISSION.search(plain):
            continue
        profile = columns.profiles[index]
        if profile.letters > 0 and profile.values >= _FEWEST and profile.values * _FEWEST <= profile.filled:
            amount = in_portuguese(of_sales(table, columns, order, table.amounts(fees).abs()))
            table.warnings.append(OF_SALESPEOPLE.format(column=header, amount=amount, person=title))
            return True
    return False
