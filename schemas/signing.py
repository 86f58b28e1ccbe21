"""Producers' keys, and the signatures that they make: HMAC-SHA256 over the parts of a record. Pure.

A signature is text, `<key id>.<64 hex digits>`: the id says which key is asked, so that keys can change one by one.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

#: Bytes of a secret at least: as many as the hash has (RFC 2104).
SECRET_BYTES: Final = 32
#: Bytes that SHA-256 takes at once.
_BLOCK: Final = 64
_KEY: Final = re.compile(r"([a-z0-9][a-z0-9-]{0,31})[:=\s]\s*([0-9a-fA-F]+)")
_SIGNATURE: Final = re.compile(rb"([a-z0-9][a-z0-9-]{0,31})\.([0-9a-f]{64})")


class UnknownKey(Exception):  # noqa: N818 - one of two answers, named by what it is
    """The signature names a key that is not known here."""


class WrongSignature(Exception):  # noqa: N818 - as above
    """The signature is not that of these parts by that key, or is no signature at all."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Secrets by key id. `own` is the id of the one that signs; all are asked. False where there are none."""

    own: str = ""
    secrets: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        return bool(self.own)

    def sign(self, *parts: bytes) -> bytes:
        """Return the signature of the parts by our own key."""
        return self.sign_message(framed(*parts))

    def sign_message(self, message: bytes) -> bytes:
        """Return the signature of what `framed` has made of parts."""
        return self.own.encode() + b"." + _digest(self.secrets[self.own], message)

    def signer_of(self, signature: bytes, *parts: bytes) -> str:
        """Return the id of the key that has signed the parts. Raises UnknownKey and WrongSignature."""
        return self.signer_of_message(signature, framed(*parts))

    def signer_of_message(self, signature: bytes, message: bytes) -> str:
        """Return the same for what `framed` has made of parts."""
        if self and hmac.compare_digest(self.sign_message(message), signature):
            return self.own  # as almost always: nothing more is to be asked
        said = _SIGNATURE.fullmatch(signature)
        if said is None:
            raise WrongSignature("it is no signature")
        key_id = said[1].decode()
        secret = self.secrets.get(key_id)
        if secret is None:
            raise UnknownKey(key_id)
        if not hmac.compare_digest(_digest(secret, message), said[2]):
            raise WrongSignature(f"it is not the signature of key {key_id}")
        return key_id


NO_KEYS: Final = Keys()


def framed(*parts: bytes) -> bytes:
    """Return the bytes that are signed: each part with its length before it. No two lists of parts have the same."""
    return b"".join([b"%d:%b" % (len(part), part) for part in parts])


def _digest(secret: bytes, message: bytes) -> bytes:
    inner, outer = _begun(secret)
    inner, outer = inner.copy(), outer.copy()
    inner.update(message)
    outer.update(inner.digest())
    return outer.hexdigest().encode()


@lru_cache(maxsize=64)
def _begun(secret: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """Return both hashes of a secret's HMAC (RFC 2104), each with its padded key, to be copied.

    To begin them costs more than a message of some hundred bytes; to copy hmac's own object twice what this does.
    """
    key = (secret if len(secret) <= _BLOCK else hashlib.sha256(secret).digest()).ljust(_BLOCK, b"\0")
    return hashlib.sha256(bytes(b ^ 0x36 for b in key)), hashlib.sha256(bytes(b ^ 0x5C for b in key))


def parse(text: str) -> Keys:
    """Read keys: `<id> <hex digits>`, one a line or separated by commas; the first signs, `#` begins a remark.

    Raises ValueError, which never quotes a secret.
    """
    secrets: dict[str, bytes] = {}
    lines = [line.partition("#")[0] for line in text.splitlines()]
    for number, entry in enumerate((part.strip() for line in lines for part in line.split(",")), start=1):
        if not entry:
            continue
        said = _KEY.fullmatch(entry)
        if said is None or len(said[2]) % 2:
            raise ValueError(f"key {number} is no '<id> <hex digits>', with an id of a-z, 0-9 and -")
        if len(said[2]) < 2 * SECRET_BYTES:
            raise ValueError(f"key {said[1]} has less than {2 * SECRET_BYTES} hex digits")
        if said[1] in secrets:
            raise ValueError(f"key {said[1]} stands twice")
        secrets[said[1]] = bytes.fromhex(said[2])
    return Keys(next(iter(secrets), ""), secrets)
