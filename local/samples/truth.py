"""What a sample document holds, known because it was planted: the yardstick for reading and rules."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class ChannelTruth:
    """The sums of one channel over sales that were neither cancelled nor unpaid; None = not in this export.

    `planted` is rule slug -> the SKU it must name ("" where the rule names none): `{"returns": "TEN-09"}`.
    """

    revenue: float
    orders: int | None
    units: float | None
    cancelled_orders: int | None = None
    returned_units: float | None = None
    refunds: float | None = None
    fees: float | None = None
    shipping: float | None = None
    planted: dict[str, str] = field(default_factory=dict)
    goods: dict[str, float] = field(default_factory=dict)  # figure -> its value, where costs are known


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth of a document, per channel; `personal` are texts of buyers that must appear in no result."""

    layout: str
    channels: dict[str, ChannelTruth] = field(default_factory=dict)
    personal: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON-able data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample document, the channels to upload it for, and what it must be found to hold."""

    path: Path
    channels: list[str]
    title: str
    truth: Truth
