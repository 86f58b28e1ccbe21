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
from gateway.intake.layouts import Reading
from gateway.intake.said_channel import NOBODYS
from schemas.facts import ChannelFacts


def counted(reading: Reading, channels: Sequence[str]) -> Reading:
    """Return the reading with how many rows of sales it has, if several channels were asked for and none names one."""
    lines = reading.lines
    if lines is None or len(channels) < 2 or not lines.height or lines["channel"].null_count() < lines.height:
        return reading
    return replace(reading, report=replace(reading.report, unnamed=lines.height))


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
