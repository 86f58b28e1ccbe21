"""Buyers' rows in running text, in each kind of document: no name reaches figures, plan or prompt, and it is said."""

import json
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from fpdf import FPDF

from gateway.intake import Limits
from gateway.intake.document import read
from gateway.intake.quoting import quote
from gateway.intake.rows_in_text import lift_rows
from gateway.intake.tables import table_from_rows
from gateway.intake.unread import LEFT_OUT, QUOTED
from schemas.facts import DocumentFacts
from streams.analysis.agents.prompt import write_prompt
from streams.analysis.rules import analyse

LIMITS = Limits()
PEOPLE = ("Zuleica Brantes", "Teobaldo Quaresma", "Iracilda Nhonho", "Epaminondas Vidigal")
FIRST = [name.split()[0] for name in PEOPLE]
PROSE = "O trimestre foi bom, apesar das devoluções; em março, vendemos mais."

#: Amazon's report of orders that wait for dispatch: it has no price, so it is no table of sales.
UNSHIPPED = (
    ("order-id", "701-1"), ("order-item-id", "22"), ("purchase-date", "2026-03-01"), ("payments-date", "2026-03-02"),
    ("buyer-email", "x@marketplace.example"), ("buyer-name", "{}"), ("buyer-phone-number", "+55 11 91234-5678"),
    ("sku", "CAM-01"), ("product-name", "Camisa"), ("quantity-purchased", "1"), ("ship-service-level", "Standard"),
    ("recipient-name", "{}"), ("ship-address-1", "Rua das Flores 1"), ("ship-city", "Sorocaba"), ("ship-state", "SP"),
    ("ship-postal-code", "18010-000"),
)  # fmt: skip


def unshipped() -> list[str]:
    header = "\t".join(name for name, _ in UNSHIPPED)
    return [header, *("\t".join(cell.format(name) for _, cell in UNSHIPPED) for name in PEOPLE)]


def table(separator: str, header: list[str]) -> list[str]:
    rows = [[name, "Sorocaba", str(10 + n)][: len(header)] for n, name in enumerate(PEOPLE)]
    return [separator.join(row) for row in (header, *rows)]


def as_text(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines), "utf-8")


def as_docx(path: Path, lines: list[str]) -> None:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(path))


def as_html(path: Path, lines: list[str]) -> None:
    path.write_text("<html><body><p>Painel</p><pre>" + "\n".join(lines) + "</pre></body></html>", "utf-8")


def as_pdf(path: Path, lines: list[str]) -> None:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=8)
    for line in filter(None, lines):
        page.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    page.output(str(path))


WRITERS: dict[str, Callable[[Path, list[str]], None]] = {
    "txt": as_text,
    "md": as_text,
    "docx": as_docx,
    "html": as_html,
    "pdf": as_pdf,
}


def facts_of(tmp_path: Path, ending: str, lines: list[str]) -> DocumentFacts:
    path = tmp_path / "upload"
    WRITERS[ending](path, lines)
    return read(path, f"pedidos.{ending}", ["amazon"], LIMITS)


def assert_nobody_is_named(facts: DocumentFacts) -> None:
    analysis = analyse("amazon", facts)
    prompt = write_prompt("amazon", facts)
    everything = json.dumps([facts.to_dict(), analysis.to_dict()], ensure_ascii=False) + prompt.system + prompt.user
    assert [name for name in FIRST if name in everything] == []


@pytest.mark.parametrize("ending", WRITERS)
def test_unshipped_orders_name_nobody(tmp_path: Path, ending: str) -> None:
    lines = [line.replace("\t", ";") for line in unshipped()] if ending == "pdf" else unshipped()
    facts = facts_of(tmp_path, ending, [PROSE, "", *lines])

    assert_nobody_is_named(facts)
    assert "O trimestre foi bom" in facts.text
    assert [(table.layout, table.warnings[0]) for table in facts.tables] == [("unknown", LEFT_OUT)]
    assert "Colunas vistas: order-id, order-item-id, purchase-date" in facts.tables[0].warnings[1]
    assert any("nenhum dado de comprador" in limit for limit in analyse("amazon", facts).limits)


def test_a_file_of_such_rows_alone_gets_an_honest_plan(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "txt", unshipped())

    assert_nobody_is_named(facts)
    assert facts.text == ""
    assert facts.tables[0].where == "linhas 1 a 5 do texto, separadas por “tabulação”"


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("separator", [";", " ; ", "|", "^", "~", ",", ", ", "    "])
@pytest.mark.parametrize(
    "header", [["Nome", "Cidade", "Valor"], ["Quem", "Onde", "Quanto"], ["Name", "City", "Total"], ["Nome", "Cidade"]]
)
def test_rows_with_any_separator_name_nobody(tmp_path: Path, ending: str, separator: str, header: list[str]) -> None:
    facts = facts_of(tmp_path, ending, [PROSE, "", *table(separator, header), "", "E assim terminou o mês."])

    assert_nobody_is_named(facts)
    assert "O trimestre foi bom" in facts.text
    assert "terminou o mês" in facts.text


@pytest.mark.parametrize(
    "rows",
    [
        ["Nome;Cidade;Obs", "Zuleica Brantes;Sorocaba;", "Teobaldo Quaresma", "Iracilda Nhonho;Santos;ok"],  # ragged
        ["Nome;Endereço", '"Zuleica Brantes";"Rua X', 'Apto 2"', "Teobaldo Quaresma;Rua Y"],  # a field of two lines
        ["Nome;Cidade", "", "Zuleica Brantes;Sorocaba", "", "Teobaldo Quaresma;Santos"],  # blank lines between
        ["Zuleica Brantes;Sorocaba;18", "Teobaldo Quaresma;Santos;20"],  # no header
        ["O pedido que falta:", "Zuleica Brantes;Sorocaba;18"],  # a row alone
        ["Nome, Cidade", "Zuleica Brantes, Sorocaba"],
        ['"Zuleica Brantes","Rua X, 12","18"', '"Teobaldo Quaresma","Rua Y","20"'],
    ],
)
def test_untidy_rows_name_nobody(tmp_path: Path, rows: list[str]) -> None:
    assert_nobody_is_named(facts_of(tmp_path, "md", ["# Pedidos", "", *rows, "", PROSE]))


@pytest.mark.parametrize(
    "prose",
    [
        "Caro time,\nvendemos bem, apesar de tudo, em janeiro.\nAbraço.\nSem mais, por hoje, e só.",
        "Prioridades:\n- reduzir devoluções;\n- melhorar fotos;\n- rever fretes.",
        "1. Preço, frete\n2. Prazo, nota\n3. Fotos, textos",
        "A nota caiu de 4,8 para 4,6, e o prazo subiu.\nO frete, porém, caiu 1,5% no período inteiro.\nFim, enfim.",
        "Crescemos ~10% em março.\nO frete caiu ~5%, o que ajudou.",
        "Início > Painel | Vendas\n\nBom mês.",
    ],
)
def test_sentences_stay(prose: str) -> None:
    assert lift_rows(prose, LIMITS).text == prose
    assert lift_rows(prose, LIMITS).tables == []


def test_a_table_without_a_header_names_nobody(tmp_path: Path) -> None:
    """`PED1`, `SKU-1` and `Frete` are words of columns, but the row has a day and cents: it is data."""
    lines = [f"PED{n};0{n}/03/2026;{name};SKU-{n};Frete;Camisa;19,90" for n, name in enumerate(PEOPLE, start=1)]
    as_text(tmp_path / "upload", lines)

    assert_nobody_is_named(read(tmp_path / "upload", "pedidos.csv", ["amazon"], LIMITS))


def test_indicators_in_a_text_are_quoted_and_said_to_be(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "txt", ["Indicador;Valor", "Nota média;4,6", "Prazo;3 h"])

    assert facts.text == "Indicador | Valor\nNota média | 4,6\nPrazo | 3 h"
    assert facts.tables[0].warnings == [QUOTED, "Colunas vistas: coluna 1, Valor."]


def test_sales_in_a_text_give_figures(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "md", ["# Março", "", "Pedido;SKU;Valor total;Comprador", "1;A;10,50;Zuleica Brantes"])

    assert facts.tables[0].layout == "plain"
    assert [figure.value for figure in facts.channels[0].figures if figure.metric == "revenue"] == [10.5]
    assert_nobody_is_named(facts)


def test_a_long_text_is_cut_and_its_rows_are_not(tmp_path: Path) -> None:
    sales = ["Pedido;SKU;Valor total", *(f"{n};A;1,00" for n in range(5000))]
    facts = facts_of(tmp_path, "md", [*sales, *([PROSE] * 1000)])

    assert len(facts.text) == LIMITS.max_text_chars
    assert [figure.value for figure in facts.channels[0].figures if figure.metric == "revenue"] == [5000]
    assert facts.warnings == ["O texto é longo; só o começo foi lido."]


@pytest.mark.parametrize(
    "rows",
    [
        [["Pedidos de março", ""], ["", ""], ["Comprador", "Valor"], ["Zuleica Brantes", "10"]],
        [["Zuleica Brantes", "10"], ["Teobaldo Quaresma", "12"]],
        [["Quem", "Valor"], ["Zuleica Brantes", "10"]],
        [["Item", "Valor"], ["Cliente", "Zuleica Brantes"]],
        [["Item", "Valor"], ["Nota", "4,6"], ["Aviso", "zuleica@correio.example"]],
    ],
)
def test_a_table_is_quoted_only_where_it_is_clearly_about_figures(rows: list[list[str]]) -> None:
    raw = table_from_rows("t", rows, LIMITS)
    assert raw is not None

    assert not any(name in quote(raw) for name in FIRST)
    assert "zuleica" not in quote(raw)


def test_rows_that_name_their_fields_show_no_buyer_as_a_column() -> None:
    text = "\n".join(f"ID: {n} | Cli: Ana Lima | Total: R$ {n},50 | Status: Pago" for n in range(1, 5))
    (table,) = lift_rows(text, LIMITS).tables

    assert table.frame.rows()[:2] == [("ID", "Cli", "Total", "Status"), ("1", "Ana Lima", "R$ 1,50", "Pago")]
