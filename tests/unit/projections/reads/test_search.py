"""What is asked for becomes words and ids; no sign of it is a sign of the query's language."""

from __future__ import annotations

from uuid import UUID

import pytest

from projections.reads.search import LETTERS, WORDS, beginnings, ids, words_of


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Vendas de março", "'vendas':* & 'de':* & 'marco':*"),
        ("TEN-RUN_42", "'ten':* & 'run':* & '42':*"),
        ("a'b:* & !c | (d)", "'a':* & 'b':* & 'c':* & 'd':*"),
        ("\\ % _ '", ""),
        ("", ""),
        ("x" * 500, f"'{'x' * LETTERS}':*"),
        (" ".join("abcdefghij"), " & ".join(f"'{c}':*" for c in "abcdefghij"[:WORDS])),
    ],
)
def test_beginnings(text: str, query: str) -> None:
    assert beginnings(text) == query


def test_words_have_no_accents() -> None:
    assert words_of("Ação ÉPICA; çüñ") == ["acao", "epica", "cun"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("dead", "dead0000-0000-0000-0000-000000000000", "deadffff-ffff-ffff-ffff-ffffffffffff"),
        ("DEADBEEF-12", "deadbeef-1200-0000-0000-000000000000", "deadbeef-12ff-ffff-ffff-ffffffffffff"),
    ],
)
def test_the_beginning_of_an_id_is_a_span_of_ids(text: str, first: str, last: str) -> None:
    assert ids(text) == (UUID(first), UUID(last))


@pytest.mark.parametrize("text", ["", "abc", "café", "dead beef", "deadbeefx", "-dead", "0" * 33])
def test_what_is_no_beginning_of_an_id(text: str) -> None:
    assert ids(text) is None
