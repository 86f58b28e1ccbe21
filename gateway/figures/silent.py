"""Name the unknown columns of the tables by month and by product, each with its reason and what makes it known."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from gateway.figures.unknown import NO_REPORT, NOTHING_SOLD, WAYS, By, why
from gateway.figures.words import ENGLISH, Language, Said, said, unknown
from schemas.facts import Month, Product, TableRead

#: The columns of a month: its attribute, and the metric that it is called like. Money first.
MONTHLY: Final[tuple[tuple[str, str], ...]] = (
    ("revenue", "revenue"),
    ("fees", "fees"),
    ("shipping", "shipping_cost"),
    ("refunds", "refunds"),
    ("net", "net_receipts"),
    ("orders", "orders"),
    ("units", "units"),
    ("cancelled_orders", "cancellation_rate"),
    ("returned_units", "returned_units"),
    ("advertising", "advertising_cost"),
    ("after_ads", "net_receipts"),
)
#: Those of a product, of which a report tells what its advertising sold, too.
OF_PRODUCT: Final = (*MONTHLY, ("advertising_sales", "advertising_sales"), ("acos", "acos"))
COLUMNS: Final[dict[By, tuple[tuple[str, str], ...]]] = {"month": MONTHLY, "product": OF_PRODUCT}
_OF_ADS: Final = frozenset({"advertising", "advertising_sales", "acos"})


def silent(
    by: By, rows: Sequence[Month | Product], tables: Sequence[TableRead], language: Language = ENGLISH
) -> dict[str, Said]:
    """Return attribute -> why its column is unknown, for the columns without a value in any row."""
    known = {name for name, _ in COLUMNS[by] if any(getattr(row, name) is not None for row in rows)}
    return {name: _why(name, metric, by, known, tables, language) for name, metric in COLUMNS[by] if name not in known}


def _why(
    name: str, metric: str, by: By, known: Collection[str], tables: Sequence[TableRead], language: Language
) -> Said:
    if name == "acos" and "advertising_sales" in known:
        return said(NOTHING_SOLD, WAYS["nothing_sold"], language)
    if name in _OF_ADS or (name == "after_ads" and "advertising" not in known):
        return said(NO_REPORT[by], WAYS[f"no_report_{by}"], language)
    return unknown(why(metric, tables), language)
