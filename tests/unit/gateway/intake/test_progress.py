"""How far a reading is: told seldom, in order, and by nobody who may say anything else."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import openpyxl
import pytest

from gateway.intake import Limits, Progress, Refused, document, read_document, reader
from gateway.intake.progress import INTERVAL_S, seldom

CSV = "Data;SKU;Quantidade;Valor total\n01/04/2026;A1;2;59,80\n02/04/2026;A2;1;19,90\n"


def test_what_comes_too_soon_is_not_told_but_for_a_new_stage() -> None:
    told: list[Progress] = []
    now = 10.0
    tell = seldom(told.append, lambda: now)
    for at in (1, 2, 3):
        tell(Progress("sheet", at, 9))
    tell(Progress("figures", rows=5))
    now += INTERVAL_S
    tell(Progress("figures", rows=6))

    assert told == [Progress("sheet", 1, 9), Progress("figures", rows=5), Progress("figures", rows=6)]


def workbook(folder: Path) -> Path:
    book = openpyxl.Workbook()
    for name in ("jan", "fev"):
        sheet = book.create_sheet(name)
        for row in [["Data", "SKU", "Quantidade", "Valor total"], ["2026-04-01", "A1", 2, 59.8]]:
            sheet.append(row)
    book.remove(book.worksheets[0])
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def test_sheets_are_counted_with_the_rows_before_them(tmp_path: Path) -> None:
    told: list[Progress] = []
    document.read(workbook(tmp_path), "a.xlsx", ["shopee"], Limits(), None, told.append)

    assert told == [Progress("sheet", 1, 2), Progress("sheet", 2, 2, 2), Progress("figures", rows=4)]


def test_the_reading_process_tells_the_gateway(tmp_path: Path) -> None:
    told: list[Progress] = []
    facts = asyncio.run(read_document(workbook(tmp_path), "a.xlsx", ["shopee"], tell=told.append))

    assert facts.channels[0].channel == "shopee"
    assert told[0] == Progress("sheet", 1, 2)
    assert told[-1] == Progress("figures", rows=4)


def test_who_waits_for_a_turn_hears_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text(CSV)
    monkeypatch.setattr(reader, "CONCURRENT_READERS", 1)
    told: list[list[Progress]] = [[], []]

    async def both() -> None:
        path = tmp_path / "a.csv"
        await asyncio.gather(*(read_document(path, path.name, ["shopee"], tell=one.append) for one in told))

    asyncio.run(both())

    assert [one[0] for one in told] == [Progress("figures", rows=3), Progress("waiting")]


@pytest.mark.parametrize(
    "said",
    [
        b"hello",
        b"[]",
        b'{"progress": 1}',
        b'{"progress": {"stage": "<b>"}}',
        json.dumps({"progress": {"stage": "rows", "at": "1", "of": 0, "rows": 0}}).encode(),
        json.dumps({"progress": {"stage": "rows", "at": 1}}).encode(),
    ],
)
def test_a_reader_that_says_anything_else_is_not_believed(said: bytes) -> None:
    with pytest.raises(Refused) as caught:
        reader._progress(said)

    assert (caught.value.code, caught.value.cause) == ("unreadable", "no progress")
