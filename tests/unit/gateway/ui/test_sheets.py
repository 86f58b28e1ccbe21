"""No cell of a table that is downloaded is a formula."""

from __future__ import annotations

import csv
import io

import pytest

from gateway.shapes.cells import harmless
from gateway.ui.sheets import download


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_compute_stays_a_text(text: str) -> None:
    assert harmless(text) == f"'{text}"
    plain = text.replace("=", "'=") if text[0] in "\t\r" else text  # which may begin a cell, or a line, too
    answer = download("a.csv", [text], [[text, "plain"]])
    rows = list(csv.reader(io.StringIO(bytes(answer.body).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [[f"'{plain}"], [f"'{plain}", "plain"]]


def test_it_is_a_file_that_a_spreadsheet_reads_as_utf_8() -> None:
    answer = download("prices.csv", ["Preço"], [])
    assert bytes(answer.body).startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-disposition"] == 'attachment; filename="prices.csv"'
