"""Who logs goes on where nobody reads: lines are left out, and counted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.process.log_pipe import LogPipe, where_to_log

LINE = "x" * 999 + "\n"


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    read, write = os.pipe()
    yield read, write
    os.close(read)
    os.close(write)


def test_lines_come_as_they_are(ends: tuple[int, int]) -> None:
    pipe = LogPipe(ends[1])
    assert pipe.write("olá\n") == 4
    pipe.flush()
    assert os.read(ends[0], 100).decode() == "olá\n"


def test_where_nobody_reads_lines_are_left_out_and_said(ends: tuple[int, int]) -> None:
    pipe = LogPipe(ends[1], patience_s=0.01)
    for _ in range(1000):
        pipe.write(LINE)
    left_out = pipe.dropped
    assert 0 < left_out < 1000
    kept = b""
    while len(kept) < (1000 - left_out) * len(LINE):
        kept += os.read(ends[0], 65536)
    assert kept.decode() == LINE * (1000 - left_out)  # whole lines, in order

    pipe.write("again\n")

    assert os.read(ends[0], 65536).decode() == f"{left_out} log lines were left out: nobody read them\nagain\n"
    assert pipe.dropped == 0


def test_a_reader_that_has_gone_ends_nobody() -> None:
    read, write = os.pipe()
    os.close(read)
    pipe = LogPipe(write, patience_s=0.01)
    pipe.write(LINE)
    assert pipe.dropped == 1
    os.close(write)


def test_what_is_no_pipe_stays_as_it_is(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as file:
        assert where_to_log(file) is file


def test_a_process_ends_its_work_while_its_supervisor_is_frozen(tmp_path: Path) -> None:
    """The supervisor that has its pipe and does not read stands for one that was stopped."""
    program = """
import sys
from pathlib import Path
import structlog
from schemas.process import logs
logs.configure("test", "json")
for n in range(3000):
    structlog.get_logger("t").info("line", n=n, much="x" * 200)
Path(sys.argv[1]).write_text("done")
"""
    done = tmp_path / "done"
    root = Path(__file__).parents[4]
    process = subprocess.Popen([sys.executable, "-c", program, str(done)], cwd=root, stderr=subprocess.PIPE)
    try:
        assert process.wait(timeout=60) == 0
        assert done.read_text() == "done"
    finally:
        process.kill()
        process.communicate()
