"""Add up the costs of a plain table: all fee columns, and freight less the seller's income from it."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts.agreeing import agree
from gateway.intake.layouts.amounts import cost_at, cost_of, is_of_order
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.composed import FEES, NO_FEES
from gateway.intake.layouts.guesses import ADDED, Assignment
from gateway.intake.layouts.maybe_rates import may_be_rate
from gateway.intake.layouts.names import words
from gateway.intake.layouts.orders import added, is_repeated, is_shared_out
from gateway.intake.layouts.tax_asides import is_taxed, without_tax_aside
from gateway.intake.layouts.withheld import is_withheld
from gateway.intake.values import CENTS
from gateway.intake.words import fold

SUMMED: Final = "As tarifas são a soma de {columns}."
COPIED: Final = (
    "“{column}” tem os mesmos valores que “{of}” e não foi somada às tarifas. Se são duas tarifas, diga as duas em "
    "“Ver as colunas”."
)
LESS_INCOME: Final = "O frete é “{cost}” menos “{income}”, que é o que se recebeu por ele."
AND_BACK: Final = "O frete é “{cost}” mais “{back}”, o das devoluções."
_MOST: Final = 0.9
_PERCENT: Final = 100
_SEVERAL: Final = 2
_FEES: Final = FEES | frozenset(map(fold, ("комиссия", "комиссии", "комиссий")))
#: Chinese, Japanese and Korean names of fees end so.
_FEES_EAST: Final = ("手续费", "手續費", "手数料", fold("수수료"))
#: Beside such a word it is no fee of the channel, either.
_NO_FEES: Final = NO_FEES | frozenset(("harga", *map(fold, ("прибыль", "учетом", "выручка"))))
#: A fee that is called like another one and so is that one, once it was changed.
_ADJUSTED: Final = frozenset(("adjusted", "ajustado", "ajustada", "corrigido", "corrigida"))
_TOTAL: Final = frozenset(("total", "tong"))
_GROSS: Final = frozenset(("bruto", "bruta", "gross"))
_AMOUNT: Final = frozenset(("valor", "value", "amount", "total"))
_NET: Final = frozenset(("liquido", "liquida", "net", "neto", "neta"))
_FREIGHT: Final = frozenset(("frete", "envio", "shipping", "freight"))
#: Of freight for what comes back: `Reverse Shipping Fee`.
_BACK: Final = frozenset(("reverse", "reverso", "reversa", "return", "devolucao", "devolucion", "retorno"))
_INCOME: Final = frozenset(("receita", "ingreso", "income", "credit", "revenue", "receipt"))


def fees_of(
    table: Columns,
    columns: Assignment,
    order: pl.Series | None,
    weight: pl.Series | None,
    *,
    without: frozenset[int] = frozenset(),
) -> pl.Series | None:
    """Return the channel's fees: the column that sums up the others, else the sum of all.

    What a person says, or an agent whose word a person took, stands alone: one column, or the sum of several.
    `without`: columns of what the buyer pays.
    """
    own = columns.column("fees")
    if own is None:
        return None
    if columns.guesses["fees"].by not in ("name", "content"):
        more = [index for index, name in columns.others.items() if name == ADDED]
        return added(*(cost_at(table, index, order, weight) for index in (own, *more)))
    of_seller = [index for index in columns_of_fees(table, columns, own) if index not in without]
    if not of_seller:
        return None
    found = {index: cost_at(table, index, order, weight) for index in of_seller}
    amounts = [table.amounts(i) for i, one in enumerate(columns.profiles) if one.number >= _MOST and i not in found]
    found = _without_rates(_without_rests(found, table.headers), amounts)
    found = _as_adjusted(found, table.headers)
    every = {index: one for index, one in found.items() if one.sum()} or found
    some = _without_copies(every)
    if len(some) < len(every) and _leave(weight, every, amounts) and not _leave(weight, some, amounts):
        some = every
    table.warnings += _told_of_copies(table, every, some)
    kept = _without_sums(some, table.headers, cost_of(table, columns, "shipping", order, weight))
    unproven = [] if _leave(weight, kept, amounts) else list(kept)
    if any(may_be_rate(table, index, columns.profiles[index], weight) for index in unproven):
        return None
    for index in kept:
        table.number_at(index)  # from here on it is used
    if len(kept) > 1:
        table.warnings.append(SUMMED.format(columns=", ".join(f"“{table.headers[index]}”" for index in kept)))
    return added(*kept.values())


def fees_are_of_orders(
    table: Columns, columns: Assignment, order: pl.Series | None, weight: pl.Series | None
) -> pl.Series | None:
    """Say of which rows a fee is the whole order's, by its column's name or cells; None where there are no fees."""
    own = columns.column("fees")
    if own is None or order is None:
        return None
    amounts = {index: table.amounts(index) for index in columns_of_fees(table, columns, own)}
    of_order = [i for i, one in amounts.items() if is_of_order(table.headers[i]) or is_repeated(order, one, weight)]
    found = [one for index in of_order if (one := is_shared_out(order, amounts[index])) is not None]
    return pl.select(pl.any_horizontal(pl.Series([False]).new_from_index(0, table.height), *found)).to_series()


def freight_of(
    table: Columns, columns: Assignment, order: pl.Series | None, weight: pl.Series | None
) -> pl.Series | None:
    """Return the seller's freight cost, less the seller's income from freight."""
    own, cost = columns.column("shipping"), cost_of(table, columns, "shipping", order, weight)
    if own is None or cost is None:
        return cost
    for index in _amounts_beside(columns) if columns.guesses["shipping"].by in ("name", "content") else ():
        named = set(words(table.headers[index]))
        if named & _FREIGHT and named & _BACK and (back := cost_at(table, index, order, weight)).sum():
            table.warnings.append(AND_BACK.format(cost=table.headers[own], back=table.headers[index]))
            cost = added(cost, back)
        if named & _FREIGHT and named & _INCOME:
            table.warnings.append(LESS_INCOME.format(cost=table.headers[own], income=table.headers[index]))
            table.number_at(index)
            return added(cost, -cost_at(table, index, order, weight))
    return cost


def columns_of_fees(table: Columns, columns: Assignment, own: int) -> list[int]:
    """Return the columns of fees: a net one instead of the one that is called the same, or gross.

    One with the taxes on it stands for the same without them.
    """
    # `Taxa (paga pelo vendedor)` is no person, and `Taxa de pagamento` no way of paying, with cents or without
    named_else = {i for concept in ("_person", "_payment") for i in _amounts_of(columns, concept)}
    beside = {*_amounts_beside(columns), *named_else}
    headers = {index: table.headers[index] for index in sorted({own, *beside})}
    named = {index: frozenset(words(without_tax_aside(header))) for index, header in headers.items()}
    fees = {
        i: name
        for i, name in named.items()
        if i == own or (_names_fee(name) and not name & _NO_FEES and not is_withheld(table.headers[i]))
    }
    taxed = {name - _AMOUNT for i, name in fees.items() if is_taxed(headers[i])}
    fees = {i: name for i, name in fees.items() if name - _AMOUNT not in taxed or is_taxed(headers[i]) is not False}
    net = {name - _NET for name in fees.values() if name & _NET}
    return [i for i, name in fees.items() if name & _NET or name - _GROSS not in net]


def _names_fee(named: frozenset[str]) -> bool:
    if "phi" in named and ({"giao", "hang"} <= named or ("chi" in named and "san" not in named)):
        return False  # what bringing it costs, and any expense
    if "potongan" in named and named & {"admin", "marketplace", "platform"}:  # else it is what the buyer got off
        return True
    return bool(named & _FEES) or {"hoa", "hong"} <= named or any(word.endswith(_FEES_EAST) for word in named)


def _amounts_beside(columns: Assignment) -> list[int]:
    """Return the columns of amounts that are nothing that is known."""
    taken = {columns.column(name) for name in columns.guesses} | set(columns.others)
    profiles = enumerate(columns.profiles)
    return [i for i, one in profiles if i not in taken and one.number >= _MOST and one.percent < 1 - _MOST]


def _amounts_of(columns: Assignment, concept: str) -> list[int]:
    """Return the columns of amounts that their name takes for this other concept; a person's may be a rate's (`5`)."""
    seen = columns.profiles
    sure = {i: seen[i].number if concept == "_payment" else seen[i].money for i in columns.others}
    return [i for i, named in columns.others.items() if named == concept and sure[i] >= _MOST]


def _as_adjusted(costs: dict[int, pl.Series], headers: list[str]) -> dict[int, pl.Series]:
    """Return the fees as they were adjusted afterwards, where a column has only those (`Adjusted Fees` of Etsy)."""
    named = {index: frozenset(words(headers[index])) for index in costs}
    for index, adjusted in costs.items():
        rest = named[index] - _ADJUSTED
        of = next((own for own, name in named.items() if name == rest != named[index]), None)
        if of is not None:
            blank = adjusted.is_null()
            kept = {own: one for own, one in costs.items() if own != index}
            return kept | ({of: costs[of].zip_with(blank, adjusted)} if blank.any() else {})
    return costs


def _without_rests(costs: dict[int, pl.Series], headers: list[str]) -> dict[int, pl.Series]:
    """Return the fees without what is left of an amount after one of them: `Preço - comissão`, beside `Comissão`."""
    named = {index: fold(headers[index]) for index in costs}
    return {
        index: rest
        for index, rest in costs.items()
        if not any(_is_less(named[index], named[of]) and rest.sum() > fee.sum() for of, fee in costs.items())
    }


def _is_less(name: str, fee: str) -> bool:
    return re.search(rf"\w\s+[-\u2212\u2013]\s+{re.escape(fee)}$", name) is not None


def _without_rates(costs: dict[int, pl.Series], amounts: list[pl.Series]) -> dict[int, pl.Series]:
    """Return the fees without the rates that make others (`Comissão` 20 beside `Valor da comissão`)."""
    if len(costs) < _SEVERAL:
        return costs
    return {
        index: rate
        for index, rate in costs.items()
        if not any(_makes(rate, of, fee) for fee in costs.values() if fee is not rate for of in amounts)
    }


def _makes(rate: pl.Series, amount: pl.Series, fee: pl.Series) -> bool:
    """Say whether the fees are these percentages of the amounts."""
    return agree(rate / _PERCENT * amount, fee)


def _without_copies(costs: dict[int, pl.Series]) -> dict[int, pl.Series]:
    kept: dict[int, pl.Series] = {}
    for index, cost in costs.items():
        if not any(_are_same(cost, other) for other in kept.values()):
            kept[index] = cost
    return kept


def _leave(amount: pl.Series | None, costs: dict[int, pl.Series], amounts: list[pl.Series]) -> bool:
    """Say whether a column has what these costs leave of the amount."""
    if amount is None:
        return False
    left = amount - sum((one.fill_null(0) for one in costs.values()), pl.Series([0.0]).new_from_index(0, len(amount)))
    return any(_are_same(left, other) for other in amounts)


def _told_of_copies(table: Columns, every: dict[int, pl.Series], kept: dict[int, pl.Series]) -> list[str]:
    """Tell which fees stand for one fee told twice, where no word of their names says that they do."""
    told = []
    for index in every.keys() - kept.keys():
        of = next(own for own, cost in kept.items() if _are_same(every[index], cost))
        if set(words(table.headers[index])) - _AMOUNT - _GROSS - _NET != set(words(table.headers[of])) - _AMOUNT:
            told.append(COPIED.format(column=table.headers[index], of=table.headers[of]))
    return told


def _without_sums(costs: dict[int, pl.Series], headers: list[str], freight: pl.Series | None) -> dict[int, pl.Series]:
    """Return the one column that has all others in it: they add up to it, or it is called a total and is no less.

    Where they do so together with the freight, which stands for itself, it is left out instead.
    """
    for index, cost in costs.items():
        others = {i: one for i, one in costs.items() if i != index}
        total = added(*others.values())
        if total is None:
            continue
        if freight is not None and _are_same(cost, total + freight.fill_null(0)):
            return others
        is_total = bool(_TOTAL & set(words(headers[index]))) and bool(
            (cost.fill_null(0) > total.fill_null(0) - CENTS).all()
        )
        if is_total or (len(others) > 1 and _are_same(cost, total)):
            return {index: cost}
    return costs


def _are_same(first: pl.Series, second: pl.Series) -> bool:
    close = (first.fill_null(0) - second.fill_null(0)).abs() < CENTS
    return float(close.sum()) >= _MOST * len(close)
