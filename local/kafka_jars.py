"""Apache Kafka's jars: pinned in `kafka.toml`, fetched once into the user's cache, verified, reused.

    python -m local.kafka_jars            fetch what is missing and print the class path's folder
    python -m local.kafka_jars lock       resolve KAFKA again and rewrite kafka.toml

The lock holds every jar's coordinate and SHA-256, so that each start anywhere runs the same bytes. A jar gets its
final name only after its checksum was right: an interrupted download leaves nothing that a later start would use.
"""

from __future__ import annotations

import hashlib
import logging
import os
import queue
import sys
import tempfile
import threading
import time
import tomllib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KAFKA = "org.apache.kafka:kafka_2.13:4.4.0"
LOGGING = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.5"  # the server logs through slf4j and brings no binding
LOCK = Path(__file__).with_name("kafka.toml")
DOWNLOADS = 4
PART = ".fetch-"
AN_HOUR = 3600.0


class DownloadError(RuntimeError):
    """Raised where a jar cannot be fetched, or is not what the lock says. What arrived is kept: run again to go on."""


@dataclass(frozen=True)
class Jar:
    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        return f"{self.artifact}-{self.version}.jar"

    @property
    def coordinate(self) -> str:
        return f"{self.group}:{self.artifact}:{self.version}"


def locked() -> list[Jar]:
    """Return the jars of `kafka.toml`, in class path order."""
    jars: dict[str, str] = tomllib.loads(LOCK.read_text(encoding="utf-8"))["sha256"]
    return [_jar(coordinate, sha256) for coordinate, sha256 in jars.items()]


def _jar(coordinate: str, sha256: str) -> Jar:
    group, artifact, version = coordinate.split(":")
    return Jar(group, artifact, version, sha256)


def folder() -> Path:
    """Return the folder that keeps the jars for this user, shared by every checkout."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "marketplace-resilience" / ("kafka-" + KAFKA.rpartition(":")[2])


def classpath(stop: threading.Event | None = None) -> list[Path]:
    """Return every jar of the lock, and fetch what is missing; progress goes to stderr. Raises DownloadError."""
    target, jars = folder(), locked()
    if any(not (target / jar.filename).exists() for jar in jars):
        with _remote() as read:
            fetch(jars, target, lambda jar: _from_maven_cache(jar) or read(jar), stop)
    return [target / jar.filename for jar in jars]


def fetch(jars: Sequence[Jar], target: Path, read: Callable[[Jar], bytes], stop: threading.Event | None = None) -> None:
    """Bring the missing ones of `jars` into `target`, until `stop` is set.

    Raises DownloadError; what had arrived by then is kept. It does not wait for what it was told to stop.
    """
    target.mkdir(parents=True, exist_ok=True)
    _tidy(target)
    missing = [jar for jar in jars if not (target / jar.filename).exists()]
    done, size = len(jars) - len(missing), 0
    failure: BaseException | None = None
    for future in _side_by_side(missing, lambda jar: _fetch_one(jar, target, read), stop or threading.Event()):
        if future.exception() is not None:
            failure = failure or future.exception()
            continue
        done, size = done + 1, size + future.result()
        _report(f"Apache Kafka: jar {done} of {len(jars)}, {size / 1e6:.1f} MB", last=done == len(jars))
    if isinstance(failure, DownloadError):
        raise failure
    if failure is not None:  # whatever the resolver or the network came up with
        raise DownloadError(
            f"Apache Kafka could not be downloaded: {failure}\n"
            "Check the network (and HTTPS_PROXY, if you need one), then run the same command again: "
            "it goes on with the jars that are missing."
        ) from failure
    if done < len(jars):
        raise DownloadError("the download of Apache Kafka was stopped; the next start goes on with it")


def _side_by_side(jars: Sequence[Jar], work: Callable[[Jar], int], stop: threading.Event) -> Iterator[Future[int]]:
    """Yield what became of each jar as it ends; nothing more once `stop` is set.

    No pool of `concurrent.futures`: the interpreter waits at its end for the threads of those, and a read from a slow
    network ends when it likes.
    """
    waiting, ended = deque(jars), queue.SimpleQueue[Future[int]]()

    def run() -> None:
        while not stop.is_set():
            try:
                jar = waiting.popleft()
            except IndexError:
                return
            future: Future[int] = Future()
            try:
                future.set_result(work(jar))
            except Exception as error:  # for the caller to judge
                future.set_exception(error)
            ended.put(future)

    for _ in range(min(DOWNLOADS, len(jars))):
        threading.Thread(target=run, name="download", daemon=True).start()
    left = len(jars)
    while left and not stop.is_set():
        try:
            yield ended.get(timeout=0.1)
        except queue.Empty:
            continue
        left -= 1


def _fetch_one(jar: Jar, target: Path, read: Callable[[Jar], bytes]) -> int:
    content = read(jar)
    if hashlib.sha256(content).hexdigest() != jar.sha256:
        raise DownloadError(f"{jar.coordinate} is not the file that {LOCK.name} names; refusing to run it")
    # Written beside its final place and flushed before the rename: a crash leaves the old state or the new one.
    with tempfile.NamedTemporaryFile(dir=target, prefix=PART, delete=False) as part:
        part.write(content)
        part.flush()
        os.fchmod(part.fileno(), 0o644)
        os.fsync(part.fileno())
    Path(part.name).replace(target / jar.filename)
    return len(content)


def _tidy(target: Path) -> None:
    """Remove what a download that was killed left; one that still runs is younger."""
    for part in target.glob(f"{PART}*"):
        with suppress(FileNotFoundError):  # it has got its name, or another start has tidied, too
            if time.time() - part.stat().st_mtime > AN_HOUR:
                part.unlink()


@contextmanager
def _remote() -> Iterator[Callable[[Jar], bytes]]:
    """Yield what reads a jar from the network, by way of a folder that is thrown away."""
    from jgo.maven import MavenContext  # noqa: PLC0415 - slow to import, needed for the first start only

    logging.getLogger("jgo").setLevel(logging.ERROR)  # it only warns about a wrong checksum; we refuse it
    # a download that was stopped may still write there
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as staging:
        context = MavenContext(repo_cache=Path(staging), timeout=60)

        def read(jar: Jar) -> bytes:
            component = context.project(jar.group, jar.artifact).at_version(jar.version)
            path: Path = component.artifact().resolve()
            return path.read_bytes()

        yield read


def _from_maven_cache(jar: Jar) -> bytes | None:
    """Read the same jar as an earlier Maven build left it on this machine, if it is whole."""
    repository = Path(os.environ.get("M2_REPO") or Path.home() / ".m2" / "repository")
    path = repository.joinpath(*jar.group.split("."), jar.artifact, jar.version, jar.filename)
    content = path.read_bytes() if path.exists() else b""
    return content if hashlib.sha256(content).hexdigest() == jar.sha256 else None


def _report(message: str, *, last: bool) -> None:
    if sys.stderr.isatty():
        print(f"\r{message}", end="\n" if last else "", file=sys.stderr, flush=True)
    elif last:
        print(message, file=sys.stderr, flush=True)


def lock() -> None:
    """Resolve the coordinates with all that they need at run time, and write `kafka.toml`."""
    import jgo  # noqa: PLC0415 - slow to import, needed here only

    artifacts: dict[tuple[str, str], Any] = {}
    for endpoint in (KAFKA, LOGGING):
        for artifact in jgo.resolve(endpoint):
            artifacts.setdefault((artifact.groupId, artifact.artifactId), artifact)
    lines = ["# Written by: python -m local.kafka_jars lock", "[sha256]"]
    for artifact in artifacts.values():
        sha256 = hashlib.sha256(artifact.resolve().read_bytes()).hexdigest()
        lines.append(f'"{artifact.groupId}:{artifact.artifactId}:{artifact.version}" = "{sha256}"')
    LOCK.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["lock"]:
        lock()
    print(classpath()[0].parent)
