"""Detect whether an answer is in Portuguese, by the most common small words. Pure."""

from __future__ import annotations

import re
from typing import Final

#: Fewer words than this tell nothing.
WORDS_LEAST: Final = 15
#: Words of another language, twice as many as Portuguese ones, that make a text one of that language.
FOREIGN_LEAST: Final = 3
#: A text with so many words has some of Portuguese's own, if it is Portuguese.
WORDS_TELLING: Final = 40
#: The share of letters of another script that makes a text foreign.
OTHER_SCRIPT: Final = 0.3

#: Words that a language has and others mostly have not; what two of them share counts for Portuguese alone.
_WORDS: Final = {
    "pt": "do da dos das em na nas os uma um não são ao aos à às pelo pela mais com para por que é ou também já seu "
    "sua seus suas você isso este esta cada até sem",
    "en": "the of and to in for with is are on your this that be by it from as at or an will should can which",
    "es": "el los las y del en con una su sus más es al lo hay muy pero también este cada según",
    "fr": "le les des et du une est dans pour sur avec au aux vos votre qui pas plus ce cette",
    "de": "der die das und mit für ist sind ein eine den dem auf nicht von zu im werden sie",
    "it": "il gli di e che per con del della è sono una nel nella più non i alla le dei",
}
_OWN: Final = {name: frozenset(words.split()) for name, words in _WORDS.items()}
_SHARED: Final = {name: words & _OWN["pt"] for name, words in _OWN.items() if name != "pt"}
_WORD = re.compile(r"[^\W\d_]+")


def is_portuguese(text: str) -> bool:
    """Return whether a text may be Portuguese; true for a text too short to tell."""
    words = [word.casefold() for word in _WORD.findall(text)]
    letters = [char for word in words for char in word]
    if letters and sum(ord(char) > 0x24F for char in letters) > OTHER_SCRIPT * len(letters):
        return False
    if len(words) < WORDS_LEAST:
        return True
    own = sum(word in _OWN["pt"] for word in words)
    foreign = max(
        sum(word in known and word not in _SHARED[name] for word in words)
        for name, known in _OWN.items()
        if name != "pt"
    )
    if foreign >= FOREIGN_LEAST and foreign > 2 * own:
        return False
    return own > 0 or len(words) < WORDS_TELLING
