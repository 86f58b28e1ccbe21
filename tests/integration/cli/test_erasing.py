"""`marketplace erase` against a gateway: asked before, refused while the system works, done once."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from tests.integration.cli.conftest import Marketplace

SALES = "Data;SKU;Produto;Quantidade;Valor total\n01/04/2026;A1;Caneca;2;59,80\n02/04/2026;A2;Prato;1;19,90\n"


@pytest.fixture(scope="module")
def processes() -> tuple[str, ...]:
    """The processes that these commands need."""
    return ("gateway",)


async def test_a_document_is_erased_once_by_whoever_says_so_twice(marketplace: Marketplace, tmp_path: Path) -> None:
    document = tmp_path / "maria.csv"
    document.write_text(SALES, "utf-8")
    upload = ("upload", "--channel", "shopee", "--currency", "BRL", str(document))
    [made] = marketplace.json(*upload)["results"]
    erase = ("erase", made["planId"], "--reason", "pedido do titular")

    assert "still works on the plan" in marketplace(*erase, "--yes", status=1).stderr  # its analysis is awaited
    database = await asyncpg.connect(marketplace.database_url)
    await database.execute("delete from flow.deadline")
    assert "give --yes" in marketplace(*erase, status=2).stderr
    kept = await database.fetchval("select count(*) from decide.document")
    first, again = (marketplace.json(*erase, "--yes") for _ in range(2))

    assert kept == 1
    assert first == {"planId": made["planId"], "outcome": "accepted", "namedInLog": False}
    assert again["outcome"] == "unchanged"
    assert await database.fetchval("select count(*) from decide.document") == 0
    await database.close()
