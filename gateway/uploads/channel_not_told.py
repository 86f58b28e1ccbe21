"""A document whose sales name no channel, uploaded for several: whoever sends it is asked whose they are."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.problems.problem import Problem
from gateway.shapes.uploads import UnnamedSums
from schemas.channels import channel_name
from schemas.facts import DocumentFacts


def asks_channel(facts: DocumentFacts) -> bool:
    """Say whether a plan would have no figure, because no sale names its channel."""
    return facts.unnamed is not None and not facts.channels


def unnamed_sums(facts: DocumentFacts, channels: Sequence[str]) -> UnnamedSums | None:
    """Return the sums of the sales that name no channel, and of which they may be; None where there are none."""
    own = facts.unnamed
    if own is None:
        return None
    return UnnamedSums(
        rows=sum(table.unnamed for table in facts.tables),
        revenue=next((figure.value for figure in own.figures if figure.metric == "revenue"), None),
        currency=own.currency,
        channels=list(channels),
    )


class ChannelNotTold(Problem):
    """Nobody knows whose the sales are. The file is not kept."""

    def __init__(self, facts: DocumentFacts, channels: Sequence[str]) -> None:
        sums = unnamed_sums(facts, channels)
        assert sums is not None
        names = ", ".join(map(channel_name, channels))
        super().__init__(
            "channel-not-told",
            f"{sums.rows} rows of sales name no channel, and several were asked for ({names}): say with unnamed which"
            " of them it is, and send the file again. Or send anyway=true for a plan without their figures.",
            unnamed=sums.model_dump(mode="json", by_alias=True),
        )
