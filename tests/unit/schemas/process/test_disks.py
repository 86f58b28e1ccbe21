"""What a process tells of the disks of its own folders."""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path

import pytest

from schemas.process import disks
from schemas.process.disks import OwnDisks, folders_of, look


def test_a_disk_is_told_with_its_size_and_what_is_left(tmp_path: Path) -> None:
    found = look("worker", str(tmp_path))
    assert found is not None
    assert (found["of"], found["path"], found["device"]) == ("worker", str(tmp_path), tmp_path.stat().st_dev)
    assert found["size"] == shutil.disk_usage(tmp_path).total
    assert 0 < found["free"] <= found["size"]


def test_a_folder_that_is_not_there_has_no_disk(tmp_path: Path) -> None:
    assert look("worker", str(tmp_path / "gone")) is None
    assert look("worker", "/proc") is None  # what takes no room is no disk


def test_the_folders_are_those_that_a_process_writes_to(tmp_path: Path) -> None:
    own = str(Path(tempfile.gettempdir()).absolute())
    assert folders_of({}) == (own,)
    assert folders_of({"MARKETPLACE_DATA": str(tmp_path)}) == (own, str(tmp_path))
    assert folders_of({"MARKETPLACE_DATA": str(tmp_path / "gone")}) == (own,)


def test_who_asks_does_not_wait_for_a_folder_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    looked, answers, asked = threading.Event(), threading.Event(), []

    def hangs(of: str, path: str) -> dict[str, object]:
        asked.append(path)
        looked.set()
        assert answers.wait(20)
        return {"of": of, "path": path}

    monkeypatch.setattr(disks, "look", hangs)
    own = OwnDisks("worker", ["/mnt"])
    assert own.told() == []
    assert looked.wait(20)
    assert own.told() == []  # no second thread hangs beside the first

    answers.set()
    with own._looks:  # it is given back once that look is over
        pass
    assert (own.told(), asked) == ([{"of": "worker", "path": "/mnt"}], ["/mnt"])
