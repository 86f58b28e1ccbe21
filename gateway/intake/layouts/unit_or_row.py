"""Whether an amount is a unit's or its row's: by what changes with the units, and by what else adds up.

Of a product that was sold in several quantities the price of a unit stays, and the amount of a row grows. What other
columns are a part of (a fee of 16 %) or the rest of (what is left after the fee) shows it, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final, Literal

import polars as pl

from gateway.intake.values import CENTS

Field = Literal["price", "revenue"]
#: A product's price changes by no more than this, as a share, where it is taken for one.
_STEADY: Final = 0.25
#: By no more than this where it contradicts the amount's name.
_SURELY: Final = 0.05
#: Parts of an amount differ by no more than this, as a share: they are rounded to cents.
_SAME_PART: Final = 0.02
_MOST: Final = 0.9
_SEVERAL: Final = 3
#: The largest amount is so many times the smallest: of amounts that are nearly alike anything is nearly one share.
_VARIED: Final = 2
#: Columns that are held against the amount, the first ones.
_BESIDE: Final = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """What the table shows an amount to be, and by what. `surely`: so clearly that it stands above its name."""

    field: Field
    surely: bool
    why: str = ""


#: What shows it, as a person is told it.
GROWS: Final = "de um mesmo produto, cresce com as unidades"
STAYS: Final = "de um mesmo produto, não muda com as unidades"
GROWS_IN_GROUPS: Final = "em cada grupo de produtos, cresce com as unidades"
STAYS_IN_GROUPS: Final = "em cada grupo de produtos, não muda com as unidades"
PART_OF_ROW: Final = "o que se paga ou o que sobra da linha é uma parte dela"
PART_OF_UNITS: Final = "outra coluna é uma parte dela vezes as unidades"
LISTED: Final = "é o preço de lista menos o desconto"
LISTED_BY_UNITS: Final = "é o preço de lista menos o desconto, vezes as unidades"


def by_products(products: pl.Series, units: pl.Series, amount: pl.Series) -> Shown | None:
    """Return what products that were sold in several quantities show."""
    groups = (
        pl.DataFrame({"k": products, "u": units, "a": amount})
        .drop_nulls()
        .filter(pl.col("u") > 0)
        .group_by("k")
        .agg(
            pl.col("u").n_unique().alias("n"),
            _spread(pl.col("a")).alias("a"),
            _spread(pl.col("a") / pl.col("u")).alias("r"),
        )
        .filter(pl.col("n") > 1)
    )
    if groups.is_empty():
        return None
    as_price, as_total = float(str(groups["a"].mean())), float(str(groups["r"].mean()))
    steady, other = min(as_price, as_total), max(as_price, as_total)
    if steady > _STEADY or steady * 2 > other:
        return None
    surely = steady <= _SURELY and int(groups["n"].sum()) >= _SEVERAL
    return Shown("price", surely, STAYS) if as_price < as_total else Shown("revenue", surely, GROWS)


def by_groups(groups: pl.Series, units: pl.Series, amount: pl.Series) -> Shown | None:
    """Return what groups of goods show that surely have one price each, where no product is named."""
    found = by_products(groups, units, amount)
    if found is None or not found.surely:
        return None
    return replace(found, why=GROWS_IN_GROUPS if found.field == "revenue" else STAYS_IN_GROUPS)


def by_others(
    units: pl.Series, amount: pl.Series, beside: Mapping[int, pl.Series], of_rows: Mapping[int, pl.Series]
) -> Shown | None:
    """Return what other columns show: they are one share of units times it, or of it alone, or leave a rest of it.

    A share of it alone tells something of the rows' own amounts (`of_rows`): a unit's cost is a share of its price.
    """
    known = (units > 0).fill_null(value=False) & (amount != 0).fill_null(value=False)
    several = known & (units != 1).fill_null(value=False)
    told = pl.col("a").filter(pl.col("several")).abs()
    rows, least, most, different = (
        pl.DataFrame({"a": amount, "several": several})
        .select(told.count().alias("n"), told.min().alias("l"), told.max().alias("m"), told.n_unique().alias("d"))
        .row(0)
    )
    if min(rows, different) < _SEVERAL or most < least * _VARIED:
        return None
    by_units, alone = amount * units, amount
    for parts, whole, other, shown in (
        (beside, by_units, alone, Shown("price", surely=True, why=PART_OF_UNITS)),
        (of_rows, alone, by_units, Shown("revenue", surely=True, why=PART_OF_ROW)),
    ):
        for part, share in _parts(parts):
            fits = [_is_part(part.filter(rows), whole.filter(rows), share) for rows in (known, several)]
            if all(fits) and not _is_part(part.filter(known), other.filter(known), share):
                return shown
    return None


def by_list(
    units: pl.Series, amount: pl.Series, listed: Iterable[pl.Series], rates: Sequence[pl.Series]
) -> Shown | None:
    """Return what list prices show, less the shares that were taken off them: one of these is it, by units or not."""
    several = ((units != 1) & (amount != 0)).fill_null(value=False)
    for price in listed:
        for rate in rates or [price * 0]:
            most = rate.max()
            share = rate / 100 if isinstance(most, float) and most > 1 else rate
            left = (price * (1 - share.fill_null(0))).filter(several)
            told = {
                name: ((amount.filter(several) - one).abs() <= CENTS).drop_nulls()
                for name, one in (("price", left), ("revenue", left * units.filter(several)))
            }
            fits = {name: float(str(one.mean() or 0)) >= _MOST and len(one) >= _SEVERAL for name, one in told.items()}
            if fits["price"] != fits["revenue"]:
                is_price = fits["price"]
                return Shown(
                    "price" if is_price else "revenue", surely=True, why=LISTED if is_price else LISTED_BY_UNITS
                )
    return None


def _parts(columns: Mapping[int, pl.Series]) -> Iterator[tuple[pl.Series, float | None]]:
    """Yield the columns, then the sums of two, which are the whole: what is left, and the fee."""
    some = list(columns.values())[:_BESIDE]
    yield from ((one, None) for one in some)
    yield from ((first.abs() + second.abs(), 1.0) for first, second in combinations(some, 2))


def _is_part(part: pl.Series, whole: pl.Series, share: float | None) -> bool:
    """Say whether the part is this share of the whole, or the same one in nearly all rows, and tells something."""
    frame = pl.DataFrame({"p": part.abs(), "w": whole}).drop_nulls().filter(pl.col("p") != 0)
    if frame.height < max(_SEVERAL, len(part) // 2) or frame["p"].n_unique() < _SEVERAL:
        return False
    usual = float(str(frame.select((pl.col("p") / pl.col("w")).median()).item())) if share is None else share
    close = (pl.col("p") - usual * pl.col("w")).abs() <= pl.max_horizontal(CENTS, pl.col("p") * _SAME_PART)
    return float(str(frame.select(close.mean()).item())) >= _MOST


def _spread(values: pl.Expr) -> pl.Expr:
    return (values.max() - values.min()) / values.mean().abs().clip(lower_bound=0.01)
