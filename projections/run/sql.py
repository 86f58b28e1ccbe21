"""Loads statements from queries.sql files: `-- name`, a line that describes it, then the statement.

A statement takes one array a parameter and unnests them, so that it writes all rows of a batch at once.
"""

from __future__ import annotations

import re
from importlib import resources
from typing import Final

_NAME: Final = re.compile(r"^-- ([a-z0-9_]+)$")
_UNNEST: Final = re.compile(r"unnest\(((?:\s*\$\d+::\w+\[\],?)+)\)\s*(?:v \(([^)]*)\))?")
_PARAMETER: Final = re.compile(r"\$(\d+)::(\w+)\[\]")
#: `insert into table (names) select * from unnest(...)`: there the names are those of the table.
_INSERTED: Final = re.compile(r"insert into \w+ (?:as \w+ )?\(([^)]*)\)\s*select \* from unnest")


def load(*packages: str) -> dict[str, str]:
    """Return the statements of the packages' queries.sql by name, in the order of the files.

    Raises ValueError where a name stands twice.
    """
    found: dict[str, str] = {}
    for package in packages:
        text = resources.files(package).joinpath("queries.sql").read_text("utf-8")
        name: str | None = None
        lines: list[str] = []
        for line in [*text.splitlines(), "-- end"]:
            match = _NAME.match(line)
            if match is None:
                lines.append(line)
                continue
            if name is not None:
                if name in found:
                    raise ValueError(f"statement {name} stands twice")
                found[name] = "\n".join(lines).strip().removesuffix(";")
            name, lines = match[1], []
    return found


def parameters(sql: str) -> dict[str, str]:
    """Return the names of a statement's parameters in their order, each with its Postgres type.

    Raises ValueError where not each parameter has a name, or where they are not numbered from 1 in their order.
    """
    unnested, inserted = _UNNEST.search(sql), _INSERTED.search(sql)
    if unnested is None:
        raise ValueError(f"the statement unnests no parameters: {sql}")
    found = _PARAMETER.findall(unnested[1])
    said = unnested[2] or (inserted[1] if inserted else "")
    names = [name.strip().strip('"') for name in said.split(",")]
    numbers = [str(number) for number in range(1, len(names) + 1)]
    if [number for number, _ in found] != numbers or len({*names} - {""}) != len(names):
        raise ValueError(f"the statement has parameters {found}, but names {names}")
    return {name: type_ for name, (_, type_) in zip(names, found, strict=True)}
