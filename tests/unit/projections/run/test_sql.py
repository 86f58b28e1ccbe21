"""Statements live in queries.sql: each has a name, says what it is for, and is reached by the code."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.run.sql import load, parameters
from projections.run.writer import PARAMETERS, STATEMENTS

ROOT = Path(__file__).parents[4] / "projections"
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
def test_every_parameter_is_one_of_those_with_a_name(name: str) -> None:
    numbers = {int(n) for n in re.findall(r"\$(\d+)", STATEMENTS[name])}
    assert numbers == set(range(1, len(PARAMETERS[name]) + 1))


@pytest.mark.parametrize(
    ("sql", "read"),
    [
        ("update t from unnest($1::uuid[], $2::int[]) v (plan_id, version)", {"plan_id": "uuid", "version": "int"}),
        (
            'insert into t as x (a, "offset")\nselect * from unnest($1::text[],\n $2::bigint[])\non conflict',
            {"a": "text", "offset": "bigint"},
        ),
    ],
)
def test_the_names_of_parameters_are_read_from_the_statement(sql: str, read: dict[str, str]) -> None:
    assert list(parameters(sql).items()) == list(read.items())


@pytest.mark.parametrize(
    "sql",
    [
        "select 1",
        "update t from unnest($1::uuid[], $2::int[]) v (plan_id)",
        "update t from unnest($1::uuid[]) v (plan_id, version)",
        "update t from unnest($1::uuid[], $2::int[]) v (plan_id, plan_id)",
        "update t from unnest($2::uuid[], $1::int[]) v (plan_id, version)",
        "select * from unnest($1::uuid[])",
    ],
)
def test_a_statement_whose_parameters_have_no_clear_names_is_refused(sql: str) -> None:
    with pytest.raises(ValueError, match="the statement"):
        parameters(sql)


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
