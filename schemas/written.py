"""Encrypts what people write: reasons, notes, comments, names of files, and what the audit has of a person.

Everybody who writes has a key of their own in Postgres (`decide.writer_key`). Once it is erased nobody can read what
they wrote, neither in the log, nor in the read models and the audit, which have it as the log has it.

An encrypted text is text, `by:<key id>:<digits>=`, that may stand within a longer one. The same text by the same key is
the same again, so that a repeat is seen to be one.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: What people write of themselves, in the data of a command to a plan or a task.
FIELDS: Final = ("reason", "note", "comment")
#: What is read in the place of a text whose key is erased.
ERASED: Final = "[erased]"
KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_MARK: Final = "by:"
# without its last sign it was cut off, and cannot be read
_TEXT: Final = re.compile(r"by:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([A-Za-z0-9_-]*)=?")


@dataclass(frozen=True, slots=True)
class WriterKey:
    """The key of who writes. `secret` has 32 bytes."""

    key_id: str
    secret: bytes


def encrypted(text: str, key: WriterKey) -> str:
    """Return a text as the log has it; an empty one stays empty."""
    if not text:
        return ""
    raw = text.encode("utf-8", "surrogatepass")
    # of the text itself: two texts never have the same, and one text has always the same
    nonce = hmac.digest(key.secret, raw, "sha256")[:_NONCE_BYTES]
    hidden = AESGCM(key.secret).encrypt(nonce, raw, key.key_id.encode())
    return f"{_MARK}{key.key_id}:{urlsafe_b64encode(nonce + hidden).rstrip(b'=').decode()}="


def written(data: Mapping[str, Any], key: WriterKey) -> dict[str, Any]:
    """Return the data of a command with its writer's texts encrypted."""
    hidden: dict[str, Any] = {name: encrypted(data[name], key) for name in FIELDS if isinstance(data.get(name), str)}
    if isinstance(given := data.get("phase1"), Mapping):
        hidden["phase1"] = written(given, key)
    return {**data, **hidden}


def has_text(data: Mapping[str, Any]) -> bool:
    """Return whether `written` has anything to encrypt."""
    given = data.get("phase1")
    return any(data.get(name) for name in FIELDS) or (isinstance(given, Mapping) and has_text(given))


def key_ids(values: Iterable[Any]) -> set[str]:
    """Return the ids of the keys by which texts among the values of a row are encrypted."""
    found: set[str] = set()
    for value in values:  # of every row that anybody is shown, most of which have none: by its type, which costs least
        kind = type(value)
        if kind is str:
            if _MARK in value:
                found.update(one[1] for one in _TEXT.finditer(value))
        elif kind is list:
            found |= key_ids(value)
    return found


def decrypted(value: Any, keys: Mapping[str, bytes]) -> Any:
    """Return a value of a row as people read it: a text, JSON as text, a list of these; whatever else stays as it is.

    A text whose key is erased, or that somebody has changed, is ERASED.
    """
    if isinstance(value, str):
        if _MARK not in value:
            return value
        as_json = value[:1] in ("{", "[", '"')  # within JSON it is what JSON makes of it
        return _TEXT.sub(lambda found: _plain(found, keys, as_json=as_json), value)
    return [decrypted(one, keys) for one in value] if isinstance(value, list) else value


def _plain(found: re.Match[str], keys: Mapping[str, bytes], *, as_json: bool) -> str:
    key_id, digits = found[1], found[2]
    text = ERASED
    if (secret := keys.get(key_id)) is not None:
        try:
            raw = urlsafe_b64decode(digits + "=" * (-len(digits) % 4))
            plain = AESGCM(secret).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], key_id.encode())
            text = plain.decode("utf-8", "surrogatepass")
        except (InvalidTag, NotBase64, ValueError):
            text = ERASED
    return orjson.dumps(text).decode()[1:-1] if as_json else text
