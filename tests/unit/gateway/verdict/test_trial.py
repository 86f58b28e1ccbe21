"""A test of a notifier is told in the language of the engine's messages."""

from __future__ import annotations

import pytest

from gateway.verdict.languages import speech
from gateway.verdict.words.trial import said


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("Test of alerts", "This is a test: messages of alerts arrive here. Ana asked for it.")),
        ("pt_BR", ("Teste de alertas", "Ana")),
    ],
)
def test_the_test_of_a_notifier_says_in_its_language_who_asked(language: str, told: tuple[str, str]) -> None:
    title, text = said("Ana", speech(language))
    assert title == told[0]
    assert told[1] in text
    assert ("This is a test" in text) == (language == "en")
