"""Counts returns and cancellations by cause, where the export has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.figures.identity import with_product
from gateway.intake.figures.measure import count, rounded
from gateway.intake.figures.rows import rows_behind
from gateway.intake.layouts.lines import CANCELLED, RETURNED
from schemas.facts import ChannelFacts, Figure

#: Products that one cause names.
_PRODUCTS: Final = 5


def cause_figures(lines: pl.DataFrame) -> list[Figure]:
    """Return how many rows came back, and how many were cancelled, with the shares of each cause among them."""
    back = (pl.col("status") == RETURNED) | (pl.col("returned_units") > 0) | pl.col("complaint")
    is_cancelled = pl.col("status") == CANCELLED
    returned = _caused(lines, back.fill_null(value=False) & ~is_cancelled.fill_null(value=False))
    cancelled = _caused(lines, is_cancelled.fill_null(value=False))
    figures = [] if returned is None else [_figure("returns_by_cause", returned)]
    return figures if cancelled is None else [*figures, _figure("cancellations_by_cause", cancelled)]


def with_returned(facts: list[ChannelFacts], back: Mapping[str, pl.DataFrame]) -> list[ChannelFacts]:
    """Return the channels' facts with why things came back, from tables of returns alone (by channel).

    They stand for what sales do not tell themselves; a channel of which there is nothing else has these alone.
    """
    told = {channel: cause_figures(with_product(lines)) for channel, lines in back.items()}
    known = {one.channel for one in facts}
    alone = [ChannelFacts(channel, [], "", figures) for channel, figures in told.items() if channel not in known]
    beside = [replace(one, figures=[*one.figures, *_not_in(told.get(one.channel, []), one.figures)]) for one in facts]
    return sorted([*beside, *(one for one in alone if one.figures)], key=lambda one: one.channel)


def _not_in(figures: list[Figure], known: list[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.metric not in {one.metric for one in known}]


def _caused(lines: pl.DataFrame, which: pl.Expr) -> tuple[pl.DataFrame, dict[str, int]] | None:
    chosen = lines.filter(which)
    known = chosen.filter(pl.col("cause").is_not_null())
    if known.is_empty():
        return None
    return known, {"status": lines.height - chosen.height, "no_cause": chosen.height - known.height}


def _figure(metric: str, caused: tuple[pl.DataFrame, dict[str, int]]) -> Figure:
    known, left_out = caused
    causes = known.group_by("cause").agg(pl.len().alias("rows")).sort("rows", "cause", descending=[True, False])
    detail = {
        "causes": {
            row["cause"]: {
                "rows": row["rows"],
                "share": rounded(row["rows"] / known.height, 4),
                "skus": _products(known.filter(pl.col("cause") == row["cause"])),
            }
            for row in causes.to_dicts()
        }
    }
    rows = rows_behind(known.with_columns(pl.col("revenue").alias("amount")), left_out)
    skus = _products(known)
    if metric == "returns_by_cause":
        return count("returns_by_cause", known.height, skus=skus, detail=detail, rows=rows)
    return count("cancellations_by_cause", known.height, skus=skus, detail=detail, rows=rows)


def _products(rows: pl.DataFrame) -> list[str]:
    """Return the products with the most rows."""
    most = rows.group_by("product").agg(pl.len().alias("rows")).sort("rows", "product", descending=[True, False])
    return [str(product) for product in most["product"].head(_PRODUCTS)]
