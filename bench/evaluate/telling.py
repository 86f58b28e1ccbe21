"""What was read of a document and what the rules make of it, as plain data: for JSON, for people, to compare."""

from __future__ import annotations

from typing import Any, Final

from bench.evaluate.reading import Read
from schemas.facts import DocumentFacts
from schemas.plan import ChannelAnalysis
from streams.analysis.rules import analyse

#: A name that is said here -> the figure.
FIGURES: Final = {
    "revenue": "revenue",
    "orders": "orders",
    "units": "units",
    "fees": "fees",
    "shipping": "shipping_cost",
    "refunds": "refunds",
    "net": "net_receipts",
    "cancelled": "cancelled_orders",
    "returned": "returned_units",
    "ads_share": "advertising_share",
}


def told(read: Read) -> dict[str, Any]:
    """Return everything about a document as plain data."""
    telling: dict[str, Any] = {
        "file": read.name,
        "asked": read.asked if len(read.asked) < 3 else ["all"],
        "refused": read.refused or None,
        "kind": "",
        "asks": False,
        "layouts": [],
        "tables": [],
        "channels": {},
        "stated": [],
        "warnings": [],
        "cpu_s": round(read.cpu_s, 2),
        "wall_s": round(read.wall_s, 2),
        "peak_mib": round(read.peak_mib),
    }
    if read.facts is None:
        return telling
    plain = read.facts.to_dict()
    return telling | {
        "media_type": plain["media_type"],
        "kind": next((kind for table in plain["tables"] if (kind := table.get("kind", "")) not in ("", "unknown")), ""),
        "asks": _asks(read.facts),
        "layouts": list(dict.fromkeys(table["layout"] for table in plain["tables"])),
        "tables": plain["tables"],
        "channels": {own["channel"]: _channel(own, read.facts) for own in plain["channels"]}
        or _without_figures(read.asked, read.facts),
        "stated": plain.get("stated", []),
        "text_chars": len(plain["text"]),
        "warnings": plain["warnings"],
    }


def _asks(facts: DocumentFacts) -> bool:
    """Say whether whoever uploads the document is asked what its columns are, in place of a plan without figures."""
    return any(table.asks for table in facts.tables) and not any(table.kind == "sales" for table in facts.tables)


def values(own: dict[str, Any]) -> dict[str, float]:
    """Return the figures of a channel by the names of `FIGURES`, and all others by their metric."""
    by_metric = {figure["metric"]: figure["value"] for figure in own["figures"]}
    if "cancelled_orders" not in by_metric and by_metric.get("cancellation_rate", 1) < 1 and "orders" in by_metric:
        rate = by_metric["cancellation_rate"]  # cancelled / (cancelled + sold)
        by_metric["cancelled_orders"] = round(rate * by_metric["orders"] / (1 - rate))
    named = {name: by_metric.pop(metric) for name, metric in FIGURES.items() if metric in by_metric}
    return named | by_metric


def findings(analysis: ChannelAnalysis) -> list[dict[str, Any]]:
    """Return the findings of an analysis: the rule (or the agent's id), its title, worth and products."""
    return [
        {
            "rule": opportunity.id.removeprefix(f"{analysis.channel}-"),
            "title": opportunity.title,
            "worth": opportunity.worth_brl,
            "priority": opportunity.priority,
            "skus": list(dict.fromkeys(sku for evidence in opportunity.evidence for sku in evidence.skus)),
        }
        for opportunity in analysis.opportunities
    ]


def _channel(own: dict[str, Any], facts: DocumentFacts) -> dict[str, Any]:
    analysis = analyse(own["channel"], facts)
    return {
        "figures": values(own),
        "currency": own["currency"],
        "period": own["period"],
        "reconciliation": own.get("reconciliation"),
        "summary": analysis.summary,
        "findings": findings(analysis),
        "unknown": analysis.limits,
    }


def _without_figures(asked: list[str], facts: DocumentFacts) -> dict[str, Any]:
    """Return the result of a document without figures: the first channel's reasons."""
    analysis = analyse(asked[0], facts)
    return {
        asked[0]: {
            "figures": {},
            "currency": "",
            "period": [],
            "reconciliation": None,
            "summary": analysis.summary,
            "findings": findings(analysis),
            "unknown": analysis.limits,
        }
    }
