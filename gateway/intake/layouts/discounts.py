"""Decides whether a plain table's revenue still contains the discount or excludes refunds, by what adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import polars as pl

from gateway.intake.layouts.after_returns import with_returns_put_back
from gateway.intake.layouts.amounts import COSTS, Given, cost_at, tax_columns
from gateway.intake.layouts.cancelled_amounts import without_cancelled_amounts
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.freight_names import is_freight
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.maybe_discounts import discounts_of_wholes, maybe_discounts
from gateway.intake.layouts.orders import first_rows_with, shared_out
from gateway.intake.layouts.sums_told import of_sales
from gateway.intake.values import CENTS
from gateway.intake.words import in_portuguese

TAKEN_OFF: Final = (
    "A coluna “{total}” mostra que {revenue} ainda contém o desconto: ele foi tirado da receita, {discount} ao todo."
)
UNSURE: Final = (
    "A receita é {revenue}, e nada na tabela mostra se o desconto (coluna “{column}”, {discount} ao todo) já foi "
    "tirado dela: se não foi, ela é de {left}, e o que sobra é menos na mesma medida. A parte do preço que foi "
    "desconto não foi calculada."
)
REFUNDED: Final = "A coluna da receita já descontava os reembolsos, {amount} ao todo: eles são contados à parte."
_MOST: Final = 0.9
#: In all rows is looked for first: of single pieces, as most are, the discount of one is that of the row.
_SURELY: Final = (1.0, 0.99, _MOST)
_SEVERAL: Final = 3


def with_what_adds_up(table: Columns, columns: Assignment, given: Given) -> Given:
    """Return revenue and discount as the table's amounts show them: less what was cancelled, before the refunds."""
    if put_back := with_returns_put_back(table, columns, given):
        return put_back
    found = without_cancelled_amounts(table, columns, given)
    found |= with_refunds(table, columns, {**given, **found})
    return found | without_discount(table, columns, {**given, **found})


def without_discount(table: Columns, columns: Assignment, given: Given) -> Given:
    """Return revenue and discount as they are once the table shows which contains which; {} where there is none.

    The discount was taken off where another amount less it is the revenue. It is still in the revenue where another
    amount is that less the discount, perhaps with the buyer's freight or less costs. Either may hold row by row or of
    whole orders. Else nobody knows: the revenue stands, and the discount is unknown.
    """
    revenue, discount, index = given.get("revenue"), given.get("discount"), columns.column("discount")
    if index is None:
        return _by_its_sums(table, columns, given)
    if revenue is None or discount is None or not (discount != 0).any():
        return {}
    for least in _SURELY:
        if (found := _added_up(table, columns, given, least)) is not None:
            return found | _of_wholes(table, columns, given | found)
    own = columns.column("revenue")
    name = "o preço vezes as unidades" if own is None else f"a coluna “{table.headers[own]}”"
    off, left = (
        in_portuguese(of_sales(table, columns, given.get("order_id"), one))
        for one in (discount, revenue - discount.fill_null(0))
    )
    table.warnings.append(UNSURE.format(column=table.headers[index], revenue=name, discount=off, left=left))
    return {"discount": None}


def _added_up(table: Columns, columns: Assignment, given: Given, least: float) -> Given | None:
    """Return revenue and discount where sums in so many of the rows show which contains which; None where none do."""
    revenue, discount = given["revenue"], given["discount"]
    assert revenue is not None
    assert discount is not None
    rows = first_rows_with(discount, given["order_id"])
    known = {name: None if one is None else one.gather(rows) for name, one in given.items()}
    found = _Adding.of(table, columns, known, _discounts(known), rows, least)
    if found.taken_off is not None:
        return {"discount": _discounts(given)[found.taken_off]}
    if found.contained is None:
        return None
    own = columns.column("revenue")
    name = "o preço vezes as unidades" if own is None else f"a coluna “{table.headers[own]}”"
    discount, total = _discounts(given)[found.contained[0]], table.headers[found.contained[1]]
    off = in_portuguese(of_sales(table, columns, given.get("order_id"), discount))
    table.warnings.append(TAKEN_OFF.format(total=total, revenue=name, discount=off))
    return {"discount": discount, "revenue": revenue - discount.fill_null(0)}


def _are(discount: pl.Series, fees: pl.Series | None) -> bool:
    """Say whether the discount is what the fees are, in nearly all rows that have either."""
    if fees is None:
        return False
    frame = pl.DataFrame({"d": discount.fill_null(0).abs(), "f": fees.fill_null(0).abs()})
    some = frame.filter((pl.col("d") != 0) | (pl.col("f") != 0))
    return some.select(((pl.col("d") - pl.col("f")).abs() < CENTS).mean() >= _MOST).item() is True


def _by_its_sums(table: Columns, columns: Assignment, given: Given) -> Given:
    """Return what sums show of a column that is only perhaps called a discount's; {} where they show nothing.

    The fees told again are none, as acquirers call what they keep (`Desconto unificado`).
    """
    if given.get("revenue") is None:
        return {}
    costs = (cost_at(table, i, given["order_id"], given["revenue"]) for i in maybe_discounts(table, columns))
    perhaps = [cost for cost in costs if not _are(cost, given["fees"])]
    for least in _SURELY:
        for discount in perhaps:
            if (found := _added_up(table, columns, given | {"discount": discount}, least)) is not None:
                return found
    return {}


def _of_wholes(table: Columns, columns: Assignment, given: Given) -> Given:
    """Return revenue and discount less what was taken off whole orders, too, where sums show that; {} where none do.

    A till takes one discount off a row and another one off the bill, which stands beside what is to be paid.
    """
    revenue, sure = given["revenue"], given["discount"]
    assert revenue is not None
    assert sure is not None
    for index in discounts_of_wholes(table, columns) if given["order_id"] is not None else []:
        known = given | {"discount": cost_at(table, index, given["order_id"], revenue)}
        found = next((one for least in _SURELY if (one := _added_up(table, columns, known, least))), None)
        if found is not None and "revenue" in found and (off := found["discount"]) is not None:
            return found | {"discount": sure.fill_null(0) + off.fill_null(0)}
    return {}


def with_refunds(table: Columns, columns: Assignment, given: Given) -> Given:
    """Return the revenue with the refunds that were taken off it, so that they are not twice; {} where none were.

    They were where another amount less them, perhaps less the discount too, is the revenue: `Net sales` of Shopify.
    """
    revenue, refund, discount = given["revenue"], given["refund"], given["discount"]
    if revenue is None or refund is None or not (refund != 0).any():
        return {}
    rows = first_rows_with(refund, given["order_id"])
    known = {name: None if one is None else one.gather(rows) for name, one in given.items()}
    back = refund.gather(rows)
    tried = {"r": back} | (
        {} if discount is None else {"r and d": back.fill_null(0) + discount.gather(rows).fill_null(0)}
    )
    tried |= _with_others(table, columns, back, rows)
    if _Adding.of(table, columns, known, tried, rows).taken_off is None:
        return {}
    told = in_portuguese(of_sales(table, columns, given["order_id"], refund))
    table.warnings.append(REFUNDED.format(amount=told))
    return {"revenue": revenue + refund.fill_null(0)}


def _with_others(table: Columns, columns: Assignment, back: pl.Series, rows: pl.Series) -> dict[str, pl.Series]:
    """Return the refunds with each amount that is written below zero, as what is taken off is: `Discounts & Comps`."""
    sure = {columns.column(name) for name in columns.guesses}
    less = [i for i, one in enumerate(columns.profiles) if i not in sure and one.negative > 0 and one.number >= _MOST]
    return {
        f"r and {i}": back.fill_null(0) - amount.fill_null(0)
        for i in less
        if not ((amount := table.amounts(i).gather(rows)) > 0).any()
    }


def _discounts(given: Given) -> dict[str, pl.Series]:
    """Return what the discount may be: of the row, of the order that repeats it, of a unit."""
    discount, order, units = given["discount"], given["order_id"], given["units"]
    assert discount is not None
    found = {"d": discount}
    shared = None if order is None else shared_out(order, discount, given["revenue"])
    if shared is not None:
        found["d order"] = shared
    return found if units is None else {**found, "d unit": discount * units}


@dataclass(frozen=True, slots=True)
class _Adding:
    """What adds up: the discount that was taken off; or the one still contained, with the column that shows it."""

    taken_off: str | None
    contained: tuple[str, int] | None

    @classmethod
    def of(
        cls,
        table: Columns,
        columns: Assignment,
        known: Given,
        tried: dict[str, pl.Series],
        rows: pl.Series,
        least: float = _MOST,
    ) -> _Adding:
        """Try it in these rows, which are all that is `known` and `tried`, then in their orders."""
        sure = {columns.column(name) for name in columns.guesses}
        amounts = {
            i: table.amounts(i).gather(rows)
            for i, profile in enumerate(columns.profiles)
            if profile.number >= _MOST and i not in sure
        }
        units, price, order, revenue = known["units"], known["price"], known["order_id"], known["revenue"]
        assert revenue is not None
        frame = pl.DataFrame(
            {
                "revenue": revenue,
                **tried,
                **{name: one.fill_null(0) for name in COSTS if (one := known[name]) is not None},
                **{f"{i} row": one for i, one in amounts.items()},
                **(
                    {}
                    if order is None
                    else {f"{i} order": shared_out(order, one, revenue) for i, one in amounts.items()}
                ),
                **({} if units is None else {f"{i} unit": one * units for i, one in amounts.items()}),
                **({} if units is None or price is None else {"items": price * units}),
            }
        )
        freight = [i for i in amounts if is_freight(table.headers[i])]
        taxes = [i for i in tax_columns(columns) if i in amounts]
        whole = [] if order is None else [frame.group_by(order.alias("order"), maintain_order=True).sum().drop("order")]
        for level in (frame, *whole):
            costs = [name for name in COSTS if name in frame.columns]
            found = cls._in(level, list(tried), costs, freight, taxes, least)
            if found.taken_off is not None or found.contained is not None:
                return found
        return cls(None, None)

    @classmethod
    def _in(
        cls,
        frame: pl.DataFrame,
        tried: list[str],
        costs: Sequence[str],
        freight: list[int],
        taxes: list[int],
        least: float,
    ) -> _Adding:
        totals = [name for name in frame.columns if name[0].isdigit() or name == "items"]
        own = pl.col("revenue")
        freights = [name for i in freight for of in ("row", "order") if (name := f"{i} {of}") in totals]
        added = [pl.lit(0.0), *(pl.col(name).fill_null(0) for name in freights)]
        if taxes:
            every = pl.sum_horizontal(pl.col(f"{i} row").fill_null(0) for i in taxes)
            added += [one + every for one in added]
        for off in tried:
            # of one or two refunds some multiple, or sum, fits by chance; a discount is of a unit as often as of a row
            few = off.startswith("r") and int((frame[off] != 0).sum()) < _SEVERAL
            wholes = [name for name in totals if not (few and name.endswith("unit"))]
            beside = added[:1] if few else added
            if _hold(frame, off, [pl.col(name) + one - pl.col(off) - own for name in wholes for one in beside], least):
                return cls(off, None)
        less = [some for size in range(len(costs) + 1) for some in combinations(costs, size)]
        columns = [name for name in totals if name.split()[-1] in ("row", "order")]
        for off in tried:
            left = [own - pl.col(off) + one - pl.sum_horizontal(pl.lit(0.0), *some) for one in added for some in less]
            # what is left of a unit's price less the discount of one
            for name in [*columns, *(name for name in totals if off == "d unit" and name.endswith("unit"))]:
                if _hold(_told(frame, off, name), off, [pl.col(name) - one for one in left], least):
                    return cls(None, (off, int(name.split()[0])))
        return cls(None, None)


def _told(frame: pl.DataFrame, discount: str, total: str) -> pl.DataFrame:
    """Return the rows whose total is not zero, as that of a cancelled sale is, if most with a discount have one."""
    told = frame.filter(pl.col(total) != 0)
    count = [(one[discount] != 0).sum() for one in (told, frame)]
    return told if count[0] * 2 > count[1] else frame


def _hold(frame: pl.DataFrame, discount: str, differences: list[pl.Expr], least: float) -> bool:
    """Say whether one of the differences is none, in so many of the rows that have this discount."""
    same = [
        ((one.abs() < CENTS).fill_null(value=False).mean() >= least).alias(str(n)) for n, one in enumerate(differences)
    ]
    shown = frame.filter(pl.col(discount) != 0).select(pl.lit(value=False).alias("none"), *same)
    return any(shown.row(0))
