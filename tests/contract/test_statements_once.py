"""A statement of SQL stands once in a package: who needs it imports it, so that a change of it is one change."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from tests.support.sources import python

PACKAGES = ("schemas", "streams", "projections", "gateway")
#: A shorter one says nothing that two places could come to disagree about.
LONG = 45
_SQL = re.compile(r"\s*(select|insert into|update|delete from|with) ", re.IGNORECASE)


def statements(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and text of each statement that is whole in one literal, its white space folded."""
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in parts and _SQL.match(text):
                folded = " ".join(text.split())
                if len(folded) >= LONG:
                    yield node.lineno, folded


def repeated(sources: Mapping[str, str]) -> list[list[str]]:
    """Return the places, each as file:line, that have one statement, for each that is twice in a package."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for file, text in sources.items():
        if not any(word in text for word in ("select ", "insert ", "update ", "delete ")):
            continue
        for line, statement in statements(ast.parse(text)):
            places[file.partition("/")[0], statement].append(f"{file}:{line}")
    return [found for found in places.values() if len(found) > 1]


def test_no_statement_stands_twice_in_a_package() -> None:
    assert repeated(python(*PACKAGES)) == []


def test_a_statement_that_is_planted_is_found_however_it_is_laid_out() -> None:
    planted = {
        "a/one.py": '_X = """\n  select topic, partition, next_offset\n    from rm.projection_offset"""\n',
        "a/b/two.py": 'db.fetch("select topic, partition, "\n  "next_offset from rm.projection_offset")\n',
        "c/other.py": '_X = "select topic, partition, next_offset from rm.projection_offset"\n',
        "a/short.py": '_A = "select 1 from decide.outbox"\n_B = "select 1 from decide.outbox"\n',
        "a/text.py": 'A = "with all that is read by anybody at all, of all that there is"\nB = f"{A} select"\n',
    }
    assert repeated(planted) == [["a/one.py:1", "a/b/two.py:1"]]
