"""Loads statements from queries.sql files: `-- name`, a line that describes it, then the statement."""

from __future__ import annotations

import re
from importlib import resources
from typing import Final

_NAME: Final = re.compile(r"^-- ([a-z0-9_]+)$")


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
