"""Encrypts documents' titles and file names, because they may name people and the log keeps them for ever.

Each plan has a key of its own in Postgres (`decide.data_key`). Where the key is erased nobody reads the names any more,
neither in the log nor in a copy of it that somebody made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: The fields of plan.uploaded that are encrypted.
FIELDS: Final = ("title", "filename")
#: What an encrypted text begins with; what AES-256-GCM makes of it follows in hexadecimal digits.
PREFIX: Final = "aes-256-gcm:"
KEY_BYTES: Final = 32
# a key encrypts each field once, so the field's place is different enough
_NONCES: Final = {name: place.to_bytes(12, "big") for place, name in enumerate(FIELDS)}


def encrypted(data: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """Return the data of a plan.uploaded with its names encrypted. `key` has 32 bytes, and never encrypts another."""
    cipher = AESGCM(key)
    hidden = {
        name: PREFIX + cipher.encrypt(nonce, str(data[name]).encode(), _bound(data, name)).hex()
        for name, nonce in _NONCES.items()
    }
    return {**data, **hidden}


def is_encrypted(data: Mapping[str, Any]) -> bool:
    """Return whether the names of a plan.uploaded, or of a row that is made of one, are encrypted."""
    return any(str(data.get(name)).startswith(PREFIX) for name in FIELDS)


def decrypted(data: Mapping[str, Any], key: bytes | None) -> dict[str, Any]:
    """Return the data with its names as they were; those of `nameless` where the key is erased, or is another one's."""
    if key is None:
        return {**data, **nameless(str(data["plan_id"]))}
    cipher = AESGCM(key)
    try:
        names = {name: _decrypted(cipher, data, name) for name in FIELDS}
    except (InvalidTag, ValueError):
        names = nameless(str(data["plan_id"]))
    return {**data, **names}


def nameless(plan_id: str) -> dict[str, str]:
    """Return the title that a plan with erased names gets, made of its id; its file has no name."""
    return {"title": plan_id[:8], "filename": ""}


def _decrypted(cipher: AESGCM, data: Mapping[str, Any], name: str) -> str:
    raw = bytes.fromhex(str(data[name]).removeprefix(PREFIX))
    return cipher.decrypt(_NONCES[name], raw, _bound(data, name)).decode()


def _bound(data: Mapping[str, Any], name: str) -> bytes:
    # a text that was copied into another plan, or into another field, is none
    return f"{data['plan_id']}.{name}".encode()
