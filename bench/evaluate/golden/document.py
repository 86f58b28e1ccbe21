"""One golden document and its truth."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from gateway.intake.elsewhere import Elsewhere
from local.samples import ChannelTruth
from local.samples.catalog import CHEAPER, LOSER, RETURNED, SILENT, items

#: All products that a golden document may name.
SKUS: Final = frozenset(item.sku for item in (*items(), LOSER, RETURNED, SILENT, CHEAPER))


@dataclass(frozen=True, slots=True)
class Golden:
    """A document, the channels that it is uploaded for, and what it holds. `layout` "": prose, or none of our own.

    `currency` by channel, where it is told: sums of another currency are no truth. `kind`: what it is where it is no
    table of sales, and has no figures. `elsewhere`: what is kept of other channels' documents.
    """

    path: Path
    channels: list[str]
    layout: str
    truth: dict[str, ChannelTruth] = field(default_factory=dict)
    currency: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    elsewhere: tuple[Elsewhere, ...] = ()


def with_freight(truth: ChannelTruth, freight: float) -> ChannelTruth:
    """Return the truth of an own store's export, whose revenue is all that the buyer paid: his freight as well."""
    assert truth.orders is not None
    return replace(truth, revenue=round(truth.revenue + truth.orders * freight, 2))
