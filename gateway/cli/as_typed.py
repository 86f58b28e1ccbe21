"""Translate the parameter names in an API refusal into the options that a person types at a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

#: Longer texts stand before those that they contain.
_TYPED: Final = (
    (re.compile(r"with If-Match, in `versions` where it is one of many, with --version of the command line"),
     "with --version"),
    (re.compile(r"with mapping or map\b"), "with --map"),
    (re.compile(r"say with unnamed\b"), "say with --unnamed"),
    (re.compile(r"name just one with channels\b"), "name just one with --channel"),
    (re.compile(r"\bsend (\w+)=true\b"), r"give --\1"),
    (re.compile(r"\b(\w+)=true\b"), r"--\1"),
    (re.compile(r"\b(currency)=([A-Z]{3})\b"), r"--\1 \2"),
)  # fmt: skip


def as_typed(text: str) -> str:
    """Return a refusal's text with options in the place of parameters and headers."""
    for asked, typed in _TYPED:
        text = asked.sub(typed, text)
    return text


def detail_of(problem: Mapping[str, Any]) -> str:
    """Return a problem's detail with options as they are typed; empty if it has none."""
    return as_typed(str(problem.get("detail") or ""))
