"""What is encrypted opens with its secret key alone, and is whole then; what goes wrong on the way is said."""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.process.settings import SettingsError
from streams.backup import files
from streams.backup.files import Folder
from streams.backup.keys import Encrypting, Keys, make_pair
from streams.backup.manifest import Kept, NotRestorable
from tests.support.patience import PATIENCE_S
from tests.unit.streams.backup.test_manifest import MANIFEST

#: More than a pipe, a chunk of age and a block of gzip hold; it does not shrink.
CONTENT = [os.urandom(997).hex().encode() + b"\n" for _ in range(400)]
NAME = "table-a.gz.age"


@pytest.fixture
def pair(tmp_path: Path) -> Keys:
    return pair_in(tmp_path / "one.key")


def pair_in(file: Path) -> Keys:
    return Keys.from_env(
        {"MARKETPLACE_BACKUP_RECIPIENTS": make_pair(file), "MARKETPLACE_BACKUP_IDENTITY_FILE": str(file)}
    )


def packed(path: Path, keys: Keys) -> Kept:
    out = Folder(path, keys).packing("table-a")
    for line in CONTENT:
        out.write(line)
    return out.close(len(CONTENT))


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    left = [one for one in threading.enumerate() if one.name in {"encrypting", "decrypting"}]
    for one in left:
        one.join(PATIENCE_S)
    assert [one.name for one in left if one.is_alive()] == []


def test_what_was_encrypted_is_there_again_and_nowhere_else(tmp_path: Path, pair: Keys) -> None:
    kept = packed(tmp_path, pair)
    on_disk = (tmp_path / NAME).read_bytes()
    assert (kept.name, kept.size, kept.rows) == (NAME, len(on_disk), len(CONTENT))
    assert on_disk.startswith(b"age-encryption.org/v1\n")
    assert list(Folder(tmp_path, pair).lines(NAME)) == CONTENT
    assert b"".join(Folder(tmp_path, pair).chunks(NAME)) == b"".join(CONTENT)


def test_each_recipient_opens_it(tmp_path: Path, pair: Keys) -> None:
    other = pair_in(tmp_path / "other.key")
    packed(tmp_path, Keys(recipients=(*pair.recipients, *other.recipients)))
    for keys in (pair, other):
        assert list(Folder(tmp_path, keys).lines(NAME)) == CONTENT


def test_another_key_opens_nothing_and_none_says_what_is_missing(tmp_path: Path, pair: Keys) -> None:
    packed(tmp_path, pair)
    with pytest.raises(NotRestorable, match=r"table-a\.gz\.age cannot be decrypted .* encrypted for another key"):
        list(Folder(tmp_path, pair_in(tmp_path / "other.key")).lines(NAME))
    with pytest.raises(NotRestorable, match="say in MARKETPLACE_BACKUP_IDENTITY_FILE which file has the secret key"):
        list(Folder(tmp_path).lines(NAME))


@pytest.mark.parametrize("at", [0.01, 0.5, 0.999])
@pytest.mark.parametrize("spoil", ["flip", "cut"])
def test_what_is_damaged_anywhere_is_refused(tmp_path: Path, pair: Keys, spoil: str, at: float) -> None:
    packed(tmp_path, pair)
    content = bytearray((tmp_path / NAME).read_bytes())
    place = int(len(content) * at)
    if spoil == "flip":
        content[place] ^= 1
    else:
        del content[place:]
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(NotRestorable, match=r"table-a\.gz\.age cannot be decrypted"):
        list(Folder(tmp_path, pair).lines(NAME))


def test_who_stops_reading_leaves_nothing_behind(tmp_path: Path, pair: Keys) -> None:
    packed(tmp_path, pair)
    lines = Folder(tmp_path, pair).lines(NAME)
    assert isinstance(lines, Generator)
    assert next(lines) == CONTENT[0]
    lines.close()


class Full:
    """A disk that takes so many bytes."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, data: bytes) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""


@pytest.mark.parametrize("room", [0, 100_000, 420_000])
def test_a_full_disk_is_told_as_what_it_is(pair: Keys, room: int) -> None:
    """In the first bytes, in the midst, and with what is left at the end."""
    data = b"x" * 419_900
    out = Encrypting(Full(room), pair.recipients)
    with pytest.raises(OSError, match="No space left on device") as caught:  # noqa: PT012 - whoever writes is told
        for start in range(0, len(data), 1000):
            out.write(data[start : start + 1000])
        out.end()
    assert caught.value.errno == errno.ENOSPC


def test_a_pair_is_for_its_owner_and_takes_no_file_s_place(tmp_path: Path) -> None:
    public = make_pair(tmp_path / "key")
    assert public.startswith("age1")
    text = (tmp_path / "key").read_text()
    assert f"# public key: {public}\n" in text
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError, match="a key gets a file of its own"):
        make_pair(tmp_path / "key")
    assert (tmp_path / "key").read_text() == text


@pytest.mark.parametrize(
    ("variable", "content", "said"),
    [
        ("MARKETPLACE_BACKUP_RECIPIENTS", "age1nobody", "has to be public keys, as age1"),
        ("MARKETPLACE_BACKUP_IDENTITY_FILE", None, "No such file"),
        ("MARKETPLACE_BACKUP_IDENTITY_FILE", "# nothing\n", "has no secret key"),
        ("MARKETPLACE_BACKUP_IDENTITY_FILE", "AGE-SECRET-KEY-1\n", "has no secret key"),
        ("MARKETPLACE_BACKUP_IDENTITY_FILE", "\udcff", "utf-8"),
    ],
)
def test_a_setting_that_is_no_key_is_refused(tmp_path: Path, variable: str, content: str | None, said: str) -> None:
    value = content or ""
    if variable == "MARKETPLACE_BACKUP_IDENTITY_FILE":
        value = str(tmp_path / "key")
        if content is not None:
            (tmp_path / "key").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsError, match=f"^{variable}.*{said}"):
        Keys.from_env({variable: value})


def test_a_manifest_says_for_whom(tmp_path: Path, pair: Keys) -> None:
    part = files.begin(tmp_path / "made")
    kept = packed(part, pair)
    told = replace(MANIFEST, tables=(), topics=(), schemas=kept, recipients=(str(pair.recipients[0]),))
    files.finish(part, tmp_path / "made", told)
    assert files.read(tmp_path / "made").recipients == (str(pair.recipients[0]),)
