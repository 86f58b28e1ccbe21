"""Every text that a verdict is said with: what a language has to have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gateway.verdict.words import findings, harm, own, plans, terms, trial
from gateway.verdict.words.headline import CLEAR, MORE, WAITING
from gateway.verdict.words.say import Text

_PLACE: Final = re.compile(r"%\(\w+\)s")


def messages() -> Iterator[Text]:
    """Return each text, or its forms for one and for many; some more than once, none that is places alone."""
    return (text for text in _all() if _PLACE.sub("", "".join(text)).strip())


def _all() -> Iterator[Text]:
    for table in (findings.WORDS, plans.WORDS):
        for words in table.values():
            yield from words.messages()
    for text, advice in CLEAR.values():
        yield from (text, advice)
    yield from (MORE, WAITING)
    yield from terms.messages()
    yield from own.messages()
    yield from harm.messages()
    yield from trial.messages()
