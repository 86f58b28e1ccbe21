"""Servers of tests have their data in memory, as long as there is room, and leave nothing there."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from tests.support import in_memory
from tests.support.in_memory import ROOM, folder, roomy


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for memory with room for two workers."""
    made = tmp_path / "memory"
    made.mkdir()
    free = os.statvfs(made)
    monkeypatch.setattr(in_memory, "ROOM", min(ROOM, free.f_bavail * free.f_frsize // 4))
    monkeypatch.setattr(in_memory, "_available", lambda: 2 * in_memory.ROOM)
    return made


def test_it_is_there_for_the_block_and_gone_with_all_that_is_in_it(memory: Path, tmp_path: Path) -> None:
    with folder(tmp_path, memory, workers=2) as made:
        (made / "broker").mkdir()
        assert made.parent == memory
    assert list(memory.iterdir()) == []


def test_without_room_for_every_worker_the_disk_is_taken(memory: Path, tmp_path: Path) -> None:
    with folder(tmp_path, memory, workers=3) as made:
        assert made == tmp_path
    assert tmp_path.exists()


def test_a_machine_without_such_a_folder_has_no_room(tmp_path: Path) -> None:
    assert not roomy(tmp_path / "nowhere", 1)


def test_what_a_killed_session_left_is_removed_and_what_is_at_work_stays(memory: Path, tmp_path: Path) -> None:
    left, at_work = memory / "marketplace-tests-left", memory / "marketplace-tests-at-work"
    for one in (left, at_work):
        one.mkdir()
        (one / "lock").touch()
    with (at_work / "lock").open("r") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with folder(tmp_path, memory, workers=1) as made:
            assert set(memory.iterdir()) == {at_work, made}
