"""The tables that are printed, in the form in which the documentation has them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bench.report.numbers import short

Medians = Mapping[str, Mapping[str, float]]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table of Markdown."""
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def sections(figures: Iterable[str]) -> list[str]:
    """Return the parts that the figures are of, each once, in their order."""
    return list(dict.fromkeys(name.partition("/")[0] for name in figures))


def all_figures(medians: Medians) -> list[str]:
    """Return a table for each part: a row a figure, a column a system."""
    systems = list(medians)
    names = list(dict.fromkeys(name for figures in medians.values() for name in figures))
    lines: list[str] = []
    for section in sections(names):
        rows = [
            [name.partition("/")[2], *(short(medians[system].get(name)) for system in systems)]
            for name in names
            if name.partition("/")[0] == section
        ]
        lines += ["", f"### {section}", *table(["", *systems], rows)]
    return lines


#: What the first table has of every part, and how it is called there.
_HEADLINES: Mapping[str, str] = {
    "plans_per_s": "plans/s",
    "uploads_per_s": "uploads/s",
    "events_per_s": "events/s",
    "p50_ms": "p50, ms",
    "p99_ms": "p99, ms",
    "p99.9_ms": "p99.9, ms",
    "took_s": "until the last, s",
    "core/all": "share of a core",
    "cost/cpu_us/all": "processor a plan, us",
    "cost/cpu_us/client": "of the client, us",
    "cost/switches/all": "waits a plan",
    "cost/postgres/transactions": "transactions a plan",
    "cost/postgres/wal_bytes": "WAL a plan, bytes",
    "cost/requests/all": "broker requests a plan",
}


def headlines(medians: Medians) -> list[str]:
    """Return the figures that most people ask for: a row for each part and system."""
    names = [name for name in _HEADLINES if any(f.partition("/")[2] == name for of in medians.values() for f in of)]
    found = [
        [section, system, *(short(medians[system].get(f"{section}/{name}")) for name in names)]
        for section in sections(name for figures in medians.values() for name in figures)
        for system in medians
        if any(f"{section}/{name}" in medians[system] for name in names)
    ]
    return table(["part", "system", *(_HEADLINES[name] for name in names)], found)


def ratios(found: Mapping[str, float], than: str) -> list[str]:
    """Return how this system compares with an earlier commit of it."""
    rows = [[name, f"{ratio:.2f}"] for name, ratio in found.items()]
    return table(["figure", f"times slower or dearer than {than}"], rows)
