"""Who logs goes on where nobody reads: lines are left out, and counted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.process.log_pipe import LogPipe, where_to_log
from tests.support.patience import PATIENCE_S

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


def test_what_follows_half_a_line_begins_a_line(ends: tuple[int, int]) -> None:
    pipe = LogPipe(ends[1], patience_s=0.01, note=lambda text: f"<{text}>")
    line = "y" * 4095 + "\n"
    for _ in range(15):  # of the 16 for which there is room
        pipe.write(line)
    pipe.write("x" * 9000 + "\n")
    kept = b""
    while len(kept) < 16 * len(line):
        kept += os.read(ends[0], 65536)
    assert kept.decode() == line * 15 + "x" * 4096

    pipe.write("again\n")

    assert os.read(ends[0], 65536).decode() == "\n<1 log lines were left out: nobody read them>\nagain\n"


def test_what_a_logger_says_of_lines_left_out_is_of_its_own_style() -> None:
    program = """
import structlog
from schemas.process import logs
logs.configure("test", "json")
log = structlog.get_logger("t")
for n in range(200):
    log.info("line", much="x" * 1000)
print("full", flush=True)
input()
log.info("last")
"""
    command = [sys.executable, "-c", program]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=Path(__file__).parents[4], stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"full\n"
        kept = os.read(process.stderr.fileno(), 1 << 20)
        kept += process.communicate(b"\n", timeout=PATIENCE_S)[1]
    finally:
        process.kill()
    said = [json.loads(line) for line in kept.splitlines()]
    assert [(line["service"], line["event"].lstrip("0123456789")) for line in said[-2:]] == [
        ("test", " log lines were left out: nobody read them"),
        ("test", "last"),
    ]


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
        assert process.wait(timeout=PATIENCE_S) == 0
        assert done.read_text() == "done"
    finally:
        process.kill()
        process.communicate()
