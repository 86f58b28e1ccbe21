"""A page that is read with less of each character gives what pdfplumber's own page gives."""

from pathlib import Path

import pdfplumber
import pytest
from fpdf import FPDF

from gateway.intake.readers.pdf_page import LightPage, read_page

TEXT = "As vendas de março foram de R$ 48.230,15, e as devoluções ficaram em 9,4 %. " * 8


@pytest.fixture(params=[(0, 0), (30, 40)], ids=["at the corner", "moved"])
def document(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=10)
    pdf.add_page()
    pdf.multi_cell(0, 5, TEXT)
    with pdf.table() as table:
        for row in (("SKU", "Unidades", "Receita"), ("A-1", "3", "30,00"), ("B-2", "4", "40,00")):
            table.row(row)
    pdf.add_page()
    with pdf.rotation(90, 60, 120):
        pdf.text(60, 120, "De lado")
    for line, cells in enumerate((("SKU", "Unidades", "Receita"), ("A-1", "3", "30,00"), ("B-2", "4", "40,00"))):
        for column, cell in enumerate(cells):
            pdf.text(20 + 60 * column, 200 + 6 * line, cell)
    data = bytes(pdf.output())
    left, below = request.param
    moved = data.replace(b"/MediaBox [0 0 595.28 841.89]", b"/MediaBox [%d %d 595.28 841.89]" % (left, below))
    assert data.count(b"/MediaBox [0 0 595.28 841.89]") == 1
    path = tmp_path / "a.pdf"
    path.write_bytes(moved)
    return path


def test_words_and_tables_are_the_same(document: Path) -> None:
    with pdfplumber.open(document) as one, pdfplumber.open(document) as other:
        for page, same in zip(one.pages, other.pages, strict=True):
            light = LightPage.of(same)

            assert light.extract_words() == page.extract_words()
            assert [table.extract() for table in light.find_tables()] == [
                table.extract() for table in page.find_tables()
            ]
            assert read_page(light) == read_page(page)
            assert len(read_page(light).tables) == 1


def test_fonts_and_colours_of_characters_are_left_alone(document: Path) -> None:
    with pdfplumber.open(document) as opened:
        character = LightPage.of(opened.pages[0]).chars[0]

        assert character["text"] == "A"
        assert not {"fontname", "ncs", "non_stroking_color", "matrix"} & character.keys()
