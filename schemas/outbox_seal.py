"""The seal of a row in the outbox: made by who decides, in the transaction that decides, and asked for by who sends it.

Postgres makes it (functions/decide/seal_outbox.sql), since the row is made there, by a key that the session has. So
nobody can have an event sent by writing to the outbox alone, nor change one that waits there. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import Any, Final, Protocol

from schemas.signing import Keys

#: The setting of a session with which Postgres seals.
SETTING: Final = "marketplace.outbox_seal"
#: What the key of seals is made from beside a producer's key: Postgres, which sees it, cannot sign records with it.
_PURPOSE: Final = b"marketplace outbox"
#: Bytes that SHA-256 takes at once (RFC 2104).
_BLOCK: Final = 64
#: What stands before the text where Postgres gives data as bytes: the version of that form.
_JSONB: Final = b"\1"


class Forged(ValueError):  # noqa: N818 - named by what the row is
    """A row of the outbox that is not as a process of ours decided it."""


#: How the reason begins for which such a row is set aside.
FORGED: Final = f"{Forged.__name__}:"
#: Whether a row of `decide.outbox` is set aside for that: it is listed, and needs no other judgement.
IS_TOLD: Final = f"published_at is null and held_at is not null and coalesce(held_why, '') like '{FORGED}%'"


class Row(Protocol):
    """A row of the outbox, with its seal and all that this is over."""

    def __getitem__(self, name: str, /) -> Any: ...


def session(keys: Keys) -> dict[str, str]:
    """Return the settings of a session that seals what it decides; none without a key."""
    if not keys:
        return {}
    inner, outer = _padded(keys.secrets[keys.own])
    return {SETTING: f"{keys.own}:{inner.hex()}:{outer.hex()}"}


def check(keys: Keys, row: Row) -> None:
    """Raise Forged where the row's seal is not that of a key of ours over the row as it is."""
    seal: str | None = row["seal"]
    if seal is None:
        raise Forged("nobody has sealed it")
    key_id, _, digest = seal.partition(".")
    secret = keys.secrets.get(key_id)
    if secret is None:
        raise Forged(f"it is sealed by a key that is not known here: {key_id[:32]}")
    inner, outer = _padded(secret)
    made = hashlib.sha256(outer + hashlib.sha256(inner + _message(row)).digest()).hexdigest()
    if not hmac.compare_digest(made.encode(), digest.encode()):
        raise Forged("it is not as it was sealed: it was changed since")


def _message(row: Row) -> bytes:
    """Return what is sealed, as seal_outbox.sql has it."""
    parts = [str(row["event_id"]), *(_framed(row[name]) for name in ("topic", "key", "type", "stream"))]
    parts.append(f"{row['version']}:{row['occurred_at']}:")
    parts += [_framed(row[name]) for name in ("causation_id", "correlation_id", "actor")]
    raw = row["raw"]
    parts += ["" if raw is None else hashlib.sha256(raw).hexdigest(), ":", _framed(row["raw_headers"])]
    data: str = row["data"]
    return "".join(parts).encode() + _JSONB + data.encode()


def _framed(text: str | None) -> str:
    """Return a text after its length; what is null has none."""
    return ":" if text is None else f"{len(text)}:{text}"


@lru_cache(maxsize=64)
def _padded(secret: bytes) -> tuple[bytes, bytes]:
    """Return both padded keys of the seals that a producer's key makes (RFC 2104)."""
    key = hmac.digest(secret, _PURPOSE, "sha256").ljust(_BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)
