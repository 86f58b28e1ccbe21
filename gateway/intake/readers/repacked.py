"""Packs parts of a workbook into a small one in memory: a reader may write no file."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import ZIP_STORED, ZipInfo

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_VERSION: Final = 20
#: The first of January 1980, as an archive writes it.
_DAY: Final = 0x21
#: The name is in UTF-8.
_UTF8: Final = 0x800


@dataclass(frozen=True, slots=True)
class Packed:
    """One part of an archive, as it stands there."""

    name: bytes
    is_utf8: bool
    method: int
    crc: int
    size: int
    content: bytes


def stored(part: ZipInfo, content: bytes) -> Packed:
    """Return a part with another content."""
    is_utf8 = bool(part.flag_bits & _UTF8)
    return Packed(_name(part), is_utf8, ZIP_STORED, zlib.crc32(content), len(content), content)


def taken(path: Path, parts: Iterable[ZipInfo]) -> list[Packed]:
    """Return these parts of an archive, packed as they are. Raises ValueError where one is not where it should be."""
    found = []
    with path.open("rb") as file:
        for part in parts:
            file.seek(part.header_offset)
            local = file.read(_LOCAL.size)
            if len(local) < _LOCAL.size:
                raise ValueError("no part of an archive")
            signature, *_, name, extra = _LOCAL.unpack(local)
            if signature != b"PK\3\4":
                raise ValueError("no part of an archive")
            file.seek(name + extra, 1)
            content = file.read(part.compress_size)
            is_utf8 = bool(part.flag_bits & _UTF8)
            found.append(Packed(_name(part), is_utf8, part.compress_type, part.CRC, part.file_size, content))
    return found


def archive_of(parts: Iterable[Packed]) -> bytes:
    """Return an archive of these parts."""
    written: list[bytes] = []
    listed: list[bytes] = []
    at = 0
    for part in parts:
        flags = _UTF8 if part.is_utf8 else 0
        about = (_VERSION, flags, part.method, 0, _DAY, part.crc, len(part.content), part.size, len(part.name), 0)
        local = _LOCAL.pack(b"PK\3\4", *about)
        written += [local, part.name, part.content]
        listed += [_CENTRAL.pack(b"PK\1\2", _VERSION, *about, 0, 0, 0, 0, at), part.name]
        at += len(local) + len(part.name) + len(part.content)
    size = sum(map(len, listed))
    end = _END.pack(b"PK\5\6", 0, 0, len(listed) // 2, len(listed) // 2, size, at, 0)
    return b"".join([*written, *listed, end])


def _name(part: ZipInfo) -> bytes:
    return part.orig_filename.encode("utf-8" if part.flag_bits & _UTF8 else "cp437")
