"""Channels of a plan beside each other on its page: the same figures of each, one row a channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from gateway.figures import words
from gateway.figures.catalogue import instead_of
from gateway.ui.words.figure_words import LANGUAGE
from schemas.facts import ChannelFacts, Figure

#: What channels are compared by, in this order; a column that no channel knows is left out.
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


#: Documents that begin and end within so many days of each other tell of the same time.
NEAR_DAYS: Final = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a channel. `figure` None: unknown; `name`: its own title where it is another than the column's."""

    metric: str
    figure: Figure | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Together:
    """The titles of the columns, and the channels with a cell for each column, the largest revenue first."""

    heads: list[str]
    rows: list[tuple[ChannelFacts, list[Cell]]]
    one_time: bool  # whether all channels' days are known and about the same


def together(channels: Sequence[ChannelFacts]) -> Together | None:
    """Return the comparison of channels that have figures; None where there are fewer than two."""
    known = {facts.channel: {figure.metric: figure for figure in facts.figures} for facts in channels if facts.figures}
    compared = [facts for facts in channels if facts.channel in known]
    if len(compared) < 2:  # one stands beside nobody
        return None
    cells = {facts.channel: [_cell(metric, known[facts.channel]) for metric in COMPARED] for facts in compared}
    shown = [n for n, _ in enumerate(COMPARED) if any(row[n].figure is not None for row in cells.values())]
    rows = [(facts, [cells[facts.channel][n] for n in shown]) for facts in sorted(compared, key=_by_revenue)]
    return Together(
        [words.title(COMPARED[n], LANGUAGE) for n in shown],
        rows,
        _about_the_same([facts.period for facts in compared]),
    )


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
