"""No cell of a table that is downloaded is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator

import pytest
from starlette.responses import StreamingResponse

from gateway.shapes.cells import harmless
from gateway.ui.sheets import AT_ONCE, download, streamed


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_compute_stays_a_text(text: str) -> None:
    assert harmless(text) == f"'{text}"
    answer = download("a.csv", [text], [[text, "plain"]])
    rows = list(csv.reader(io.StringIO(bytes(answer.body).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [[f"'{text}"], [f"'{text}", "plain"]]


def test_it_is_a_file_that_a_spreadsheet_reads_as_utf_8() -> None:
    answer = download("prices.csv", ["Preço"], [])
    assert bytes(answer.body).startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-disposition"] == 'attachment; filename="prices.csv"'


async def test_a_large_table_goes_out_while_its_rows_come() -> None:
    made = 0

    async def rows() -> AsyncIterator[list[str]]:
        nonlocal made
        for made in range(1, 10 * AT_ONCE + 2):
            yield [f"={made}", "ç"]

    answer = streamed("a.csv", ["n", "text"], rows())
    assert isinstance(answer, StreamingResponse)
    told, ahead = b"", []
    async for part in answer.body_iterator:
        assert isinstance(part, bytes)
        told += part
        ahead.append(made - told.count(b"\r\n") + 1)
    assert max(ahead) <= 0, "no row waits in memory for more than its share"
    assert len(ahead) == 12
    found = list(csv.reader(io.StringIO(told.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert found[0] == ["n", "text"]
    assert [row[0] for row in found[1:]] == [f"'={n}" for n in range(1, 10 * AT_ONCE + 2)]
