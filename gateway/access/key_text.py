"""A key as it is written: `mrs_<id>_<secret>`."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Final

_KEY: Final = re.compile(r"mrs_([A-Za-z0-9-]{1,32})_([A-Za-z0-9_-]{32,128})")


class NotAKey(ValueError):  # noqa: N818 - it says what it is
    """The text does not have the shape of a key."""


def new_key() -> tuple[str, str]:
    """Return a fresh (key id, whole key)."""
    key_id = secrets.token_hex(6)
    return key_id, f"mrs_{key_id}_{secrets.token_urlsafe(32)}"


def split(key: str) -> tuple[str, str]:
    """Return (key id, SHA-256 of the secret). Raises NotAKey."""
    match = _KEY.fullmatch(key)
    if match is None:
        raise NotAKey("an API key looks like mrs_<id>_<secret>")
    return match[1], hashlib.sha256(match[2].encode()).hexdigest()


def claimed(key: str) -> str:
    """Return the key id that a text contains; empty if the text does not have the form of a key."""
    match = _KEY.fullmatch(key)
    return "" if match is None else match[1]
