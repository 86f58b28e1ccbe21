"""The tables of docs/metrics.md, from what processes declare: `python -m tests.support.metrics_table` writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gateway.services.metrics import Metrics
from schemas.metrics import METRICS

DOC: Final = Path(__file__).parents[2] / "docs" / "metrics.md"
BEGIN, END = "<!-- metrics:begin -->", "<!-- metrics:end -->"
#: What the library itself measures of a process is documented there.
_LIBRARY: Final = ("process_", "python_")


def of_processes() -> list[str]:
    """Return a table for the metrics of each process that serves its own."""
    lines = ["| metric | of | kind | unit | labels | meaning |", "|---|---|---|---|---|---|"]
    for metric in METRICS:
        of = ", ".join(metric.of)
        lines.append(
            f"| `{metric.shown}` | {of} | {metric.kind} | {metric.unit} | {_labels(metric.labels)} | {metric.meaning} |"
        )
    return lines


def of_the_gateway() -> list[str]:
    """Return a table for the gateway's metrics."""
    lines = ["| metric | kind | unit | meaning |", "|---|---|---|---|"]
    for family in Metrics().registry.collect():
        if family.name.startswith(_LIBRARY):
            continue
        shown = f"{family.name}_total" if family.type == "counter" else family.name
        unit = "s" if family.name.endswith("_seconds") else ""
        lines.append(f"| `{shown}` | {family.type} | {unit} | {family.documentation} |")
    return lines


def tables() -> str:
    """Return all of it."""
    parts = [
        "## All but the gateway",
        "",
        *of_processes(),
        "",
        "## Gateway",
        "",
        *of_the_gateway(),
    ]
    return "\n".join(parts)


def _labels(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def main() -> None:
    text = DOC.read_text("utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    DOC.write_text(f"{before}{BEGIN}\n{tables()}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
