"""Computes figures that need another channel: of the same document, or of that channel's last document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from gateway.intake.elsewhere import Elsewhere, same_products
from gateway.intake.figures.measure import MAX_SKUS, rounded
from gateway.intake.figures.prices import MIN_GAP, other_sku
from schemas.facts import Figure
from schemas.product import Sold, SoldProduct

#: What `silence.stopped_everywhere` is to know of products elsewhere, as it knows those of the document.
SOLD_ELSEWHERE: Final = {
    "unit": pl.String,
    "key": pl.String,
    "channel": pl.String,
    "product": pl.String,
    "revenue": pl.Float64,
    "sale_days": pl.UInt32,
    "first_sale": pl.Date,
    "last_sale": pl.Date,
    "channel_end": pl.Date,
}


def sold_elsewhere(documents: Iterable[Elsewhere]) -> pl.DataFrame:
    """Return the products of documents that know on which days they sold."""
    rows = [
        {
            "unit": one.sold.currency,
            "key": product.sku.upper(),
            "channel": one.channel,
            "product": product.sku,
            "revenue": product.revenue,
            "sale_days": product.sale_days,
            "first_sale": product.first_sale,
            "last_sale": product.last_sale,
            "channel_end": one.sold.last_sale,
        }
        for one in documents
        if one.sold.last_sale
        for product in one.sold.products
    ]
    dates = [name for name, kind in SOLD_ELSEWHERE.items() if kind == pl.Date]
    texts = {name: pl.String if name in dates else kind for name, kind in SOLD_ELSEWHERE.items()}
    return pl.DataFrame(rows, schema=texts).with_columns(pl.col(*dates).str.to_date())


def with_documents(figure: Figure, documents: Sequence[Elsewhere], period: Sequence[str]) -> Figure:
    """Return the figure with the documents that its products were compared with."""
    named = {name for values in figure.detail["by_sku"].values() for name in _channels(values)}
    used = {one.channel: one.told(period) for one in documents if one.channel in named}
    return replace(figure, detail={**figure.detail, "documents": used}) if used else figure


def _channels(values: Mapping[str, Any]) -> list[str]:
    return [*values.get("channels", []), *([values["other_channel"]] if "other_channel" in values else [])]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A product here, and in the document of another channel with the highest or the lowest price."""

    here: SoldProduct
    there: SoldProduct
    channel: str


def gaps_below(own: Sold, documents: Sequence[Elsewhere], inside: Figure | None) -> Figure | None:
    """Return how far below the dearest channel each SKU sells here; `inside`: by the channels of this document."""
    told = dict(inside.detail["by_sku"]) if inside is not None else {}
    for pair in _pairs(own, documents, max):
        here, there = _price(pair.here), _price(pair.there)
        known = told.get(pair.here.sku)
        if (there - here) / there < MIN_GAP or (known is not None and known["other"] >= there):
            continue
        ends = {"here_high": pair.here.price_high, "other_low": pair.there.price_low}
        told[pair.here.sku] = _values(pair, (there - here) / there, ends)
    return Figure("price_gap", *_worst(told, lambda p: (p["other"] - p["here"]) * p["units"])) if told else None


def gaps_above(own: Sold, documents: Sequence[Elsewhere]) -> Figure | None:
    """Return how far below the price here each SKU sells on another channel, by its own document."""
    told = {}
    for pair in _pairs(own, documents, min):
        here, there = _price(pair.here), _price(pair.there)
        if (here - there) / here >= MIN_GAP:
            ends = {"here_low": pair.here.price_low, "other_high": pair.there.price_high}
            told[pair.here.sku] = _values(pair, (here - there) / here, ends)
    if not told:
        return None
    return Figure("price_gap_elsewhere", *_worst(told, lambda p: (p["here"] - p["other"]) * p["other_units"]))


def _pairs(own: Sold, documents: Sequence[Elsewhere], choose: Callable[..., _Pair]) -> Iterable[_Pair]:
    """Give each priced product with that of the chosen price elsewhere."""
    found: dict[str, list[_Pair]] = {}
    for one in documents:
        for here, there in same_products(own, one.sold):
            if here.price and there.price:
                found.setdefault(here.sku, []).append(_Pair(here, there, one.channel))
    for pairs in found.values():
        yield choose(pairs, key=lambda pair: _price(pair.there))


def _price(product: SoldProduct) -> float:
    assert product.price is not None
    return product.price


def _values(pair: _Pair, gap: float, ends: Mapping[str, float | None]) -> dict[str, Any]:
    return {
        "here": rounded(_price(pair.here)),
        "other": rounded(_price(pair.there)),
        "other_channel": pair.channel,
        "gap": rounded(gap, 4),
        "units": pair.here.units,
        "other_units": pair.there.units,
        **{name: rounded(end) for name, end in ends.items() if end is not None},
        **other_sku(pair.here.sku, pair.there.sku),
    }


def _worst(
    told: Mapping[str, dict[str, Any]], weight: Callable[[dict[str, Any]], float]
) -> tuple[float, str, list[str], dict[str, Any]]:
    """Return the largest gap, its unit, the products with most weight, and the details of each."""
    worst = sorted(told.items(), key=lambda one: (-weight(one[1]), one[0]))[:MAX_SKUS]
    largest = max(values["gap"] for _sku, values in worst)
    return rounded(largest, 4), "ratio", [sku for sku, _values in worst], {"by_sku": dict(worst)}
