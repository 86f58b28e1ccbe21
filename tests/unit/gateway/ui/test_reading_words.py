"""A reading's words are the reader's Portuguese; a page in English says the same in English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.ui import i18n
from gateway.ui.words import reading_words
from gateway.ui.words.reading_words import HEADER, PLACES, REMARKS, place, remark

INTAKE = Path(__file__).parents[4] / "gateway" / "intake"


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def written() -> set[str]:
    """Every text of the reader, `{}` for each of its values."""
    texts: set[str] = set()
    for file in INTAKE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
                texts.add("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(re.sub(r"\{[^}]*\}", "{}", node.value))
    return texts


def test_what_is_known_here_is_what_the_reader_writes() -> None:
    """A text that the reader changes has to be changed here, too."""
    assert {*PLACES, HEADER, *REMARKS} - written() == set()


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("planilha “Vendas BR”, cabeçalho na linha 6", "sheet “Vendas BR”, header in row 6"),
        ("arquivo separado por “tabulação”, cabeçalho na linha 1", "file separated by “tab”, header in row 1"),
        ("tabela 2 (páginas 3 a 4)", "table 2 (pages 3 to 4)"),
        ("tabela 2 (página 3), cabeçalho na linha 1", "table 2 (page 3), header in row 1"),
        ("linhas 3 a 9 do texto, separadas por “espaços”", "lines 3 to 9 of the text, separated by “spaces”"),
        ("planilha “página 2”", "sheet “página 2”"),
        ("de uma versão depois desta", "de uma versão depois desta"),
    ],
)
def test_a_place_is_said_in_the_readers_language(stored: str, said: str) -> None:
    assert place(stored) == said
    i18n.use("pt_BR")
    assert place(stored) == stored


def test_a_remark_keeps_its_values() -> None:
    stored = "399 linha(s) sem valor (Amount) não entraram na receita."
    assert remark(stored) == "399 row(s) without an Amount are not in the revenue."
    assert remark(f"tabela 1 do documento: {stored}") == f"table 1 of the document: {remark(stored)}"
    assert remark("outra coisa: disso") == "outra coisa: disso"
    i18n.use("pt_BR")
    assert remark(stored) == stored


def test_no_remark_is_half_said() -> None:
    for stored, english in reading_words.REMARKS.items():
        values = [f"v{n}" for n in range(stored.count("{}"))]
        assert remark(stored.format(*values)) == english.format(*values)
