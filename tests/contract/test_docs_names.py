"""Names in the docs are those in the code: what is said to be in a file, and the jobs that log lines have."""

from __future__ import annotations

import ast
import re

import pytest

from local.state import ROOT
from tests.support.doc_tables import names, rows
from tests.support.sources import mentioning, python

DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BESIDE = re.compile(r"`([A-Za-z_][A-Za-z0-9_.]*)` in `([a-z_/]+\.py)`")
#: Where else a context of log lines has the name of a job: its position among the arguments.
NAMED = {"job": 0, "Round": 0, "of_rows": 1, "of_records": 1, "LogContext": 1}


def beside() -> list[tuple[str, str, str]]:
    """Return each name that a page says is in a file: page, name, file."""
    found = [(page, *match) for page in DOCS for match in BESIDE.findall(page.read_text("utf-8"))]
    return [(page.relative_to(ROOT).as_posix(), name, file) for page, name, file in found]


@pytest.mark.parametrize(("page", "name", "file"), beside())
def test_what_stands_beside_a_file_is_in_it(page: str, name: str, file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    assert re.search(rf"\b{re.escape(name.rpartition('.')[2])}\b", text), f"{page} says that {file} has {name}"


def jobs(tree: ast.Module) -> set[str]:
    """Return the names of jobs that a module gives its log lines."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    given = [
        call.args[NAMED[call.func.id]]
        for call in calls
        if isinstance(call.func, ast.Name) and len(call.args) > NAMED.get(call.func.id, len(call.args))
    ]
    constants = {
        node.target.id: node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    said = [constants.get(name.id) if isinstance(name, ast.Name) else name for name in given]
    return {name.value for name in said if isinstance(name, ast.Constant) and isinstance(name.value, str)}


def test_the_jobs_of_log_lines_are_told() -> None:
    [told] = [meaning for field, meaning in rows("configuration.md", "field", "meaning") if names(field) == ["job"]]
    files = python("gateway", "streams", "projections", "schemas").items()
    given = (jobs(tree) for _, tree in mentioning(*({name} for name in NAMED), files=files))
    assert set(names(told)) == set().union(*given)
