"""Runs the tests that start no server in plain pytests side by side, each with its share of the files.

There is one for each processor and one more, as some tests wait.

As tests of servers run side by side (xdist) each process collects all tests, and tells another one of each: a third of
what such a run takes. Here a process imports its own files alone. What it writes is shown as a whole once it has
ended, so that no line of one process stands between those of another. Meanwhile there is a dot for each hundred tests
that passed and an F for each test that failed, with its name and reason, of all shares together.

    python -m tests.support.shares [options of pytest, and paths]

With `--cov` each share measures into a file of its own; they are one at the end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from heapq import heappop, heappush
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from local.ports import RANGE_VARIABLE
from tests.support.ports import part
from tests.support.red import line

ROOT: Final = Path(__file__).parents[2]
#: What is run where no path is given.
FOLDERS: Final = ("tests/unit", "tests/contract")
#: Tests that passed, for each dot.
DOT: Final = 100
#: How a run of pytest ends that is green, and one in which nothing was chosen.
GREEN: Final = int(pytest.ExitCode.OK)
NOTHING: Final = int(pytest.ExitCode.NO_TESTS_COLLECTED)
#: What a summary counts, in this order, as pytest names it; the first two are red.
KINDS: Final = ("failed", "error", "passed", "skipped", "deselected", "xfailed", "xpassed", "rerun", "warnings")
RED: Final = KINDS[:2]
#: Files in the folder of a share: which files it is to run, what it writes, what it tells at its end.
FILES, OUTPUT, TOLD = "files", "output", "told.json"


class Told(NamedTuple):
    """What is known of a share that has ended."""

    status: int
    output: str
    counts: Mapping[str, int]
    red: Sequence[str]


def files_in(paths: Iterable[str], root: Path = ROOT) -> list[str]:
    """Return the files of tests at the paths and in the folders, each once, in the order of their names."""
    found = {
        file
        for path in paths
        for file in ((root / path).rglob("test_*.py") if (root / path).is_dir() else [root / path])
    }
    return sorted(file.relative_to(root).as_posix() for file in found)


def shared(files: Mapping[str, float], count: int) -> list[list[str]]:
    """Deal out files, each with its work, into so many shares of about the same work: the largest first."""
    shares: list[list[str]] = [[] for _ in range(count)]
    held = [(0.0, number) for number in range(count)]
    for file, own in sorted(files.items(), key=lambda entry: (-entry[1], entry[0])):
        so_far, number = heappop(held)
        shares[number].append(file)
        heappush(held, (so_far + own, number))
    return shares


def work(file: str, root: Path = ROOT) -> float:
    """Return about how long a file of tests takes, beside others: as long as it is. Of some hundred that is enough."""
    return (root / file).stat().st_size


def is_path(argument: str, root: Path = ROOT) -> bool:
    """Tell a path of tests from a value of an option: `-k gateway` is none, although there is such a folder."""
    path = root / argument.partition("::")[0]
    return "/" in argument and path.exists() and path.is_relative_to(root / "tests")


def run(arguments: Sequence[str], count: int, root: Path = ROOT) -> int:
    """Run the tests and return the status of the whole run."""
    paths = [(root / one).relative_to(root).as_posix() for one in arguments if is_path(one, root)] or list(FOLDERS)
    options = [one for one in arguments if not is_path(one, root)]
    one_test = any("::" in path for path in paths)
    files = {} if one_test else {file: work(file, root) for file in files_in(paths, root)}
    if count < 2 or len(files) < 2:  # nothing to share
        return subprocess.call([sys.executable, "-m", "pytest", *options, *paths], cwd=root)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as made:
        shares = [
            Share(Path(made) / str(number), own, options, paths)
            for number, own in enumerate(shared(files, min(count, len(files))))
        ]
        ended = side_by_side(shares, root)
        if measured := [*Path(made).glob("*/coverage")]:
            subprocess.check_call([sys.executable, "-m", "coverage", "combine", "-q", *measured], cwd=root)
    for number, one in enumerate(ended, 1):
        print(f"\n==== share {number} of {len(shares)} ====\n{one.output}", end="")
    print("\n".join(["", "==== all shares ====", *summary(ended, time.monotonic() - began)]), flush=True)
    return status(one.status for one in ended)


class Share(NamedTuple):
    """What one process runs: its files of those at the paths. Its folder has what it is told and what it tells."""

    folder: Path
    files: Sequence[str]
    options: Sequence[str]
    paths: Sequence[str]

    def begin(self, ports: str, shown: int, root: Path) -> subprocess.Popen[bytes]:
        self.folder.mkdir()
        (self.folder / FILES).write_text("\n".join(self.files), "utf-8")
        own = ["-p", "tests.support.shares", f"--share={self.folder}", f"--share-progress={shown}", "-q"]
        colour = ["--color=yes"] if sys.stdout.isatty() else []
        paths = [path for path in self.paths if (root / path).is_dir() or path in self.files]
        with (self.folder / OUTPUT).open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "pytest", *own, *colour, *self.options, *paths],
                cwd=root,
                env={**os.environ, RANGE_VARIABLE: ports, "COVERAGE_FILE": str(self.folder / "coverage")},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[shown],
            )


def side_by_side(shares: Sequence[Share], root: Path) -> list[Told]:
    """Run the shares, and return what is known of them once all have ended."""
    shown = os.dup(sys.stdout.fileno())  # a process has what it writes there
    running = [share.begin(part(f"gw{number}", len(shares)), shown, root) for number, share in enumerate(shares)]
    for process in running:
        while process.poll() is None:
            with suppress(KeyboardInterrupt):  # they are interrupted, too, and tell how far they came
                process.wait()
    os.write(shown, b"\n")
    os.close(shown)
    return [told(share.folder, process.returncode) for share, process in zip(shares, running, strict=True)]


def told(folder: Path, ended: int) -> Told:
    """Return what is known of a share; one that was killed has told nothing of its tests."""
    said = json.loads((folder / TOLD).read_text("utf-8")) if (folder / TOLD).exists() else {"counts": {}, "red": []}
    return Told(ended, (folder / OUTPUT).read_text("utf-8", "replace"), said["counts"], said["red"])


def status(ended: Iterable[int]) -> int:
    """Return the status of a run: the first that is red; a share of which nothing was chosen is not red."""
    each = set(ended)
    red = sorted(each - {GREEN, NOTHING})
    return (abs(red[-1]) if red else 0) or (NOTHING if each == {NOTHING} else GREEN)


def summary(shares: Sequence[Told], seconds: float) -> Iterator[str]:
    """Say in a few lines how all shares ended: what failed, and how many tests did what."""
    yield from (line for one in shares for line in one.red)
    for number, one in enumerate(shares, 1):
        if one.status not in {GREEN, NOTHING} and not one.red:
            yield f"share {number} ended with status {one.status}: see what it wrote above"
    counts = sum((Counter(one.counts) for one in shares), Counter[str]())
    said = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])
    yield f"{said or 'no tests ran'} in {seconds:.0f} s"


class Sharing:
    """In a process of a share: passes over files of others, draws a dot now and then, and tells at the end."""

    def __init__(self, folder: Path, progress: int, root: Path, *, brief: bool) -> None:
        self._folder = folder
        self._brief = brief
        self._progress = progress
        self._files = frozenset(str(root / file) for file in (folder / FILES).read_text("utf-8").splitlines())
        self._passed = 0

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        path = str(collection_path)
        return (path.endswith(".py") and collection_path.name.startswith("test_") and path not in self._files) or None

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str] | None:
        """Write nothing for a test that passed, unless `-v` asks for it."""
        return ("passed", "", "") if self._brief and report.passed and report.when == "call" else None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os.write(self._progress, f"F\n{line(report)}\n".encode())
        elif report.when == "call":
            self._passed += 1
            if self._passed % DOT == 0:
                os.write(self._progress, b".")

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        stats = terminalreporter.stats
        red = [f"{kind.upper()} {getattr(one, 'nodeid', one)}" for kind in RED for one in stats.get(kind, [])]
        counts = {kind: len(stats.get(kind, [])) for kind in KINDS}
        (self._folder / TOLD).write_text(json.dumps({"counts": counts, "red": red}), "utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--share", type=Path, help="a folder with what this process is to run")
    parser.addoption("--share-progress", type=int, help="a file descriptor that its dots are written to")


def pytest_configure(config: pytest.Config) -> None:
    folder = config.getoption("--share")
    if folder is not None:
        share = Sharing(folder, config.getoption("--share-progress"), config.rootpath, brief=config.get_verbosity() < 0)
        config.pluginmanager.register(share, "share")


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1:], len(os.sched_getaffinity(0)) + 1))
