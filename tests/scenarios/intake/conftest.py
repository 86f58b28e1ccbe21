from dataclasses import dataclass
from pathlib import Path

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
