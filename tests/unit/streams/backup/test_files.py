"""A backup is whole or it is none, and it is for its owner alone."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from streams.backup import files
from streams.backup.manifest import NAME, NotRestorable
from tests.unit.streams.backup.test_manifest import MANIFEST


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A backup with one file in it."""
    made = tmp_path / "backups" / "monday"
    part = files.begin(made)
    out = files.Packing(part / "schemas.gz")
    out.write(b"first\n")
    out.write(b"second\n")
    kept = out.close(2)
    assert not made.exists()
    files.finish(part, made, replace(MANIFEST, tables=(), topics=(), schemas=kept))
    return made


def test_what_was_packed_is_there_again(folder: Path) -> None:
    kept = files.read(folder).schemas
    assert (kept.name, kept.rows, kept.size) == ("schemas.gz", 2, (folder / "schemas.gz").stat().st_size)
    assert list(files.Folder(folder).lines("schemas.gz")) == [b"first\n", b"second\n"]
    assert b"".join(files.Folder(folder).chunks("schemas.gz")) == b"first\nsecond\n"


def test_nobody_else_reads_it(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_no_backup_takes_the_place_of_another(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError, match="a folder of its own"):
        files.begin(folder)
    files.begin(tmp_path / "tuesday")
    with pytest.raises(FileExistsError, match="another backup is being made, or one was not finished"):
        files.begin(tmp_path / "tuesday")


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda f: (f / "schemas.gz").unlink(), "schemas.gz is missing"),
        (lambda f: flip(f / "schemas.gz"), "schemas.gz does not fit its checksum"),
        (lambda f: (f / "schemas.gz").write_bytes((f / "schemas.gz").read_bytes()[:-1]), "bytes, not"),
        (lambda f: (f / NAME).unlink(), "no backup, or one that was not finished"),
        (lambda f: (f / NAME).write_bytes(b"\xff"), "manifest.json is damaged"),
        (lambda f: (f / NAME).write_text((f / NAME).read_text()[:100]), "manifest.json is damaged"),
    ],
)
def test_what_is_damaged_is_refused(folder: Path, spoil: Callable[[Path], None], why: str) -> None:
    spoil(folder)
    with pytest.raises(NotRestorable, match=why):
        files.read(folder)
