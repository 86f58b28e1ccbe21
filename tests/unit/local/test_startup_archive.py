"""The archive of a broker's start is made once, however many brokers end at the same time."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from local.startup_archive import StartupArchive

#: Writes what it was asked to make, and a line for each time that it was called.
JAVA = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/calls"
for option; do case $option in -XX:AOTCache=*) echo made > "${option#-XX:AOTCache=}";; esac; done
"""


@pytest.fixture
def java(tmp_path: Path) -> Path:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(JAVA)
    java.chmod(0o755)
    return java


def archive(java: Path, tmp_path: Path, broker: str) -> StartupArchive:
    """Return the archive as one of several brokers knows it, which has run and left its record."""
    jar = tmp_path / "jars" / "kafka.jar"
    jar.parent.mkdir(exist_ok=True)
    if not jar.exists():  # its time is part of the archive's name
        jar.touch()
    scratch = tmp_path / broker
    scratch.mkdir()
    (scratch / "startup.record").touch()
    return StartupArchive(java, ["-Xmx1m"], [jar], scratch)


def calls(java: Path) -> list[str]:
    file = java.parent / "calls"
    return file.read_text().splitlines() if file.exists() else []


def test_the_first_one_makes_it_and_all_use_it(java: Path, tmp_path: Path) -> None:
    first, second = archive(java, tmp_path, "first"), archive(java, tmp_path, "second")
    assert [option.split("=")[0] for option in first.options()] == ["-XX:AOTMode", "-XX:AOTConfiguration"]
    first.make()
    second.make()
    assert len(calls(java)) == 1
    assert first.options() == second.options() == (f"-XX:AOTCache={first.path}",)
    assert not first.recorded
    assert not second.recorded


def test_while_one_makes_it_the_others_go_on_without(java: Path, tmp_path: Path) -> None:
    late = archive(java, tmp_path, "late")
    with late.path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        late.make()
    assert calls(java) == []
    assert not late.recorded, "its record is of no use to anybody"


def test_where_nothing_may_be_written_there_is_none(java: Path, tmp_path: Path) -> None:
    one = archive(java, tmp_path, "one")
    one.path.with_suffix(".lock").mkdir()
    one.make()
    assert calls(java) == []
    assert one.use() == ()


def test_without_success_nothing_is_different(java: Path, tmp_path: Path) -> None:
    java.write_text("#!/bin/sh\nexit 1\n")
    one = archive(java, tmp_path, "one")
    one.make()
    assert one.use() == ()
    assert [path.name for path in one.path.parent.iterdir() if path.suffix == ".part"] == []
