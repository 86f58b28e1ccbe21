"""Figures that a document's own text states: quoted with their words and place, never computed with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from schemas.stored import known

#: The greatest distance of two figures that count as one, since a text rounds.
ROUNDING_OF_STATED: Final = 0.01


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure that the document's own text states. It is quoted, never computed with.

    `metric` as in docs/analysis.md, or `cancelled_orders`; `unit` as of a `Figure`.
    """

    metric: str
    value: float
    unit: str
    where: str  # "página 2", in Portuguese
    quote: str  # the words that state it, masked
    channel: str = ""  # "" where the text names none: it speaks of the document's sales as a whole

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> StatedFigure:
        """Read what `asdict` wrote, of this version or a later one."""
        return cls(**known(cls, data))


def of_channel(every: Sequence[StatedFigure], channel: str) -> list[StatedFigure]:
    """Return the figures that a text states of a channel, by its name or without naming any; one value a figure.

    Of several values (of two months, say) none is returned: which one counts is unknown. Where they only differ in how
    they are rounded ("R$ 48,2 mil"), the exact one is.
    """
    own = [stated for stated in every if stated.channel == channel]
    named = {stated.metric for stated in own}
    own += [stated for stated in every if not stated.channel and stated.metric not in named]
    chosen = []
    for metric in dict.fromkeys(stated.metric for stated in own):
        same = [stated for stated in own if stated.metric == metric]
        values = [abs(stated.value) for stated in same]
        if max(values) - min(values) <= ROUNDING_OF_STATED * max(values) and len({s.unit for s in same}) == 1:
            chosen.append(max(same, key=lambda stated: len(repr(stated.value))))
    return chosen
