"""Which of Windows' encodings a text has that is no UTF-8: of Brazil, of Poland, of Turkey, of Russia, China or Japan.

They all read any bytes, so what they make of them tells: words, or letters of two kinds and cases in one word.
"""

from __future__ import annotations

import re
from typing import Final

#: So many of the first bytes tell the encoding.
_TOLD_BY: Final = 256 * 1024
WESTERN: Final = "cp1252"
_CENTRAL: Final = "cp1250"
_TURKISH: Final = "cp1254"
_RUSSIAN: Final = "cp1251"
_EASTERN: Final = ("cp932", "gb18030")
#: What Poland's letters become between others; `m³` and `nota¹` are at a word's end.
_OF_POLAND: Final = re.compile(r"[A-Za-zóêñ][³¹¿][A-Za-zóêœæñ]|œæ(?!\w)")
_OF_TURKEY: Final = re.compile("[þÞðÐýÝ]")
#: Iceland's words have these, too.
_OF_ICELAND: Final = re.compile("[áíóúæÁÍÓÚÆ]")
_SEVERAL: Final = 2
_RUSSIAN_WORD: Final = re.compile("\\b(?:[\u0410-\u042f\u0401]?[\u0430-\u044f\u0451]+|[\u0410-\u042f\u0401]+)\\b")
#: Kana and Chinese characters; a letter with an accent and the one behind it can look like a single one.
_CHARACTER: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_CHARACTERS: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{2,}")
#: Such a share of all letters beyond ASCII stands in words of the language.
_MOST: Final = 0.8


def windows_encoding(data: bytes) -> str:
    """Return the encoding of a text that is no UTF-8; Brazil's where nothing tells another."""
    head = data[:_TOLD_BY]
    text = head.decode(WESTERN, errors="replace")
    if _OF_POLAND.search(text):
        return _CENTRAL
    if len(_OF_TURKEY.findall(text)) >= _SEVERAL and not _OF_ICELAND.search(text):
        return _TURKISH
    if _is_russian(head):
        return _RUSSIAN
    return next((name for name in _EASTERN if _is_eastern(head, name)), WESTERN)


def _is_russian(head: bytes) -> bool:
    text = head.decode(_RUSSIAN, errors="replace")
    beyond = sum(not char.isascii() for char in text)
    words = [word for word in _RUSSIAN_WORD.findall(text) if len(word) >= _SEVERAL]
    return sum(map(len, words)) > _MOST * beyond > 0


def _is_eastern(head: bytes, name: str) -> bool:
    text = head.decode(name, errors="ignore")
    single = len(_CHARACTER.findall(text))
    lost = len(head) - len(text.encode(name, errors="ignore"))
    return lost <= _SEVERAL and sum(map(len, _CHARACTERS.findall(text))) > _MOST * single > 0
