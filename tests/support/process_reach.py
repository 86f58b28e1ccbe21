"""What each process does with the database, by what its modules say: `python -m tests.support.process_reach` writes it.

A process has the modules that it imports, and those that they import; where imports are only for the type checker they
are left out. A module of another process's is in none.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final

from local.blueprint import MODULES
from schemas.database.grants import PROCESSES, REACH
from schemas.database.sql_uses import Use, changed, tables
from tests.support.database_uses import in_packages, strings
from tests.support.sources import PACKAGES, ROOT, nothing_thrown_away, python

#: What the user of a process is wanted for besides: the command that anybody may run beside it (docs/deploy.md).
_BESIDE: Final = {"projections": ("projections.verify.__main__",), "gateway": ("gateway.access.keys",)}
#: A statement whose table is put in at run time: it may be any that the module names.
_BY_NAME: Final = re.compile(r"\b(insert|update|delete)\s+(?:into\s+|from\s+)?\{", re.IGNORECASE)
_VERBS: Final = {"call": "calls", "read": "reads", "insert": "inserts", "update": "updates", "delete": "deletes"}
_HEAD: Final = """\
# What each process does with tables and functions of the database, as its modules say; made by
# `python -m tests.support.process_reach`, and held to be so by tests/contract/test_database_reach.py.
# Rights follow from it (schemas/database/grants.py): what is not here, a process may not do.
"""


def text() -> str:
    """Return the file as it is to be."""
    parts = [_HEAD]
    with nothing_thrown_away():
        for process in (one for found in PROCESSES.values() for one in found):
            done = reach(process)
            lines = [_listed(name, done[verb]) for verb, name in _VERBS.items()]
            parts.append("\n".join([f"[{process}]", *lines]) + "\n")
    return "\n".join(parts)


def _listed(name: str, found: list[str]) -> str:
    return "\n".join([f"{name} = [", *(f'  "{one}",' for one in found), "]"]) if found else f"{name} = []"


def reach(process: str) -> dict[str, list[str]]:
    """Return verb -> tables or functions, in order."""
    (start,) = (module.module for module in MODULES if module.name == process)
    files = {file for module in (start, *_BESIDE.get(process, ())) for file in _closure(module)}
    folders = {str(PurePosixPath(file).parent) for file in files}
    uses = [use for use in in_packages() | _changes() if use.where in files or _statements_of(use.where, folders)]
    return {verb: sorted({use.what for use in uses if use.verb == verb}) for verb in _VERBS}


def _statements_of(where: str, folders: set[str]) -> bool:
    return where.endswith(".sql") and str(PurePosixPath(where).parent) in folders


@cache
def _changes() -> frozenset[Use]:
    """Return what is done to tables by the right that it takes, also where a name is put in later."""
    read: dict[str, set[str]] = {}
    for use in in_packages():
        if use.verb == "read" and use.what in tables():
            read.setdefault(use.where, set()).add(use.what)
    found: set[Use] = set()
    for where, named in read.items():
        texts = list(strings(python()[where])) if where in python() else []
        by_name = {right.lower() for sql in texts for right in _BY_NAME.findall(sql)}
        for sql in texts:
            alone = {(right, name) for name in {sql} & named for right in (*by_name, "read")} if by_name else set()
            found.update(Use(where, right, name) for right, name in alone)
    for where, sql in _texts():
        rights = changed(sql)
        found.update(Use(where, "read" if right == "select" else right, table) for right, table in rights)
    return frozenset(found)


def _texts() -> Iterator[tuple[str, str]]:
    """Yield each text of the packages' SQL and Python, with its file."""
    for where, source in python().items():
        yield from ((where, sql) for sql in strings(source))
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.sql"):
            where = path.relative_to(ROOT).as_posix()
            if not where.startswith("schemas/database/"):
                yield where, path.read_text("utf-8")


@cache
def _modules() -> dict[str, str]:
    """Return the name of each module -> its file."""
    return {
        file.removesuffix(".py").replace("/", ".").removesuffix(".__init__"): file
        for file in python()
        if not file.startswith(("local/", "bench/"))
    }


@cache
def _imported(file: str) -> frozenset[str]:
    """Return the modules that one imports, and its packages."""
    name = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    package = name if file.endswith("__init__.py") else name.rpartition(".")[0]
    parts = name.split(".")
    named = {".".join(parts[:n]) for n in range(1, len(parts))}
    for node in _run(ast.parse((ROOT / file).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            named |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return frozenset(named & _modules().keys())


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of what is run: not what only the type checker sees."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        yield node
        yield from _run(node)


def _closure(module: str) -> set[str]:
    """Return the files that a process of this module has."""
    main = f"{module}.__main__"
    seen: set[str] = set()
    left = [main if main in _modules() else module]
    while left:
        one = left.pop()
        if one not in seen:
            seen.add(one)
            left += _imported(_modules()[one])
    return {_modules()[one] for one in seen}


def main() -> None:
    """Write the file."""
    Path(ROOT / "schemas" / "database" / REACH).write_text(text(), "utf-8")


if __name__ == "__main__":
    main()
