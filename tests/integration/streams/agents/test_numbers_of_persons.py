"""Numbers of persons in titles and in text of ten documents of all forms: nothing that is sent to an agent has one."""

from __future__ import annotations

import csv
import html
import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Final

import docx
import openpyxl
import pytest
from fpdf import FPDF

from gateway.intake import Limits
from gateway.intake.document import read
from streams.analysis.agents.client import AgentClient
from tests.support.misbehaving_agent import MisbehavingAgent

#: As a PDF's plain fonts can have them.
PLAIN: Final = (
    "529.982.247-25",
    "529 982 247 25",
    "529·982·247·25",
    "52998224725",
    "11.222.333/0001-81",
    "11 222 333 0001 81",
    "12.ABC.345/01DE-35",
    "(11) 98765-4321",
    "+55 11 98765-4321",
    "4111 1111 1111 1111",
    "ana@loja.com",
)
DRAWN: Final = (
    "５２９．９８２．２４７－２５",
    "٥٢٩.٩٨٢.٢٤٧-٢٥",
    "529.982.\u200b247-25",
    "⁵²⁹.⁹⁸².²⁴⁷-²⁵",
    "１１．２２２．３３３／０００１－８１",
    "（11）９８７６５－４３２１",
    "ana＠loja．com",
)
#: What a reader of the prompt would have of them, as small letters and plain digits alone.
MARKERS: Final = (
    *("52998224725", "11222333000181", "12abc34501de35", "11987654321", "4111111111111111", "analojacom"),
)
#: Codes that are nobody's, one of them in each title: they have to arrive.
CODES: Final = ("7891234567895", "90915-10003", "MLB3245678901")

Table = list[list[str]]


def table(told: tuple[str, ...]) -> Table:
    """Return sales of one product for each number, which stands in its title."""
    head = ["SKU", "Produto", "Qtd", "Valor Total", "Devoluções"]
    codes = [CODES[n % len(CODES)] for n in range(len(told))]
    rows = [
        [f"CAN-{n:02d}", f"Caneca {code} da Ana {one} azul", "3", "90,00", "1"]
        for n, (one, code) in enumerate(zip(told, codes, strict=True))
    ]
    return [head, *rows]


def prose(told: tuple[str, ...]) -> list[str]:
    return ["A receita de março foi de R$ 1.234,50.", *(f"Reclamação de ontem ({one}) em aberto." for one in told)]


def with_separator(separator: str) -> Callable[[Path, tuple[str, ...]], None]:
    def write(path: Path, told: tuple[str, ...]) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=separator).writerows(table(told))

    return write


def as_workbook(path: Path, told: tuple[str, ...]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in table(told):
        sheet.append(row)
    book.save(path)


def as_page(path: Path, told: tuple[str, ...]) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in table(told))
    said = "".join(f"<p>{html.escape(line)}</p>" for line in prose(told))
    path.write_text(f"<html><body>{said}<table>{rows}</table></body></html>", "utf-8")


def as_markdown(path: Path, told: tuple[str, ...]) -> None:
    head, *rows = [f"| {' | '.join(row)} |" for row in table(told)]
    path.write_text("\n".join([*prose(told), "", head, "|---" * 5 + "|", *rows]) + "\n", "utf-8")


def as_text(path: Path, told: tuple[str, ...]) -> None:
    path.write_text("\n".join(prose(told)), "utf-8")


def as_docx(path: Path, told: tuple[str, ...]) -> None:
    document = docx.Document()
    for line in prose(told):
        document.add_paragraph(line)
    rows = document.add_table(rows=0, cols=5)
    for row in table(told):
        for cell, text in zip(rows.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(path))


def as_pdf_of_prose(path: Path, told: tuple[str, ...]) -> None:
    _pdf(path, prose(told), [])


def as_pdf_of_tables(path: Path, told: tuple[str, ...]) -> None:
    _pdf(path, ["Os números de março estão na tabela."], table(told))


def _pdf(path: Path, lines: list[str], rows: Table) -> None:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=8)
    for line in lines:
        page.multi_cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    if rows:
        with page.table(col_widths=(15, 110, 10, 20, 20)) as drawn:
            for cells in rows:
                row = drawn.row()
                for cell in cells:
                    row.cell(cell)
    page.output(str(path))


WRITERS: Final[dict[str, tuple[Callable[[Path, tuple[str, ...]], None], tuple[str, ...], bool]]] = {
    "ponto_e_virgula.csv": (with_separator(";"), PLAIN + DRAWN, True),
    "virgula.csv": (with_separator(","), PLAIN + DRAWN, True),
    "tabulacao.tsv": (with_separator("\t"), PLAIN + DRAWN, True),
    "planilha.xlsx": (as_workbook, PLAIN + DRAWN, True),
    "pagina.html": (as_page, PLAIN + DRAWN, True),
    "resumo.md": (as_markdown, PLAIN + DRAWN, True),
    "texto.txt": (as_text, PLAIN + DRAWN, False),
    "relatorio.docx": (as_docx, PLAIN + DRAWN, True),
    "relatorio.pdf": (as_pdf_of_prose, PLAIN, False),
    "tabela.pdf": (as_pdf_of_tables, PLAIN, True),
}


def letters_and_digits(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", _plain(text)).casefold())


def _plain(text: str) -> str:
    return "".join(str(unicodedata.digit(sign, sign)) for sign in text)


@pytest.mark.parametrize("name", WRITERS)
async def test_no_number_of_a_person_is_sent(
    name: str, tmp_path: Path, server: MisbehavingAgent, agent: AgentClient
) -> None:
    write, told, has_titles = WRITERS[name]
    path = tmp_path / name
    write(path, told)
    facts = read(path, name, ["own_store"], Limits())
    await agent.analyse("own_store", facts)
    sent = "\n".join(str(message["content"]) for one in server.served for message in one.body["messages"])
    assert [one for one in MARKERS if one in letters_and_digits(sent)] == []
    kept = json.dumps(facts.to_dict(), ensure_ascii=False)
    assert [one for one in MARKERS if one in letters_and_digits(kept)] == []
    if has_titles:
        assert "Caneca" in sent
        assert [code for code in CODES if code not in sent] == []
    else:
        assert "Reclamação de ontem ([" in sent


def test_the_markers_are_found_where_they_stand() -> None:
    told = letters_and_digits(" ".join(PLAIN + DRAWN))
    assert [marker for marker in MARKERS if marker not in told] == []
    assert [one for one in PLAIN + DRAWN if not any(marker in letters_and_digits(one) for marker in MARKERS)] == []
