"""A benchmark that is ended while it works leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bench.systems.ours import ROOT
from tests.support.patience import PATIENCE_S


def test_a_benchmark_ended_by_sigterm_removes_its_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench", "reading", "--rows", "1000000"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path)}) as running:
        until = time.monotonic() + PATIENCE_S
        while not any(tmp_path.iterdir()):
            assert running.poll() is None
            assert time.monotonic() < until, "no folder of the benchmark yet"
            time.sleep(0.05)
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE_S) == 128 + signal.SIGTERM

    assert not list(tmp_path.iterdir())
