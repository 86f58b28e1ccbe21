"""Writes a channel's figures as compact JSON for a language model: sums, never rows."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from schemas.facts import DocumentFacts, Reconciliation
from schemas.given import without_none
from schemas.stated import StatedFigure

#: The longest brief, in characters: about 5,000 tokens.
BRIEF_CHARS: Final = 16_000
#: The excerpt of the document's text in a brief that also has figures, and in one that has none.
TEXT_CHARS: Final = 3_000
TEXT_CHARS_ALONE: Final = 10_000
_PRODUCTS: Final = 30
_MONTHS: Final = 24
_STATED: Final = 12


def facts_brief(channel: str, facts: DocumentFacts, limit: int = BRIEF_CHARS) -> str:
    """Return JSON of at most `limit` characters: figures first, then products, then an excerpt of the text.

    What does not fit is left out whole, products before figures, and `left_out` says so; it is never cut in half.
    """
    own = facts.for_channel(channel)
    text = facts.text[: TEXT_CHARS_ALONE if own is None else TEXT_CHARS]
    brief: dict[str, Any] = {
        "channel": channel,
        "document": facts.title,
        "period": [] if own is None else own.period,
        "currency": "" if own is None else own.currency,
        "currency_source": "" if own is None else own.currency_source,
        "figures": {}
        if own is None
        else {f.metric: _figure(f.value, f.unit, f.skus, without_others(f.detail)) for f in own.figures},
        "products": [] if own is None else [without_none(_product(p)) for p in own.products[:_PRODUCTS]],
        "months": [] if own is None else [without_none(asdict(m)) for m in own.months[-_MONTHS:]],
        "total_check": None if own is None or own.reconciliation is None else _check(own.reconciliation),
        "doubts": [] if own is None else own.warnings,
        "tables": [
            {"layout": t.layout, "kind": t.kind, "rows": t.rows, "missing": t.columns_missing}
            for t in facts.tables[:10]
        ],
        "text": text,
    }
    if stated := facts.stated_of(channel):
        brief["stated"] = [_stated(one) for one in stated[:_STATED]]
    left_out: list[str] = ["text"] if len(text) < len(facts.text) else []
    while len(written := _write(brief, left_out)) > limit and _can_be_shorter(brief):
        left_out = list(dict.fromkeys([*left_out, _shorten(brief)]))
    return written


def without_others(detail: dict[str, Any]) -> dict[str, Any]:
    """Return a figure's detail without prices and units of other documents: what an agent writes stays in the log.

    Those documents can be erased, and what is told of them in figures goes with them.
    """
    documents, by_sku = detail.get("documents"), detail.get("by_sku")
    if not isinstance(documents, dict) or not isinstance(by_sku, dict):
        return detail
    own = {
        sku: _of_this(values) if values.get("other_channel") in documents else values for sku, values in by_sku.items()
    }
    return detail | {"by_sku": own}


def _of_this(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if not name.startswith("other") or name == "other_channel"}


def _write(brief: dict[str, Any], left_out: list[str]) -> str:
    content = {**brief, "left_out": left_out} if left_out else brief
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _can_be_shorter(brief: dict[str, Any]) -> bool:
    return any(brief[name] for name in ("products", "text", "tables", "figures"))


def _shorten(brief: dict[str, Any]) -> str:
    """Take the least important thing out and return its name."""
    if len(brief["products"]) > 5:
        brief["products"] = brief["products"][: len(brief["products"]) - 5]
        return "products"
    if len(brief["text"]) > 500:
        brief["text"] = brief["text"][: len(brief["text"]) // 2]
        return "text"
    for name in ("products", "months", "tables", "text"):
        if brief[name]:
            brief[name] = type(brief[name])()
            return name
    detailed = [name for name, figure in brief["figures"].items() if "detail" in figure]
    if detailed:
        del brief["figures"][detailed[-1]]["detail"]
        return "details"
    brief["figures"].popitem()
    return "figures"


def _check(matched: Reconciliation) -> dict[str, Any]:
    return {"column": matched.column, "theirs": matched.theirs, "ours": matched.ours, "share": matched.share}


def _figure(value: float, unit: str, skus: list[str], detail: dict[str, Any]) -> dict[str, Any]:
    figure: dict[str, Any] = {"value": value, "unit": unit}
    if detail:
        figure["detail"] = detail
    elif skus:
        figure["skus"] = skus
    return figure


def _stated(one: StatedFigure) -> dict[str, Any]:
    return {"metric": one.metric, "value": one.value, "unit": one.unit, "where": one.where, "quote": one.quote[:120]}


def _product(product: Any) -> dict[str, Any]:
    return {
        "sku": product.sku,
        "title": product.title,
        "units": product.units,
        "revenue": product.revenue,
        "returned": product.returned_units,
        "net": product.net,
        "price": product.unit_price,
        "last_sale": product.last_sale,
        "cost": product.cost,
        "contribution": product.contribution,
        "break_even": product.break_even,
        "stock": product.stock,
        "stock_days": product.stock_days,
    }
