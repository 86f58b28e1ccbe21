"""The guide to a new event holds: its patch fits, its commands make the rest, the event works on a real database.

That all checks are green with it is seen in tests/drills/test_adding_an_event.py.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "adding-an-event.md"
PATCH = ROOT / "docs" / "adding-an-event.patch"
RENEW = "the guide to a new event needs its patch renewed (docs/adding-an-event.md says how)"
#: What the commands of the guide make, in their order.
MADE = {
    "schemas.typed": {"schemas/typed/plan.py", "schemas/typed/unions.py"},
    "tests.contract.make_golden": {
        "schemas/examples/SHA256SUMS",
        "schemas/examples/plan.archived.v1.avro.b64",
        "schemas/examples/plan.archived.v1.json",
    },
    "projections.migrate --seal": {"schemas/database/functions/set.toml"},
}
#: Where mypy keeps what it found.
TYPES = ".mypy_cache"
#: Where Python keeps what it has compiled, in each folder.
COMPILED = "__pycache__"


def listed() -> list[str]:
    """Return every file of the repository, and every one that is about to be in it."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def contents(tree: Path) -> dict[str, bytes]:
    """Return what is in the files that are source: nothing that a tool left behind."""
    files = (file for file in tree.rglob("*") if file.is_file() and file.suffix != ".pyc")
    told = {file.relative_to(tree).as_posix(): file for file in files}
    return {name: file.read_bytes() for name, file in told.items() if not name.startswith(TYPES)}


def copy_to(tree: Path) -> None:
    """Copy the tree as it is, what mypy knows of it, and what Python has compiled of it.

    Both believe what they know of a file as long as it has its size and its time: a file that the patch changes has
    another time, and all others are not read again.
    """
    if (ROOT / TYPES).is_dir():
        shutil.copytree(ROOT / TYPES, tree / TYPES)
    names = listed()
    for folder in {(ROOT / name).parent for name in names}:
        (tree / folder.relative_to(ROOT)).mkdir(parents=True, exist_ok=True)
        for compiled in folder.glob(f"{COMPILED}/*.pyc"):
            with suppress(FileNotFoundError):  # another run has just written it anew
                (tree / compiled.relative_to(ROOT)).parent.mkdir(exist_ok=True)
                shutil.copy2(compiled, tree / compiled.relative_to(ROOT))
    for name in names:
        shutil.copy2(ROOT / name, tree / name)


def written() -> set[str]:
    """Return the files that the patch writes."""
    return set(re.findall(r"^\+\+\+ b/(\S+)$", PATCH.read_text("utf-8"), flags=re.MULTILINE))


def run(tree: Path, *command: str) -> None:
    """Run a command in the copy. Fails with what it said."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON", "GIT_"))}
    done = subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True, timeout=560, check=False)
    if done.returncode:
        said = f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
        pytest.fail(f"{RENEW}: `{' '.join(command)}` failed\n{said}", pytrace=False)


def python(tree: Path, *arguments: str) -> None:
    run(tree, sys.executable, "-m", *arguments)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree as it is."""
    tree = tmp_path_factory.mktemp("event") / "tree"
    copy_to(tree)
    run(tree, "git", "init", "-q")  # by which tests of style find what is in it
    return tree


@pytest.fixture(scope="module")
def tree(copy: Path) -> Path:
    """The copy after the patch and the commands. Each command makes the files that the guide says, and no other."""
    run(copy, "git", "apply", str(PATCH))
    for command, files in MADE.items():
        before = contents(copy)
        python(copy, *command.split())
        after = contents(copy)
        assert {name for name, held in after.items() if before.get(name) != held} == files
    return copy


def test_a_patch_that_does_not_fit_any_more_says_what_to_do(copy: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved.patch"
    moved.write_text(PATCH.read_text("utf-8").replace("schemas/lifecycle.py", "schemas/moved.py"), "utf-8")

    with pytest.raises(pytest.fail.Exception, match="needs its patch renewed"):
        run(copy, "git", "apply", "--check", str(moved))


def test_the_guide_names_every_file_and_command_and_no_other() -> None:
    guide = GUIDE.read_text("utf-8")
    steps = guide[guide.index("## Write") : guide.index("## See it")]
    named = {f"{folder}/{name}" for name, folder in re.findall(r"`([\w.]+)` in `([\w/]+)`", steps)}

    assert named == written() | set().union(*MADE.values())
    assert len(named) <= 21, "with its line in the changelog, an event is in 22 files"
    assert re.findall(r"^python -m (.+)$", steps, flags=re.MULTILINE) == list(MADE)


def test_a_plan_is_archived_on_a_real_database_and_the_list_says_so(tree: Path) -> None:
    python(tree, "pytest", "-q", "-x", "-p", "no:cacheprovider", "tests/integration/decide/test_archiving.py")
