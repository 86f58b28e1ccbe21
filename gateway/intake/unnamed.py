"""Sales that name no channel, of a document that was sent for several: their figures, until a person says whose.

A table of which some rows name a channel is none of these: its other rows name one that we do not know, or none, and
nobody can say of all of them at once whose they are.
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
    """Return the reading with the channel that a person said, now or of the header before, if its sales name none.

    What was said before holds where it is one of the channels that are asked for.
    """
    said = kept.channel or kept.channels.get(reading.report.header_id, "")
    if said not in channels or not _names_none(reading, channels):
        return reading
    assert reading.lines is not None
    lines = reading.lines.with_columns(pl.lit(said).alias("channel"))
    return replace(reading, report=told(reading.report, said), lines=lines)


def counted(reading: Reading, channels: Sequence[str]) -> Reading:
    """Return the reading with how many rows of sales it has, if several channels were asked for and none names one."""
    lines = reading.lines
    if lines is None or not _names_none(reading, channels):
        return reading
    return replace(reading, report=replace(reading.report, unnamed=lines.height))


def _names_none(reading: Reading, channels: Sequence[str]) -> bool:
    lines = reading.lines
    return (
        len(channels) > 1 and lines is not None and lines.height > 0 and lines["channel"].null_count() == lines.height
    )


def facts_of_unnamed(lines: pl.DataFrame | None, channels: Sequence[str], goods: Goods) -> ChannelFacts | None:
    """Return the figures of the rows of tables that name no channel at all; None where there are none.

    What goes by the channel is not among them: tariffs, its advertising, other channels' documents.
    """
    if lines is None or len(channels) < 2 or not (nulls := lines["channel"].null_count()):
        return None
    alone = lines if nulls == lines.height else lines.filter(pl.col("channel").is_null().all().over("table"))
    if alone.is_empty():
        return None
    found = channel_facts(alone.with_columns(pl.lit(NOBODYS).alias("channel")), None, goods=goods)
    return next((one for one in found if one.figures), None)
