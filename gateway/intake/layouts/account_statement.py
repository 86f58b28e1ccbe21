"""Recognises statements of an account by the balance after each of their entries: they are no sales."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import permutations
from typing import Final

import polars as pl

from gateway.intake.layouts.called import SOLD_WORDS
from gateway.intake.layouts.goods import is_worth
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.in_stock import OF_GOODS
from gateway.intake.layouts.kinds import PURCHASES, kind_of, notes_of, plain_name
from gateway.intake.layouts.names import currency_in
from gateway.intake.values import CENTS
from gateway.intake.words import fold
from schemas.facts import TableKind

STATEMENT: Final = (
    "É um extrato de conta: “{column}” é o saldo depois de cada lançamento. Ele traz o que entrou na conta e saiu "
    "dela, e não as vendas: nenhum número foi calculado. Envie a exportação de pedidos do canal, ou o relatório de "
    "repasses que traz cada pedido."
)
#: What is told of stock beside which pieces were counted that were sold.
SOLD_STOCK: Final = (
    "É uma tabela de estoque: “{column}” diz quantas unidades foram vendidas, e nada diz por quanto nem quando. Nenhum "
    "número de vendas foi calculado dela. Se são vendas, diga em “Ver as colunas” o que é cada coluna."
)
#: What is told of a column of stock that counts nothing.
WORTH: Final = (
    "“{column}” tem valores com centavos: parece o que o estoque vale, e não quantas unidades há. Não foi guardado. Se "
    "são quantidades, diga isso em “Ver as colunas”."
)
CREDITED: Final = (
    "“{column}” traz o que entrou em uma conta, sem pedidos nem produtos, e nada diz quanto disso são vendas: nenhum "
    "número foi calculado. Envie a exportação de pedidos do canal, ou o relatório de repasses que traz cada pedido."
)
BOOKED: Final = (
    "São lançamentos de uma conta ou de um caixa (“{column}”): trazem o que entrou e o que saiu, e nada diz quanto "
    "disso são vendas. Nenhum número foi calculado. Envie a exportação de pedidos do canal, ou o relatório de repasses "
    "que traz cada pedido."
)
#: Names of what every entry of an account or a ledger has, whatever it is of.
_OF_ENTRIES: Final = re.compile(r"\b(lancamentos?|historicos?|debitos?|creditos?|saldo anterior)\b")
#: The column of what came into an account, and that of what left it.
_CREDIT: Final = re.compile(r"^\W*(valor |total )?(creditos?|credits?)\W*$")
_BALANCE: Final = r"(saldo|balance|balanco|so du|残高|余额|餘額)"
#: A name that says itself that it is what is left after an entry.
_AFTER: Final = re.compile(
    rf"\b(partial|parcial|running|ending|closing|resulting|final|akhir|apos|after|despues|posterior|acumulado)\b.*"
    rf"{_BALANCE}|{_BALANCE}.*\b(partial|parcial|final|akhir|apos|after|despues|posterior|acumulado|cuoi)\b"
)
_CALLED: Final = re.compile(rf"^\W*{_BALANCE}(\W+(r|us|rp|rs|idr|brl|usd|eur|mxn|cop|ars|clp|pen|vnd|inr))?\W*$")
_NUMBERS: Final = 0.9
#: A balance goes up and down with an amount beside it in so many of the rows; of fewer rows it is an accident.
_MOST: Final = 0.9
_FEWEST: Final = 4
#: Two of so many columns are looked at together: what came in, and what went out.
_BOTH: Final = 6
#: Amounts of money have cents in so many of the cells, and pieces in fewer.
_WHOLE: Final = 0.5


def told_of(kind: TableKind, assignment: Assignment, headers: Sequence[str]) -> list[str]:
    """Return the remarks on a table of this kind, which has no sales."""
    if kind == "stock" and (sold := _sold(assignment, headers)) is not None:
        return [SOLD_STOCK.format(column=headers[sold])]
    if kind == "stock" and (worth := _worth(assignment, headers)) is not None:
        return [*notes_of(kind), WORTH.format(column=headers[worth])]
    balance = balance_of(assignment, headers) if kind == "payouts" else None
    credit = credited(assignment, headers) if kind == "payouts" and balance is None else None
    if credit is not None:
        return [CREDITED.format(column=headers[credit])]
    if kind == "payouts" and balance is None and (entry := booked(assignment, headers, ())) is not None:
        return [BOOKED.format(column=headers[entry])]
    return notes_of(kind) if balance is None else [STATEMENT.format(column=headers[balance])]


def credited(assignment: Assignment, headers: Sequence[str]) -> int | None:
    """Return the column of credits of a table by day that tells of no cost: `Data`, `Razão`, `Crédito`."""
    booked = [index for index, name in assignment.others.items() if name == "_budget"]
    told = [i for i in booked if _CREDIT.search(fold(headers[i])) and assignment.profiles[i].number >= _NUMBERS]
    return told[0] if told and told == booked and assignment.column("at") is not None else None


def booked(assignment: Assignment, headers: Sequence[str], names: Sequence[str]) -> int | None:
    """Return the column that makes a table one of entries of an account, of which no name says that they are costs.

    What has the cost of a product or its price lists products: `data_lancamento` is the day on which each came out.
    """
    entries = [index for index, name in assignment.others.items() if name == "_budget"]
    of_goods = any(assignment.has(name) for name in ("_cost", "_supplier")) or assignment.column("price") is not None
    if kind_of(assignment) != "costs" or of_goods or not entries:
        return None
    if any(re.search(PURCHASES, plain_name(name)) for name in names):
        return None
    return entries[0] if all(_OF_ENTRIES.search(plain_name(headers[index])) for index in entries) else None


def _worth(assignment: Assignment, headers: Sequence[str]) -> int | None:
    """Return the column of stock that tells what it is worth."""
    stock = (index for index, name in assignment.others.items() if name == "_stock")
    return next((index for index in stock if is_worth(headers[index], assignment.profiles[index])), None)


def _sold(assignment: Assignment, headers: Sequence[str]) -> int | None:
    """Return the column that counts what was sold, where nothing tells an amount or a day of it."""
    if any(assignment.column(name) is not None for name in ("revenue", "price", "at", "month")):
        return None
    units = assignment.column("units")
    named = units is not None and re.search(rf"\b({SOLD_WORDS})\b", re.sub(r"[\W_]+", " ", fold(headers[units])))
    return units if named else None


def is_of_account(kind: TableKind, assignment: Assignment, headers: Sequence[str]) -> bool:
    """Say whether a table of this kind, by its columns, is an account's: what is in stock has no cents, or a SKU."""
    if kind not in ("unknown", "stock"):
        return False
    balance = balance_of(assignment, headers)
    if balance is None or kind == "unknown":
        return balance is not None
    if balance_of(assignment, headers, of_money=True) is not None:
        return True
    profile = assignment.profiles[balance]
    return assignment.column("sku") is None and profile.whole < _WHOLE and profile.money > _WHOLE


def balance_of(assignment: Assignment, headers: Sequence[str], *, of_money: bool = False) -> int | None:
    """Return the column of an account's balance; None without one that the amounts prove.

    What tells of each entry which order and goods it is of, and what was taken of it, is a list of sales all the same.
    `of_money`: its name has to tell a currency, because what is left may also be goods.
    """
    if all(assignment.confidence(name) >= SURE for name in ("order_id", "title", "revenue", "fees")):
        return None
    for index, header in enumerate(headers):
        plain, profile = re.sub(r"[\W_]+", " ", fold(header)), assignment.profiles[index]
        if profile.number < _NUMBERS or OF_GOODS.search(plain) or (of_money and currency_in(header) is None):
            continue
        if _AFTER.search(plain) or (_CALLED.search(plain) and _is_carried(assignment, index)):
            return index
    return None


def _is_carried(assignment: Assignment, index: int) -> bool:
    """Say whether each balance is that of the row before, or below, and an amount of its row.

    What came in and what went out may stand in a column each, and in one row.
    """
    balance = assignment.profiles[index].amounts
    step = (balance - balance.shift(1)).fill_null(0.0)
    steps = (step, (balance - balance.shift(-1)).fill_null(0.0))
    moved = [
        profile.amounts
        for place, profile in enumerate(assignment.profiles)
        if place != index and profile.number >= _NUMBERS and len(profile.amounts) == len(balance)
    ]
    filled = [amounts.fill_null(0.0) for amounts in moved[:_BOTH]]
    moved += [came - went for came, went in permutations(filled, 2)]
    return bool(moved) and any(_fits(by, moved) for by in steps)


def _fits(by: pl.Series, moved: Sequence[pl.Series]) -> bool:
    known = by.len() - 1
    close = [((by.abs() - one.abs()).abs() < CENTS).fill_null(value=False) for one in moved]
    fits = pl.select(pl.any_horizontal(close)).to_series() & (by.abs() >= CENTS)
    return known >= _FEWEST and int(fits.sum()) >= known * _MOST
