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


def test_rows_of_which_none_is_of_a_sale_are_told_and_not_refused(tmp_path: Path) -> None:
    names = "Date,Time,Time Zone,Type,Status,Currency,Gross,Fee,Net,Transaction ID"
    row = "13/03/2026,10:00:00,CET,Payment Sent,Completed,EUR,-20.00,0.00,-20.00,P1"
    path = tmp_path / "activity.csv"
    path.write_text(f"{names}\n{row}\n")
    found = read(path, path.name, ["own_store"], Limits())

    assert found.channels == []
    assert any("Payment Sent: -20,00" in one for one in found.tables[0].warnings)
