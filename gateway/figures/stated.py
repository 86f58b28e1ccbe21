"""What a document's own text states, beside what was computed of its tables: neither corrects the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.facts import ChannelFacts, Figure
from schemas.stated import StatedFigure


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement, and the figure that was computed of the same channel; None where there is none, or several."""

    said: StatedFigure
    channel: str  # whose figure was computed; empty: none was
    computed: Figure | None


def beside_computed(stated: Sequence[StatedFigure], channels: Sequence[ChannelFacts]) -> Iterator[Stated]:
    """Yield every statement as the document has it, in its order.

    A statement without a channel speaks of all sales: it stands beside a figure where the document has one channel.
    """
    for said in stated:
        own = [
            facts for facts in channels if facts.channel == said.channel or (not said.channel and len(channels) == 1)
        ]
        found = next(((o.channel, f) for o in own for f in o.figures if f.metric == said.metric), None)
        yield Stated(said, "", None) if found is None else Stated(said, *found)
