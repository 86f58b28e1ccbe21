"""Old workbooks with two bytes a letter."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from gateway.intake.readers.two_byte_texts import without_nulls
from gateway.intake.tables import RawDocument
from tests.unit.gateway.intake.tables import raw


def test_texts_of_two_bytes_a_letter_are_read(tmp_path: Path) -> None:
    rows = [["D\x00a\x00t\x00a\x00", "V\x00a\x00l\x00o\x00r\x00"], ["0\x001\x00", "12.5"]]
    found = without_nulls(RawDocument([raw([list(row) for row in rows])]))

    assert found.tables[0].frame.rows() == [("Data", "Valor"), ("01", "12.5")]
    plain = RawDocument([raw([["Data", "Valor"]])])
    assert isinstance(without_nulls(plain).tables[0].frame, pl.DataFrame)
