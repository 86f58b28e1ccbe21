"""The files of a backup: packed by gzip, for their owner alone, on the disk before they are told of.

With public keys they are encrypted, too, and their checksums are those of what stands on the disk.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from streams.backup.keys import NO_KEYS, OWNER_FILE, SUFFIX, Encrypting, Keys, opened
from streams.backup.manifest import NAME, Kept, Manifest, NotRestorable, from_text, to_text

#: It holds documents' figures, people's names, hashes of keys, secrets of webhooks.
OWNER_FOLDER: Final = 0o700
#: Twice as fast as the level that is usual, for a tenth more bytes.
LEVEL: Final = 3
_GZIP: Final = 31
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of one backup, as they are written and read."""

    path: Path
    keys: Keys = NO_KEYS

    def packing(self, name: str) -> Packing:
        """Begin a file of that name, and of an ending that says how it is packed."""
        return Packing(self.path / f"{name}.gz{SUFFIX if self.keys.recipients else ''}", self.keys)

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a file. Raises NotRestorable where it is encrypted for another key."""
        with opened(self.path / name, self.keys.identities) as packed, gzip.open(packed, "rb") as plain:
            yield from plain

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the content of a file in large pieces. Raises as `lines`."""
        with opened(self.path / name, self.keys.identities) as packed, gzip.open(packed, "rb") as plain:
            while chunk := plain.read(_CHUNK):
                yield chunk


class Packing:
    """Writes one file; `close` says what is in it."""

    def __init__(self, path: Path, keys: Keys = NO_KEYS) -> None:
        self._path = path
        self._disk = _Disk(path)
        self._hidden = Encrypting(self._disk, keys.recipients) if keys.recipients else None
        self._out: Encrypting | _Disk = self._hidden or self._disk
        self._pack = zlib.compressobj(LEVEL, wbits=_GZIP)

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self._out.write(self._pack.compress(data))

    async def take(self, data: bytes) -> None:
        """Add bytes to the file, and return once they are written."""
        self.write(data)

    def close(self, rows: int) -> Kept:
        """Bring it to the disk, and return what the manifest says of it."""
        self._out.write(self._pack.flush())
        if self._hidden is not None:
            self._hidden.end()
        size, digest = self._disk.close()
        return Kept(self._path.name, size, digest, rows)


class _Disk:
    """What is on the disk in the end."""

    def __init__(self, path: Path) -> None:
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_FILE), "wb")
        self._sum = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> int:
        self._sum.update(data)
        self._size += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> tuple[int, str]:
        """Bring it to the disk; return how many bytes it has, and their checksum."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._size, self._sum.hexdigest()


def begin(folder: Path) -> Path:
    """Make the folder that is filled, beside the one that it becomes. Raises FileExistsError."""
    if folder.exists():
        raise FileExistsError(f"{folder} is there already: a backup gets a folder of its own")
    part = folder.with_name(f"{folder.name}.partial")
    try:
        part.mkdir(mode=OWNER_FOLDER, parents=True)
    except FileExistsError:
        raise FileExistsError(
            f"{part} is there: another backup is being made, or one was not finished; delete it, or give another name"
        ) from None
    return part


def finish(part: Path, folder: Path, manifest: Manifest) -> None:
    """Write the manifest, and give the folder its name: from then on it is a backup."""
    with os.fdopen(os.open(part / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_FILE), "w") as out:
        out.write(to_text(manifest))
        out.flush()
        os.fsync(out.fileno())
    _to_disk(part)
    part.rename(folder)
    _to_disk(folder.parent)


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup whose files are all as they were written.

    Raises NotRestorable, having read every byte of them where it does not.
    """
    try:
        text = (folder / NAME).read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise NotRestorable(f"{folder} has no {NAME}: it is no backup, or one that was not finished") from None
    except UnicodeDecodeError:
        raise NotRestorable(f"{NAME} is damaged: it cannot be read") from None
    manifest = from_text(text)
    wrong = [why for kept in manifest.files if (why := _wrong(folder / kept.name, kept))]
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise NotRestorable(f"the backup is damaged: {'; '.join(wrong[:3])}{more}. Take another one")
    return manifest


def _wrong(path: Path, kept: Kept) -> str:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return f"{kept.name} is missing"
    if path.stat().st_size != kept.size:
        return f"{kept.name} has {path.stat().st_size} bytes, not {kept.size}"
    return "" if found == kept.sha256 else f"{kept.name} does not fit its checksum"


def _to_disk(folder: Path) -> None:
    at = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(at)
    finally:
        os.close(at)
