"""What was read, for people: text for a terminal, Markdown for a report."""

from __future__ import annotations

from typing import Any

from bench.evaluate.telling import FIGURES

_COUNTS = frozenset({"orders", "units", "cancelled", "returned"})


def text(telling: dict[str, Any], wrong: list[str]) -> str:
    """Return a document's lines for a terminal."""
    lines = [f"== {telling['file']}  ({spent(telling)})"]
    if telling["refused"]:
        lines.append(f"   refused: {telling['refused']['code']}: {telling['refused']['title']}")
    else:
        kind = f", kind {telling['kind']}" if telling["kind"] else ""
        lines.append(f"   recognised as {', '.join(telling['layouts']) or 'text'}{kind}; asked for {_asked(telling)}")
    for table in telling["tables"]:
        lines += [_table(table), *(_asked_of(table) if telling["asks"] and table["asks"] else [])]
    for name, own in telling["channels"].items():
        lines += _channel(name, own)
    lines += [f"   stated: {_stated(stated)}" for stated in telling["stated"]]
    lines += [f"   warning: {warning}" for warning in telling["warnings"]]
    lines += [f"   DIFFERENT {difference}" for difference in wrong]
    return "\n".join(lines)


def markdown(tellings: list[dict[str, Any]], wrong: dict[str, list[str]]) -> str:
    """Return one table of all documents, and below it what was read otherwise than expected."""
    head = ["document", "recognised as", "channel", *FIGURES, "currency", "period", "findings", "s (CPU)", "MiB"]
    rows = [head, ["---"] * len(head)]
    for telling in tellings:
        as_ = f"refused: {telling['refused']['code']}" if telling["refused"] else ", ".join(telling["layouts"])
        cost = [f"{telling['cpu_s']:.2f}", str(telling["peak_mib"])]
        for name, own in (telling["channels"] or {"": {"figures": {}, "findings": []}}).items():
            figures = [amount(figure, own["figures"].get(figure)) for figure in FIGURES]
            found = " ".join(finding["rule"] for finding in own["findings"])
            rows.append(
                [telling["file"], as_ or "text", name, *figures, own.get("currency", ""), period(own), found, *cost]
            )
    parts = ["\n".join("| " + " | ".join(row) + " |" for row in rows)]
    parts += [f"- {file}: {difference}" for file, differences in wrong.items() for difference in differences]
    return "\n".join(parts)


def spent(telling: dict[str, Any]) -> str:
    """Return the time and memory of a reading, as text."""
    return f"{telling['cpu_s']:.2f} s of CPU, {telling['wall_s']:.2f} s, {telling['peak_mib']} MiB"


def amount(name: str, value: float | None) -> str:
    """Return a figure as text for a person, `-` if it is unknown."""
    if value is None:
        return "-"
    if name in _COUNTS:
        return f"{value:,.0f}"
    return f"{value:.2%}" if name == "ads_share" else f"{value:,.2f}"


def period(own: dict[str, Any]) -> str:
    """Return the first and last day."""
    return " to ".join(own.get("period") or [])


def _asked(telling: dict[str, Any]) -> str:
    return ", ".join(telling["asked"])


def _table(table: dict[str, Any]) -> str:
    missing = f"; missing: {', '.join(table['columns_missing'])}" if table["columns_missing"] else ""
    noted = "".join(f"; {warning}" for warning in table["warnings"])
    return f"   table {table['where']}: {table['layout']}, {table['rows']:,} rows{missing}{noted}"


def _asked_of(table: dict[str, Any]) -> list[str]:
    """Return what the person who uploads it is asked: each column, our guess, and how sure it is."""
    guesses = [
        f"{one['header']}: {one['field']} ({one['confidence']:.0%})" if one["field"] else f"{one['header']}: ?"
        for one in table["columns"]
    ]
    return [
        "     a person is asked what its columns are (`map` of expected.json says it here):",
        f"     {'; '.join(guesses)}",
    ]


def _channel(name: str, own: dict[str, Any]) -> list[str]:
    lines = [f"   {name}: {own['summary']}"]
    if own["figures"]:
        figures = "  ".join(f"{figure} {amount(figure, own['figures'].get(figure))}" for figure in FIGURES)
        lines += [f"     {own['currency'] or '?'}  {period(own) or 'no period'}", f"     {figures}"]
    if own["reconciliation"]:
        lines.append(f"     reconciliation: {own['reconciliation']}")
    for finding in own["findings"]:
        worth = f" ({finding['worth']:,.2f} a month)" if finding["worth"] is not None else ""
        lines.append(f"     finding {finding['rule']} [{finding['priority']}]: {finding['title']}{worth}")
    return [*lines, *(f"     unknown: {limit}" for limit in own["unknown"])]


def _stated(stated: dict[str, Any]) -> str:
    return "; ".join(f"{name} {value}" for name, value in stated.items() if value not in (None, "", [], {}))
