"""No process imports at its start what reads or writes documents, or asks agents: every start would wait for it.

What needs such a library imports it where it is used; a document is read in a process of its own.
"""

import subprocess
import sys
from importlib.util import find_spec
from typing import Final

from local.blueprint import MODULES

#: Each takes a tenth of a second or more to import, or some ten megabytes.
HEAVY: Final = (
    "apprise",
    "authlib",
    "docx",
    "fastexcel",
    "fpdf",
    "jgo",
    "lxml",
    "openai",
    "openpyxl",
    "pdfplumber",
    "polars",
    "pypdf",
)
#: Beside the processes: the command line, and what starts the system.
COMMANDS: Final = ("gateway.cli.main", "local", "projections.rebuild", "projections.verify", "streams.cluster")


def imported(modules: list[str], heavy: tuple[str, ...]) -> list[str]:
    """Return `module: library` for each heavy library, with the first of the modules that imports it."""
    code = (
        "import importlib, sys\n"
        f"for module in {modules!r}:\n"
        "    before = set(sys.modules)\n"
        "    importlib.import_module(module)\n"
        f"    [print(f'{{module}}: {{name}}') for name in {heavy!r} if name in sys.modules and name not in before]\n"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return told.stdout.splitlines()


def is_package(module: str) -> bool:
    found = find_spec(module)
    assert found is not None
    return found.submodule_search_locations is not None


def test_no_process_and_no_command_starts_with_what_it_does_not_need() -> None:
    run = [*(module.module for module in MODULES), *COMMANDS]

    assert imported([f"{one}.__main__" if is_package(one) else one for one in run], HEAVY) == []


def test_what_is_imported_is_told_with_who_imports_it() -> None:
    assert imported(["json", "wave"], ("wave",)) == ["wave: wave"]
