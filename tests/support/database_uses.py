"""What Python and SQL do with the database, as their text says: which functions they call, what they read and write."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from schemas.database import files
from schemas.database.sql_uses import SCHEMAS, Use, in_functions, in_sql
from tests.support.sources import PACKAGES, ROOT, python

_NAME = rf"\b({'|'.join(SCHEMAS)})\.([a-z_]+)\b"
#: What a module has that names one, wherever its texts are broken.
_SCHEMA = re.compile(rf"""\b(?:{"|".join(SCHEMAS)})[."']""", re.IGNORECASE)
_FIRED = re.compile(rf"\bexecute function {_NAME}\(")


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
