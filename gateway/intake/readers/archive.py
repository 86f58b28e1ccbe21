"""Checks that an XLSX, XLSB, ODS or DOCX (a ZIP archive) is safe to expand, as declared and in fact."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gateway.intake.limits import Limits
from gateway.intake.refused import Refused, size
from gateway.intake.sniff import damage_refused

#: Bytes that are unpacked at once. From 128 KiB on the system gives and takes back the memory of each piece, which made
#: the look a fifth dearer.
_CHUNK: Final = 64 * 1024


def check_archive(path: Path, limits: Limits, besides: Sequence[zipfile.ZipInfo] = ()) -> None:
    """Refuse an archive that declares, or turns out, to expand past the limits, or that is encrypted.

    The parts `besides` are not expanded: who reads them piece by piece gets no more than they declare.
    """
    bomb = Refused.because("archive-bomb", limit=size(limits.max_expanded_bytes))
    with damage_refused(), zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if len(parts) > limits.max_archive_parts:
            raise bomb
        if any(part.flag_bits & 0x1 for part in parts):
            raise Refused.because("encrypted")
        if sum(part.file_size for part in parts) > limits.max_expanded_bytes:
            raise bomb
        if any(_too_dense(part.file_size, part.compress_size, limits) for part in parts):
            raise bomb
        unread = {part.header_offset for part in besides}
        _expand(archive, [part for part in parts if part.header_offset not in unread], limits, bomb)


def _too_dense(expanded: int, packed: int, limits: Limits) -> bool:
    return expanded > limits.free_expansion_bytes and expanded > packed * limits.max_expansion_ratio


def _expand(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], limits: Limits, bomb: Refused) -> None:
    """Expand every part into nothing, counting: a header can lie, the bytes cannot."""
    total = 0
    for part in parts:
        with archive.open(part) as content:
            while chunk := content.read(_CHUNK):
                total += len(chunk)
                if total > limits.max_expanded_bytes:
                    raise bomb
