"""The folder of an upload is gone with the upload, and with the process that was killed in the middle of one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from gateway.uploads.upload_folder import PREFIX, YOUNG_S, sweep_upload_folders, upload_folder

HOLDER = """
import time
from gateway.uploads.upload_folder import upload_folder
with upload_folder() as folder:
    (folder / "document").write_text("Maria Souza")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def made_old(folder: Path) -> None:
    then = time.time() - YOUNG_S - 1
    os.utime(folder, (then, then))


def test_it_is_gone_afterwards() -> None:
    with upload_folder() as folder:
        (folder / "document").write_text("x")
    assert not folder.exists()


def test_what_a_killed_gateway_left_is_swept_and_what_is_in_use_is_not(temporary: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER], env={**os.environ, "TMPDIR": str(temporary)}, stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdout is not None
        left = Path(killed.stdout.readline().strip())
        with upload_folder() as ours:
            made_old(left)
            made_old(ours)
            assert sweep_upload_folders() == 0  # both are in use

            killed.kill()
            killed.wait()
            assert sweep_upload_folders() == 1
            assert (left.exists(), ours.exists()) == (False, True)


def test_a_folder_that_was_made_just_now_and_others_things_stay(temporary: Path) -> None:
    fresh = temporary / f"{PREFIX}fresh"
    fresh.mkdir()
    other = temporary / "other"
    other.mkdir()
    made_old(other)
    (temporary / f"{PREFIX}link").symlink_to(other)
    assert sweep_upload_folders() == 0
    assert fresh.exists()
    assert other.exists()
