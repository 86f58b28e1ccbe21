"""A workbook tells sales by month on one sheet and by channel on another: the same sales count once."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gateway.intake import Limits
from gateway.intake.document import read
from gateway.intake.told_again import AGAIN
from schemas.facts import DocumentFacts
from tests.unit.gateway.intake.test_summaries_in_texts import BY_CHANNEL, CHANNELS, MONTHS, Rows


def revenue_of(facts: DocumentFacts) -> dict[str, float]:
    return {one.channel: figure.value for one in facts.channels for figure in one.figures if figure.metric == "revenue"}


def workbook(folder: Path, *sheets: Rows) -> Path:
    book = openpyxl.Workbook(write_only=True)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Resumo {number}")
        for row in rows:
            sheet.append(row)
    book.save(folder / "resumo.xlsx")
    return folder / "resumo.xlsx"


@pytest.mark.parametrize("channels", [["own_store"], ["shopee"], ["shopee", "mercado_livre"]])
@pytest.mark.parametrize("sheets", [(MONTHS, CHANNELS), (CHANNELS, MONTHS)])
def test_the_sums_of_all_channels_are_not_those_of_the_one_that_was_chosen(
    tmp_path: Path, channels: list[str], sheets: tuple[Rows, ...]
) -> None:
    facts = read(workbook(tmp_path, *sheets), "resumo.xlsx", channels, Limits())

    assert revenue_of(facts) == BY_CHANNEL
    months = facts.tables[sheets.index(MONTHS)]
    assert AGAIN in months.warnings


def test_sheets_with_other_sums_are_other_sales(tmp_path: Path) -> None:
    more: Rows = [MONTHS[0], ("Outubro/2026", "300", "R$ 40.000,00")]

    facts = read(workbook(tmp_path, MONTHS, more), "resumo.xlsx", ["shopee"], Limits())

    assert revenue_of(facts) == {"shopee": pytest.approx(190_300.0)}
