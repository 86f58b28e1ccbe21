"""Compares the channels of a plan on its page: a column for each channel, a row for each figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from gateway.figures import words
from gateway.figures.catalogue import instead_of
from gateway.figures.currency import are_one
from gateway.ui.words.figure_words import LANGUAGE
from schemas.facts import ChannelFacts, Figure

#: The metrics that channels are compared by, in this order; a row without any value is left out.
COMPARED: Final = (
    "revenue",
    "orders",
    "average_ticket",
    "units",
    "fee_share",
    "shipping_share",
    "cancellation_rate",
    "return_rate",
    "advertising_share",
    "net_receipts",
)


#: Documents whose first and last days differ by at most so many days are about the same time.
NEAR_DAYS: Final = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a channel. `figure` None: unknown; `name`: its own title where it is another than the row's."""

    metric: str
    figure: Figure | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Together:
    """The channels, the largest revenue first, and the figures: the title of each, and its cell for each channel."""

    channels: list[ChannelFacts]
    rows: list[tuple[str, list[Cell]]]
    one_time: bool  # whether all channels' days are known and about the same
    one_currency: bool  # whether all channels' amounts are known to be in one currency


def together(channels: Sequence[ChannelFacts]) -> Together | None:
    """Return the comparison of the channels with figures; None if there are fewer than two."""
    known = {facts.channel: {figure.metric: figure for figure in facts.figures} for facts in channels if facts.figures}
    compared = sorted((facts for facts in channels if facts.channel in known), key=_by_revenue)
    if len(compared) < 2:  # one stands beside nobody
        return None
    rows = [
        (words.title(metric, LANGUAGE), [_cell(metric, known[facts.channel]) for facts in compared])
        for metric in COMPARED
    ]
    told = [(title, cells) for title, cells in rows if any(cell.figure is not None for cell in cells)]
    one_currency = are_one([facts.currency for facts in compared])
    return Together(compared, told, _about_the_same([facts.period for facts in compared]), one_currency)


def _about_the_same(periods: Sequence[Sequence[str]]) -> bool:
    if any(len(period) < 2 for period in periods):  # unknown
        return False
    ends = [[date.fromisoformat(day) for day in side] for side in zip(*periods, strict=True)]
    return all((max(side) - min(side)).days <= NEAR_DAYS for side in ends)


def _cell(metric: str, known: dict[str, Figure]) -> Cell:
    own = instead_of(metric, known)
    return Cell(own, known.get(own), "" if own == metric else words.title(own, LANGUAGE))


def _by_revenue(facts: ChannelFacts) -> tuple[bool, float, str]:
    """Order by revenue; a channel whose revenue is unknown is last."""
    revenue = next((figure.value for figure in facts.figures if figure.metric == "revenue"), None)
    return revenue is None, -(revenue or 0.0), facts.channel
