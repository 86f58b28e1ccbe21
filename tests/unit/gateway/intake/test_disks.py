"""A disk that fails while a document is read is said as such, and is never the document's damage."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from fpdf import FPDF

from gateway.intake import Limits, Refused
from gateway.intake.readers import pdf, workbook

FAILS = OSError(errno.EIO, "as the system says")


def _failing(*_: object) -> Any:
    raise FAILS


def test_a_workbook_that_the_disk_does_not_give_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"PK no workbook")

    with pytest.raises(Refused) as refused:
        workbook.read_workbook(path, Limits(), is_packed=False)
    assert refused.value.code == "unreadable"

    monkeypatch.setattr(Path, "open", _failing)
    with pytest.raises(OSError, match="as the system says"):
        workbook.read_workbook(path, Limits(), is_packed=False)


@pytest.mark.parametrize("also", [False, True], ids=["tables", "text"])
def test_a_page_that_the_disk_does_not_give_is_not_called_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, also: bool
) -> None:
    path = tmp_path / "a.pdf"
    page = FPDF()
    page.add_page()
    page.set_font("helvetica", size=12)
    page.cell(text="Receita")
    page.output(str(path))

    def broken(*_: object) -> Any:
        raise ValueError

    monkeypatch.setattr(pdf, "read_page", broken if also else _failing)
    if also:
        monkeypatch.setattr("pypdf.PageObject.extract_text", _failing)
    with pytest.raises(OSError, match="as the system says"):
        pdf.read_pdf(path, Limits())
