"""docs/security.md names a control and a test for each threat; no file of the repository holds a secret."""

from __future__ import annotations

import ast
import re
import secrets
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

from gateway.access.key_text import new_key
from tests.support import secrets_scan
from tests.support.insecure import LOOKED_AT, findings, unexplained
from tests.support.secrets_scan import scan

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
#: `tests/unit/test_x.py::test_name`, as pytest takes it.
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
#: Rules of ruff's about insecure code (bandit's).
INSECURE = re.compile(r"S\d|S$")
#: The rows of the tables of threats, and of ASVS.
ROWS = [
    line
    for table in re.findall(r"^\| (?:threat|row) \|.*\n\|[-|]+\n((?:\|.*\n)+)", TEXT, flags=re.MULTILINE)
    for line in table.splitlines()
]

#: Chapters of ASVS 4.0.3, and how many sections each has.
SECTIONS = {1: 14, 2: 10, 3: 7, 4: 3, 5: 5, 6: 4, 7: 4, 8: 3, 9: 2, 10: 3, 11: 1, 12: 6, 13: 4, 14: 5}
#: "V1.1 to V1.12", or one: the first cell of a row names what it is about.
SECTION = re.compile(r"V(\d+)\.(\d+)(?: to V\1\.(\d+))?")


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def test_every_threat_has_a_test() -> None:
    assert len(ROWS) > 40
    assert [row for row in ROWS if not NAMED.search(row)] == []


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED.findall(TEXT))))
def test_a_test_that_is_named_is_there(file: str, name: str) -> None:
    assert name in names_in(file)


@pytest.mark.parametrize("risk", [f"API{n}" for n in range(1, 11)])
def test_each_of_the_ten_risks_of_apis_is_answered(risk: str) -> None:
    assert re.search(rf"\| {risk}[: ]", TEXT)


def sections(cells: list[str]) -> set[str]:
    found = (match for cell in cells for match in SECTION.finditer(cell))
    return {f"V{m[1]}.{n}" for m in found for n in range(int(m[2]), int(m[3] or m[2]) + 1)}


def test_each_section_of_asvs_has_its_row_or_a_reason_why_it_does_not_apply() -> None:
    asvs = TEXT.partition("\n## ASVS")[2].partition("\n## ")[0]
    answered, left_out = (
        sections([line.split("|")[1] for line in part.splitlines() if line.startswith("| V")])
        for part in asvs.split("What does not apply:")
    )
    assert answered & left_out == set()
    every = {f"V{chapter}.{n}" for chapter, count in SECTIONS.items() for n in range(1, count + 1)}
    assert answered | left_out == every


def test_the_gate_looks_for_insecure_code_and_for_secrets() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert lint["select"] == ["ALL"]
    assert [rule for rule in lint["ignore"] if INSECURE.match(rule)] == ["S101"]
    let_be = {
        files: found
        for files, rules in lint["per-file-ignores"].items()
        if (found := [rule for rule in rules if INSECURE.match(rule)])
    }
    # what serves people is looked at as a whole: schemas, streams, projections, gateway, deploy
    assert let_be == {"tests/**": ["S"], "bench/**": ["S"], "local/**": ["S603", "S607"]}
    gate = makefile.partition("\ncheck:")[2].partition("\n\n")[0]
    assert "tests.support.secrets_scan" in gate
    assert "tests.support.insecure" in gate


def test_planted_insecure_code_is_found(tmp_path: Path) -> None:
    """By bandit, and not where its line says why it is none."""
    planted = tmp_path / "planted.py"
    planted.write_text(
        "import hashlib\nimport yaml\nyaml.load(text)\nhashlib.md5(text)\n"
        "yaml.load(text)  # noqa: S506 - the text is a constant\n"
    )
    told = [line for line in unexplained(findings([str(planted)])) if "planted.py" in line]
    assert [line.partition(f"{planted}:")[2].split()[:2] for line in told] == [["3:", "B506"], ["4:", "B324"]]


def test_all_that_serves_people_is_looked_at() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - set(LOOKED_AT) == {"bench", "tests"}


def test_a_secret_in_a_file_of_the_repository_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that the gate runs, on a repository with a file that is not added yet."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "settings.env").write_text(f"KEY={new_key()[1]}\n")
    monkeypatch.setattr(secrets_scan, "ROOT", tmp_path)
    assert secrets_scan.main() == 1
    (tmp_path / "settings.env").write_text("KEY=\n")
    assert secrets_scan.main() == 0


#: Each made anew, so that this file holds none.
PLANTED = {
    "our key": lambda: f"key = '{new_key()[1]}'",
    "producers' key": lambda: f"first {secrets.token_hex(32)}",
    "AWS": lambda: "id = 'AK" + "IA" + secrets.token_hex(8).upper() + "'",
    "GitHub": lambda: "token: gh" + "p_" + secrets.token_hex(18),
    "private key": lambda: "-----BEGIN " + "RSA PRIVATE KEY-----",
    "Slack": lambda: "xo" + "xb-" + "1" * 12 + "-" + "1" * 12 + "-" + secrets.token_hex(12),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_secret_is_found(kind: str) -> None:
    found = scan([("a.py", f"x = 1\n{PLANTED[kind]()}\n")])
    assert found
    assert all(one.startswith("a.py:2: ") for one in found)


def test_what_is_only_random_is_no_secret() -> None:
    assert scan([("a.py", f"DIGEST = '{secrets.token_hex(32)}'\nKEYS = parse(\"one {'01' * 32}\")\n")]) == []
