"""The latest documents of other channels, which a reading process gets to compare prices and silences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from gateway.intake.words import fold
from schemas.channels import channel_name
from schemas.product import Sold, SoldProduct

#: Days that two documents need to have in common, and the share of the longer one: else a price or a silence in one may
#: only be of another time.
MIN_COMMON_DAYS: Final = 14
MIN_COMMON_SHARE: Final = 0.75
#: Beyond so many days between two documents no remark says that they are not compared.
NEAR_DAYS: Final = 62


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A channel of an earlier document: its plan, its days, and its sales."""

    channel: str
    plan_id: str
    first_day: str  # ISO date
    last_day: str
    sold: Sold

    @property
    def days(self) -> int:
        return _days(self.first_day, self.last_day)

    def days_in_both(self, period: Sequence[str]) -> int:
        """Return how many days this document and the period have in common; negative for the days between them."""
        first, last = max(self.first_day, period[0]), min(self.last_day, period[1])
        return _days(first, last)

    def is_of(self, period: Sequence[str]) -> bool:
        """Say whether enough of its days are the period's."""
        common = self.days_in_both(period)
        longer = max(self.days, _days(*period))
        return common >= MIN_COMMON_DAYS and common >= MIN_COMMON_SHARE * longer

    def told(self, period: Sequence[str]) -> dict[str, Any]:
        """Return the comparison in a figure's words, so that a reader can open the other plan."""
        return {
            "plan_id": self.plan_id,
            "first_day": self.first_day,
            "last_day": self.last_day,
            "days_in_both": self.days_in_both(period),
            "kept_share": self.sold.kept_share,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON-able data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Elsewhere:
        """Read what `to_dict` wrote."""
        return cls(**{**data, "sold": Sold.from_dict(data["sold"])})


@dataclass(frozen=True, slots=True)
class Compared:
    """The documents that a channel's sales are compared with, one a channel, and why others are not."""

    documents: list[Elsewhere]
    notes: list[str]


def same_products(own: Sold, there: Sold) -> list[tuple[SoldProduct, SoldProduct]]:
    """Return the pairs of the same product: by SKU, or else by a title that has exactly one SKU on each side."""
    by_key = {one.sku.upper(): one for one in there.products}
    here, elsewhere = _by_title(own), _by_title(there)
    keys = {one.sku.upper() for one in own.products}
    found = []
    for one in own.products:
        title = fold(one.title)
        other = by_key.get(one.sku.upper())
        if other is None and here.get(title) is one:
            other = elsewhere.get(title)
            other = None if other is None or other.sku.upper() in keys else other
        if other is not None:
            found.append((one, other))
    return found


def _by_title(sold: Sold) -> dict[str, SoldProduct]:
    """Return folded title -> product, for titles that only one product has."""
    titles = [fold(one.title) for one in sold.products]
    times = Counter(titles)
    return {title: one for title, one in zip(titles, sold.products, strict=True) if title and times[title] == 1}


def compared_with(own: Sold | None, period: Sequence[str], known: Sequence[Elsewhere]) -> Compared:
    """Choose each channel's document with the most days of the period; of several, that with the fewest other days.

    A remark says why a document is not compared that sells the same products at a near time.
    """
    found, notes = [], []
    if own is None or len(period) != 2:
        return Compared([], [])
    for channel in sorted({one.channel for one in known}):
        of_channel = [one for one in known if one.channel == channel]
        best = max(of_channel, key=lambda one: (one.days_in_both(period), -one.days, one.last_day))
        if not same_products(own, best.sold):
            continue
        if best.is_of(period) and best.sold.currency == own.currency:
            found.append(best)
        elif best.days_in_both(period) > -NEAR_DAYS and _days(*period) >= MIN_COMMON_DAYS:
            notes.append(_why_not(best, own, period))
    return Compared(found, notes)


def _why_not(one: Elsewhere, own: Sold, period: Sequence[str]) -> str:
    name, common = channel_name(one.channel), max(0, one.days_in_both(period))
    days = f"{_written(one.first_day)} a {_written(one.last_day)}"
    if one.is_of(period):
        return (
            f"O documento de {name} de {days} é em {one.sold.currency}, e este em {own.currency}: preços e vendas dos "
            "mesmos produtos não foram comparados."
        )
    return (
        f"O documento de {name} mais próximo vai de {days} e tem {common} dia(s) em comum com este: preços e vendas "
        f"dos mesmos produtos não foram comparados. Envie o de {name} dos mesmos dias."
    )


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days + 1


def _written(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"
