"""Counts taxes that a marketplace keeps back, and those on its fees, among a plain table's fees.

Of what is left they are gone like a commission: India's TCS and TDS, ISR and IVA of Mexico, IRRF and ISS of Brazil, the
GST or VAT on a commission.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import Final

import polars as pl

from gateway.intake.layouts.agreeing import SEVERAL, agree
from gateway.intake.layouts.amounts import Given, cost_at
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import LEFT, words
from gateway.intake.layouts.orders import added
from gateway.intake.layouts.payout import PAID_OUT
from gateway.intake.layouts.sums_told import of_sold
from gateway.intake.layouts.tax_asides import is_taxed, without_tax_aside
from gateway.intake.values import CENTS
from gateway.intake.words import fold, in_portuguese

WITHHELD: Final = (
    "As tarifas incluem os impostos que o canal reteve ou cobrou sobre elas: {columns}, {total} ao todo. O que sobra é "
    "sem eles, como o canal o paga."
)
_NUMERIC: Final = 0.9
#: What is paid out is the amount less the taxes where that fits in so many of the rows.
_FITS: Final = 0.8
#: Of so many columns of taxes each set is tried.
_TRIED: Final = 6
#: A name with such a word is of what is kept back, whatever else it says.
_KEPT: Final = re.compile(
    r"\b(tcs|tds|irrf|reten(cao|coes|cion|ciones)|reten?id[oa]s?|retid[oa]s?|withh[eo]ld(ing)?|einbehalten\w*)\b"
)
_TAX: Final = re.compile(
    r"\b(gst|igst|cgst|sgst|vat|iva|igv|iss|icms|pis|cofins|tva|mwst|kdv|ppn|pph|btw|impostos?|impuestos?|tax|taxes)\b"
)
_OF_FEES: Final = re.compile(
    r"\b(fees?|commissions?|comiss(ao|oes)|comision(es)?|tarifas?|taxas?|charges?|cargos?|provision(en)?)\b"
)
#: Such a name is of a rate, of what is paid back later, or of what the seller still owes.
_NOT: Final = re.compile(
    r"\b(rates?|aliquotas?|percent\w*|credits?|creditos?|liable|before|base|numero|id|gstin|type)\b|%"
)


def with_withheld(table: Columns, columns: Assignment, given: Given) -> Given:
    """Return the fees with what was kept back, and that; {} where no column tells any, or the fees are unknown.

    Its name says so (`TDS`, `Retención ISR`, `IVA de comisión`). Any other column of taxes (`Taxes`) counts if the
    column of what is paid out is the revenue less all costs only with it.
    """
    fees, revenue = given["fees"], given["revenue"]
    if fees is None or revenue is None or columns.guesses["fees"].by not in ("name", "content"):
        return {}
    free = _amounts(columns)
    has_in = any(map(_has_taxes, table.headers))
    named = [i for i in free if is_withheld(table.headers[i]) and not (has_in and is_of_fees(table.headers[i]))]
    others = [i for i in free if not is_withheld(table.headers[i]) and _is_tax(table.headers[i])]
    costs = {index: cost_at(table, index, given["order_id"], revenue) for index in (*named, *others)}
    costs = {index: cost for index, cost in costs.items() if cost.sum()}
    if not costs:
        return {}
    kept = _that_fit(table, columns, {**given, "revenue": revenue, "fees": fees}, costs, named)
    if not kept:
        return {}
    for index in kept:
        table.number_at(index)  # from here on it is used
    total = added(*(costs[index] for index in kept))
    assert total is not None
    shown = ", ".join(f"“{table.headers[index]}”" for index in kept)
    told = in_portuguese(of_sold(total, given.get("status")))
    table.warnings.append(WITHHELD.format(columns=shown, total=told))
    return {"fees": fees + total.fill_null(0), "withheld": total}


def is_withheld(header: str) -> bool:
    """Return whether a column's name says withheld taxes, or taxes on the channel's fees."""
    plain = _plain(without_tax_aside(header))
    if _NOT.search(plain):
        return False
    return _KEPT.search(plain) is not None or (_TAX.search(plain) is not None and _OF_FEES.search(plain) is not None)


def is_of_fees(header: str) -> bool:
    """Say whether a column is called after taxes that are on the channel's fees."""
    plain = _plain(without_tax_aside(header))
    return _TAX.search(plain) is not None and _OF_FEES.search(plain) is not None and _KEPT.search(plain) is None


def _is_tax(header: str) -> bool:
    """Say whether an amount is a tax: `Refunds (excl. tax)` says only that none is in it."""
    return _TAX.search(_plain(without_tax_aside(header))) is not None


def _has_taxes(header: str) -> bool:
    """Say whether a column is called after fees that have their taxes in them: `Commission (including taxes)`."""
    return is_taxed(header) is True and _OF_FEES.search(_plain(without_tax_aside(header))) is not None


def _that_fit(
    table: Columns, columns: Assignment, given: Given, costs: dict[int, pl.Series], named: list[int]
) -> list[int]:
    """Return the columns with which what is paid out adds up; none where it does without any; else those called so."""
    revenue, fees = given["revenue"], given["fees"]
    assert revenue is not None
    assert fees is not None
    left = revenue - fees
    for name in ("shipping", "refund"):
        cost = given[name]
        left = left if cost is None else left - cost.fill_null(0)
    paid = [table.amounts(index) for index in _amounts(columns) if _is_paid_out(table.headers[index])]
    every = list(costs)[:_TRIED]
    for some in (some for size in range(len(every), 0, -1) for some in combinations(every, size)):
        less = added(*(costs[index] for index in some))
        if less is not None and any(_is_left(left - less.fill_null(0), one, less) for one in paid):
            return list(some)
    if any(agree(left, one) for one in paid):
        return []
    return _without_sums(costs, [index for index in named if index in costs])


def _is_left(ours: pl.Series, theirs: pl.Series, less: pl.Series) -> bool:
    """Say whether this is what is paid out, in the rows with such a tax. Of those that came back nobody knows yet."""
    gap = (ours - theirs).abs().filter((less != 0).fill_null(value=False)).drop_nulls()
    return len(gap) >= SEVERAL and int((gap < CENTS).sum()) >= _FITS * len(gap)


def _without_sums(costs: dict[int, pl.Series], named: list[int]) -> list[int]:
    """Return the columns without one that is the sum of others."""
    for index in named:
        rest = [one for one in named if one != index]
        total = added(*(costs[one] for one in rest))
        if len(rest) > 1 and total is not None and agree(costs[index], total):
            return rest
    return named


def _is_paid_out(header: str) -> bool:
    return bool((PAID_OUT | LEFT) & set(words(header)))


def _amounts(columns: Assignment) -> list[int]:
    """Return the columns of amounts that are none of a sale's known ones."""
    taken = {columns.column(name) for name in columns.guesses}
    return [index for index, one in enumerate(columns.profiles) if one.number >= _NUMERIC and index not in taken]


def _plain(header: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(header)) if "%" not in header else f"{fold(header)} %"
