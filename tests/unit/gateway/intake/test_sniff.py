"""A file that is not what its name says is called what it really is, and what to do is said."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from gateway.intake.refused import Refused
from gateway.intake.sniff import CONTENTS, media_type
from gateway.ui.words.content_words import CONTENT_WORDS


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("vendas.csv", "a;b\n1;2\n")
    return buffer.getvalue()


def noise(size: int, *, zeros: bool) -> bytes:
    return bytes(code for code in random.Random(size).randbytes(size) if zeros or code)


def refused(folder: Path, name: str, content: bytes) -> Refused:
    path = folder / "upload"
    path.write_bytes(content)
    with pytest.raises(Refused) as found:
        media_type(path, name)
    return found.value


@pytest.mark.parametrize("name", ["vendas.xlsx", "vendas.csv", "vendas.txt", "vendas.xls", "vendas.pdf"])
@pytest.mark.parametrize("content", [noise(300, zeros=False), noise(5000, zeros=True), noise(90_000, zeros=False)])
def test_random_bytes_are_no_text(tmp_path: Path, name: str, content: bytes) -> None:
    found = refused(tmp_path, name, content)

    assert (found.code, found.content) == ("unsupported-type", "unknown")
    assert "neither text nor a workbook" in found.detail
    assert "save it as XLSX" in found.detail


@pytest.mark.parametrize("name", ["vendas.xlsx", "vendas.csv"])
@pytest.mark.parametrize(
    ("content", "called", "word"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "pdf", "a PDF"),
        (b"<!DOCTYPE html><html><body><p>Sess\xe3o expirada</p></body></html>", "html", "a web page (HTML)"),
        (archive(), "archive", "a ZIP archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "picture", "a picture (PNG)"),
    ],
)
def test_what_it_really_is_is_said(tmp_path: Path, name: str, content: bytes, called: str, word: str) -> None:
    found = refused(tmp_path, name, content)

    assert found.content == called
    assert word in found.detail
    assert found.to_dict()["content"] == called


@pytest.mark.parametrize(
    "content",
    [
        "SKU;Preço\nA;10\n".encode("cp1252"),
        "SKU;Preço\nA;10\x1a".encode(),
        b"a;b\n1;x\x0by\x0c\n",
        ("SKU;Título\nA;Óleo\x01\n" + "B;Camisa azul marinho\n" * 40).encode("latin-1"),
    ],
)
def test_a_text_stays_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)

    assert media_type(path, "vendas.csv") == "text/csv"


def test_pages_have_words_for_every_content() -> None:
    assert set(CONTENTS.values()) <= set(CONTENT_WORDS)
