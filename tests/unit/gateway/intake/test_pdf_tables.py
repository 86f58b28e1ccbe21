"""Tables of a PDF, drawn with lines or without, over one page or more; text beside them; pages that are pictures."""

from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image

from gateway.intake import Limits, Refused
from gateway.intake.readers.pdf import read_pdf
from gateway.intake.readers.pdf_lines import Word, blocks_of, lines_of

LIMITS = Limits()
HEADER = ("SKU", "Produto", "Unidades", "Receita", "Devoluções")
ABOVE = "Receita total R$ 48.230,15 no trimestre."


def pdf(folder: Path, rows: list[tuple[str, ...]], borders: str = "ALL", above: str = ABOVE) -> Path:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=9)
    page.multi_cell(0, 6, f"Relatório\n{above}", new_x="LMARGIN", new_y="NEXT")
    with page.table(borders_layout=borders, col_widths=(15, 60, 25, 25, 20)) as table:
        for cells in rows:
            row = table.row()
            for cell in cells:
                row.cell(cell)
    page.output(str(folder / "a.pdf"))
    return folder / "a.pdf"


def products(count: int) -> list[tuple[str, ...]]:
    return [(f"A-{n:02d}", f"Caneca número {n} azul", f"{n}", f"R$ {n},50", "" if n % 3 else "1") for n in range(count)]


@pytest.mark.parametrize("borders", ["ALL", "NONE", "HORIZONTAL_LINES"])
@pytest.mark.parametrize("count", [3, 70])
def test_a_table_is_read_whole_with_its_empty_cells_and_the_line_above_it(
    tmp_path: Path, borders: str, count: int
) -> None:
    rows = products(count)

    document = read_pdf(pdf(tmp_path, [HEADER, *rows], borders), LIMITS)

    (table,) = document.tables
    assert table.frame.rows() == [tuple(cell or None for cell in row) for row in (HEADER, *rows)]
    assert (table.caption, table.free) == (ABOVE, True)
    assert document.text == f"Relatório\n{ABOVE}"
    assert document.parts[0] == ("página 1", document.text)
    assert table.where == ("tabela 1 (página 1)" if count == 3 else "tabela 1 (páginas 1 a 2)")


def test_a_frame_around_a_text_is_no_table(tmp_path: Path) -> None:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=11)
    page.multi_cell(0, 8, "Um aviso em uma caixa.\nEm duas linhas.", border=1)
    page.output(str(tmp_path / "a.pdf"))

    document = read_pdf(tmp_path / "a.pdf", LIMITS)

    assert document.tables == []
    assert document.text.splitlines() == ["Um aviso em uma caixa.", "Em duas linhas."]


def scan(folder: Path, *, with_text: bool) -> Path:
    Image.new("RGB", (40, 60), "gray").save(folder / "scan.png")
    page = FPDF()
    page.set_font("Helvetica", size=11)
    page.add_page()
    page.image(str(folder / "scan.png"), 0, 0, 200, 280)
    if with_text:
        page.add_page()
        page.cell(text="Segunda página, com texto.")
    page.output(str(folder / "a.pdf"))
    return folder / "a.pdf"


def test_pages_that_are_pictures_are_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        read_pdf(scan(tmp_path, with_text=False), LIMITS)

    assert caught.value.code == "scanned"
    assert "XLSX or CSV" in caught.value.detail


def test_a_page_that_is_a_picture_among_others_is_told(tmp_path: Path) -> None:
    document = read_pdf(scan(tmp_path, with_text=True), LIMITS)

    assert document.text == "Segunda página, com texto."
    assert document.warnings[0].startswith("1 de 2 página(s) são imagens sem texto (1)")


def word(text: str, x0: float, top: float) -> Word:
    return {"text": text, "x0": x0, "x1": x0 + 5 * len(text), "top": top, "bottom": top + 10}


def test_two_columns_of_prose_are_no_table() -> None:
    words = [word(text, x, 14.0 * line) for line in range(6) for text, x in (("esquerda", 10), ("direita", 200))]

    assert blocks_of(lines_of(words)) == []


def test_a_cell_that_overlaps_two_columns_in_every_line_makes_no_table() -> None:
    crossing = [word("abcdefgh" * 5, 10, 14.0 * line) for line in range(0, 6, 2)]
    rest = [word(text, x, 14.0 * line) for line in range(1, 6, 2) for text, x in (("a", 20), ("b", 90), ("c", 160))]

    assert blocks_of(lines_of([*crossing, *rest])) == []


def test_words_of_a_line_keep_their_distance() -> None:
    (line,) = lines_of([word("um", 0, 0), word("dois", 13, 1), word("longe", 120, 0)])

    assert line.text.split(" " * 3)[0] == "um dois"
    assert [cell.text for cell in line.cells] == ["um dois", "longe"]


@pytest.mark.parametrize(
    ("above", "caption"),
    [
        ("Top 10 produtos da loja\nPeríodo: março", "Top 10 produtos da loja Período: março"),
        ("Tudo\nGerado em 1 de abril\nPeríodo: março", "Tudo Gerado em 1 de abril Período: março"),
        ("Top 10 produtos da loja\nDemais linhas abaixo", "Demais linhas abaixo"),
        ("Período: março", "Relatório Período: março"),
    ],
)
def test_a_line_that_tells_of_the_report_alone_comes_with_the_title_above_it(
    tmp_path: Path, above: str, caption: str
) -> None:
    (table,) = read_pdf(pdf(tmp_path, [HEADER, *products(3)], above=above), LIMITS).tables

    assert table.caption == caption
