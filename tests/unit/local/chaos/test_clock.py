"""A process whose clock jumps while it runs, and one that is not meant."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local.chaos.clock import Clock

#: Prints its clocks, seconds since 1970 UTC, once for each line that it is sent.
WATCH = """
import sys, time
import time as same
from time import time as imported
for _ in sys.stdin:
    print(imported(), same.time_ns() / 1e9, time.monotonic(), flush=True)
"""


def test_a_running_process_jumps_and_comes_home(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock")
    with subprocess.Popen(
        [sys.executable, "-c", WATCH],
        env={**os.environ, **clock.env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def asked() -> tuple[float, float, float]:
            process.stdin.write("\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            wall, wall_ns, steady = map(float, process.stdout.readline().split())  # type: ignore[union-attr]
            return wall - time.time(), wall_ns - time.time(), steady - time.monotonic()

        for offset in (0.0, 7200.0, -90.5, 0.0):
            clock.jump(offset)
            wall, wall_ns, steady = asked()
            assert wall == pytest.approx(offset, abs=1)
            assert wall_ns == pytest.approx(offset, abs=1)
            assert steady == pytest.approx(0, abs=1)
        process.stdin.close()


def test_a_process_without_the_variable_keeps_its_clock(tmp_path: Path) -> None:
    env = {**os.environ, **Clock(tmp_path / "clock").env}
    del env["CHAOS_CLOCK"]

    done = subprocess.run(
        [sys.executable, "-c", "import time; print(time.time)"], env=env, capture_output=True, text=True, check=True
    )

    assert "built-in function time" in done.stdout
