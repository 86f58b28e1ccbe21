"""What no file may hold, and what the documentation must."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "streams", "projections", "gateway", "local")
#: Put together here, so that this file does not hold what it looks for.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("python" + "hosted", "org"),
        ("maven", "org"),
        ("maven", "apache", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("proxy", "golang", "org"),
    )
]
MACHINE_PATH = re.compile(r"(?<![\w.>}-])/(?:work|root|home/\w+|Users/\w+)/\w")
VARIABLE = re.compile(r"\b(?:MARKETPLACE|OPENAI)_[A-Z0-9_]*[A-Z0-9]\b")
CONFIGURATION = ROOT / "docs" / "configuration.md"


@cache
def texts() -> dict[str, str]:
    """Return every text file of the repository, and every one that is about to be in it."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found: dict[str, str] = {}
    for name in filter(None, listed.split("\0")):
        try:
            found[name] = (ROOT / name).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue  # a picture, or a file that has gone since
    return found


def holding(files: dict[str, str], pattern: str | re.Pattern[str]) -> list[str]:
    """Return "file:line" for every line that a pattern matches."""
    return [
        f"{name}:{n}"
        for name, text in files.items()
        for n, line in enumerate(text.splitlines(), start=1)
        if re.search(pattern, line)
    ]


def variables(package: str) -> set[str]:
    files = {name: text for name, text in texts().items() if name.startswith(f"{package}/") and name.endswith(".py")}
    return {variable for text in files.values() for variable in VARIABLE.findall(text)}


def test_the_repository_is_read() -> None:
    assert {"pyproject.toml", "requirements.lock", "schemas/wire.py"} <= set(texts())


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_a_package_registry(host: str) -> None:
    """The user's own configuration decides where packages come from."""
    assert holding(texts(), re.escape(host)) == []


def test_no_file_holds_a_path_of_one_machine() -> None:
    assert holding(texts(), MACHINE_PATH) == []


def test_both_are_seen_where_they_are() -> None:
    slash = "/"
    planted = {"a.py": f"x = '{slash}root{slash}data'\ny = 1\n", "b.md": f"see https://{REGISTRIES[0]}/simple\n"}
    assert holding(planted, MACHINE_PATH) == ["a.py:1"]
    assert holding(planted, re.escape(REGISTRIES[0])) == ["b.md:1"]
    assert (
        holding({"c.md": f"tests/work{slash}x, {{data}}/root{slash}x, /rootless/x, out of /root"}, MACHINE_PATH) == []
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_every_variable_is_documented(package: str) -> None:
    documented = set(VARIABLE.findall(CONFIGURATION.read_text("utf-8")))
    assert variables(package) - documented == set()


def test_variables_are_found() -> None:
    assert {"MARKETPLACE_DATABASE_URL", "MARKETPLACE_BROKERS"} <= variables("schemas")
    assert "MARKETPLACE_RETRY_DELAYS" in variables("streams") - variables("gateway")


#: Lines of a file, and of one of tests.
MOST_LINES = 300
MOST_LINES_OF_TESTS = 400


def too_long(files: dict[str, str], most: int, *folders: str) -> dict[str, int]:
    """Return the lines of the modules in these folders that have more than `most`."""
    within = tuple(f"{folder}/" for folder in folders)
    sizes = {name: len(text.splitlines()) for name, text in files.items() if name.endswith(".py")}
    return {name: size for name, size in sizes.items() if name.startswith(within) and size > most}


def test_no_file_is_too_long() -> None:
    """Files are split by reason to change; beyond this nobody reads one from top to bottom."""
    assert too_long(texts(), MOST_LINES, *PACKAGES, "bench") == {}


def test_no_file_of_tests_is_too_long() -> None:
    """Each has one subject; its tests are read one by one, so it may have more lines."""
    assert too_long(texts(), MOST_LINES_OF_TESTS, "tests") == {}


def test_a_file_that_is_too_long_is_found() -> None:
    files = {"tests/x.py": "\n" * 401, "tests/y.py": "\n" * 400, "tests/z.md": "\n" * 401, "testsuite/x.py": "\n" * 401}
    assert too_long(files, 400, "tests") == {"tests/x.py": 401}


#: A rule of complexity or security that is silenced; " - " and the reason have to follow it.
SILENCED = re.compile(r"#\s*noqa: (?=[\w, ]*\b(?:C901|PLR09\d+|S\d+)\b)[\w, ]+?\s*(?! - )(?:#|$)")


def unreasoned(files: dict[str, str]) -> list[str]:
    return holding({name: text for name, text in files.items() if name.endswith(".py")}, SILENCED)


def test_whoever_silences_a_rule_says_why() -> None:
    ours = {name: text for name, text in texts().items() if name.startswith((*(f"{p}/" for p in PACKAGES), "bench/"))}
    assert unreasoned(ours) == []


def test_a_rule_that_is_silenced_without_a_reason_is_found() -> None:
    no = "# no" + "qa"
    files = {"a.py": f"x = 1  {no}: S608\ny = 1  {no}: S608 - constants\nz = 1  {no}: C901, PLR0912 - one pass\n"}
    assert unreasoned(files) == ["a.py:1"]


#: A comment of a constant begins with what it is: its unit and its subject. The rooms that are held to it.
UPSIDE_DOWN = re.compile(r"^#: (?:So|Of|Such) ")
PLAIN_ROOMS = ("schemas/", "streams/", "projections/", "gateway/verdict/reading.py")


def test_the_comment_of_a_constant_begins_with_its_subject() -> None:
    ours = {name: text for name, text in texts().items() if name.startswith(PLAIN_ROOMS) and name.endswith(".py")}
    assert holding(ours, UPSIDE_DOWN) == []


@pytest.mark.parametrize("planted", ["#: So long after a refusal it is asked again.", "#: Of each kind so many."])
def test_a_comment_that_begins_with_something_else_is_found(planted: str) -> None:
    assert holding({"a.py": planted}, UPSIDE_DOWN) == ["a.py:1"]
