"""Why a figure is not there: a column that is missing, or rows without values. Never a zero, never a bare dash."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from gateway.figures.catalogue import ASKED, METRICS, instead_of
from gateway.figures.metric import Needs
from schemas.facts import ChannelFacts, TableRead

Reason = Literal["no_column", "no_values", "not_told"]

#: Each with a place for the names of the columns.
REASONS: Final[dict[Reason, str]] = {
    "no_column": "Missing column: %(fields)s.",
    "no_values": "Column without values, or with too few: %(fields)s.",
    "not_told": "Not in the document; it needs: %(fields)s.",
}
#: What makes a figure known again, by the reason why it is not.
WAYS: Final[dict[str, str]] = {
    "no_column": (
        "Say in “Look at the columns” which column it is, or export the report with that column and upload it again."
    ),
    "no_values": "Fill the column, or upload a report in which it is filled; rows without a value say nothing.",
    "not_told": "Upload a document that tells it: sales with these columns, or costs, stock and advertising by SKU.",
    "without_needs": "Nothing: this version does not compute it.",
    "no_report_month": "Upload a report of advertising by day that covers these days, with the sales or on Costs.",
    "no_report_product": (
        "Upload a report of advertising by product that covers these days, with the sales or on Costs."
    ),
    "nothing_sold": "Nothing: a share of sales that are zero is no number.",
}
#: Of a figure that needs no column of its own.
WITHOUT_NEEDS: Final = "Not in the document."
#: A row of the tables by month and by product has its own advertising, where a report of it tells so much.
By = Literal["month", "product"]
NO_REPORT: Final[dict[By, str]] = {
    "month": "No report of advertising tells all of these days.",
    "product": "No report of advertising tells these days by product.",
}
NOTHING_SOLD: Final = "Advertising sold nothing of it."


def texts() -> dict[str, str]:
    """Return every reason why a figure, or a column by month or product, is unknown, by its key in `WAYS`."""
    of_reports = {f"no_report_{by}": text for by, text in NO_REPORT.items()}
    return {**REASONS, "without_needs": WITHOUT_NEEDS, **of_reports, "nothing_sold": NOTHING_SOLD}


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why a figure is unknown; `fields` are those that are missing, or that it needs."""

    metric: str
    reason: Reason
    fields: tuple[str, ...] = ()


def why(metric: str, tables: Sequence[TableRead]) -> Unknown:
    """Say why a metric that is not among the facts is unknown.

    A reading of an earlier version did not tell what each column was taken for: then nobody knows which is missing.
    """
    known = METRICS.get(metric)
    needs: Needs = known.needs if known else ()
    sources = [table for table in tables if table.kind in ("sales", "performance")]
    if not needs or not sources or not all(table.columns for table in sources):
        return Unknown(metric, "not_told", needs[0] if needs else ())
    present = _present(sources)
    lacking = [tuple(f for f in way if f not in present) for way in needs]
    missing = min(lacking, key=len) or lacking[0]  # where another way's columns did not tell it, the first is asked for
    return Unknown(metric, "no_column", missing) if missing else Unknown(metric, "no_values", needs[0])


def asked_and_unknown(facts: ChannelFacts, tables: Sequence[TableRead]) -> list[Unknown]:
    """Return why each figure that a person asks for first is unknown, of those that the document does not tell."""
    known = {figure.metric for figure in facts.figures}
    return [why(metric, tables) for metric in ASKED if instead_of(metric, known) not in known]


def _present(tables: Iterable[TableRead]) -> set[str]:
    found = {column.field for table in tables for column in table.columns}
    if {"price", "units"} <= found:
        found.add("revenue")
    if {"year", "month"} <= found:
        found.add("at")
    if "ship_days" in found:
        found.add("dispatched")
    return found
