"""Bytes into tables and text, whatever program wrote them."""

from pathlib import Path

import pytest

from gateway.intake import Limits, Refused
from gateway.intake.quoting import quote
from gateway.intake.readers.decoding import decode
from gateway.intake.readers.delimited import read_csv, read_text_table
from gateway.intake.readers.html import read_html
from gateway.intake.readers.plain_text import read_markdown, read_text
from gateway.intake.sniff import CSV, HTML, MARKDOWN, TEXT, media_type
from gateway.intake.tables import table_from_rows

LIMITS = Limits()


def rows(data: bytes) -> list[tuple[str | None, ...]]:
    (table,) = read_csv(data, LIMITS).tables
    return table.frame.rows()


@pytest.mark.parametrize("separator", [";", ",", "\t", "|", "^", "~"])
def test_the_separator_is_found(separator: str) -> None:
    lines = [["SKU", "Produto", "Valor"], ["A", "Camisa", "10"], ["B", "Meia", "5"]]
    text = "\n".join(separator.join(line) for line in lines)

    assert rows(text.encode()) == [tuple(line) for line in lines]


def test_decimal_commas_do_not_pass_for_separators() -> None:
    assert rows(b"SKU;Valor\nA;10,50\nB;1.200,00\n")[1] == ("A", "10,50")


def test_a_page_in_a_cell_does_not_bring_its_own_separator() -> None:
    """A shop's products have their descriptions as pages of many lines: most lines of the file are theirs."""
    page = "<div style=color:red;margin:0;padding:0;>\n" + "<p style=a:b;c:d;e:f;>x;y</p>\n" * 30 + "</div>"
    text = "\n".join(["Handle,Title,Body,Price", *(f'h{one},T{one},"{page}",{one}.50' for one in range(5))])

    found = rows(text.encode())
    assert [row[0] for row in found] == ["Handle", "h0", "h1", "h2", "h3", "h4"]
    assert found[1][3] == "0.50"


@pytest.mark.parametrize(
    "data",
    [
        "Título;É".encode(),
        "Título;É".encode("utf-8-sig"),
        "Título;É".encode("latin-1"),
        "Título;É".encode("utf-16"),
        "Título;É".encode("utf-16-le"),
        "Título;É".encode("utf-16-be"),
    ],
)
def test_encodings(data: bytes) -> None:
    assert decode(data) == "Título;É"


def test_a_cut_utf8_file_stays_utf8() -> None:
    assert decode(("ção" * 50).encode()[:-1]).startswith("çãoção")


def test_titles_short_rows_and_quotes() -> None:
    data = b'Relat\xf3rio;\n\n"a";"b;c";"d ""e"""\n1\n1;2;3;4;5\n'

    assert rows(data) == [
        ("Relatório", None, None, None, None),
        (None,) * 5,
        ("a", "b;c", 'd "e"', None, None),
        ("1", None, None, None, None),
        ("1", "2", "3", "4", "5"),
    ]


def test_stray_quotes_do_not_lose_the_table() -> None:
    found = rows(b'SKU;Produto;Valor\nA;Tela 15" preta;10\nB;"Tela" nova;20\n')

    assert [row[0] for row in found] == ["SKU", "A", "B"]
    assert [row[2] for row in found] == ["Valor", "10", "20"]


def test_quotes_that_mean_inches_swallow_no_rows() -> None:
    """The one before `Aro` is closed by that of a later row; a cell whose own quotes match stays one."""
    lines = ["SKU;Produto;Qtd", 'A;"Aro 5;1', 'B;"Camisa; azul";2', 'C;"Aro 5;3', "D;Boné;4"]
    [table] = read_csv("\r\n".join(lines).encode(), LIMITS).tables

    assert [row[:3] for row in table.frame.rows()[1:]] == [
        ("A", "Aro 5", "1"),
        ("B", "Camisa; azul", "2"),
        ("C", "Aro 5", "3"),
        ("D", "Boné", "4"),
    ]


def test_a_text_of_several_lines_beside_swallowed_rows_stays_one() -> None:
    lines = ["SKU;Produto;Qtd", 'A;"Aro 5;1', "B;Meia;2", 'C;"Aro 5;3', 'D;"Boné', 'azul";4', "E;Meia;5"]
    [table] = read_csv("\r\n".join(lines).encode(), LIMITS).tables

    assert [(row[0], row[2]) for row in table.frame.rows()[1:]] == [
        ("A", "1"), ("B", "2"), ("C", "3"), ("D", "4"), ("E", "5")
    ]  # fmt: skip


def test_old_mac_line_ends() -> None:
    assert rows(b"a;b\r1;2\r3;4") == [("a", "b"), ("1", "2"), ("3", "4")]


def test_prose_with_commas_is_not_a_table() -> None:
    prose = b"Caro time,\nvendemos bem, apesar de tudo, em janeiro.\nAbraco.\nSem mais, por hoje, e so.\n"

    assert read_text_table(prose, LIMITS) is None
    assert read_text(prose, LIMITS).text.startswith("Caro time")


def test_markdown_tables_leave_the_text() -> None:
    document = read_markdown(
        b"# Vendas\n\n| SKU | Qtd |\n|:---|---:|\n| A\\|1 | **2** |\n| B | 3 |\n\nFim | da linha\n", LIMITS
    )

    assert document.text == "# Vendas\n\n\nFim | da linha"
    assert document.tables[0].frame.rows() == [("SKU", "Qtd"), ("A|1", "2"), ("B", "3")]


def test_html_tables_and_text_without_scripts() -> None:
    document = read_html(
        b"<html><head><style>x{}</style></head><body><script>alert(1)</script><p>Oi</p>"
        b"<table><tr><td><table><tr><th>SKU</th><th>Qtd</th></tr><tr><td>A</td><td>2</td></tr></table></td></tr></table>"
        b"</body></html>",
        LIMITS,
    )

    assert document.text == "Oi"
    assert [table.frame.rows() for table in document.tables] == [[("SKU", "Qtd"), ("A", "2")]]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", b"a;b\n", CSV),
        ("a.tsv", b"a\tb\n", CSV),
        ("a.txt", b"oi", TEXT),
        ("a", b"oi", TEXT),
        ("a.md", b"<div align=center>\n# oi\n</div>", MARKDOWN),
        ("a.HTML", b"\n <!DOCTYPE html><p>oi", HTML),
        ("a.htm", b"<table><tr><td>1</td></tr></table>", HTML),
        ("a.xls", "<html><table><tr><td>1</td></tr></table>".encode("utf-16"), HTML),
        ("a.xls", "<html><table><tr><td>1</td></tr></table>".encode("utf-16-le"), HTML),
    ],
)
def test_types_by_content(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)

    assert media_type(path, name) == expected


def test_tables_about_people_are_not_quoted() -> None:
    people = table_from_rows("t", [["Cliente", "Valor"], ["Zuleica Brantes", "10"]], LIMITS)
    indicators = table_from_rows("t", [["Indicador", "Valor"], ["Nota", "4,6"]], LIMITS)
    assert people is not None
    assert indicators is not None

    assert quote(people) == ""
    assert quote(indicators) == "Indicador | Valor\nNota | 4,6"


def test_a_table_in_a_text_has_limits_too() -> None:
    with pytest.raises(Refused) as caught:
        table_from_rows("t", [["x"] * 501, ["y"] * 501], LIMITS)

    assert caught.value.code == "too-many-columns"
