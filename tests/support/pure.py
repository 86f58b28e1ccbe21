"""Which modules are pure: those that the import rules `pure` and `verdict` name. There is no other list."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
#: Ids of the rules. The second allows its modules to know the shapes of what others have read.
RULES: Final = frozenset({"pure", "verdict"})


def pure_modules() -> Iterator[str]:
    """Yield the names in the rules, with their wildcards."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    for rule in rules:
        if rule["id"] in RULES:
            yield from rule["source_modules"]


def pure_files() -> list[Path]:
    """Return the files of the pure modules. Raises ValueError for a name without a file."""
    found: set[Path] = set()
    for module in pure_modules():
        path = module.replace(".", "/")
        files = {*ROOT.glob(f"{path}.py"), *ROOT.glob(f"{path}/**/*.py")}
        if not files:
            raise ValueError(f"no file is named by {module}")
        found |= files
    return sorted(found)
