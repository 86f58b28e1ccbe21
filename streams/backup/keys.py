"""Encrypts backups: files of age, to public keys, which a secret key opens.

Whoever makes backups needs no secret for it. The files are those of the program `age`, which opens them, too.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import pyrage
from pyrage.x25519 import Identity, Recipient

from schemas.process.settings import SettingsError
from streams.backup.manifest import NotRestorable

RECIPIENTS: Final = "MARKETPLACE_BACKUP_RECIPIENTS"
IDENTITY_FILE: Final = "MARKETPLACE_BACKUP_IDENTITY_FILE"
#: What the name of an encrypted file ends with.
SUFFIX: Final = ".age"
OWNER_FILE: Final = 0o600


class Sink(Protocol):
    """What bytes are written to."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Keys:
    """`recipients` may read what is written; `identities` read what is there. Without recipients: no encryption."""

    recipients: tuple[Recipient, ...] = ()
    identities: tuple[Identity, ...] = ()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Keys:
        """Read MARKETPLACE_BACKUP_RECIPIENTS and MARKETPLACE_BACKUP_IDENTITY_FILE. Raises SettingsError."""
        return cls(_recipients(env.get(RECIPIENTS, "")), _identities(env.get(IDENTITY_FILE, "").strip()))


NO_KEYS: Final = Keys()


def _recipients(text: str) -> tuple[Recipient, ...]:
    try:
        return tuple(Recipient.from_str(one.strip()) for one in text.split(",") if one.strip())
    except pyrage.RecipientError as error:
        raise SettingsError(
            f"{RECIPIENTS} has to be public keys, as age1..., separated by commas ({error}); `marketplace backup-key"
            " FILE` makes a pair"
        ) from None


def _identities(name: str) -> tuple[Identity, ...]:
    if not name:
        return ()
    try:
        lines = [line.strip() for line in Path(name).read_text("utf-8").splitlines()]
        found = tuple(Identity.from_str(line) for line in lines if line and not line.startswith("#"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{IDENTITY_FILE}: {error}") from None
    except pyrage.IdentityError:
        raise SettingsError(f"{IDENTITY_FILE}: {name} has no secret key, a line as AGE-SECRET-KEY-1...") from None
    if not found:
        raise SettingsError(f"{IDENTITY_FILE}: {name} has no secret key, a line as AGE-SECRET-KEY-1...")
    return found


def make_pair(file: Path) -> str:
    """Write a new secret key for its owner alone, and return the public one. Raises FileExistsError, OSError."""
    identity = Identity.generate()
    try:
        at = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_FILE)
    except FileExistsError:
        raise FileExistsError(f"{file} is there already: a key gets a file of its own") from None
    with os.fdopen(at, "w") as out:
        out.write(f"# public key: {identity.to_public()}\n{identity}\n")
        out.flush()
        os.fsync(out.fileno())
    return str(identity.to_public())


class Encrypting:
    """Encrypts what is written to it into a sink: by a thread, since age's library reads from a file."""

    def __init__(self, out: Sink, recipients: tuple[Recipient, ...]) -> None:
        self._out = out
        self._recipients = recipients
        read, write = os.pipe()
        self._in = os.fdopen(write, "wb")
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(read,), name="encrypting", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> int:
        """Add bytes. Raises what the sink raised."""
        try:
            return self._in.write(data)
        except BrokenPipeError:
            self.end()
            raise

    def end(self) -> None:
        """Encrypt what is left. Raises what the sink raised."""
        with suppress(BrokenPipeError):  # the thread has ended, and says why
            self._in.close()
        self._join()

    def _join(self) -> None:
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self, read: int) -> None:
        try:
            with os.fdopen(read, "rb") as plain:
                pyrage.encrypt_io(plain, _Remembering(self._out, self), list(self._recipients))
        except BaseException as error:
            self._error = self._error or error

    def failed(self, error: OSError) -> None:
        """Keep the sink's own error: the library wraps it."""
        self._error = error


class _Remembering:
    def __init__(self, out: Sink, owner: Encrypting) -> None:
        self._out, self._owner = out, owner

    def write(self, data: bytes) -> int:
        try:
            return self._out.write(data)
        except OSError as error:
            self._owner.failed(error)
            raise

    def flush(self) -> None:
        self._out.flush()


@contextmanager
def opened(path: Path, identities: tuple[Identity, ...]) -> Iterator[BinaryIO]:
    """Open a file of a backup to be read, decrypted where it is encrypted. Raises NotRestorable, also at its end."""
    if path.suffix != SUFFIX:
        with path.open("rb") as plain:
            yield plain
        return
    if not identities:
        raise NotRestorable(f"{path.name} is encrypted: say in {IDENTITY_FILE} which file has the secret key")
    read, write = os.pipe()
    wrong: list[BaseException] = []
    thread = threading.Thread(target=_decrypt, args=(path, write, identities, wrong), name="decrypting", daemon=True)
    thread.start()
    try:
        with os.fdopen(read, "rb") as plain:
            yield plain
    except (EOFError, OSError):  # it ends too soon: what the thread says is why
        thread.join()
        if not wrong:
            raise
    thread.join()
    if wrong and not isinstance(wrong[0], BrokenPipeError):
        raise NotRestorable(
            f"{path.name} cannot be decrypted ({wrong[0]}): it is damaged, or encrypted for another key"
        ) from None


def _decrypt(path: Path, write: int, identities: tuple[Identity, ...], wrong: list[BaseException]) -> None:
    try:
        with os.fdopen(write, "wb") as plain, path.open("rb") as hidden:
            pyrage.decrypt_io(hidden, plain, list(identities))
    except BaseException as error:
        wrong.append(error)
