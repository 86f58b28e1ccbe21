"""The figures of an uploaded document, per channel: sums, never rows, and no personal data.

Written by the gateway's intake, read by the analysis (rules and agents alike).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `metric` is documented in docs/analysis.md; unit: BRL, ratio (0..1), count, days."""

    metric: str
    value: float
    unit: str
    skus: list[str] = field(default_factory=list)
    detail: dict[str, Any] = field(default_factory=dict)  # e.g. {"by_sku": {...}}, {"month": "2026-03"}


@dataclass(frozen=True, slots=True)
class Product:
    """One product's sums over the document's period; money in BRL; None = the columns were missing."""

    sku: str
    title: str
    units: float
    revenue: float
    orders: int
    returned_units: float | None = None
    refunds: float | None = None
    fees: float | None = None
    shipping: float | None = None
    net: float | None = None
    unit_price: float | None = None
    last_sale: str | None = None  # ISO date


@dataclass(frozen=True, slots=True)
class TableRead:
    """How one table of the document was understood."""

    where: str  # "sheet 'orders', header in row 1"
    layout: str  # mercado_livre.vendas, shopee.order_all, amazon.orders, ..., plain, unknown
    rows: int
    columns_used: list[str] = field(default_factory=list)
    columns_missing: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What the document says of one channel. `period` is [first, last] ISO date, empty if unknown."""

    channel: str
    period: list[str]
    currency: str
    figures: list[Figure] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)  # the most relevant ones, capped (named limit)


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """All that the analysis may know of a document. `text` is an excerpt with personal data masked."""

    media_type: str
    title: str
    tables: list[TableRead] = field(default_factory=list)
    channels: list[ChannelFacts] = field(default_factory=list)
    text: str = ""
    warnings: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON-able data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> DocumentFacts:
        """Read what `to_dict` wrote."""
        return cls(
            media_type=data["media_type"],
            title=data["title"],
            tables=[TableRead(**t) for t in data["tables"]],
            channels=[
                ChannelFacts(
                    c["channel"],
                    list(c["period"]),
                    c["currency"],
                    [Figure(**f) for f in c["figures"]],
                    [Product(**p) for p in c["products"]],
                )
                for c in data["channels"]
            ],
            text=data["text"],
            warnings=list(data["warnings"]),
        )

    def for_channel(self, channel: str) -> ChannelFacts | None:
        """Return the facts of one channel, None where the document has none of it."""
        return next((c for c in self.channels if c.channel == channel), None)
