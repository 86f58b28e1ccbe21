"""Why a figure is not there: a column that is missing, or rows without values. Never a zero, never a bare dash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from gateway.figures.catalogue import ASKED, METRICS, instead_of
from gateway.figures.metric import Needs
from schemas.facts import ChannelFacts, Figure, TableRead

Reason = Literal["no_column", "no_goods", "no_values", "no_returns", "too_early", "not_told"]

#: Each with a place for the names of the columns.
REASONS: Final[dict[Reason, str]] = {
    "no_column": "Missing column: %(fields)s.",
    "no_goods": "Told neither in this document nor on Costs: %(fields)s.",
    "no_values": "Column without values, or with too few: %(fields)s.",
    "no_returns": "No sale came back, and nothing shows that the document would tell it. Missing column: %(fields)s.",
    "too_early": "Too early: the sales are of less than a week, and nothing of them can have come back yet.",
    "not_told": "Not in the document; it needs: %(fields)s.",
}
#: Where a person does it: says what the columns are, uploads another export, tells advertising; or nothing helps.
Place = Literal["columns", "upload", "costs", ""]


@dataclass(frozen=True, slots=True)
class Way:
    """What makes a figure known. `text` names no surface; pages and commands add their own link by `place`."""

    text: str
    place: Place


#: What makes a figure known, by the reason why it is not.
WAYS: Final[dict[str, Way]] = {
    "no_column": Way("Say which column it is. If there is none, upload an export that has it.", "columns"),
    "no_goods": Way("Tell it on Costs, then upload these sales again.", "costs"),
    "no_values": Way("Upload an export in which it is filled, or say that another column is it.", "columns"),
    "no_returns": Way("Upload an export that tells returns, or say which column does.", "columns"),
    "too_early": Way("Upload these days again some weeks later, or a longer period.", "upload"),
    "not_told": Way("Upload an order export with these columns.", "upload"),
    "without_needs": Way("Nothing to do: this version does not compute it.", ""),
    "no_report_month": Way("Upload a report of advertising by day that covers these days.", "costs"),
    "no_report_product": Way("Upload a report of advertising by product that covers these days.", "costs"),
    "nothing_sold": Way("Nothing to do: there is no share of sales that are zero.", ""),
}
#: What a document of sales seldom has, and Costs keeps for all of them.
_GOODS: Final = frozenset({"cost", "stock", "ad_cost", "ad_sales"})
#: What a status tells of rows that came back; where none did, nobody knows whether it would.
_OF_RETURNS: Final = frozenset({"returned_units", "refund"})
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

    @property
    def way(self) -> Way:
        """Return what makes the figure known."""
        return WAYS[self.reason if self.fields else "without_needs"]


def why(metric: str, tables: Sequence[TableRead]) -> Unknown:
    """Say why a metric that is not among the facts is unknown.

    Readings of earlier versions do not store which column is which, so the missing one is unknown.
    """
    known = METRICS.get(metric)
    needs: Needs = known.needs if known else ()
    sources = [table for table in tables if table.kind in ("sales", "performance")]
    if not needs or not sources or not all(table.columns for table in sources):
        return Unknown(metric, "not_told", needs[0] if needs else ())
    present = _present(sources)
    lacking = [tuple(f for f in way if f not in present) for way in needs]
    missing = min(lacking, key=len) or lacking[0]  # where another way's columns did not tell it, the first is asked for
    if not missing:
        return Unknown(metric, "no_values", needs[0])
    if _OF_RETURNS.issuperset(missing) and () in lacking:
        return Unknown(metric, "no_returns", missing)
    return Unknown(metric, "no_goods" if _GOODS.issuperset(missing) else "no_column", missing)


def why_beside(metric: str, known: Mapping[str, Figure], tables: Sequence[TableRead]) -> Unknown:
    """Say why a metric is unknown, by the `known` figures of its channel first.

    Where the returned units are known to be none and their share is not, nothing can have come back yet.
    """
    units, returned = known.get("units"), known.get("returned_units")
    if metric == "return_rate" and units is not None and returned is not None and returned.value == 0 < units.value:
        return Unknown(metric, "too_early", METRICS[metric].needs[0])
    return why(metric, tables)


def asked_and_unknown(facts: ChannelFacts, tables: Sequence[TableRead]) -> list[Unknown]:
    """Return, for each main figure that the document lacks, why it is unknown."""
    known = {figure.metric: figure for figure in facts.figures}
    return [why_beside(metric, known, tables) for metric in ASKED if instead_of(metric, known) not in known]


def _present(tables: Iterable[TableRead]) -> set[str]:
    found = {column.field for table in tables for column in table.columns}
    if {"price", "units"} <= found:
        found.add("revenue")
    if {"year", "month"} <= found:
        found.add("at")
    if "ship_days" in found:
        found.add("dispatched")
    return found
