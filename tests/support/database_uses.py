"""What Python and SQL do with the database, as their text says: which functions they call, what they read and write."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from schemas.database import files
from tests.support.sources import PACKAGES, ROOT, python

SCHEMAS = ("access", "audit", "decide", "flow", "rm", "public")
_NAME = rf"\b({'|'.join(SCHEMAS)})\.([a-z_]+)\b"
_NAMED = re.compile(_NAME, re.IGNORECASE)
#: What a module has that names one, wherever its texts are broken.
_SCHEMA = re.compile(rf"""\b(?:{"|".join(SCHEMAS)})[."']""", re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*")
_WRITE = re.compile(
    rf"\b(?:insert\s+into|update|delete\s+from|truncate|(?:create|alter)\s+table(?:\s+if\s+not\s+exists)?)\s+{_NAME}",
    re.IGNORECASE,
)
_CALL = re.compile(rf"{_NAME}\s*\(")
_FIRED = re.compile(rf"\bexecute function {_NAME}\(")
_TABLE = re.compile(rf"create (?:table|view|type)(?: if not exists)? {_NAME}")


@dataclass(frozen=True, order=True)
class Use:
    """One thing that a file, or a function of the database, does with something in the database."""

    where: str
    verb: str
    what: str

    @property
    def package(self) -> str:
        """Return whose doing it is: a package, or `functions.<schema>`."""
        return self.where.split("/")[0] if "/" in self.where else f"functions.{self.where.split('.')[0]}"

    @property
    def schema(self) -> str:
        return self.what.split(".")[0]


@cache
def tables() -> frozenset[str]:
    """Return the names of all tables, views and types."""
    texts = [file.sql for file in (*files().tables, *files().migrations)]
    return frozenset(f"{s}.{n}" for text in texts for s, n in _TABLE.findall(text))


def in_sql(where: str, text: str) -> Iterator[Use]:
    """Yield what a statement does. A name in front of a bracket is called, unless rows are inserted there."""
    if not _NAMED.search(text):
        return
    text = _COMMENT.sub("", text)
    written = {match.start(1) for match in _WRITE.finditer(text)}
    for match in _WRITE.finditer(text):
        yield Use(where, "write", f"{match[1]}.{match[2]}")
    called = {match.start(1) for match in _CALL.finditer(text)} - written
    for match in re.finditer(_NAME, text):
        name = f"{match[1]}.{match[2]}"
        if match.start(1) in written:
            continue
        if name in tables() or match[1] == "public":
            yield Use(where, "read", name)
        elif match.start(1) in called:
            yield Use(where, "call", name)


def strings(source: str) -> Iterator[str]:
    """Yield a module's texts, without docstrings. What a formatted one gets at run time is left out."""
    nodes = list(ast.walk(ast.parse(source)))
    aside = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # docstrings, and texts that do nothing
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            aside |= {id(part) for part in node.values}
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside:
            yield node.value


@cache
def in_packages() -> frozenset[Use]:
    """Return every use in the packages' Python and SQL; names without a schema are those of a read model."""
    found: set[Use] = set()
    for where, source in python().items():
        for text in strings(source) if _SCHEMA.search(source) else ():
            found.update(in_sql(where, text))
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.sql"):
            where = path.relative_to(ROOT).as_posix()
            if not where.startswith("schemas/database/"):
                found.update(in_sql(where, path.read_text("utf-8")))
            else:  # what the database is made of: its triggers call
                fired = _FIRED.findall(path.read_text("utf-8"))
                found.update(Use(where, "call", f"{schema}.{name}") for schema, name in fired)
    return frozenset(found)


@cache
def in_functions() -> frozenset[Use]:
    """Return what the database's functions do with one another and with tables; not that an overload calls its twin."""
    return frozenset(
        use
        for function in files().functions
        for use in in_sql(function.qualified, function.definition)
        if use.what != function.qualified
    )


@cache
def in_triggers() -> frozenset[Use]:
    """Return the functions that triggers of the tables call; a migration makes them once the functions are there."""
    return frozenset(
        Use(f"schemas/database/migrations/{file.name}", "call", f"{schema}.{name}")
        for file in files().migrations
        for schema, name in re.findall(rf"execute function {_NAME}", file.sql)
    )


def callers(name: str) -> list[str]:
    """Return who calls a function: files of Python, then functions, each in order."""
    uses = in_packages() | in_functions() | in_triggers()
    calling = {use.where for use in uses if use.verb == "call" and use.what == name}
    return sorted(calling, key=lambda where: ("/" not in where, where))
