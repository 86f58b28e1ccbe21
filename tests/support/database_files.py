"""Other versions of the database's files, for tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from schemas.database import Files, Function, Migration, Seal, files


def version(
    number: int,
    *,
    functions: Iterable[Function] = (),
    without: Iterable[str] = (),
    migrations: Iterable[Migration] = (),
) -> Files:
    """Return a version whose set of functions has this number: with these functions and changes, and without some."""
    changed = {function.name: function for function in files().functions if function.name not in set(without)}
    changed |= {function.name: function for function in functions}
    of = replace(
        files(),
        functions=tuple(changed[name] for name in sorted(changed)),
        migrations=(*files().migrations, *migrations),
    )
    return replace(of, seal=Seal(number, of.functions_digest))


def function(name: str, body: str = "select 1", returns: str = "integer") -> Function:
    """Return a function without parameters, such as `decide/one.sql`."""
    qualified = name.removesuffix(".sql").replace("/", ".")
    return Function(
        name, f"-- Planted.\ncreate or replace function {qualified}() returns {returns} language sql as $${body}$$;\n"
    )
