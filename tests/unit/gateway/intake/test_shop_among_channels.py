"""A sheet that is called after the seller's own shop has its sales, beside sheets of marketplaces."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from gateway.intake.document import read
from gateway.intake.layouts.channel_words import named_by_sheet
from gateway.intake.limits import Limits

CHANNELS = ["mercado_livre", "own_store", "shopee"]


def workbook(path: Path, names: list[str], channels: list[str] = CHANNELS) -> dict[str, float]:
    book = Workbook()
    del book["Sheet"]
    for place, name in enumerate(names, 1):
        sheet = book.create_sheet(name)
        sheet.append(["Pedido", "Data", "Produto", "Quantidade", "Valor Total"])
        for n in range(1, 4):
            sheet.append([f"{place}{n}", f"0{n}/03/2026", "Caneca", 1, 10 * place])
    book.save(path)
    facts = read(path, path.name, channels, Limits())
    unnamed = [facts.unnamed] if facts.unnamed else []
    return {
        own.channel: figure.value
        for own in (*facts.channels, *unnamed)
        for figure in own.figures
        if figure.metric == "revenue"
    }


def test_a_sheet_of_the_site_beside_marketplaces_is_of_the_own_shop(tmp_path: Path) -> None:
    told = workbook(tmp_path / "a.xlsx", ["ML", "Shopee", "Site"])

    assert told == {"mercado_livre": 30, "shopee": 60, "own_store": 90}


def test_the_sites_sales_are_none_of_the_one_channel_that_is_asked_for(tmp_path: Path) -> None:
    assert workbook(tmp_path / "a.xlsx", ["Shopee", "Site"], ["shopee"])["shopee"] == 30


def test_a_site_without_marketplaces_beside_it_names_no_channel(tmp_path: Path) -> None:
    assert "own_store" not in workbook(tmp_path / "a.xlsx", ["Site", "Loja do centro"])


@pytest.mark.parametrize(
    ("sheet", "channel"),
    [
        ("Website", "own_store"),
        ("Vendas do site", "own_store"),
        ("Loja Própria", "own_store"),
        ("online-store", "own_store"),
        ("Site visits", ""),
        ("Loja física", ""),
        ("Resumo", ""),
    ],
)
def test_a_sheet_may_be_called_after_the_own_shop(sheet: str, channel: str) -> None:
    assert named_by_sheet(f"planilha “{sheet}”", [f"planilha “{sheet}”", "planilha “Amazon”"]) == channel


def test_a_file_without_sheets_is_called_after_none() -> None:
    assert named_by_sheet("arquivo separado por “;”", ["arquivo separado por “;”"]) == ""
