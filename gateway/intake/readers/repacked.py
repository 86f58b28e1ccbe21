"""Packs parts of a workbook into a small one in memory: a reader may write no file."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

#: The least compression: what is packed is unpacked again at once.
_LEVEL: Final = 1
_CHUNK: Final = 64 * 1024


def packed(path: Path, parts: Iterable[ZipInfo]) -> bytes:
    """Return an archive of these parts of another one. Raises what an archive raises that is damaged."""
    made = io.BytesIO()
    with ZipFile(path) as archive, ZipFile(made, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as small:
        for part in parts:
            with archive.open(part) as content, small.open(part.filename, "w") as copy:
                shutil.copyfileobj(content, copy, _CHUNK)
    return made.getvalue()


def with_parts(archive: bytes, more: Iterable[tuple[ZipInfo, bytes]]) -> bytes:
    """Return the archive with more parts: these, each with another content."""
    made = io.BytesIO(archive)
    with ZipFile(made, "a") as small:
        for part, content in more:
            small.writestr(part.filename, content)
    return made.getvalue()
