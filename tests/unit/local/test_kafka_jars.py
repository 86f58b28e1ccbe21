"""The jars: pinned, complete or absent, never half, never another file."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest

from local.kafka_jars import KAFKA, DownloadError, Jar, fetch, locked

CONTENT = {name: f"the bytes of {name}".encode() for name in ("a", "b", "c")}
JARS = [Jar("org.example", name, "1.0", hashlib.sha256(content).hexdigest()) for name, content in CONTENT.items()]


def read(jar: Jar) -> bytes:
    return CONTENT[jar.artifact]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_jar_arrives_whole(tmp_path: Path) -> None:
    fetch(JARS, tmp_path / "new", read)
    assert files(tmp_path / "new") == {f"{name}-1.0.jar": content for name, content in CONTENT.items()}


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "a-1.0.jar").write_bytes(CONTENT["a"])
    asked: list[str] = []

    def reading(jar: Jar) -> bytes:
        asked.append(jar.artifact)
        return read(jar)

    fetch(JARS, tmp_path, reading)
    assert sorted(asked) == ["b", "c"]


def test_an_interrupted_download_goes_on(tmp_path: Path) -> None:
    """What had arrived is whole and kept; the rest comes with the next try."""

    def broken(jar: Jar) -> bytes:
        if jar.artifact == "b":
            raise ConnectionError("the network went away")
        return read(jar)

    with pytest.raises(DownloadError, match=r"(?s)the network went away.*run the same command again"):
        fetch(JARS, tmp_path, broken)
    assert files(tmp_path) == {"a-1.0.jar": CONTENT["a"], "c-1.0.jar": CONTENT["c"]}

    fetch(JARS, tmp_path, read)
    assert len(files(tmp_path)) == 3


def test_a_download_that_is_stopped_is_not_waited_for(tmp_path: Path) -> None:
    """A read that hangs, as from a network that is gone, holds nobody; what had arrived is kept."""
    stop, hangs = threading.Event(), threading.Event()

    def slow(jar: Jar) -> bytes:
        if jar.artifact == "b":
            assert hangs.wait(3600)
        return read(jar)

    def stop_when_the_others_are_there() -> None:
        while len(list(tmp_path.glob("*.jar"))) < 2:
            time.sleep(0.01)
        stop.set()

    stopper = threading.Thread(target=stop_when_the_others_are_there)
    stopper.start()
    with pytest.raises(DownloadError, match="was stopped; the next start goes on with it"):
        fetch(JARS, tmp_path, slow, stop)
    assert not hangs.is_set()
    stopper.join()
    assert sorted(path.name for path in tmp_path.glob("*.jar")) == ["a-1.0.jar", "c-1.0.jar"]

    hangs.set()
    fetch(JARS, tmp_path, read)
    assert sorted(path.name for path in tmp_path.glob("*.jar")) == ["a-1.0.jar", "b-1.0.jar", "c-1.0.jar"]


def test_a_part_that_goes_while_others_tidy_stops_nobody(tmp_path: Path) -> None:
    """Another download gives it its name in between: it is listed, and is not there."""
    (tmp_path / ".fetch-gone").symlink_to(tmp_path / "nowhere")

    fetch(JARS, tmp_path, read)
    assert sorted(path.name for path in tmp_path.glob("*.jar")) == ["a-1.0.jar", "b-1.0.jar", "c-1.0.jar"]


def test_another_file_is_refused_and_not_kept(tmp_path: Path) -> None:
    """A truncated or exchanged jar never gets the name under which it would be run."""
    with pytest.raises(DownloadError, match=r"org\.example:b:1\.0 is not the file"):
        fetch(JARS, tmp_path, lambda jar: read(jar)[: -1 if jar.artifact == "b" else None])
    assert "b-1.0.jar" not in files(tmp_path)


def test_leftovers_of_a_killed_download_are_removed_and_a_running_one_is_not(tmp_path: Path) -> None:
    old, young = tmp_path / ".fetch-old", tmp_path / ".fetch-young"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))

    fetch([], tmp_path, read)

    assert [path.name for path in tmp_path.iterdir()] == [".fetch-young"]


def test_the_lock_pins_the_server_its_logging_and_every_checksum() -> None:
    jars = {jar.coordinate: jar for jar in locked()}

    assert KAFKA in jars
    assert any(coordinate.startswith("org.apache.logging.log4j:log4j-slf4j-impl:") for coordinate in jars)
    assert len({jar.filename for jar in jars.values()}) == len(jars) > 30
    assert all(len(bytes.fromhex(jar.sha256)) == 32 for jar in jars.values())
