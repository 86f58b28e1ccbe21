"""A table in a text is of the channel that the line above it names, or else a heading that it stands under."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from fpdf import FPDF

from gateway.intake import Limits
from gateway.intake.document import read
from schemas.facts import DocumentFacts

Rows = list[tuple[str, ...]]
HEADER = ("SKU", "Produto", "Unidades vendidas", "Receita")
FIRST: Rows = [HEADER, ("A-1", "Caneca", "100", "R$ 3.000,00"), ("A-2", "Prato", "50", "R$ 2.000,00")]
SECOND: Rows = [HEADER, ("A-1", "Caneca", "80", "R$ 2.800,00"), ("A-3", "Copo", "20", "R$ 900,00")]
BOTH = {"shopee": 5000.0, "mercado_livre": 3700.0}


def word(folder: Path, *parts: str | Rows) -> Path:
    """A document of paragraphs, headings (`# ` and a level's worth of `#`) and tables."""
    made = docx.Document()
    for part in parts:
        if isinstance(part, str):
            level = len(part) - len(part.lstrip("#"))
            made.add_heading(part[level:].strip(), level) if level else made.add_paragraph(part)
            continue
        table = made.add_table(rows=0, cols=len(part[0]))
        for row in part:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    made.save(str(folder / "a.docx"))
    return folder / "a.docx"


def html(folder: Path, *parts: str | Rows) -> Path:
    lines = []
    for part in parts:
        if isinstance(part, str):
            level = len(part) - len(part.lstrip("#"))
            tag = f"h{level}" if level else "p"
            lines.append(f"<{tag}>{part[level:].strip()}</{tag}>")
        else:
            rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in part)
            lines.append(f"<table>{rows}</table>")
    (folder / "a.html").write_text("<html><body>" + "\n".join(lines) + "</body></html>", encoding="utf-8")
    return folder / "a.html"


def markdown(folder: Path, *parts: str | Rows) -> Path:
    lines = []
    for part in parts:
        if isinstance(part, str):
            lines += [part, ""]
        else:
            first, *rest = part
            rows = [first, ("---",) * len(first), *rest]
            lines += [*("| " + " | ".join(row) + " |" for row in rows), ""]
    (folder / "a.md").write_text("\n".join(lines), encoding="utf-8")
    return folder / "a.md"


def facts_of(path: Path, *channels: str) -> DocumentFacts:
    return read(path, path.name, list(channels), Limits())


def revenues(facts: DocumentFacts) -> dict[str, float]:
    return {own.channel: figure.value for own in facts.channels for figure in own.figures if figure.metric == "revenue"}


@pytest.mark.parametrize("asked", [["shopee"], ["shopee", "mercado_livre", "amazon"], ["own_store"]])
@pytest.mark.parametrize("write", [word, html, markdown])
def test_the_line_above_tells_it(tmp_path: Path, write: Callable[..., Path], asked: list[str]) -> None:
    """Sales of two channels are never those of the one that was asked for."""
    path = write(tmp_path, "Fechamento de setembro", "Vendas na Shopee", FIRST, "Mercado Livre:", SECOND)

    facts = facts_of(path, *asked)

    assert revenues(facts) == BOTH
    assert "Canal lido da linha acima da tabela: Shopee." in facts.tables[0].warnings


@pytest.mark.parametrize("write", [word, html, markdown])
def test_else_the_nearest_heading_tells_it(tmp_path: Path, write: Callable[..., Path]) -> None:
    """A heading holds for those below it, and not beyond the next one of its level."""
    path = write(
        tmp_path,
        *("# Shopee", "## Vendas por produto", "Todos os produtos.", FIRST),
        *("# Mercado Livre", "## Vendas por produto", "Todos os produtos.", SECOND),
        *("# Outros", "Todos os produtos.", [HEADER, ("B-9", "Vaso", "3", "R$ 90,00")]),
    )

    facts = facts_of(path, "shopee", "amazon")

    assert revenues(facts) == BOTH
    assert "Canal lido do título da seção: Mercado Livre." in facts.tables[1].warnings
    assert [table.unnamed for table in facts.tables] == [0, 0, 1]


def test_of_a_pdf_the_line_above_tells_it(tmp_path: Path) -> None:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=9)
    for above, rows in (("Shopee", FIRST), ("Mercado Livre", SECOND)):
        page.multi_cell(0, 12, above, new_x="LMARGIN", new_y="NEXT")
        with page.table() as table:
            for cells in rows:
                row = table.row()
                for cell in cells:
                    row.cell(cell)
    page.output(str(tmp_path / "a.pdf"))

    assert revenues(facts_of(tmp_path / "a.pdf", "amazon")) == BOTH


def test_of_a_pdf_a_short_line_further_up_tells_it_too_over_pages(tmp_path: Path) -> None:
    """Lines of a PDF have no style: a name alone is a heading, a line of a paragraph is none."""
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=9)
    for texts, rows in (
        (("1. Shopee", "Vendas por produto, em setembro de 2026:"), FIRST),
        (
            ("2. Mercado Livre", "Os números vieram da equipe que cuida da conta da", "Shopee no mês."),
            SECOND,
        ),
    ):
        for text in texts:
            page.multi_cell(0, 12, text, new_x="LMARGIN", new_y="NEXT")
        page.add_page()
        page.multi_cell(0, 12, "Tabela completa do mês", new_x="LMARGIN", new_y="NEXT")
        with page.table() as table:
            for cells in rows:
                row = table.row()
                for cell in cells:
                    row.cell(cell)
    page.output(str(tmp_path / "a.pdf"))

    assert revenues(facts_of(tmp_path / "a.pdf", "amazon")) == BOTH


@pytest.mark.parametrize(
    "above",
    [
        "A Shopee cresceu, e os produtos da loja ficaram como na tabela.",
        "Comparado com a Shopee:",
        "Todos os canais menos Shopee",
        "Shopee e Amazon",
        "Os números de setembro que a equipe da Shopee nos mandou conferir estão",
        "Site",
    ],
)
def test_a_sentence_or_several_channels_tell_none(tmp_path: Path, above: str) -> None:
    facts = facts_of(word(tmp_path, above, FIRST), "mercado_livre")

    assert revenues(facts) == {"mercado_livre": 5000.0}


def test_what_the_table_says_itself_stands_above(tmp_path: Path) -> None:
    told = [(*row, "Canal" if row is HEADER else "Amazon") for row in FIRST]

    assert revenues(facts_of(word(tmp_path, "Shopee", told), "shopee")) == {"amazon": 5000.0}
