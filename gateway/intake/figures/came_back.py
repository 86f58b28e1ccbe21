"""Adds the reasons of returns to sales, by order and SKU, from an earlier document of returns alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from gateway.intake.figures.causes import cause_figures
from gateway.intake.layouts.lines import CANCELLED, RETURNED
from gateway.intake.returned_before import MAX_RETURNED, UNCLEAR, USED, WITHOUT_CAUSE, ReturnedBefore, written
from schemas.facts import ChannelFacts, Figure

_NAMES: Final = ("order", "key", "back_status", "back_cause")


@dataclass(frozen=True, slots=True)
class _Found:
    """The sales of which a document of returns tells: their rows with why they came back, and how many orders."""

    before: ReturnedBefore
    lines: pl.DataFrame
    orders: int
    unclear: int

    @property
    def has_causes(self) -> bool:
        return self.lines["cause"].null_count() < self.lines.height


def kept_of(
    returned: pl.DataFrame | None, sold: pl.DataFrame | None
) -> tuple[dict[str, list[list[str]]], dict[str, int]]:
    """Return the rows of returns by channel that are kept for its next sales; and of which channels there are too many.

    Of a channel whose sales stand in the same document none are: these rows are used there.
    """
    if returned is None:
        return {}, {}
    own = set() if sold is None else set(sold["channel"].drop_nulls().unique())
    rows = returned.filter(
        pl.col("order_id").is_not_null()
        & pl.col("channel").is_not_null()
        & ~pl.col("channel").is_in(list(own))
        & pl.col("status").is_in([RETURNED, CANCELLED])
    ).select(
        "channel",
        "order_id",
        *(pl.col(name).fill_null("") for name in ("sku", "status", "cause")),
    )
    parts = {
        str(channel): part.drop("channel") for (channel,), part in rows.partition_by("channel", as_dict=True).items()
    }
    kept = {
        channel: [list(row) for row in part.rows()] for channel, part in parts.items() if part.height <= MAX_RETURNED
    }
    return kept, {channel: part.height for channel, part in parts.items() if channel not in kept}


def with_returned_before(facts: ChannelFacts, lines: pl.DataFrame, known: Sequence[ReturnedBefore]) -> ChannelFacts:
    """Add the reasons of returns to a channel's facts, from the earlier document that has most of its orders.

    It stands for what the sales do not tell themselves. A rate is none of it: nobody knows that the document has all
    returns of these days.
    """
    own = [one for one in known if one.channel == facts.channel]
    if not own or lines["cause"].null_count() < lines.height or lines["order_id"].null_count() == lines.height:
        return facts
    best = max((_found(one, lines) for one in own), key=lambda one: (one.has_causes, one.orders, one.before.day))
    day, orders = written(best.before.day), int(lines["order_id"].drop_nulls().n_unique())
    told = {figure.metric for figure in facts.figures}
    figures = [_signed(one, best.before) for one in cause_figures(best.lines) if one.metric not in told]
    notes = []
    if best.orders:
        notes.append((USED if figures else WITHOUT_CAUSE).format(found=best.orders, orders=orders, day=day))
    if best.unclear:
        notes.append(UNCLEAR.format(orders=best.unclear, day=day))
    return replace(facts, figures=[*facts.figures, *figures], warnings=[*facts.warnings, *notes])


def _signed(figure: Figure, before: ReturnedBefore) -> Figure:
    return replace(figure, detail={**figure.detail, "returned_by": before.told})


def _found(before: ReturnedBefore, lines: pl.DataFrame) -> _Found:
    """Join by order and SKU; where one of them has no SKU, by an order of a single row."""
    back = pl.DataFrame(
        [[order.strip(), " ".join(sku.split()).casefold(), *rest] for order, sku, *rest in before.rows],
        schema=dict.fromkeys(_NAMES, pl.String),
        orient="row",
    ).unique(["order", "key"], keep="last", maintain_order=True)
    key = pl.col("sku").fill_null("").str.strip_chars().str.replace_all(r"\s+", " ").str.to_lowercase()
    sales = lines.with_columns(
        pl.col("order_id").str.strip_chars().alias("order"), key.alias("key"), pl.int_range(pl.len()).alias("place")
    ).with_columns((pl.len().over("order") == 1).alias("lone"))
    exact = sales.join(back.filter(pl.col("key") != ""), on=["order", "key"], how="inner")
    one_a_row = back.filter(pl.len().over("order") == 1).rename({"key": "their"})
    lone = (
        sales.filter(pl.col("lone") & ~pl.col("place").is_in(exact["place"].implode()))
        .join(one_a_row, on="order", how="inner")
        .filter((pl.col("their") == "") | (pl.col("key") == ""))
    )
    wanted = ["place", "order", "back_status", "back_cause"]
    matched = pl.concat([exact.select(wanted), lone.select(wanted)])
    there = back["order"].is_in(sales["order"].drop_nulls().implode())
    unclear = back.filter(there & ~back["order"].is_in(matched["order"].implode()))["order"].n_unique()
    joined = sales.join(matched.drop("order"), on="place", how="left", maintain_order="left")
    stays = pl.col("back_status").is_null() | (pl.col("status") == CANCELLED).fill_null(value=False)
    told = joined.with_columns(
        pl.when(stays).then("status").otherwise("back_status").alias("status"),
        pl.when(pl.col("back_cause") != "").then("back_cause").alias("cause"),
    )
    return _Found(before, told.select(lines.columns), matched["order"].n_unique(), unclear)
