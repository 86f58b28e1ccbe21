"""A function of the database stands in one file, which says what it is for, and somebody calls it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from projections.migration import seal
from schemas.database import Files, Function, Seal, files
from schemas.database.sql_uses import in_functions, in_sql
from tests.support.database_files import function, version
from tests.support.database_uses import callers, in_packages, in_triggers, strings

CREATED = re.compile(r"\bcreate\s+(?:or\s+replace\s+)?(?:function|procedure)\s+([a-z_]+\.[a-z_]+)", re.IGNORECASE)
BODY = re.compile(r"as (\$\w*\$)(.*?)\1", re.DOTALL)
FUNCTIONS = {each.qualified: each for each in files().functions}


def bodies(of: Files) -> Counter[str]:
    """Count the bodies of all functions, without comments and regardless of spaces."""
    texts = [re.sub(r"--[^\n]*", "", each.definition) for each in of.functions]
    return Counter(" ".join(match[2].split()) for text in texts for match in BODY.finditer(text))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_file_holds_one_function_and_its_overloads(name: str) -> None:
    of = FUNCTIONS[name]
    assert set(CREATED.findall(of.sql)) == {name}
    assert of.definition.endswith("$$;")
    statements = re.sub(r"\$\$.*?\$\$", "", of.definition, flags=re.DOTALL).split(";")
    assert all(s.strip().startswith("create or replace function") for s in statements if s.strip())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_its_head_says_what_it_promises_and_who_calls_it(name: str) -> None:
    lines = FUNCTIONS[name].head.splitlines()
    assert all(line.startswith("-- ") and len(line) <= 120 for line in lines)
    text = " ".join(line.removeprefix("-- ") for line in lines)
    promise, _, calling = text.partition(" Called by: ")
    assert len(promise) > 40
    assert calling.split(", ") == callers(name), f"Called by: {', '.join(callers(name))}"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_its_head_names_each_outcome(name: str) -> None:
    given = set(re.findall(r"'outcome', '(\w+)'", FUNCTIONS[name].definition))
    named = set(re.findall(r"\w+", FUNCTIONS[name].head.partition("Outcomes: ")[2]))
    assert given - named == set()


def test_every_function_is_called_and_every_call_has_its_file() -> None:
    called = {use.what for use in in_packages() | in_functions() | in_triggers() if use.verb == "call"}
    assert called == FUNCTIONS.keys()


def test_calls_are_seen_in_python_and_sql() -> None:
    source = (
        '"""See decide.no()."""\nq = f"select {x}, decide.one($1)"\n'
        'def f():\n    "flow.no()"\n    go("select flow.two()")'
    )
    found = {use.what for text in strings(source) for use in in_sql("gateway/x.py", text)}
    assert found == {"decide.one", "flow.two"}
    text = "select flow.a(1) from rm.plan; -- decide.no()\ninsert into decide.head (kind) select decide.b ();"
    assert {(use.verb, use.what) for use in in_sql("flow.x", text)} == {
        ("call", "flow.a"),
        ("read", "rm.plan"),
        ("write", "decide.head"),
        ("call", "decide.b"),
    }


def test_no_body_stands_twice() -> None:
    assert [body for body, n in bodies(files()).items() if n > 1] == []
    twin = Function("decide/twin.sql", FUNCTIONS["decide.is_sampled"].sql.replace("is_sampled", "twin"))
    assert [n for n in bodies(version(2, functions=[twin])).values() if n > 1] == [2]


def test_tables_and_migrations_hold_no_function() -> None:
    assert [f.name for f in (*files().tables, *files().migrations) if CREATED.search(f.sql) or "$$" in f.sql] == []


def test_a_migration_drops_what_a_fresh_database_never_had_with_if_exists() -> None:
    drop = re.compile(r"\bdrop\s+function\s+(?!if\s+exists)", re.IGNORECASE)
    assert [f.name for f in files().migrations if drop.search(f.sql)] == []


def test_the_set_has_its_number() -> None:
    """After a change: python -m projections.migrate --seal."""
    assert files().seal == Seal(files().seal.number, files().functions_digest)


def test_sealing_raises_the_number_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = version(7, functions=[function("decide/one.sql")])
    same = changed.seal
    assert seal.sealed(changed) == same
    stale = replace(changed, seal=Seal(7, "of other functions"))
    monkeypatch.setattr(seal, "files", lambda: stale)
    assert seal.write(tmp_path / "set.toml") == Seal(8, changed.functions_digest)
    assert f'number = 8\ndigest = "{same.digest}"\n' in (tmp_path / "set.toml").read_text("utf-8")
