"""A reading's words are the reader's Portuguese; a page in English says the same in English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import pytest

from gateway.intake.figures.reconcile import doubts_of
from gateway.intake.goods import Goods, WrongRow
from gateway.intake.goods_told import WHY, WHY_NOT, told, wrong_rows
from gateway.problems.problem import Problem
from gateway.ui import i18n
from gateway.ui.pages import goods_said
from gateway.ui.words.reading_words import place, remark
from gateway.uploads.reading_words import PLACES, REMARKS
from gateway.uploads.reading_words_values import VALUES
from schemas.facts import Reconciliation, RowDifference

INTAKE = Path(__file__).parents[4] / "gateway" / "intake"
#: What stands in a sentence in Portuguese, and in none in English.
PORTUGUESE = re.compile(
    r"\b(não|são|foi|foram|está|estão|é|pode|podem|diz|tabela|usados|colunas?|linhas?|pedidos?|nada)\b",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def bare(text: str) -> str:
    """Return a text with `{}` for each of its values."""
    return re.sub(r"\{[^}]*\}", "{}", text)


def texts_of(tree: ast.Module) -> set[str]:
    """Return every text of a module but what it says of itself, `{}` for each value; parts of a text are none."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    texts: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            values = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
            texts.add("".join(map(str, values)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said | parts:
            texts.add(bare(node.value))
    return texts


def written() -> set[str]:
    """Every text of the reader."""
    return {text for file in INTAKE.rglob("*.py") for text in texts_of(ast.parse(file.read_text("utf-8")))}


def remarks(texts: set[str]) -> set[str]:
    """Return those that are sentences in Portuguese: that is how a remark is written, and nothing else is."""
    ended = {text for text in texts if re.search(r"\.( ?\{\})*$", text)}
    return {text for text in ended if text.count(" ") > 1 and PORTUGUESE.search(text)}


def filled(text: str, words: Mapping[str, Mapping[str, str]] = VALUES) -> tuple[str, list[str]]:
    """Return a text with values, and how these are said: of the reader's own texts the first one."""
    stored = ""
    said: list[str] = []
    for literal, field, kind, _ in Formatter().parse(text):
        stored += literal
        if field is None:
            continue
        if kind == "place":
            value, english = "página 7", "page 7"
        elif kind == "sum":
            value, english = "-1.234,56", "-1,234.56"
        elif kind == "sums":
            value, english = "Saque: -1.234,56; 9,90: 0,05", "Saque: -1,234.56; 9.90: 0.05"
        elif kind:
            own, of_own = next(iter(words[kind].items()))
            value, values = filled(own)
            english = of_own.format(*values)
        else:
            value = english = f"v{len(said)}"
        stored += value
        said.append(english)
    return stored, said


def dates() -> set[str]:
    """Return what the readers of payouts say that their dates are of."""
    trees = [ast.parse(file.read_text("utf-8")) for file in (INTAKE / "layouts").glob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    told = [call.args[2] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "payout_lines"]
    return {str(ast.literal_eval(one)) for one in told}


def test_what_is_known_here_is_what_the_reader_writes() -> None:
    """A text that the reader changes has to be changed here, too."""
    assert {bare(one) for one in (*PLACES, *REMARKS)} - written() == set()


def test_every_remark_of_the_reader_is_known() -> None:
    """A new remark needs its sentence in English, in one of the modules `reading_words_…`."""
    known = {bare(one) for one in REMARKS} | {bare(one) for texts in VALUES.values() for one in texts}
    assert remarks(written()) - known == set()


def test_a_remark_is_known_by_how_it_is_written() -> None:
    module = ast.parse(
        '"""Tudo foi lido, e nada mais."""\nA = "{n:d} linha(s) são só {x}."\nB = f"A {A} não diz nada."'
    )
    assert remarks(texts_of(module)) == {"{} linha(s) são só {}.", "A {} não diz nada."}
    assert remarks({"não paga", "The file could not be read.", "Coluna."}) == set()


def test_the_readers_own_words_within_a_remark_are_its_own() -> None:
    texts = written()
    for kind in set(VALUES) - {"field", "fields"}:
        for own in VALUES[kind]:
            pieces = [piece.strip() for piece, *_ in Formatter().parse(own)]
            assert [one for one in pieces if not any(one in text for text in texts)] == []
    assert set(VALUES["dates"]) == dates()
    assert set(VALUES["why"]) == set(WHY.values())
    assert set(VALUES["why_not"]) == set(WHY_NOT.values())


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("planilha “Vendas BR”, cabeçalho na linha 6", "sheet “Vendas BR”, header in row 6"),
        ("arquivo separado por “tabulação”, cabeçalho na linha 1", "file separated by “tab”, header in row 1"),
        ("arquivo separado por “;”", "file separated by “;”"),
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
    assert remark(f"planilha “A: B”: {stored}") == f"sheet “A: B”: {remark(stored)}"
    assert remark("outra coisa: disso. E disso.") == "outra coisa: disso. E disso."
    i18n.use("pt_BR")
    assert remark(stored) == stored


@pytest.mark.parametrize("written_so", REMARKS)
def test_no_remark_is_half_said(written_so: str) -> None:
    stored, values = filled(written_so)
    assert remark(stored) == REMARKS[written_so].format(*values)


@pytest.mark.parametrize("kind", VALUES)
def test_every_word_of_the_readers_within_a_remark_is_said(kind: str) -> None:
    """Each in the first remark that has such a value."""
    within = next((one for one in (*REMARKS, *PLACES) if f"{{:{kind}}}" in one), None)
    for own, english in VALUES[kind].items() if within else ():
        assert within is not None
        stored, values = filled(within, {**VALUES, kind: {own: english}})
        assert (remark if within in REMARKS else place)(stored) == ({**REMARKS, **PLACES})[within].format(*values)


def test_what_the_document_says_stays_as_it_is() -> None:
    column = "não aparecem em nenhuma delas"
    stored = f"A coluna “{column}” mostra que a coluna “Total {{bruto}}” ainda contém o desconto: ele foi tirado da "
    assert remark(f"{stored}receita, 1,00 ao todo.") == (
        f"The column “{column}” shows that the column “Total {{bruto}}” still has the discount in it: it was taken off "
        "the revenue, 1.00 in all."
    )


def test_sentences_that_the_reader_puts_together_are_said() -> None:
    goods = Goods(without=["A", "B"], wrong_rows=3, ads_unusable=["currencies"])
    assert [remark(one) for one in told(goods)] == [
        "The report of advertising was not kept: it has amounts in more than one currency.",
        "2 SKUs without a cost: A, B.",
        "3 more rows were left out.",
    ]
    [wrong] = wrong_rows([WrongRow("", row, "twice") for row in range(2, 16)])
    assert remark(wrong) == (
        "Row(s) 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 and 2 more with the same SKU and other costs for the same day: "
        "they changed nothing."
    )
    matched = Reconciliation("Total", 100.0, 90.0, -10.0, 0.1, 4, [RowDifference("1", 0, 7, 100.0, 90.0)])
    [doubt] = doubts_of(matched, "BRL")
    assert remark(doubt) == (
        "The column “Total” sums to R$ 100.00, and the columns that it is made of sum to R$ 90.00: R$ 10.00 (10.0%) "
        "are in none of them. Rows with the largest differences: 7."
    )
    twice = "5 linha(s) repetem vendas que outra tabela do documento já traz: cada venda foi contada uma vez. "
    assert remark(f"{twice}Se são outras vendas, envie essa tabela em um arquivo só dela.") == (
        "5 row(s) repeat sales that another table of the document has already: each sale was counted once. If they are "
        "other sales, upload that table in a file of its own."
    )


def test_what_is_said_of_goods_is_in_the_readers_language() -> None:
    wrong = wrong_rows([WrongRow("custos", 3, "negative")])
    refused = goods_said.refused(Problem("goods-wrong", "Row 3 has a negative amount.", told=wrong))
    assert [row.text for row in refused.rows] == ["Row(s) 3 with a negative value: it changed nothing."]
    i18n.use("pt_BR")
    assert [row.text for row in goods_said.refused(Problem("goods-wrong", "", told=wrong)).rows] == wrong
