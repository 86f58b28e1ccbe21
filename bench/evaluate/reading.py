"""Documents of a folder, each read by the gateway's own reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gateway.intake.elsewhere import Elsewhere
from gateway.intake.sniff import ENDINGS, OLD_ENDINGS
from schemas.channels import CHANNELS
from schemas.facts import DocumentFacts

#: A table that does not name its channel is read again as one of the seller's own.
OWN: Final = "own_store"
EXPECTED: Final = "expected.json"
_ROOT: Final = Path(__file__).resolve().parents[2]
#: Far above the reader's own limit, which is what is to be seen.
_LIMIT_S: Final = 600


@dataclass(frozen=True, slots=True)
class Read:
    """One document after its reading: facts or a refusal, and what the reading took."""

    name: str
    asked: list[str]
    facts: DocumentFacts | None
    refused: dict[str, str] = field(default_factory=dict)
    cpu_s: float = 0.0
    wall_s: float = 0.0
    peak_mib: float = 0.0


def documents(folder: Path) -> list[Path]:
    """Return the files below a folder that can be documents, no hidden ones and no `expected.json`. Raises OSError."""
    os.scandir(folder).close()  # what is below a folder that cannot be read is left out without a word
    endings = ENDINGS.keys() | OLD_ENDINGS.keys()
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix.lower() in endings
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.name.lower() != "readme.md"
    ]


def read(
    path: Path,
    name: str,
    channels: list[str] | None = None,
    elsewhere: Sequence[Elsewhere] = (),
    mapping: Mapping[str, str] | None = None,
) -> Read:
    """Read a document for these channels. For none: for all, and if that tells of no channel, for the own store.

    `mapping`: column -> field, what a person says of the columns.
    """
    first = _read(path, name, channels or list(CHANNELS), elsewhere, mapping)
    if channels or first.facts is None or first.facts.channels or not first.facts.tables:
        return first
    second = _read(path, name, [OWN], mapping=mapping)
    return second if second.facts is not None and second.facts.channels else first


def _read(
    path: Path,
    name: str,
    channels: list[str],
    elsewhere: Sequence[Elsewhere] = (),
    mapping: Mapping[str, str] | None = None,
) -> Read:
    kept = [one.to_dict() for one in elsewhere]
    asked = {"path": str(path), "filename": path.name, "channels": channels, "mapping": dict(mapping or {})}
    request = json.dumps({**asked, "elsewhere": kept})
    command = [sys.executable, "-m", "bench.evaluate.one"]
    done = subprocess.run(
        command, check=False, input=request, capture_output=True, text=True, cwd=_ROOT, timeout=_LIMIT_S
    )
    if done.returncode:
        raise RuntimeError(f"{name}: the reading ended with {done.returncode}: {done.stderr[-2000:]}")
    answer = json.loads(done.stdout)
    facts = DocumentFacts.from_dict(answer["facts"]) if "facts" in answer else None
    return Read(name, channels, facts, answer.get("refused", {}), answer["cpu_s"], answer["wall_s"], answer["peak_mib"])
