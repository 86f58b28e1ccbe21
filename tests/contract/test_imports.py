"""Who may import whom (docs/architecture.md): the rules hold, and each of them catches what is planted against it."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.patience import PATIENCE_S
from tests.support.pure import pure_files
from tests.support.sources import PACKAGES, mentioning, python

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
NAMES = {contract["id"]: contract["name"] for contract in CONFIG["contracts"]}
LINT = Path(sys.executable).with_name("lint-imports")
#: Pure code gets its time and its ids from outside; these would slip in through a harmless import.
UNSTEADY = {"now", "utcnow", "today", "uuid1", "uuid4", "getenv", "urandom"}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages' modules, with the rules, to plant something in."""
    made = tmp_path_factory.mktemp("tree")
    for file, text in python(*CONFIG["root_packages"]).items():
        place = made / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    shutil.copy(ROOT / "pyproject.toml", made)
    return made


@contextmanager
def planted(tree: Path, lines: Sequence[tuple[str, str]]) -> Iterator[None]:
    """Add a line to each of these files until the end of the block; one that is not there is made."""
    before = {file: (tree / file).read_text("utf-8") if (tree / file).exists() else None for file, _ in lines}
    for file, line in lines:
        with (tree / file).open("a", encoding="utf-8") as place:
            place.write(f"\n{line}\n")
    try:
        yield
    finally:
        for file, text in before.items():
            (tree / file).unlink() if text is None else (tree / file).write_text(text, "utf-8")


def broken(tree: Path) -> set[str]:
    """Return the ids of the broken contracts."""
    done = subprocess.run(
        [LINT, "--no-cache", "--no-logo"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    verdicts = dict(re.findall(r"^(.+?) (KEPT|BROKEN)", done.stdout, re.MULTILINE))
    assert set(verdicts) == set(NAMES.values()), done.stdout + done.stderr
    found = {id_ for id_, name in NAMES.items() if verdicts[name] == "BROKEN"}
    assert bool(found) == (done.returncode != 0), done.stdout
    return found


def test_the_rules_hold() -> None:
    assert broken(ROOT) == set()


#: What each contract has to catch, and no other one does: file, line.
PLANTED: dict[str, list[tuple[str, str]]] = {
    "schemas": [
        ("schemas/process/planted.py", "import streams.guard.lanes"),
        ("schemas/registry.py", "import asyncpg"),
    ],
    "schemas-rooms": [
        ("schemas/registry.py", "import schemas.process.ending"),
        ("schemas/typed/planted.py", "import schemas.wire"),
        ("schemas/planted.py", ""),  # a module that has no place
    ],
    "streams": [
        ("streams/broker/planted.py", "from projections.rows import fold"),
        ("streams/broker/planted.py", "import local.ports"),
    ],
    "streams-rooms": [
        ("streams/broker/planted.py", "import streams.guard.lanes"),
        ("streams/planted.py", ""),
    ],
    "projections": [
        ("projections/run/planted.py", "from streams.retries.ladder import Ladder"),
        ("projections/run/planted.py", "import faust"),
    ],
    "projections-rooms": [
        ("projections/run/planted.py", "import projections.verify.tables"),
        ("projections/planted.py", ""),
    ],
    "gateway": [
        ("gateway/http/planted.py", "from streams.hosts.offsets import InOrder"),
        ("gateway/http/planted.py", "import bench"),
    ],
    "gateway-rooms": [
        ("gateway/http/planted.py", "import gateway.services"),
        ("gateway/planted.py", ""),
    ],
    "read-door": [
        ("gateway/http/planted.py", "from projections.run.runner import Runner"),
        ("gateway/http/planted.py", "from projections.plans.projection import project"),
    ],
    "pure": [
        ("streams/phase1/handler.py", "import time"),
        ("projections/plans/projection.py", "import random"),
        ("streams/analysis/merge.py", "from schemas.process import logs"),  # logging, by a detour
    ],
    "verdict": [
        ("gateway/verdict/judge.py", "import time"),
    ],
}


def test_every_contract_has_something_planted_against_it() -> None:
    assert PLANTED.keys() == NAMES.keys()


@pytest.mark.parametrize("turn", range(max(map(len, PLANTED.values()))))
def test_a_planted_violation_is_caught(tree: Path, turn: int) -> None:
    """One violation a contract at a time, since a look at the whole tree takes long: each breaks its own contract."""
    of_turn = {contract: lines[turn] for contract, lines in PLANTED.items() if turn < len(lines)}
    with planted(tree, list(of_turn.values())):
        assert broken(tree) == of_turn.keys()


def test_the_read_door_is_open(tree: Path) -> None:
    with planted(
        tree, [("gateway/http/planted.py", "from projections.plans import reads\nimport projections.reads.paging")]
    ):
        assert broken(tree) == set()


def unsteady(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=name) | ast.Call(func=ast.Name(id=name)) if name in UNSTEADY:
                yield name
            case ast.AsyncFunctionDef(name=name):
                yield f"async {name}"


@pytest.mark.parametrize("file", pure_files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_pure_code_asks_no_clock(file: Path) -> None:
    assert list(unsteady(file.read_text("utf-8"))) == []


def test_a_clock_in_pure_code_is_seen() -> None:
    assert len(pure_files()) > 15
    source = "now = 1\nasync def f(): return datetime.now(), uuid4()\n"
    assert sorted(unsteady(source)) == ["async f", "now", "uuid4"]


def test_a_module_that_says_it_is_pure_is_held_to_it() -> None:
    """The rules `pure` and `verdict` are the only list."""
    assert CONFIG["root_packages"] == [*PACKAGES, "tests"]
    claiming = {
        ROOT / file for file, tree in mentioning({"Pure"}) if re.search(r"\bPure\b", ast.get_docstring(tree) or "")
    }
    assert claiming - set(pure_files()) == set()
    assert len(claiming) > 20
