"""What the processes need of the installed packages: the closure of the project's own dependencies.

After a change of them: python -m tests.contract.runtime > deploy/runtime-packages.txt
"""

from __future__ import annotations

import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def closure() -> set[str]:
    """Return the names of the packages that the project needs at run time on this machine."""
    found: set[str] = set()
    waiting = [Requirement(text) for text in tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["dependencies"]]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted = waiting.pop()
        name = wanted.name.lower().replace("_", "-").replace(".", "-")
        if (name, frozenset(wanted.extras)) in seen:
            continue
        seen.add((name, frozenset(wanted.extras)))
        found.add(name)
        for text in distribution(name).requires or []:
            needed = Requirement(text)
            extras = wanted.extras or {""}
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(needed)
    return found


if __name__ == "__main__":
    print("\n".join(sorted(closure())))
