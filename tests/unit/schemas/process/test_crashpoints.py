"""Crash points: a process dies where it is asked to, once, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from schemas.process.crashpoints import EXIT_STATUS
from tests.support.patience import PATIENCE_S

CODE = (
    "from schemas.process.crashpoints import crashpoint\n"
    "import atexit\natexit.register(print, 'cleaned up')\n{}\nprint('end')"
)


def run(body: str, folder: Path | None) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name != "MARKETPLACE_CRASH_POINTS"}
    if folder is not None:
        env["MARKETPLACE_CRASH_POINTS"] = str(folder)
    return subprocess.run(
        [sys.executable, "-c", CODE.format(body)],
        env=env,
        cwd=Path(__file__).parents[4],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def test_a_process_dies_at_its_point_as_if_it_were_killed_and_only_once(tmp_path: Path) -> None:
    (tmp_path / "a.done").touch()

    first = run("crashpoint('b.done'); crashpoint('a.done')", tmp_path)

    assert (first.returncode, first.stdout) == (EXIT_STATUS, "")
    assert list(tmp_path.iterdir()) == []
    second = run("crashpoint('a.done')", tmp_path)
    assert (second.returncode, second.stdout) == (0, "end\ncleaned up\n")


def test_without_a_folder_nothing_happens(tmp_path: Path) -> None:
    (tmp_path / "a.done").touch()

    done = run(f"import os; os.chdir({str(tmp_path)!r}); crashpoint('a.done')", None)

    assert (done.returncode, done.stdout) == (0, "end\ncleaned up\n")
    assert (tmp_path / "a.done").exists()
