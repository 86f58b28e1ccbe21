"""Statements live in queries.sql: each has a name, says what it is for, and is reached by the code."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.run.writer import STATEMENTS
from projections.sql import load

ROOT = Path(__file__).parents[3] / "projections"
FILES = sorted(ROOT.glob("*/queries.sql"))
NAME = re.compile(r"^-- ([a-z0-9_]+)$", re.MULTILINE)


def package_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT.parent).parent.parts)


@pytest.mark.parametrize("file", FILES, ids=package_of)
def test_every_statement_loads_and_says_what_it_is_for(file: Path) -> None:
    loaded = load(package_of(file))
    assert list(loaded) == NAME.findall(file.read_text("utf-8"))
    for name, statement in loaded.items():
        description, _, sql = statement.partition("\n")
        assert re.match(r"^-- [A-Z].*[.:]$", description), f"{name} has no description"
        assert re.match(r"\s*(--.*\n\s*)*(insert|update|delete|select|with)\b", sql), f"{name} is no statement"
        assert not sql.rstrip().endswith(";")
        assert ";" not in re.sub(r"--.*", "", sql), f"{name} is more than one statement"


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_parameters_are_numbered_without_a_gap(name: str) -> None:
    numbers = {int(n) for n in re.findall(r"\$(\d+)::", STATEMENTS[name])}
    assert numbers == set(range(1, len(numbers) + 1))


def test_every_file_is_used_by_the_writer() -> None:
    assert {name for file in FILES for name in load(package_of(file))} == set(STATEMENTS)


@pytest.fixture
def packages(tmp_path: Path) -> Iterator[Path]:
    for name in ("planted_a", "planted_b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    sys.path.insert(0, str(tmp_path))
    yield tmp_path
    sys.path.remove(str(tmp_path))
    for name in ("planted_a", "planted_b"):
        sys.modules.pop(name, None)


def test_a_name_that_stands_twice_is_refused(packages: Path) -> None:
    (packages / "planted_a" / "queries.sql").write_text(
        "-- one\n-- First.\nselect 1;\n\n-- two\n-- Second.\nselect 2", "utf-8"
    )
    (packages / "planted_b" / "queries.sql").write_text("-- one\n-- Again.\nselect 3;\n", "utf-8")
    assert load("planted_a") == {"one": "-- First.\nselect 1", "two": "-- Second.\nselect 2"}
    with pytest.raises(ValueError, match="statement one stands twice"):
        load("planted_a", "planted_b")
