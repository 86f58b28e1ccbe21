"""Top levels hold what is started and what it is told: everything else has a room (docs/architecture.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parents[2]
#: `schemas` is the contract: its modules are the parts of it.
PACKAGES: Final = ("streams", "projections", "gateway")
#: What a process is told from outside, read by its entry point.
TOLD: Final = "settings.py"
#: What is no entry point of a command and has no room, with the reason.
EXCEPT: Final = {
    "gateway/app.py": "what uvicorn is given",
    "gateway/running.py": "what goes on in that process, begun and ended",
    "projections/rows.py": "what the projection of each read model makes, below all their rooms",
}


def is_started(source: str) -> bool:
    """Return whether a module can be run: it ends with `if __name__ == "__main__"`."""
    last = ast.parse(source).body[-1:]
    return [ast.unparse(node.test) for node in last if isinstance(node, ast.If)] == ["__name__ == '__main__'"]


def only_says(source: str) -> bool:
    """Return whether a module has nothing but a docstring, or is empty: a package says there which rooms it has."""
    tree = ast.parse(source)
    return len(tree.body) == (ast.get_docstring(tree) is not None)


def without_a_room(modules: Mapping[str, str]) -> set[str]:
    """Return the modules at the top of a package that have no business there, of source texts by path."""
    return {
        name
        for name, source in modules.items()
        if not only_says(source) and not name.endswith(f"/{TOLD}") and name not in EXCEPT and not is_started(source)
    }


def at_the_top(packages: Iterable[str]) -> dict[str, str]:
    files = (file for package in packages for file in (ROOT / package).glob("*.py"))
    return {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in files}


def test_top_levels_hold_what_is_started_and_rooms() -> None:
    assert without_a_room(at_the_top(PACKAGES)) == set()


def test_every_exception_is_there() -> None:
    assert EXCEPT.keys() <= at_the_top(PACKAGES).keys()


def test_a_module_without_a_room_is_found() -> None:
    started = 'import sys\n\nif __name__ == "__main__":\n    sys.exit(0)\n'
    planted = {
        "streams/__init__.py": "",
        "streams/settings.py": "PATIENCE_S = 1.0\n",
        "streams/worker.py": started,
        "streams/helping.py": "def help_out() -> None: ...\n",
        "gateway/app.py": "def create_app() -> None: ...\n",
        "gateway/__init__.py": '"""The rooms."""\nfrom gateway.app import create_app\n',
        "projections/__init__.py": '"""The rooms."""\n',
    }
    assert without_a_room(planted) == {"streams/helping.py", "gateway/__init__.py"}
