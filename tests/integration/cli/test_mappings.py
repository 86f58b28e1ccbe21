"""`marketplace mappings` against a gateway: what an upload has said of columns is listed, changed and forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.cli.conftest import Marketplace

SALES = (
    "pedido;dt;prod;qtd;vlr\na1;01/03/2026;Camisa;2;50,00\na2;02/03/2026;Meia;1;30,00\na3;03/03/2026;Calça;3;80,00\n"
)


@pytest.fixture(scope="module")
def processes() -> tuple[str, ...]:
    """The processes that these commands need."""
    return ("gateway",)


def test_a_mapping_is_kept_by_an_upload_and_a_person_changes_and_forgets_it(
    marketplace: Marketplace, tmp_path: Path
) -> None:
    assert marketplace.json("mappings", "list") == {"items": []}
    assert "No mapping is kept" in marketplace("mappings", "list").stderr
    first, second = (tmp_path / name for name in ("loja.csv", "outra.csv"))
    first.write_text(SALES, "utf-8")
    second.write_text(SALES.replace("50,00", "60,00"), "utf-8")
    upload = ("upload", "--channel", "own_store")

    marketplace(*upload, str(second), status=1)  # nobody knows what vlr is
    [made] = marketplace.json(*upload, str(first), "--map", "price=vlr", "--map", "units=qtd")["results"]
    [kept] = marketplace.json("mappings", "list")["items"]
    [other] = marketplace.json(*upload, str(second))["results"]  # and now nobody has to ask

    assert kept["columns"] == {"vlr": "price", "qtd": "units"}
    assert kept["document"] == "loja.csv"
    assert made["planId"] != other["planId"]
    listed = marketplace("mappings", "list").stdout
    assert "vlr" in listed
    assert "loja.csv" in listed

    header = kept["headerId"]
    changed = marketplace.json("mappings", "change", header, "--map", "revenue=vlr")
    marketplace("mappings", "change", header, "--map", "valor=vlr", status=1)
    marketplace("mappings", "change", header, status=2)
    assert changed["columns"] == {"vlr": "revenue", "qtd": "units"}
    assert marketplace.json("mappings", "list")["items"][0]["columns"] == changed["columns"]

    marketplace("mappings", "forget", header)
    assert marketplace.json("mappings", "list") == {"items": []}
    assert "0123456789abcdef" in marketplace("mappings", "forget", "0123456789abcdef", status=1).stderr
    marketplace(*upload, str(second), "--again", status=1)  # it asks anew
