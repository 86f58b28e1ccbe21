"""Secrets that are needed again, encrypted for the database: AES-256-GCM by keys with ids, which can change.

A sealed secret is text, `sealed:<key id>:<hex digits>`, bound to its place: in another row it cannot be opened. Without
keys a secret stays as it is.
"""

from __future__ import annotations

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.signing import Keys

PREFIX: Final = "sealed:"
#: Bytes of a key.
KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class Locked(Exception):  # noqa: N818 - it says what it is
    """A secret cannot be opened with the keys that are there; the message says why and quotes none."""


def seal(secret: str, keys: Keys, place: str) -> str:
    """Return a secret as the database keeps it: encrypted with our own key, or as it is where there is none."""
    if not keys:
        return secret
    nonce = secrets.token_bytes(_NONCE_BYTES)
    hidden = AESGCM(keys.secrets[keys.own]).encrypt(nonce, secret.encode(), place.encode())
    return f"{PREFIX}{keys.own}:{(nonce + hidden).hex()}"


def unseal(kept: str, keys: Keys, place: str) -> str:
    """Return the secret that the database keeps. Raises Locked."""
    if not kept.startswith(PREFIX):
        return kept
    key_id, _, hidden = kept.removeprefix(PREFIX).partition(":")
    key = keys.secrets.get(key_id)
    if key is None:
        raise Locked(f"it is encrypted with the key '{key_id}', which this process was not given")
    try:
        raw = bytes.fromhex(hidden)
        return AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place.encode()).decode()
    except (InvalidTag, ValueError):
        raise Locked(f"the key '{key_id}' does not open it: it is another one's, or was changed") from None


def is_sealed_by_own(kept: str, keys: Keys) -> bool:
    """Return whether a secret is kept as `seal` would keep it now."""
    return not keys or kept.startswith(f"{PREFIX}{keys.own}:")
