"""Old Excel, OpenDocument, and pages that are called `.xls`: the same figures as of the same table in XLSX."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import openpyxl
import polars as pl
import pytest

from gateway.intake import Limits, Refused
from gateway.intake.document import opened
from gateway.intake.document import read as facts_of
from gateway.intake.layouts import Reading, understand
from gateway.intake.tables import RawDocument, want_all
from tests.support.old_workbooks import Cell, Formula, compound, ods, packed_ods, xls, xml_2003
from tests.unit.gateway.intake.tables import sold

HEADER: Final[list[Cell]] = ["Pedido", "Data da venda", "SKU", "Produto", "Quantidade", "Valor total", "Tarifa"]
ROWS: Final[list[list[Cell]]] = [
    ["Relatório de vendas"],
    [],
    HEADER,
    ["20001", datetime.fromisoformat("2026-03-01T10:05"), "1.234", "Camisa é 100 %", 2.0, 15.125, Formula(-2.375)],
    ["20002", datetime.fromisoformat("2026-03-31T23:59"), "1.235", "Calça & Cia", 1.0, 1234.5, -10.125],
    ["20003", datetime.fromisoformat("2026-04-01"), None, "Meia", 3.0, "1.234,56", None],
]


def page(rows: list[list[Cell]]) -> bytes:
    """Return the table as a page, amounts as Brazil writes them, dates with the day first."""

    def shown(cell: Cell) -> str:
        if isinstance(cell, datetime):
            return f"{cell:%d/%m/%Y %H:%M}"
        if isinstance(cell, float):
            return f"{cell:,.2f}".translate(str.maketrans(",.", ".,"))
        return "" if cell is None else cell.replace("&", "&amp;")

    body = "".join(f"<tr>{''.join(f'<td>{shown(cell)}</td>' for cell in row)}</tr>" for row in rows)
    head = '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"></head>'
    return f"{head}<body><table border=1>{body}</table></body></html>".encode()


def tabbed(rows: list[list[Cell]]) -> bytes:
    lines = ("\t".join(str(cell or "").removesuffix(".0") for cell in row) for row in rows)
    return "\n".join(lines).encode("utf-16")


def document(folder: Path, name: str, content: bytes) -> RawDocument:
    (folder / name).write_bytes(content)
    return opened(folder / name, name, Limits()).read(want_all)


def read(folder: Path, name: str, content: bytes) -> tuple[Reading, pl.DataFrame]:
    (table,) = document(folder, name, content).tables
    found = understand(table, ["shopee"])
    return found, sold(found)


FORMS: Final[dict[str, Callable[[list[list[Cell]]], bytes]]] = {
    "vendas.xls": lambda rows: xls({"Pedidos": rows}),
    "de 1904.xls": lambda rows: xls({"Pedidos": rows}, since_1904=True),
    "vendas.ods": lambda rows: ods({"Pedidos": rows}),
    "xml de 2003.xls": lambda rows: xml_2003({"Pedidos": rows}),
    "xml de 2003.xml": lambda rows: xml_2003({"Pedidos": rows}),
    "página.xls": page,
    "sem nome": lambda rows: xls({"Pedidos": rows}),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_same_figures_in_every_form(tmp_path: Path, name: str) -> None:
    found, lines = read(tmp_path, name, FORMS[name](ROWS))
    half_a_cent = 0.0051 if FORMS[name] is page else 0.0  # a page shows two decimals

    assert found.report.where.endswith("cabeçalho na linha 3")
    assert lines["row"].to_list() == [4, 5, 6]
    assert lines["order_id"].to_list() == ["20001", "20002", "20003"]
    assert lines["sku"].to_list() == ["1.234", "1.235", None]
    assert lines["title"].to_list() == ["Camisa é 100 %", "Calça & Cia", "Meia"]
    assert lines["units"].to_list() == [2, 1, 3]
    assert lines["revenue"].to_list() == pytest.approx([15.125, 1234.5, 1234.56], abs=half_a_cent)
    assert lines["fees"].to_list() == pytest.approx([2.375, 10.125, None], abs=half_a_cent)
    assert lines["at"].dt.strftime("%Y-%m-%d %H:%M").to_list() == [
        "2026-03-01 10:05",
        "2026-03-31 23:59",
        "2026-04-01 00:00",
    ]


def test_an_xlsx_and_a_tabbed_text_may_be_called_xls(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in ROWS:
        book.active.append([float(cell) if isinstance(cell, Formula) else cell for cell in row])
    book.save(tmp_path / "book")
    _, lines = read(tmp_path, "vendas.xls", (tmp_path / "book").read_bytes())
    text: list[list[Cell]] = [
        HEADER,
        ["1", "2026-03-01", "A", "Camisa", 2.0, "10,50", "-1,00"],
        ["2", "2026-03-02", "B", "Meia", 1.0, "5,25"],
    ]
    _, of_text = read(tmp_path, "texto.xls", tabbed(text))

    assert lines["revenue"].to_list() == pytest.approx([15.125, 1234.5, 1234.56])
    assert of_text["revenue"].to_list() == [10.5, 5.25]


def test_a_workbook_may_write_the_name_of_its_stream_in_capitals(tmp_path: Path) -> None:
    content = xls({"Pedidos": ROWS})
    capitals = content.replace("Workbook".encode("utf-16-le"), "WORKBOOK".encode("utf-16-le"))
    _, lines = read(tmp_path, "vendas.xls", capitals)

    assert capitals != content
    assert lines["revenue"].to_list() == [15.125, 1234.5, 1234.56]


def test_every_sheet_is_a_table_with_its_name(tmp_path: Path) -> None:
    sheets = {"Março": ROWS, "Vazia": [], "Abril": ROWS[2:]}
    for name, content in (("a.xls", xls(sheets)), ("a.ods", ods(sheets)), ("b.xls", xml_2003(sheets))):
        tables = document(tmp_path, name, content).tables

        assert [table.where for table in tables] == ["planilha “Março”", "planilha “Abril”"]
        assert not any(table.free for table in tables)


def test_cells_over_several_columns_and_rows_stand_where_they_begin(tmp_path: Path) -> None:
    html = (
        b"<table><tr><th rowspan=2>Pedido</th><th colspan=2>Venda</th><th>Outros</th></tr>"
        b"<tr><th>Qtd<th>Valor total<th>Produto</tr><tr><td>1<td>2<td>10,00<td>Meia</table>"
    )
    book = xml_2003({"a": [["1"]]}).replace(
        b'<Cell ss:Index="1">', b'<Cell ss:MergeAcross="2"><Data ss:Type="String">0</Data></Cell><Cell>'
    )
    (table,) = document(tmp_path, "a.xls", html).tables
    (other,) = document(tmp_path, "b.xls", book).tables

    assert table.frame.rows() == [
        ("Pedido", "Venda", None, "Outros"),
        (None, "Qtd", "Valor total", "Produto"),
        ("1", "2", "10,00", "Meia"),
    ]
    assert other.frame.rows() == [("0", None, None, "1")]


def with_mimetype(*, encrypted: bool, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive whose part that tells its kind is encrypted, or else packed in damaged bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packed) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet" * 9)
        archive.writestr("content.xml", "<x/>")
    content = bytearray(buffer.getvalue())
    if encrypted:
        content[6] |= 1
        content[content.find(b"PK\x01\x02") + 8] |= 1
    else:
        start = 38 if packed == zipfile.ZIP_DEFLATED else 48  # behind what says how LZMA is set up
        content[start : start + 3] = bytes(byte ^ 0xFF for byte in content[start : start + 3])
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xls", xls({"a": ROWS}, locked=True), "encrypted"),
        ("a.xls", xls({"a": ROWS})[:2000], "unreadable"),
        ("a.xls", compound("WordDocument", b""), "unsupported-type"),
        ("a.xls", compound("Other", b""), "unsupported-type"),
        ("a.ods", ods({"a": ROWS})[:-40], "unreadable"),
        ("a.ods", with_mimetype(encrypted=True), "encrypted"),
        ("a.ods", with_mimetype(encrypted=False), "unreadable"),
        ("a.ods", with_mimetype(encrypted=False, packed=zipfile.ZIP_LZMA), "unreadable"),
        ("a.xls", xml_2003({"a": ROWS})[:-40], "unreadable"),
        ("a.csv", xls({"a": ROWS}), "content-mismatch"),
        ("a.xls", b"%PDF-1.7", "content-mismatch"),
        ("a.xls", b"<table>" + b"<tr><td colspan=99999>a</td></tr>" * 2 + b"</table>", "too-many-columns"),
        ("a.xls", b"<table>" + b"<tr><td>1<td>2" * 60 + b"</table>", "too-many-rows"),
        ("a.xls", xml_2003({"a": [["1"]] * 60}), "too-many-rows"),
        ("a.xls", xls({"a": [["1"]] * 60}), "too-many-rows"),
        ("a.ods", ods({"a": [["1"]] * 60}), "too-many-rows"),
        (
            "a.ods",
            packed_ods(
                '<table:table table:name="a"><table:table-row table:number-rows-repeated="60"><table:table-cell '
                'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'
            ),
            "too-many-rows",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused) as caught:
        facts_of(tmp_path / name, name, ["shopee"], Limits(max_rows=50))

    assert caught.value.code == code


def test_entities_of_an_xml_are_not_expanded(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE Workbook [<!ENTITY a "aaaaaaaaaa"><!ENTITY b SYSTEM "/etc/passwd">]>\n<Workbook '
    content = (
        xml_2003({"a": [["Produto", "Total"], ["x", 1.0]]}).replace(b"<Workbook ", bomb).replace(b">x<", b">&a;&b;y<")
    )
    (table,) = document(tmp_path, "a.xls", content).tables

    assert table.frame.rows()[1] == ("&a;&b;y", "1")
