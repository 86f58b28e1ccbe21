"""No function of Python or of the database is longer than a screen, but for those that are named here with a reason."""

from __future__ import annotations

import re
from typing import Final

from schemas.database import files
from tests.support import sources

#: Lines, with the signature and the docstring.
MOST: Final = 60
#: The longer ones say one thing after another: a part of them would be no easier to read.
TABLES: Final = {
    "gateway/cli/commands/uploads.py::upload": "an argument for each option, and the help that `--help` prints",
    "tests/browser/morning.py::_undecided": "the plans that wait on a morning",
    "tests/browser/morning.py::_decided": "the plans that were decided before that morning",
    "tests/integration/decide/test_housekeeping.py::rows": "a row of each table that is swept",
}
#: Functions of the database that are longer, with the reason.
OF_THE_DATABASE: Final = {
    "decide.run": "one round trip for each command; a part with a name of its own would be one more call",
    "decide.upload": "the rows that a plan begins with, one statement after another",
}
#: The beginning of a text of several lines, or of a docstring.
_QUOTE: Final = re.compile(r'(?:^|[\s(\[{=,])[rbf]{0,2}"""')
_DEF: Final = re.compile(r"( *)(?:async )?def (\w+)\(")
_SQL: Final = re.compile(r"^create or replace function ([a-z_.]+)\(", re.MULTILINE)


def lengths(text: str) -> list[tuple[str, int]]:
    """Return name and lines of each function, inner ones too, of a text as the formatter sets it.

    To parse all files takes several seconds. A function ends before the first line that stands no further in than its
    `def`; the closing bracket of its signature does not end it, nor does a text of several lines.
    """
    found: list[tuple[str, int]] = []
    open_: list[tuple[int, str, int]] = []  # how far in, name, first line
    last = 0  # with text
    quoted = False
    for n, line in enumerate(text.splitlines(), start=1):
        body = line.lstrip(" ")
        begun = quoted
        if begun or _QUOTE.search(line):
            quoted ^= line.count('"""') % 2 == 1
        if not body or begun:
            last = n if begun else last
            continue
        inwards = len(line) - len(body)
        while open_ and inwards <= open_[-1][0] and not body.startswith(")"):
            _, name, first = open_.pop()
            found.append((name, last - first + 1))
        if begins := _DEF.match(line):
            open_.append((inwards, begins[2], n))
        last = n
    return found + [(name, last - first + 1) for _, name, first in open_]


def too_long(files: dict[str, str]) -> set[str]:
    return {f"{file}::{name}" for file, text in files.items() for name, lines in lengths(text) if lines > MOST}


def lengths_in_sql(text: str) -> list[tuple[str, int]]:
    """Return name and lines of each function that a text of SQL makes; the comment before the first one is no part."""
    begins = [*_SQL.finditer(text)]
    ends = [*(after.start() for after in begins[1:]), len(text)]
    return [(one[1], len(text[one.start() : end].strip().splitlines())) for one, end in zip(begins, ends, strict=True)]


def test_no_function_of_the_database_is_too_long_but_those_that_say_why() -> None:
    found = [one for function in files().functions for one in lengths_in_sql(function.sql)]
    assert len(found) > len(OF_THE_DATABASE)
    assert {name for name, lines in found if lines > MOST} == OF_THE_DATABASE.keys()


def test_each_overload_in_sql_is_counted_by_itself() -> None:
    one = (
        "create or replace function decide.one(a int) returns int language sql as $$\n" + "select 1;\n" * MOST + "$$;\n"
    )
    other = "create or replace function decide.one() returns int language sql as $$ select 1 $$;\n"
    assert lengths_in_sql(f"-- What it is for.\n\n{one}\n{other}") == [("decide.one", MOST + 2), ("decide.one", 1)]


def test_no_function_is_too_long_but_tables() -> None:
    assert too_long(sources.python(*sources.PACKAGES, "tests")) == TABLES.keys()


def test_one_that_is_too_long_is_found_wherever_it_stands() -> None:
    body = "    x = 1\n" * (MOST - 4)
    fits = f"async def fits(\n    a: int,\n) -> None:\n{body}\n    return\n\n\nX = 1\n"
    assert lengths(fits) == [("fits", MOST + 1)]
    inner = "class A:\n    def outer(self) -> None:\n        def inner() -> None:\n" + "            y = 1\n" * MOST
    assert lengths(inner) == [("outer", MOST + 2), ("inner", MOST + 1)]
    quoting = 'def quoting() -> str:\n    return """\n' + "def none() -> None:\n" * MOST + '"""\n\n\nX = 1\n'
    assert lengths(quoting) == [("quoting", MOST + 3)]
    assert too_long({"a.py": fits, "b.py": inner, "c.py": "def short() -> None: ...\n"}) == {
        "a.py::fits",
        "b.py::inner",
        "b.py::outer",
    }
