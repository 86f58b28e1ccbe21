"""A file that a command writes: there whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from gateway.cli.failures import Failure

#: Who may read a file is said by the umask, as of any other.
_MODE: Final = 0o666
_NO_NAMELESS: Final = frozenset({errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL})


def write_whole(file: Path, write: Callable[[IO[bytes]], None], *, force: bool) -> None:
    """Write a file beside its place, then move it there when it is complete. Raises Failure if that fails."""
    if file.exists() and not force:
        raise Failure(f"{file} is there already", "Give --force to write over it.")
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        handle = _nameless(file.parent)
        named = handle is None
        if handle is None:
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
        with os.fdopen(handle, "wb") as to:
            write(to)
            to.flush()
            if not named:
                # what a link leads to is linked only where a folder is named, which nobody looks at for a whole path
                os.link(f"/proc/self/fd/{handle}", beside, src_dir_fd=handle)
        beside.replace(file)
    except OSError as error:
        raise Failure(f"{file} cannot be written", error.strerror or str(error)) from None
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


def _nameless(folder: Path) -> int | None:
    """Open a file that has no name: of it nothing is left, however the process ends. None where there are none."""
    if not hasattr(os, "O_TMPFILE"):
        return None
    try:
        return os.open(folder, os.O_WRONLY | os.O_TMPFILE, _MODE)
    except OSError as error:
        if error.errno in _NO_NAMELESS:
            return None
        raise
