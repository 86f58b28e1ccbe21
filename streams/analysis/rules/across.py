"""The rule about SKUs that sell for less on another channel, and the texts that rules about price gaps share."""

from __future__ import annotations

from typing import Any, Final

from schemas.channels import channel_name
from schemas.plan import Evidence
from streams.analysis.rules.finding import Finding, Step, found
from streams.analysis.rules.formats import agree, between, day, listing, number, percent
from streams.analysis.rules.view import MONTH_DAYS, Products, View

#: The same SKU this much cheaper than on another channel.
HIGH_PRICE_GAP: Final = 0.08
#: Half of a gap can usually be closed: the dear channel comes down a little, the cheap one goes up.
CLOSABLE_GAP: Final = 0.5
CLOSING_IT: Final = "Subir o preço em dois passos de metade da diferença, com uma semana entre eles, olhando as vendas."
_METRIC: Final = "price_gap_elsewhere"


def price_gap_elsewhere(view: View) -> Finding | None:
    """Find SKUs that sell for less on another channel. No worth: the gain is there, and that plan may have it."""
    gaps = {sku: p for sku, p in wide_gaps(view, _METRIC).items() if is_surely_cheaper_elsewhere(p)}
    if not gaps:
        return None
    skus = list(gaps)
    channels = sorted({channel_name(p["other_channel"]) for p in gaps.values()})
    return found(
        view,
        "price-gap-elsewhere",
        title=f"Aproximar o preço de {listing(skus)} em {listing(channels)}",
        what=(
            f"{listing(skus)} {agree(skus, 'sai mais barato', 'saem mais baratos')} em {listing(channels)} que em "
            f"{view.name}, pelo documento de lá dos mesmos dias. Se a tarifa de lá não é menor, suba o preço lá aos "
            f"poucos; senão, baixe o daqui. {_gain(view, gaps)}"
        ),
        evidence=gap_evidence(view, _METRIC, gaps),
        priority="normal",
        steps=[Step(1, f"Ajustar o preço de {listing(skus)} em {listing(channels)}", CLOSING_IT)],
    )


def _gain(view: View, gaps: Products) -> str:
    """Return what half of the gaps brings on the units sold there: a month where each document has one."""
    documents = {sku: view.document_of(_METRIC, p["other_channel"]) for sku, p in gaps.items()}
    spans = {sku: between(one["first_day"], one["last_day"]) for sku, one in documents.items()}
    amounts = {
        sku: (p["here"] - p["other"]) * p["other_units"] * CLOSABLE_GAP * documents[sku]["kept_share"]
        for sku, p in gaps.items()
    }
    is_monthly = min(spans.values()) >= MONTH_DAYS
    gain = sum(view.share_of(amount, spans[sku]) if is_monthly else amount for sku, amount in amounts.items())
    span = "por mês" if is_monthly else "nos dias do documento de lá"
    return f"Metade da diferença, nas unidades vendidas lá, soma até {view.money(gain)} {span}."


def wide_gaps(view: View, metric: str) -> Products:
    """Return the products whose prices are so far apart that it is worth a look, as counted."""
    return {sku: p for sku, p in view.products(metric).items() if p["gap"] >= HIGH_PRICE_GAP}


def gap_evidence(view: View, metric: str, gaps: Products) -> list[Evidence]:
    """Return what the products' gaps are seen by: both prices, how many were sold for them, and in which document."""
    return view.evidence_by_sku(metric, ((sku, _gap(view, metric, sku, p), p["gap"]) for sku, p in gaps.items()))


def _gap(view: View, metric: str, sku: str, product: dict[str, Any]) -> str:
    """Return a gap in words, without values of another document, which its erasure would not reach.

    What a plan says stands in the log for good. The figure has the price there, and loses it with that document.
    """
    other = product["other_channel"]
    here, there, gap = view.money(product["here"]), channel_name(other), percent(product["gap"])
    document = by_document(view, metric, other)
    if document:
        document = f"{', lá com outro SKU e o mesmo título' if 'other_sku' in product else ''}{document}"
        lower = f"{there} sai {gap} abaixo" if metric == _METRIC else f"{gap} abaixo de {there}"
        return f"{view.title_of(sku)}: {here} aqui, {lower} ({units_of(view, metric, product)}{document})"
    units = f"; {units_of(view, metric, product)}" if "other_units" in product else ""  # an earlier version's has none
    as_sku = f", lá {product['other_sku']}, pelo mesmo título" if "other_sku" in product else ""
    return f"{view.title_of(sku)}: {here} aqui, {view.money(product['other'])} em {there} ({gap} abaixo{units}{as_sku})"


def units_of(view: View, metric: str, product: dict[str, Any]) -> str:
    """Return how many units a gap is seen by; those of another document go with it, as its price does."""
    here, other = f"{number(product['units'])} unidades aqui", product["other_channel"]
    if view.document_of(metric, other):
        return here
    return f"{here}, {number(product['other_units'])} em {channel_name(other)}"


def is_surely_cheaper_elsewhere(product: dict[str, Any]) -> bool:
    """Return whether the median there is below the one here beyond the uncertainty of both."""
    low, high = product.get("here_low"), product.get("other_high")
    return low is not None and high is not None and high < low


def by_document(view: View, metric: str, *channels: str) -> str:
    """Return `; Shopee: documento de 01/03/2026 a 31/03/2026` of each channel that this document does not tell of."""
    told = {channel: view.document_of(metric, channel) for channel in channels}
    return "".join(
        f"; {channel_name(channel)}: documento de {day(one['first_day'])} a {day(one['last_day'])}"
        for channel, one in told.items()
        if one
    )
