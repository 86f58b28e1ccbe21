"""List the numbers that a document holds, each with its kind and its figure. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from schemas.facts import Figure, Month, Product
from schemas.stated import StatedFigure

from .claims import Claim, Kind, claims_in

#: Numbers that are computed alike differ by less.
_SAME: Final = 1e-9


def _all(kind: Kind, names: str) -> dict[str, Kind]:
    return dict.fromkeys(names.split(), kind)


#: Values of a figure's detail that are of another kind than the figure itself.
_OF_DETAIL: Final[dict[str, Kind]] = {
    **_all(
        "money",
        "revenue net fees shipping refund refunds discount unit_price price better gain_unit charged expected over "
        "daily_revenue here other unit_cost cost taxes break_even contribution ad_cost ad_sales tied now then fall "
        "current previous usual disputed_above months",
    ),
    **_all("share", "return_rate depth gap bearable click_rate share coverage tax_share acos tacos"),
    **_all("units", "units returned_units stock spare per_day paced_units"),
    **_all("orders", "orders judged_orders bad"),
    **_all("products", "products top costed products_without"),
    **_all("time", "days silent_days stock_days usual_pause"),
    **_all("count", "successes trials rows lines later_rows impressions clicks without_class"),
    **_all("bare", "variation periods"),
}
_OF_UNIT: Final[dict[str, Kind]] = {"ratio": "share", "days": "time", "count": "count"}
_COUNTS: Final[dict[str, Kind]] = {**_all("units", "units returned_units"), **_all("orders", "orders cancelled_orders")}
_OF_PRODUCT: Final[dict[str, Kind]] = {
    **_all("units", "units returned_units stock"),
    **_all("orders", "orders"),
    **_all("time", "stock_days"),
    **_all("money", "revenue refunds fees shipping net unit_price cost taxes contribution break_even"),
}
_OF_MONTH: Final[dict[str, Kind]] = {
    **_COUNTS,
    **_all("money", "revenue fees shipping refunds net advertising after_ads"),
}
#: What may be meant by a count of this kind; a text may give a number without saying of what.
_FITS: Final[dict[Kind, frozenset[Kind]]] = {
    "money": frozenset({"money", "bare"}),
    "share": frozenset({"share"}),
    "units": frozenset({"units", "count", "bare"}),
    "orders": frozenset({"orders", "count", "bare"}),
    "products": frozenset({"products", "count", "bare"}),
    "count": frozenset({"units", "orders", "products", "count", "bare"}),
    "time": frozenset({"time", "bare"}),
    "date": frozenset({"date", "bare"}),
    "rating": frozenset({"rating", "bare"}),
    "bare": frozenset({"money", "units", "orders", "products", "count", "time", "rating", "bare"}),
}
#: Words that speak of a figure, by a part of its name.
_TOPICS: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("return", "refund"), r"devol|\bvolt|retorn|reembols|estorn|troca"),
    (("fee", "tariff"), r"tarif|taxa|comiss"),
    (("shipping_share", "shipping_cost", "shipping_income", "shipping"), r"frete|\benvi|entreg|remess"),
    (("cancel",), r"cancel"),
    (("discount",), r"descont|promo"),
    (("advertising", "acos", "tacos", "ads"), r"public|\bads\b|acos|campanh|anúnci|patrocin"),
    (("margin", "contribution", "net"), r"marg|sobr|lucr|líquid|contribui"),
    (("concentration",), r"concentr|produtos|mais vendid|depend"),
    (("growth",), r"cresc|qued|\bca[ií]|aument|\bsubi|recu"),
    (("dispatch",), r"post|despach|atras|envio"),
    (("ticket",), r"ticket|médi"),
    (("price",), r"preç"),
    (("unpaid",), r"\bpag"),
    (("sku",), r"\bsku"),
    (("cost_coverage",), r"custo"),
    (("claims",), r"reclama|devol"),
    (("stock",), r"estoq"),
    (("revenue",), r"receit|fatur|vend"),
    (("units",), r"vend|unidad"),
    (("orders",), r"pedid|vend"),
    (("days",), r"\bdias?\b"),
)
_TOPIC: Final = tuple((parts, re.compile(words, re.IGNORECASE)) for parts, words in _TOPICS)


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """A number of the document. `metric`: its figure, "" for a number from a text.

    `as_written`: one of our own texts shows it, so it is rounded already.
    """

    value: float
    kind: Kind
    metric: str = ""
    as_written: bool = False

    def is_meant(self, claim: Claim, factor: float = 1.0) -> bool:
        """Return whether a claim means this number times the factor: same kind, equal within the claim's precision."""
        value = self.value * factor
        return self.kind in _FITS[claim.kind] and any(
            abs(value - one) <= (_SAME if self.as_written else margin) for one, margin in claim.readings
        )

    def is_spoken_of(self, sentence: str) -> bool:
        """Return whether a sentence names the number's figure; a number from a text has none."""
        if not self.metric:
            return True
        return any(
            words.search(sentence) is not None for parts, words in _TOPIC if any(part in self.metric for part in parts)
        )


def of_figure(figure: Figure) -> KnownNumber:
    """Return a figure's own value."""
    return KnownNumber(abs(figure.value), _kind_of(figure), figure.metric)


def of_detail(figure: Figure, skus: Iterable[str]) -> Iterator[KnownNumber]:
    """Yield the values behind a figure: those of the whole, and those of these products."""
    yield KnownNumber(float(len(figure.skus)), "products", figure.metric)
    for name, value in figure.detail.items():
        if name != "by_sku":
            yield from _numbers(figure, name, value)
    yield from of_products(figure, skus)


def of_products(figure: Figure, skus: Iterable[str]) -> Iterator[KnownNumber]:
    """Yield the values that a figure has of these products."""
    by_sku = figure.detail.get("by_sku")
    if isinstance(by_sku, dict):
        for sku in skus:
            yield from _numbers(figure, figure.metric, by_sku.get(sku))


def of_product(product: Product) -> Iterator[KnownNumber]:
    """Yield a product's own sums, and the shares that follow from them."""
    yield from _sums(product, _OF_PRODUCT)
    yield from (KnownNumber(abs(share), "share", name) for name, share in shares_of(product))


def of_month(month: Month) -> Iterator[KnownNumber]:
    """Yield the sums of a month."""
    yield from _sums(month, _OF_MONTH)


def of_stated(stated: StatedFigure) -> KnownNumber:
    """Return a figure that the document's text states."""
    return of_figure(Figure(stated.metric, stated.value, stated.unit))


def of_text(text: str, *, as_written: bool = False) -> Iterator[KnownNumber]:
    """Yield the numbers of a text, in each of their readings."""
    for claim in claims_in(text):
        yield from (KnownNumber(value, claim.kind, as_written=as_written) for value, _ in claim.readings)


def shares_of(product: Product) -> list[tuple[str, float]]:
    """Return the shares that follow from a product's sums, each by the name of its figure."""
    parts: list[tuple[str, float | None, float | None]] = [("return_rate", product.returned_units, product.units)]
    parts += [
        (name, part, product.revenue)
        for name, part in (
            ("refund_share", product.refunds), ("fee_share", product.fees), ("shipping_share", product.shipping),
            ("net_share", product.net), ("margin", product.contribution),
        )
    ]  # fmt: skip
    return [(name, part / whole) for name, part, whole in parts if part is not None and whole]


def _sums(of: Product | Month, kinds: Mapping[str, Kind]) -> Iterator[KnownNumber]:
    for name, kind in kinds.items():
        value = getattr(of, name)
        if value is not None:
            yield KnownNumber(abs(float(value)), kind, name)


def _kind_of(figure: Figure) -> Kind:
    return _COUNTS.get(figure.metric) or _OF_UNIT.get(figure.unit, "money")


def _numbers(figure: Figure, name: str, value: Any) -> Iterator[KnownNumber]:
    if isinstance(value, dict):
        for part, one in value.items():
            yield from _numbers(figure, part if part in _OF_DETAIL or part in ("limit", "room") else name, one)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield KnownNumber(abs(float(value)), _kind_of_detail(figure, name, float(value)), figure.metric)


def _kind_of_detail(figure: Figure, name: str, value: float) -> Kind:
    if name == "limit":  # of a rate, or of days
        return "share" if figure.unit == "ratio" else "time"
    if name == "room":  # more orders that fit, or more of a rate
        return "orders" if value == int(value) else "share"
    return _OF_DETAIL.get(name) or _kind_of(figure)
