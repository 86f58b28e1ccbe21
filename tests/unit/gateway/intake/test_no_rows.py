"""A document whose tables have no row is refused with what to do: a plan of it would have nothing in it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gateway.intake.document import read
from gateway.intake.limits import Limits
from gateway.intake.refused import Refused

HEADER = ["Order ID", "Order Date", "Quantity", "Price", "SKU"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sales.csv", ";".join(HEADER) + "\n"),
        ("sales.csv", ",".join(HEADER) + "\n\n\n"),
        ("sales.txt", ";".join(HEADER) + "\n"),
    ],
)
def test_a_header_alone_is_refused(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)

    with pytest.raises(Refused) as refused:
        read(path, name, ["shopee"], Limits())
    assert refused.value.code == "no-rows"
    assert "export the report again" in refused.value.detail


def test_sheets_with_headers_alone_are_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title in ("1", "2"):
        book.create_sheet(title).append(HEADER)
    book.save(tmp_path / "sales.xlsx")

    with pytest.raises(Refused) as refused:
        read(tmp_path / "sales.xlsx", "sales.xlsx", ["shopee"], Limits())
    assert refused.value.code == "no-rows"


def test_a_text_beside_an_empty_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text(f"Vendemos pouco em maio.\n\n| {' | '.join(HEADER)} |\n|{'---|' * len(HEADER)}\n")

    assert "Vendemos pouco" in read(path, "notes.md", ["shopee"], Limits()).text
