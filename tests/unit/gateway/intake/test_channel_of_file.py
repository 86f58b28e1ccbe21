"""The file's name tells the channel where nothing in the table does, several were asked for, and it tells just one."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.intake import Limits
from gateway.intake.document import read
from gateway.intake.layouts.channel_words import channel_of_file
from schemas.facts import DocumentFacts

CSV = "Data;SKU;Quantidade;Valor total\n01/04/2026;A1;2;59,80\n02/04/2026;A2;1;19,90\n"
ASKED = ["shopee", "amazon", "mercado_livre"]


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("vendas_shopee_maio.csv", "shopee"),
        ("Amazon-abril.xlsx", "amazon"),
        ("relatorio MELI 2026.csv", "mercado_livre"),
        ("shopee_e_amazon.csv", ""),
        ("shein.csv", ""),  # not asked for
        ("shein_shopee.csv", ""),
        ("site.csv", ""),
        ("vendas.csv", ""),
    ],
)
def test_what_a_name_tells(name: str, channel: str) -> None:
    assert channel_of_file(name, ASKED) == channel


def facts_of(folder: Path, name: str, text: str = CSV, channels: list[str] | None = None) -> DocumentFacts:
    (folder / name).write_text(text, encoding="utf-8")
    return read(folder / name, name, channels or ASKED, Limits())


def test_the_name_is_told_as_the_source(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "vendas_shopee.csv")

    assert [one.channel for one in facts.channels] == ["shopee"]
    assert "Canal lido do nome do arquivo: Shopee." in facts.tables[0].warnings


def test_what_stands_in_the_table_comes_first(tmp_path: Path) -> None:
    named = (
        CSV.replace("Valor total\n", "Valor total;Canal\n")
        .replace("59,80", "59,80;Amazon")
        .replace("19,90", "19,90;Amazon")
    )

    assert [one.channel for one in facts_of(tmp_path, "shopee.csv", named).channels] == ["amazon"]


def test_without_a_name_of_one_nobody_knows(tmp_path: Path) -> None:
    assert facts_of(tmp_path, "vendas.csv").channels == []
    assert [one.channel for one in facts_of(tmp_path, "shopee.csv", channels=["amazon"]).channels] == ["amazon"]
