"""The sources of the packages, for tests that look through all of them: to parse them all takes several seconds.

So what can hold nothing of what is looked for is told by its text, and left unparsed: a name that a tree has stands in
the text as it is.
"""

from __future__ import annotations

import ast
import gc
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("schemas", "streams", "projections", "gateway", "local", "bench")
_WORD: Final = re.compile(r"\w+")


@cache
def python(*packages: str) -> dict[str, str]:
    """Return path -> text of every module of these packages, of PACKAGES without any."""
    files = (file for package in packages or PACKAGES for file in sorted((ROOT / package).rglob("*.py")))
    return {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in files}


@contextmanager
def nothing_thrown_away() -> Iterator[None]:
    """Do without the collector of garbage where much is made and all is kept: it takes longer than all else there."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def names_in(text: str) -> frozenset[str]:
    """Return the names and the words of a text."""
    return frozenset(_WORD.findall(text))


def mentioning(
    *names: Collection[str], files: Iterable[tuple[str, str]] | None = None
) -> Iterator[tuple[str, ast.Module]]:
    """Yield path and tree of the modules whose text has all the names of one of these collections."""
    wanted = [frozenset(together) for together in names]
    for file, text in python().items() if files is None else files:
        there = names_in(text)
        if any(together <= there for together in wanted):
            yield file, ast.parse(text)
