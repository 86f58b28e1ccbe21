"""`make demo EXIT=1`, as a person's first minute and as a script uses it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from local.state import ROOT, State

DOCUMENTS = 10


def test_the_demo_ends_with_its_verdict_and_leaves_nothing_running(tmp_path: Path) -> None:
    """From nothing to the tasks of ten documents: status 0, the verdict in the last line, all processes gone."""
    data = tmp_path / "data"
    done = subprocess.run(
        [sys.executable, "-m", "local.demo", "--exit", "--data", str(data), "--rows", "200"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith(("MARKETPLACE_", "OPENAI_"))},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    verdict = re.fullmatch(r"DEMO OK plans=(\d+) tasks=(\d+) seconds=(\d+)", done.stdout.splitlines()[-1])
    assert verdict is not None, done.stdout
    plans, tasks, _seconds = map(int, verdict.groups())
    assert plans == DOCUMENTS
    assert tasks >= plans
    assert "Traceback" not in done.stderr
    state = State.load(data)
    assert state is not None
    assert not state.running
    assert not any(process.alive for process in state.processes.values())
