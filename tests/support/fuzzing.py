"""Looks for bytes that a target takes badly: damages what is right, tries it, and makes what was found shorter.

The targets are in tests/support/fuzz_targets.py; how long one may take is seen to by tests/support/fuzz_watched.py.
"""

from __future__ import annotations

import random
import shutil
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.fuzz_targets import TARGETS

CORPUS: Final = Path(__file__).parents[1] / "corpus"
#: Documents that a limit, or a crash of a library, ended: the next run on this machine tries them first. They are no
#: finding, and no part of the repository.
ENDED: Final = Path(__file__).parents[2] / ".local" / "fuzz"
#: Bytes of a mutated input at most.
LONGEST: Final = 200_000
_INTERESTING: Final = (0x00, 0x01, 0x7F, 0x80, 0xFF, 0x0A, 0x22, 0x3B)
_WORDS: Final = (
    b"9" * 400,
    b"1e999",
    b"-0",
    b"NaN",
    b"null",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\\ud800",
    b"\\u0000",
    b"0001-01-01",
    b"31/12/9999",
    b"29/02/2023 25:61",
    b"R$ 1.2.3,4,5",
    b"{" * 200,
    b"[" * 2000,
    b'"' * 9,
    "\u202e٣٤\u00a0".encode(),
    b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
)


def mutated(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Return bytes that are a little different: a few of a dozen ways in which something goes wrong."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at = chance.randrange(len(made) + 1)
        length = chance.choice((1, 2, 4, 16, 64))
        match chance.randrange(7):
            case 0:  # a bit
                made[at : at + 1] = bytes([made[at] ^ 1 << chance.randrange(8)]) if at < len(made) else b""
            case 1:  # an interesting byte, or several
                made[at : at + length] = bytes([chance.choice(_INTERESTING)]) * length
            case 2:  # something is missing
                del made[at : at + length]
            case 3:  # the end is missing
                del made[at:]
            case 4:  # something comes again
                made[at:at] = made[at : at + length] * chance.choice((1, 2, 50))
            case 5:  # a part of another one
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                made[at:at] = other[start : start + length]
            case _:  # a word that means something to somebody
                made[at : at + chance.choice((0, length))] = chance.choice(_WORDS)
    return bytes(made[:LONGEST])


def of_corpus(target: str) -> list[bytes]:
    """Return the inputs that are kept for a target."""
    return [path.read_bytes() for path in sorted((CORPUS / target).glob("*"))]


def of_ended(target: str, folder: Path = ENDED) -> list[bytes]:
    """Return the documents of a target that were ended in runs before."""
    return [path.read_bytes() for path in sorted((folder / target).glob("*"))]


def keep_ended(ended: Mapping[str, bytes], folder: Path = ENDED) -> None:
    """Keep the shortest document of each way to end, `<target>-<way>`, in place of those that were kept before."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in ended.items():
        target, _, way = name.rpartition("-")
        (folder / target).mkdir(parents=True, exist_ok=True)
        (folder / target / way).write_bytes(data)


@dataclass(frozen=True)
class Found:
    """An input that is no good: what it raised, and where in our code."""

    data: bytes
    error: str
    where: str


def find(target: str, data: bytes) -> Found | None:
    """Try one input; return what is wrong, None where nothing is."""
    try:
        TARGETS[target].check(data)
    except Exception as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if "site-packages" not in f.filename]
        where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
        return Found(data, f"{type(error).__name__}: {str(error)[:200]}", where)
    return None


def shorter(target: str, found: Found, find: Callable[[str, bytes], Found | None] = find) -> bytes:
    """Return a shorter input that goes wrong at the same place: parts are left out as long as it does."""
    data, size = found.data, len(found.data) // 2
    while size:
        at = 0
        while at < len(data):
            less = data[:at] + data[at + size :]
            again = find(target, less)
            if again is not None and again.where == found.where:
                data = less
            else:
                at += size
        size //= 2
    return data
