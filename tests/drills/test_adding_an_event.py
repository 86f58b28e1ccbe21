"""With the event of the guide in it, the whole tree passes what `make check` checks, and the tests that it names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from tests.integration.test_adding_an_event import copy, python, run, tree

__all__ = ["copy", "tree"]

#: The tests that the guide names: those that fail where a step is forgotten.
FORGETFUL: Final = (
    "tests/contract/test_docs_tables.py",
    "tests/contract/test_golden.py",
    "tests/contract/test_grafana.py",
    "tests/contract/test_lifecycle_copies.py",
    "tests/contract/test_schemas.py",
    "tests/contract/test_style.py",
    "tests/contract/test_topics.py",
    "tests/unit/gateway/cli",
    "tests/unit/gateway/shapes/test_shapes.py",
    "tests/unit/gateway/ui",
    "tests/unit/gateway/verdict",
    "tests/unit/projections",
    "tests/unit/schemas/test_audit.py",
    "tests/unit/schemas/test_lifecycle.py",
)
#: All that `make check` looks at but for what runs the system from outside, which knows no single event.
CHECKED: Final = ("schemas", "streams", "projections", "gateway", "tests")


def test_format_lint_types_and_imports_are_clean(tree: Path) -> None:
    python(tree, "ruff", "format", "--check", ".")
    python(tree, "ruff", "check", ".")
    python(tree, "mypy", *(part for package in CHECKED for part in ("-p", package)))
    run(tree, str(Path(sys.executable).with_name("lint-imports")))


def test_the_tests_that_see_a_forgotten_step_are_green(tree: Path) -> None:
    python(tree, "pytest", "-q", "-x", "-p", "no:cacheprovider", *FORGETFUL)
