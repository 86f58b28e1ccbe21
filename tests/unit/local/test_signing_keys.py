"""The local system's producers' keys: made once, whole, and its owner's alone."""

from __future__ import annotations

import stat
from pathlib import Path

from local.signing_keys import keys_file
from schemas.signing import parse


def test_keys_are_made_once_for_a_folder(tmp_path: Path) -> None:
    file = keys_file(tmp_path / "data")
    made = file.read_text()
    assert keys_file(tmp_path / "data") == file
    assert file.read_text() == made
    assert keys_file(tmp_path / "other").read_text() != made
    assert parse(made).own == "local-1"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_was_half_written_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "signing.new"
    half.write_text("local-1 12")
    half.chmod(0o644)
    assert parse(keys_file(tmp_path).read_text())
    assert stat.S_IMODE(keys_file(tmp_path).stat().st_mode) == 0o600
