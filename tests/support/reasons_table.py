"""The table of reasons in docs/analysis.md, from the code: `python -m tests.support.reasons_table` writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gateway.figures.unknown import WAYS, texts
from gateway.ui.i18n import load

DOC: Final = Path(__file__).parents[2] / "docs" / "analysis.md"
BEGIN, END = "<!-- reasons:begin -->", "<!-- reasons:end -->"


def table() -> str:
    """Return a row for each reason: its words in both languages, and what makes the figure known."""
    portuguese = load("pt_BR").gettext
    lines = ["| reason | in Portuguese | to make it known |", "|---|---|---|"]
    for key, text in texts().items():
        said, way = (one.replace("%(fields)s", "...") for one in (text, WAYS[key].text))
        lines.append(f"| {said} | {portuguese(text).replace('%(fields)s', '...')} | {way} |")
    return "\n".join(lines)


def main() -> None:
    text = DOC.read_text("utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    DOC.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
