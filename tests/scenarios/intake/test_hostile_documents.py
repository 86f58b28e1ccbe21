"""Each hostile or hopeless document ends in one clear refusal, and leaves nothing behind."""

import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from gateway.intake import Limits, Refused, read_document
from gateway.intake.limits import DEFAULT_LIMITS
from gateway.intake.refused import REASONS
from tests.support.old_workbooks import compound, packed_ods, xls

pytestmark = pytest.mark.usefixtures("nothing_left_behind")
#: Processor time, which a busy machine does not use up: who reads such a document is too slow by it.
LITTLE = Limits(cpu_seconds=15.0)


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


async def refusal(path: Path, name: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Refused:
    with pytest.raises(Refused) as caught:
        await read_document(path, name or path.name, ["shopee"], limits=limits)
    refused = caught.value
    assert 400 <= refused.status < 500 or refused.code in ("interrupted", "busy")
    assert refused.title
    assert "lease" in refused.detail  # it says what to do
    assert "{" not in refused.detail
    assert str(path) not in refused.detail + refused.cause
    return refused


def pdf(text: str = "Relatório de vendas") -> bytes:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=11)
    page.multi_cell(0, 6, text)
    return bytes(page.output())


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


async def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert (await refusal(write(tmp_path, "vendas.csv", b""))).code == "empty-file"


async def test_a_file_of_blanks_is_empty_too(tmp_path: Path) -> None:
    assert (await refusal(write(tmp_path, "vendas.csv", b"\xef\xbb\xbf \r\n \r\n"))).code == "empty-file"


async def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "vendas.csv", b"a;b\n" * 300_000)
    refused = await refusal(path, limits=Limits(max_bytes=1024 * 1024))

    assert (refused.code, refused.status) == ("file-too-large", 413)
    assert "1 MiB" in refused.detail


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("vendas.csv", "xlsx", "XLSX"),
        ("vendas.xlsx", "pdf", "PDF"),
        ("vendas.pdf", "text", "text"),
        ("vendas.docx", "xlsx", "XLSX"),
        ("vendas.xlsx", "text", "text"),
        ("vendas.txt", "html", "HTML"),
        ("vendas.xls", "pdf", "PDF"),
    ],
)
async def test_wrong_content_for_its_name_is_refused(tmp_path: Path, name: str, content: str, word: str) -> None:
    contents = {
        "xlsx": workbook([["a", "b"]]),
        "pdf": pdf(),
        "text": b"Nada a declarar.\n",
        "html": b"<!doctype html><html><body>Oi</body></html>",
    }
    refused = await refusal(write(tmp_path, name, contents[content]))

    assert (refused.code, refused.status) == ("content-mismatch", 415)
    assert word in refused.detail
    assert name in refused.detail


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("foto.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64),
        ("foto.pdf", b"\xff\xd8\xff\xe0" + b"\x00" * 64),
        ("vendas.csv", b"\x7fELF" + b"\x01" * 64),
        ("vendas.csv", b"a;b\x00\x01\x02;c\n" * 10),
        ("dados.json", b'{"a": 1}'),
        ("pacote.zip", b""),
        ("velho.msg", compound("__properties_version1.0", b"")),
        ("velho.doc", compound("WordDocument", b"")),
        ("página.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n--a\n"),
    ],
)
async def test_other_types_are_refused_with_advice(tmp_path: Path, name: str, content: bytes) -> None:
    if name == "pacote.zip":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("vendas.csv", "a;b\n1;2\n")
        content = buffer.getvalue()
    refused = await refusal(write(tmp_path, name, content))

    assert (refused.code, refused.status) == ("unsupported-type", 415)


async def test_a_text_with_zeros_is_told_how_to_be_saved(tmp_path: Path) -> None:
    refused = await refusal(write(tmp_path, "vendas.csv", b"SKU;Qtd\nCa\x00misa;1\n"))

    assert (refused.code, "save it as XLSX" in refused.detail) == ("unsupported-type", True)


async def test_an_old_word_file_is_told_how_to_be_saved(tmp_path: Path) -> None:
    assert "save it as DOCX" in (await refusal(write(tmp_path, "velho.doc", compound("WordDocument", b"")))).detail


@pytest.mark.parametrize("content", [xls({"a": [["a", "b"]]})[:1500], compound("Workbook", b"\xff" * 5000)])
async def test_a_damaged_old_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    assert (await refusal(write(tmp_path, "velho.xls", content))).code == "unreadable"


async def test_a_sheet_that_repeats_a_row_without_end_is_refused(tmp_path: Path) -> None:
    cell = (
        '<table:table-cell table:number-columns-repeated="400" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell>"
    )
    rows = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    content = packed_ods(f'<table:table table:name="a">{rows}</table:table>')

    assert (await refusal(write(tmp_path, "bomba.ods", content), limits=LITTLE)).code == "unreadable"


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
async def test_an_encrypted_pdf_is_refused(tmp_path: Path, algorithm: str) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt("segredo", algorithm=algorithm)
    writer.write(tmp_path / "locked.pdf")

    assert (await refusal(tmp_path / "locked.pdf")).code == "encrypted"


async def test_a_pdf_that_only_restricts_printing_is_read(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Receita de mochilas"))))
    writer.encrypt("", owner_password="dono", algorithm="AES-256")
    writer.write(tmp_path / "restricted.pdf")

    facts = await read_document(tmp_path / "restricted.pdf", "restricted.pdf", ["shopee"])

    assert "mochilas" in facts.text


async def test_an_encrypted_workbook_is_refused(tmp_path: Path) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512 + "EncryptedPackage".encode("utf-16-le")

    assert (await refusal(write(tmp_path, "vendas.xlsx", content))).code == "encrypted"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.pdf", pdf()[:300]),
        ("cut.xlsx", workbook([["a", "b"], [1, 2]])[:-400]),
        ("noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 20),
    ],
)
async def test_a_damaged_file_is_unreadable(tmp_path: Path, name: str, content: bytes) -> None:
    assert (await refusal(write(tmp_path, name, content))).code == "unreadable"


async def test_a_workbook_whose_sheet_is_rubbish_is_unreadable(tmp_path: Path) -> None:
    path = repacked(tmp_path, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c></worksheet>")

    assert (await refusal(path)).code == "unreadable"


def repacked(folder: Path, part: str, content: bytes) -> Path:
    """Write a workbook with one of its parts replaced."""
    source = zipfile.ZipFile(io.BytesIO(workbook([["a", "b"], [1, 2]])))
    path = folder / "vendas.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in source.namelist():
            archive.writestr(name, content if name == part else source.read(name))
    return path


async def test_a_workbook_with_one_long_text_in_every_row_is_no_bomb(tmp_path: Path) -> None:
    """It is packed as densely as one; what it expands to is little all the same."""
    text = "Nenhuma observação do comprador neste pedido. " * 60
    cells = ("Data", "SKU", "Produto", "Qtd", "Valor Total", "Obs"), ("2026-03-12", "A1", "Camisa", "1", "10.5", text)
    rows = [cells[min(row, 1)] for row in range(8_001)]
    sheet = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>" for row in rows
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content = f'<worksheet xmlns="{space}"><sheetData>{sheet}</sheetData></worksheet>'.encode()
    path = repacked(tmp_path, "xl/worksheets/sheet1.xml", content)
    assert len(content) > path.stat().st_size * DEFAULT_LIMITS.max_expansion_ratio

    facts = await read_document(path, path.name, ["shopee"])
    assert ([table.rows for table in facts.tables], len(facts.channels)) == ([8_000], 1)


async def test_a_zip_bomb_is_refused_by_what_it_declares(tmp_path: Path) -> None:
    path = repacked(tmp_path, "xl/worksheets/sheet1.xml", b" " * (400 * 1024 * 1024))

    assert (await refusal(path, limits=LITTLE)).code == "archive-bomb"


async def test_a_zip_bomb_that_lies_about_its_size_is_found_out(tmp_path: Path) -> None:
    """The directory says 100 bytes; the content is 400 MiB."""
    path = repacked(tmp_path, "xl/worksheets/sheet1.xml", b" " * (400 * 1024 * 1024))
    data = path.read_bytes().replace(struct.pack("<L", 400 * 1024 * 1024), struct.pack("<L", 100))
    path.write_bytes(data)

    assert (await refusal(path)).code in {"archive-bomb", "unreadable"}


async def test_a_word_bomb_of_entities_does_not_explode(tmp_path: Path) -> None:
    """Ten levels of ten entities each: two thousand million words, if a parser expanded them."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    document = (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "palavra">{levels}]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>&e9;</w:t></w:r></w:p></w:body></w:document>"
    )
    import docx

    plain = tmp_path / "plain.docx"
    docx.Document().save(str(plain))
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, document if name == "word/document.xml" else source.read(name))

    assert (await refusal(path)).code in {"unreadable", "no-content"}


async def test_a_csv_of_100_000_columns_is_refused_quickly(tmp_path: Path) -> None:
    row = ";".join(str(n) for n in range(100_000)).encode()
    refused = await refusal(write(tmp_path, "wide.csv", row + b"\n" + row + b"\n"), limits=LITTLE)

    assert refused.code == "too-many-columns"
    assert "500" in refused.detail


async def test_a_single_endless_line_is_no_trouble(tmp_path: Path) -> None:
    path = write(tmp_path, "line.csv", b"x" * (15 * 1024 * 1024))

    assert (await refusal(path)).code == "no-rows"  # a header, and nothing below it


async def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "long.csv", b"a;b\n" + b"1;2\n" * 1_600_000)

    assert (await refusal(path)).code == "too-many-rows"


async def test_a_wide_workbook_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "wide.xlsx", workbook([list(range(2000)), list(range(2000))]))

    assert (await refusal(path)).code == "too-many-columns"


async def test_a_workbook_with_one_cell_in_the_last_corner_does_not_eat_the_machine(tmp_path: Path) -> None:
    """As a dense table it would have 17 thousand million cells."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "Pedido"
    book.active["XFD1048576"] = "fim"
    book.save(tmp_path / "sparse.xlsx")

    assert (await refusal(tmp_path / "sparse.xlsx")).code in {"too-much-memory", "too-many-columns", "unreadable"}


async def test_a_file_without_any_content_is_refused(tmp_path: Path) -> None:
    page = FPDF()
    page.add_page()
    page.rect(10, 10, 50, 50)

    assert (await refusal(write(tmp_path, "scan.pdf", bytes(page.output())))).code == "no-content"


async def test_html_nested_ten_thousand_deep_is_survived(tmp_path: Path) -> None:
    content = b"<!doctype html><html><body>" + b"<div>" * 10_000 + b"oi" + b"</div>" * 10_000
    facts = await read_document(write(tmp_path, "deep.html", content), "deep.html", ["shopee"])

    assert "oi" in facts.text


def test_every_reason_says_what_to_do() -> None:
    for code, reason in REASONS.items():
        assert "lease" in reason.detail, code
        assert reason.title == reason.title.strip(), code
        assert 400 <= reason.status < 600, code
