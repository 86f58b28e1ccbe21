"""The rows behind one cell of the tables by month and by product."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from schemas.stored import known


@dataclass(frozen=True, slots=True)
class CellRow:
    """One row behind the cells of a month or a product, with its amounts. None = unknown; `cancelled`: no sale."""

    order: str
    table: int
    row: int
    revenue: float | None = None
    units: float | None = None
    fees: float | None = None
    shipping: float | None = None
    refunds: float | None = None
    net: float | None = None
    returned_units: float | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class CellRows:
    """How many rows the cells of a month or a product are made of, and some of them.

    Those with most revenue come first, then those with most refunded, then cancelled ones.
    """

    sales: int
    cancelled: int
    sample: list[CellRow] = field(default_factory=list)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> CellRows:
        """Read what `asdict` wrote."""
        return cls(**known(cls, data) | {"sample": [CellRow(**known(CellRow, r)) for r in data.get("sample", [])]})
