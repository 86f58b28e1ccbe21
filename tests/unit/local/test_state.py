"""The state file: how other processes find the stack."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from local.lock import AlreadyRunningError, FolderLock
from local.state import ProcessState, State, born, is_same_process


def state(**processes: ProcessState) -> State:
    pid = os.getpid()
    return State(pid, born(pid) or 0.0, "2026-01-01T00:00:00+00:00", env={"A": "1"}, processes=processes)


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    saved = state(worker=ProcessState("ready", pid=os.getpid(), born=born(os.getpid()), restarts=2, last_exit=-9))
    saved.save(tmp_path)

    assert State.load(tmp_path) == saved
    assert saved.running


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    state().save(tmp_path)
    assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"pid": 1, "unknown": 2, "processes": {}}'])
def test_a_file_that_is_not_ours_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)
    assert State.load(tmp_path) is None


def test_no_file_is_none(tmp_path: Path) -> None:
    assert State.load(tmp_path) is None


def test_a_process_is_killed_by_its_name() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    running = state(worker=ProcessState("ready", pid=child.pid, born=born(child.pid)))

    assert running.kill("worker") == child.pid
    assert child.wait(60) == -signal.SIGKILL


def test_another_process_under_the_same_number_is_left_alone() -> None:
    """Numbers are given again: the time of birth must fit too."""
    stale = state(worker=ProcessState("ready", pid=os.getpid(), born=1.0))

    assert not is_same_process(os.getpid(), 1.0)
    with pytest.raises(LookupError, match="worker does not run; running: nothing"):
        stale.kill("worker")


def test_one_supervisor_per_folder(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path / "data"), FolderLock(tmp_path / "data")
    first.acquire()
    with pytest.raises(AlreadyRunningError):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


def test_the_lock_ends_with_its_holder(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from local.lock import FolderLock\n"
        "FolderLock(Path(sys.argv[1])).acquire(); print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        lock = FolderLock(tmp_path)
        with pytest.raises(AlreadyRunningError):
            lock.acquire()
        holder.kill()
        holder.wait()
        lock.acquire()
        lock.release()
