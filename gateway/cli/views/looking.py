"""What a file would be read as, before it is uploaded: its tables, their columns, the sums, what would be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from rich.console import RenderableType
from rich.table import Table

from gateway.cli.as_typed import detail_of
from gateway.cli.views import figures, not_sure
from gateway.cli.views.tables import table
from gateway.cli.views.words import plain

Data = Mapping[str, Any]
#: What no table is recognised as.
_UNKNOWN: Final = "unknown"


def looks(one: Data, channels: list[str]) -> list[Callable[[], RenderableType]]:
    """Return what to show of one file."""
    name = Path(one["file"]).name
    if "problem" in one:
        problem = one["problem"]
        said = ": ".join(part for part in (problem.get("title"), detail_of(problem)) if part)
        return [lambda: plain(f"{name} would be refused. {said}", "red")]
    asked = [told for told in one["tables"] if told["asks"]]
    shown: list[Callable[[], RenderableType]] = [
        lambda: plain(f"{name}: {_would(one, len(asked))}", "green" if one["sure"] else "yellow")
    ]
    for told in one["tables"]:
        shown.append(lambda told=told: plain(_recognised(told)))  # type: ignore[misc] # mypy cannot infer a lambda with a default
        if told["columns"]:
            shown.append(lambda told=told: not_sure.columns(told))  # type: ignore[misc]
        shown += [lambda text=text: plain(f"  {text}", "dim") for text in told["warnings"]]  # type: ignore[misc]
    shown += [lambda: _sums(one)] if one["channels"] else []
    shown += [lambda line=line: line for own in one["channels"] for line in figures.ways(own)]  # type: ignore[misc]
    shown += [lambda: plain(_goods(one["goods"]))] if one.get("goods") else []
    shown += [lambda text=text: plain(text, "dim") for text in one["warnings"]]  # type: ignore[misc]
    if asked:
        result = {"file": one["file"], "problem": {"tables": asked}}
        shown += [lambda: not_sure.fields(one["fields"]), lambda: plain(not_sure.advice(result, channels))]
    return shown


def _would(one: Data, asked: int) -> str:
    if not one["sure"] and not asked and one.get("unnamed"):
        return f"an upload would ask of which channel {one['unnamed']['rows']:,} rows of sales are (--unnamed)"
    if not one["sure"]:
        tables = "1 table" if asked == 1 else f"{asked} tables"
        return f"an upload would ask which column is which, of {tables}"
    if asked:
        return "an upload would be taken; some of its tables would give no figures"
    return "an upload would be taken"


def _recognised(told: Data) -> str:
    layout = "not recognised" if told["layout"] == _UNKNOWN else f"recognised as {told['layout']}"
    kind = "" if told["kind"] in ("", _UNKNOWN) else f", {told['kind']}"
    mapped = f", by the mapping of {told['mappedBy']}" if told["mappedBy"] else ""
    return f"{told['where']}: {layout}{kind}, {told['rows']:,} rows{mapped}"


def _sums(one: Data) -> Table:
    made = table("CHANNEL", "PERIOD", "CURRENCY", "REVENUE", "ORDERS", "UNITS", right=("REVENUE", "ORDERS", "UNITS"))
    for own in one["channels"]:
        how = f" ({own['currencySource']})" if own["currencySource"] in ("told", "assumed") else ""
        made.add_row(
            plain(own["channel"]),
            plain(" to ".join(own["period"]) or "unknown"),
            plain(f"{own['currency']}{how}" if own["currency"] else "unknown"),
            plain(_amount(own["revenue"], ",.2f")),
            plain(_amount(own["orders"], ",.0f")),
            plain(_amount(own["units"], ",g")),
        )
    return made


def _amount(value: float | None, form: str) -> str:
    return "unknown" if value is None else format(value, form)


def _goods(goods: Data) -> str:
    said = f"Would be kept: {goods['costs']:,} SKUs with costs, {goods['stock']:,} with stock"
    wrong = [f"{goods['wrongRows']:,} rows would change nothing:", *goods["wrong"]] if goods["wrongRows"] else []
    return "\n  ".join([said, *wrong])
