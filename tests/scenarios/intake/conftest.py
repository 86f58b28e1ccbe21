from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from gateway.intake import read_document
from local.samples import Sample, write_samples
from schemas.facts import DocumentFacts

ROWS = 3000


@dataclass(frozen=True)
class Read:
    sample: Sample
    facts: DocumentFacts


@pytest.fixture(scope="session")
async def read_samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Read]:
    """Every sample, read through the real reading process, by file name."""
    folder: Path = tmp_path_factory.mktemp("samples")
    return {
        sample.path.name: Read(sample, await read_document(sample.path, sample.path.name, sample.channels))
        for sample in write_samples(folder, seed=7, rows=ROWS)
    }


@pytest.fixture
def nothing_left_behind(tmp_path: Path) -> Iterator[None]:
    """No process, no descriptor, no temporary file outlives a reading; what readers begin in stays for the next one."""
    me = psutil.Process()
    before = {child.pid for child in me.children(recursive=True)}
    files = set(Path("/tmp").iterdir())
    yield
    new = [child for child in me.children(recursive=True) if child.pid not in before]
    assert [child for child in new if not from_before(child, before) and not is_nursery(child, me)] == []
    assert [path for path in set(Path("/tmp").iterdir()) - files if "pytest" not in path.name and ours(path)] == []
    assert tmp_path.exists()


def from_before(child: psutil.Process, before: set[int]) -> bool:
    """Say whether a process that was there before has started this one: a database server does so when it likes."""
    try:
        return any(parent.pid in before for parent in child.parents())
    except psutil.NoSuchProcess:
        return not child.is_running()


def is_nursery(child: psutil.Process, me: psutil.Process) -> bool:
    try:
        return child.ppid() == me.pid and "gateway.intake.nursery" in child.cmdline()
    except psutil.NoSuchProcess:
        return not child.is_running()


def ours(path: Path) -> bool:
    """Say whether a file of the shared folder could be a reader's: others write there too."""
    return path.name.startswith(("intake", "reader", "document"))
