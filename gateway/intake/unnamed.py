"""Sales that name no channel, of a document that was sent for several: their figures, until a person says whose.

A table of which some rows name a channel has such sales, too, where its column of channels is blank: `NOBODYS`. Rows
that name one that we do not know are none of these: they are of a place, and nobody asks which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from gateway.intake.figures import channel_facts
from gateway.intake.goods import Goods
from gateway.intake.kept import Kept
from gateway.intake.layouts import Reading
from gateway.intake.said_channel import NOBODYS, told
from schemas.facts import ChannelFacts


def with_told(reading: Reading, channels: Sequence[str], kept: Kept) -> Reading:
    """Return the reading with the channel that a person said, now or of the header before, of sales that name none.

    What was said before holds where it is one of the channels that are asked for.
    """
    said = kept.channel or kept.channels.get(reading.report.header_id, "")
    if said not in channels or reading.lines is None or not (rows := _unnamed(reading.lines, channels)).any():
        return reading
    channel = pl.when(rows).then(pl.lit(said)).otherwise("channel").alias("channel")
    return replace(reading, report=told(reading.report, said), lines=reading.lines.with_columns(channel))


def counted(reading: Reading, channels: Sequence[str]) -> Reading:
    """Return the reading with how many rows of sales name no channel, if somebody can say whose they are."""
    lines = reading.lines
    if lines is None or not (rows := int(_unnamed(lines, channels).sum())):
        return reading
    return replace(reading, report=replace(reading.report, unnamed=rows))


def _unnamed(lines: pl.DataFrame, channels: Sequence[str]) -> pl.Series:
    """Say of each row of a table whether it names no channel, and could."""
    if lines.height and lines["channel"].null_count() == lines.height:
        return pl.Series([len(channels) > 1]).new_from_index(0, lines.height)
    return (lines["channel"] == NOBODYS).fill_null(value=False)


def named(frame: pl.DataFrame | None) -> pl.DataFrame | None:
    """Return the rows without a channel for those that name none: they are of none that is asked about."""
    if frame is None or not (frame["channel"] == NOBODYS).any():
        return frame
    return frame.with_columns(pl.col("channel").replace(NOBODYS, None))


def facts_of_unnamed(lines: pl.DataFrame | None, channels: Sequence[str], goods: Goods) -> ChannelFacts | None:
    """Return the figures of the rows that name no channel, of tables without any or beside some; None without such.

    What goes by the channel is not among them: tariffs, its advertising, other channels' documents.
    """
    if lines is None:
        return None
    blank = (lines["channel"] == NOBODYS).fill_null(value=False)
    nulls = lines["channel"].null_count() if len(channels) > 1 else 0
    if not nulls and not blank.any():
        return None
    none = pl.col("channel").is_null().all().over("table") if nulls else pl.lit(value=False)
    alone = lines if nulls == lines.height else lines.filter(none | blank)
    if alone.is_empty():
        return None
    found = channel_facts(alone.with_columns(pl.lit(NOBODYS).alias("channel")), None, goods=goods)
    return next((one for one in found if one.figures), None)
