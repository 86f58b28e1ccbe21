"""`python -m bench reading`: a row says what a document took, from its bytes to its plan."""

from pathlib import Path

import pytest

from bench import reading
from bench.evaluate.reading import Read
from gateway.intake import Limits
from gateway.intake.document import contents
from schemas.facts import DocumentFacts
from schemas.plan import ChannelAnalysis

SALES = "Pedido;Data;Canal;Produto;Quantidade;Preço;Total\n1;13/09/2026;Shopee;Vaso;2;10,00;20,00\n"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "vendas.csv"
    path.write_text(f"{SALES}2;14/09/2026;Amazon;Prato;1;10,00;10,00\n", encoding="utf-8")
    return path


def test_a_document_is_read_and_each_of_its_channels_analysed(document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = contents(document, document.name, ["shopee", "amazon"], Limits()).facts
    asked: list[str] = []
    clock = iter([1.0, 1.25])

    def analyse(channel: str, of: DocumentFacts) -> ChannelAnalysis:
        asked.append(channel)
        assert of is facts
        return ChannelAnalysis(channel, "rules", "", "", [])

    monkeypatch.setattr(reading, "analyse", analyse)
    monkeypatch.setattr("time.process_time", lambda: next(clock))
    row = reading.line(document, Read(document.name, ["shopee", "amazon"], facts, {}, 1.5, 2.25, 200.4))

    assert asked == ["amazon", "shopee"]
    assert row == "| vendas.csv | 2 | 0.0 | 1.50 | 0.250 | 2.2 | 200 |"


def test_what_is_refused_has_its_reason_and_no_analysis(document: Path) -> None:
    row = reading.line(document, Read(document.name, [], None, {"code": "too-slow"}, 60.0, 70.0, 300.0))

    assert row == "| vendas.csv | too-slow | 0.0 | 60.00 | - | 70.0 | 300 |"
