"""A table of a PDF is whole, or it gives no sums: long texts, too many pages, pages that cannot be laid out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fpdf import FPDF
from PIL import Image

from gateway.intake import Limits
from gateway.intake.document import read
from gateway.intake.readers import pdf as reader
from gateway.intake.readers import pdf_page
from schemas.facts import DocumentFacts

LIMITS = Limits()
HEADER = ("SKU", "Produto", "Unidades", "Receita")
PER_PAGE = 4


def rows(first: int, count: int) -> list[tuple[str, ...]]:
    return [(f"A-{n:03d}", f"Caneca número {n} azul", "1", "R$ 10,00") for n in range(first, first + count)]


class Report(FPDF):
    """A PDF whose pages have a header and a footer with the page number."""

    def header(self) -> None:
        self.set_font("Helvetica", size=8)
        self.cell(0, 6, f"Loja Exemplo - página {self.page_no()}", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", size=8)
        self.cell(0, 6, f"{self.page_no()}/9 - emitido em 02/05/2026")


def table(page: FPDF, cells: Sequence[tuple[str, ...]]) -> None:
    page.set_font("Helvetica", size=9)
    with page.table(col_widths=(15, 60, 25, 25), first_row_as_headings=False) as drawn:
        for line in cells:
            row = drawn.row()
            for cell in line:
                row.cell(cell)


def over_pages(folder: Path, pages: int, *, again: bool = False, make: Callable[[], FPDF] = FPDF) -> Path:
    """Write one table, four rows of it on a page; `again`: with its header on each."""
    page = make()
    for number in range(pages):
        page.add_page()
        table(page, [*([HEADER] if again or not number else []), *rows(number * PER_PAGE, PER_PAGE)])
    page.output(str(folder / "a.pdf"))
    return folder / "a.pdf"


def facts_of(path: Path, limits: Limits = LIMITS) -> DocumentFacts:
    return read(path, path.name, ["shopee"], limits)


def revenue(facts: DocumentFacts) -> list[float]:
    return [figure.value for one in facts.channels for figure in one.figures if figure.metric == "revenue"]


def test_a_table_after_a_long_text_is_read(tmp_path: Path) -> None:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=9)
    for number in range(60):
        text = f"Parágrafo {number:03d}: " + "o texto fala da loja e do trimestre. " * 3
        page.multi_cell(0, 5, text, align="L", new_x="LMARGIN", new_y="NEXT")
    page.add_page()
    table(page, [HEADER, *rows(0, 3)])
    page.output(str(tmp_path / "a.pdf"))

    facts = facts_of(tmp_path / "a.pdf", replace(LIMITS, max_text_chars=4_000))

    assert len(facts.text) == 4_000
    assert "O texto é longo; só o começo foi lido." in facts.warnings
    assert revenue(facts) == [30.0]


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("make", [FPDF, Report])
def test_a_table_over_pages_is_one_whatever_stands_on_each_of_them(
    tmp_path: Path, make: Callable[[], FPDF], again: bool
) -> None:
    facts = facts_of(over_pages(tmp_path, 3, again=again, make=make))

    (told,) = facts.tables
    assert "páginas 1 a 3" in told.where
    assert revenue(facts) == [120.0]


@pytest.mark.parametrize("again", [True, False])
def test_a_table_over_more_pages_than_are_read_gives_no_sums(tmp_path: Path, again: bool) -> None:
    path = over_pages(tmp_path, 3, again=again)

    facts = facts_of(path, replace(LIMITS, max_pdf_pages=2))

    assert revenue(facts) == []
    assert facts.warnings[0].startswith("Só as primeiras 2 de 3 páginas foram lidas")
    assert [w for one in facts.tables for w in one.warnings if "na página 3, que não foi lida" in w]
    assert "A-001" not in facts.text
    assert revenue(facts_of(path)) == [120.0]


def test_pages_for_which_no_time_is_left_are_told(tmp_path: Path) -> None:
    facts = facts_of(over_pages(tmp_path, 3), replace(LIMITS, cpu_seconds=0.0))

    assert facts.warnings[0].startswith("Só as primeiras 1 de 3 páginas foram lidas")
    assert revenue(facts) == []


def broken(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    whole = pdf_page.read_page

    def read_page(page: Any) -> Any:
        if page.page_number == number:
            raise KeyError("font")
        return whole(page)

    monkeypatch.setattr(reader, "read_page", read_page)


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_broken_page_of_a_table_leaves_no_part_of_it_as_a_total(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, again: bool
) -> None:
    broken(monkeypatch, number)

    facts = facts_of(over_pages(tmp_path, 3, again=again))

    assert revenue(facts) == []
    (warning,) = facts.warnings
    assert warning.startswith(f"1 de 3 página(s) não puderam ser lidas por completo ({number}): se há tabelas nelas")


def test_a_table_that_ends_before_a_broken_page_begins_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = FPDF()
    page.set_font("Helvetica", size=9)
    page.add_page()
    table(page, [HEADER, *rows(0, 3)])
    for text in ("Um comentário.", "A página que não se lê.", "O fim."):
        page.add_page()
        page.set_font("Helvetica", size=9)
        page.cell(text=text)
    page.output(str(tmp_path / "a.pdf"))
    broken(monkeypatch, 3)

    facts = facts_of(tmp_path / "a.pdf")

    assert revenue(facts) == [30.0]
    assert "A página que não se lê." in facts.text
    assert len(facts.warnings) == 1


def test_a_page_that_gives_not_even_its_text_takes_no_other_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = FPDF()
    for text in ("Primeira.", "Segunda.", "Terceira."):
        page.add_page()
        page.set_font("Helvetica", size=9)
        page.cell(text=text)
    page.output(str(tmp_path / "a.pdf"))
    broken(monkeypatch, 2)

    def extract(_page: object) -> str:
        raise ValueError("stream")

    monkeypatch.setattr("pypdf.PageObject.extract_text", extract)
    facts = facts_of(tmp_path / "a.pdf")

    assert facts.text == "Primeira.\n\nTerceira."
    assert "(2)" in facts.warnings[0]


def test_a_picture_in_the_middle_of_a_table_leaves_no_part_of_it_as_a_total(tmp_path: Path) -> None:
    Image.new("RGB", (40, 60), "gray").save(tmp_path / "scan.png")
    page = FPDF()
    for number in range(3):
        page.add_page()
        if number == 1:
            page.image(str(tmp_path / "scan.png"), 0, 0, 200, 280)
            continue
        table(page, [HEADER, *rows(number * PER_PAGE, PER_PAGE)])
    page.output(str(tmp_path / "a.pdf"))

    facts = facts_of(tmp_path / "a.pdf")

    assert revenue(facts) == []
    assert facts.warnings[0].startswith("1 de 3 página(s) são imagens sem texto (2)")


def test_two_tables_with_words_between_them_stay_two(tmp_path: Path) -> None:
    page = FPDF()
    for number in range(2):
        page.add_page()
        page.set_font("Helvetica", size=9)
        page.cell(0, 6, ("Vendas de janeiro", "Pedidos de fevereiro")[number], new_x="LMARGIN", new_y="NEXT")
        table(page, [HEADER, *rows(number * PER_PAGE, PER_PAGE)])
    page.output(str(tmp_path / "a.pdf"))

    assert [one.rows for one in facts_of(tmp_path / "a.pdf").tables] == [PER_PAGE, PER_PAGE]


MONTHS = ("Vendas de janeiro", "Pedidos de fevereiro", "Resumo do mês de março")


def months(folder: Path, *, last: tuple[str, ...]) -> Path:
    """Write a table a page, each under a line of its own; the last one has a header of its own."""
    page = FPDF()
    for number, above in enumerate(MONTHS):
        page.add_page()
        page.set_font("Helvetica", size=9)
        page.cell(0, 6, above, new_x="LMARGIN", new_y="NEXT")
        table(page, [last if number == 2 else HEADER, *rows(number * PER_PAGE, PER_PAGE)])
    page.output(str(folder / "a.pdf"))
    return folder / "a.pdf"


def test_a_table_with_the_header_of_one_that_is_cut_gives_no_sums_either(tmp_path: Path) -> None:
    facts = facts_of(months(tmp_path, last=HEADER), replace(LIMITS, max_pdf_pages=2))

    assert revenue(facts) == []
    assert ["o mesmo cabeçalho de outra" in " ".join(one.warnings) for one in facts.tables] == [True, False]


def test_a_table_before_a_broken_page_takes_those_with_its_header_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, 3)
    path = months(tmp_path, last=("Outro", "Nome", "Quantidade", "Total"))
    whole = facts_of(path)

    assert [len(one.warnings) > 0 for one in whole.tables] == [True, True]
    assert revenue(whole) == []  # the second may go on in the third, and has the first one's header


def test_rows_in_the_text_of_a_broken_page_give_no_sums(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=9)
    for line in [HEADER, *rows(0, 5)]:
        page.cell(0, 6, ";".join(line), new_x="LMARGIN", new_y="NEXT")
    page.output(str(tmp_path / "a.pdf"))
    assert revenue(facts_of(tmp_path / "a.pdf")) == [50.0]
    broken(monkeypatch, 1)

    assert revenue(facts_of(tmp_path / "a.pdf")) == []
