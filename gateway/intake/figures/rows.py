"""Lists the rows behind each figure: how many there are, how many are left out and why, the largest ones."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import polars as pl

from gateway.intake.figures.measure import rounded
from gateway.intake.figures.totals import IS_OF_GOODS, IS_SALE, NUMBERED, SAYS_CANCELLED, SAYS_UNPAID
from gateway.intake.layouts.lines import CANCELLED, UNPAID
from schemas.facts import MAX_ROWS_OF_FIGURE, NETS, Figure, FigureRow, FigureRows

#: An order's number has a figure in it and no blank, and is not written as a CPF is: anything else may be a person.
_ORDER: Final = re.compile(r"(?=\S*\d)[\w#./:-]{1,40}")
_CPF: Final = re.compile(r"\d{3}\.\d{3}\.\d{3}-\d{2}")
#: So many rows are sorted sooner than looked through for the largest.
_FEW: Final = 2_000


@dataclass(frozen=True)
class _Made:
    """What a figure is made of: the rows it could use, which of them it does, and the amount of each."""

    of: pl.Expr
    used: pl.Expr
    amount: pl.Expr
    reason: str  # why a row of `of` is not used
    other: str = "status"  # why a row is not of `of`

    @cached_property
    def told(self) -> tuple[pl.Expr, ...]:
        """Return expressions on lines; built once, because that takes longer than to evaluate a few hundred lines."""
        return (
            pl.col("order_id"),
            pl.col("table").fill_null(0),
            pl.col("row").fill_null(0),
            self.amount.cast(pl.Float64).alias("amount"),
            self.of.fill_null(value=False).alias("of"),
            self.used.fill_null(value=False).alias("used"),
        )


def _sales(column: str, reason: str, amount: str | None = None) -> _Made:
    return _Made(IS_SALE, pl.col(column).is_not_null(), pl.col(amount or column), reason)


def _known_status(wanted: str) -> _Made:
    amount = pl.when(pl.col("status") == wanted).then(pl.col("revenue"))
    return _Made(pl.lit(value=True), pl.col("status").is_not_null(), amount, "no_status")


_REVENUE: Final = _sales("revenue", "no_money")
_SHIPPING: Final = _sales("shipping", "no_money")
_RETURNED: Final = _sales("returned_units", "no_returns")
_DISPATCHED: Final = _Made(IS_SALE, pl.col("ship_days") >= 0, pl.col("ship_days"), "no_dispatch_date")

_MADE: Final[dict[str, _Made]] = {
    "revenue": _REVENUE,
    "average_ticket": _REVENUE,
    "concentration_top10": _REVENUE,
    "orders": replace(_sales("order_id", "no_order", "revenue"), used=NUMBERED),
    "units": _sales("units", "no_units"),
    "fees": _sales("fees", "no_money"),
    "fee_share": _sales("fees", "no_money"),
    "shipping_cost": _SHIPPING,
    "shipping_income": replace(_SHIPPING, amount=-pl.col("shipping")),
    "shipping_share": _SHIPPING,
    "refunds": _sales("refund", "no_money"),
    **dict.fromkeys(NETS, _sales("net", "no_money")),
    "returned_units": _RETURNED,
    "return_rate": _RETURNED,
    "discount_depth": _sales("discount", "no_money"),
    "advertising_share": replace(
        _sales("advertised", "no_mark"), amount=pl.when(pl.col("advertised")).then(pl.col("revenue"))
    ),
    "cancellation_rate": replace(
        _known_status(CANCELLED),
        used=SAYS_CANCELLED,
        of=(pl.col("status") != UNPAID).fill_null(value=True),
        other="unpaid",
    ),
    "unpaid_share": replace(_known_status(UNPAID), used=SAYS_UNPAID),
    "cancelled_revenue": _Made(
        pl.col("status") == CANCELLED, pl.col("revenue").is_not_null(), pl.col("revenue"), "no_money", "not_cancelled"
    ),
    "dispatch_days": _DISPATCHED,
    "slow_shipping_share": _DISPATCHED,
    "missing_sku_share": _Made(IS_OF_GOODS, pl.col("sku").is_null(), pl.col("revenue"), "has_sku"),
    "period_days": _Made(pl.lit(value=True), pl.col("at").is_not_null(), pl.col("revenue"), "no_date"),
}


def with_rows(figures: list[Figure], lines: pl.DataFrame, before: dict[str, int]) -> list[Figure]:
    """Return the figures with their rows. `before`: rows that all of them leave out, by reason."""
    shared: dict[int, FigureRows] = {}  # by what stands in _MADE: several figures are made of the same
    result = []
    for figure in figures:
        if figure.rows is not None:  # it knows them itself
            result.append(replace(figure, rows=replace(figure.rows, left_out=_some(figure.rows.left_out | before))))
            continue
        made = _MADE.get(figure.metric)
        if made is None:
            rows = _rows(lines, _BY_TIME.get(figure.metric, _of_products)(figure), before)
        else:
            rows = shared[id(made)] if id(made) in shared else _rows(lines, made, before)
            shared[id(made)] = rows
        result.append(replace(figure, rows=rows))
    return result


def _of_month(figure: Figure) -> _Made:
    in_month = pl.col("at").dt.strftime("%Y-%m") == str(figure.detail["month"])
    return _Made(IS_SALE, in_month.fill_null(value=False), pl.col("revenue"), "other_months")


def _of_main_days(figure: Figure) -> _Made:
    since, until = (date.fromisoformat(str(figure.detail[end])) for end in ("since", "until"))
    inside = pl.col("at").dt.date().is_between(since, until)
    return _Made(IS_SALE, inside.fill_null(value=False), pl.col("revenue"), "other_days")


def _of_last_days(figure: Figure) -> _Made:
    if figure.detail["by"] == "month":
        return _of_main_days(figure)
    start = date.fromisoformat(str(figure.detail["since"]))
    return _Made(IS_SALE, (pl.col("at").dt.date() >= start).fill_null(value=False), pl.col("revenue"), "earlier")


def _of_products(figure: Figure) -> _Made:
    return _Made(IS_SALE, pl.col("product").is_in(figure.skus), pl.col("revenue"), "other_products")


_OF_AND_USED: Final = pl.col("of") & pl.col("used")
_BY_TIME: Final = {"best_month_revenue": _of_month, "revenue_growth": _of_last_days, "main_days": _of_main_days}


def _rows(lines: pl.DataFrame, made: _Made, before: dict[str, int]) -> FigureRows:
    told = lines.select(made.told)
    used = told.filter(_OF_AND_USED)
    left_out = {
        made.other: int((~told["of"]).sum()),
        made.reason: int((told["of"] & ~told["used"]).sum()),
        **before,
    }
    return rows_behind(used, left_out)


def rows_behind(used: pl.DataFrame, left_out: dict[str, int]) -> FigureRows:
    """Return the rows that a figure is made of, the largest `amount` first, and how many it is not, by reason."""
    return FigureRows(
        used.height,
        _some(left_out),
        [
            FigureRow(
                order_name(row["order_id"]),
                row["table"] or 0,
                row["row"] or 0,
                None if row["amount"] is None else rounded(row["amount"]),
            )
            for row in _largest(used, MAX_ROWS_OF_FIGURE).to_dicts()
        ],
    )


def _some(left_out: dict[str, int]) -> dict[str, int]:
    return {reason: rows for reason, rows in left_out.items() if rows}


def _largest(rows: pl.DataFrame, most: int, few: int = _FEW) -> pl.DataFrame:
    """Return the rows with the largest amounts, equal ones in the document's order, those without one last.

    Many are not all sorted: a year has hundreds of thousands, and each figure asks.
    """
    if rows.height <= few:
        return rows.sort("amount", descending=True, nulls_last=True, maintain_order=True).head(most)
    least = rows["amount"].top_k(most).min()
    if least is None:
        return rows.head(most)
    above = rows.filter(pl.col("amount") > least).sort("amount", descending=True, maintain_order=True)
    equal = rows.filter(pl.col("amount") == least).head(most - above.height)
    without = rows.filter(pl.col("amount").is_null()).head(most - above.height - equal.height)
    return pl.concat([above, equal, without])


def order_name(text: str | None) -> str:
    """Return an order's number; "" where the text could be a person's."""
    if text is None or not _ORDER.fullmatch(text) or _CPF.fullmatch(text):
        return ""
    return text
