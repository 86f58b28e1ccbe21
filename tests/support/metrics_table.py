"""The tables of docs/metrics.md, from what processes declare: `python -m tests.support.metrics_table` writes them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from gateway.services.measured import MEASURED
from schemas.metrics import METRICS, Metric

DOC: Final = Path(__file__).parents[2] / "docs" / "metrics.md"
BEGIN, END = "<!-- metrics:begin -->", "<!-- metrics:end -->"


def table_of(metrics: Iterable[Metric]) -> list[str]:
    """Return the table of some metrics."""
    lines = ["| metric | of | kind | unit | labels | meaning |", "|---|---|---|---|---|---|"]
    for metric in metrics:
        of = ", ".join(metric.of)
        lines.append(
            f"| `{metric.shown}` | {of} | {metric.kind} | {metric.unit} | {_labels(metric.labels)} | {metric.meaning} |"
        )
    return lines


def tables() -> str:
    """Return all of it."""
    parts = [
        "## All but the gateway",
        "",
        *table_of(METRICS),
        "",
        "## Gateway",
        "",
        *table_of(MEASURED),
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
