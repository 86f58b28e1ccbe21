"""One advertising report of a channel: its cost and sales by day, stored under the days that it covers."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

WhyNot = Literal[
    "no_channel", "no_days", "future", "no_currency", "currencies", "two_tables", "too_many_days", "too_old"
]


@dataclass(frozen=True, slots=True)
class Span:
    """The cost and the sales of advertising between two days; ISO dates."""

    first: str
    last: str
    amount: float
    sales: float | None = None


@dataclass(frozen=True, slots=True)
class Advertised:
    """The advertising cost and sales of one product in the whole report."""

    code: str  # its SKU, or else the marketplace's number of it; "" where only the title is told
    title: str
    amount: float
    sales: float | None = None


@dataclass(frozen=True, slots=True)
class AdReport:
    """One report of one channel. `first` and `last` are its days; `campaigns` and `columns` are digests."""

    channel: str
    first: str
    last: str
    currency: str
    columns: str
    spans: list[Span] = field(default_factory=list)
    products: list[Advertised] = field(default_factory=list)
    campaigns: list[str] = field(default_factory=list)
    impressions: float | None = None
    clicks: float | None = None
    document: str = ""  # name of the file, of a report that is kept; "" where plans do not name it
    version: int = 0

    @property
    def key(self) -> str:
        """Return the key of an advertising report: equal for the same channel, days, columns and campaigns."""
        told = "|".join([self.columns, *self.campaigns])
        return f"{self.channel}.{self.first}.{self.last}.{hashlib.sha256(told.encode()).hexdigest()[:12]}"

    @property
    def amount(self) -> float:
        return round(sum(one.amount for one in self.spans), 2)

    @property
    def sales(self) -> float | None:
        told = [one.sales for one in self.spans if one.sales is not None]
        return round(sum(told), 2) if len(told) == len(self.spans) else None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON-able data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> AdReport:
        """Read what `to_dict` wrote."""
        spans = [Span(**one) for one in data["spans"]]
        return cls(**data | {"spans": spans, "products": [Advertised(**one) for one in data["products"]]})
