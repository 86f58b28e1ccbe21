"""What is put aside for a call covers whatever its text may have in tokens."""

from __future__ import annotations

import pytest

from streams.analysis.agents.prices import Price, most_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("a", 1),
        ("abc", 2),
        ("preço", 4),  # four letters of ASCII, and two bytes
        ("价格", 6),  # three bytes each: a model may have a token for each of them
        ("\N{GRINNING FACE}", 4),
        ("\ud800", 3),  # half a letter
    ],
)
def test_a_text_has_no_more_tokens_than_its_bytes_can_be(text: str, tokens: int) -> None:
    assert most_tokens(text) == tokens


def test_what_a_call_costs_is_by_the_million() -> None:
    assert Price(0.15, 0.6).of(2_000_000, 1_000_000) == pytest.approx(0.9)
