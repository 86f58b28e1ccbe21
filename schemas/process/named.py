"""Formats an exception as "Kind: message", with each kind once."""

from __future__ import annotations


def named(error: BaseException, most: int = 500) -> str:
    """Return `Kind: message`, cut at `most` characters; the kind alone where it says nothing.

    Some libraries, aiokafka among them, begin the message with the kind: it stands there once all the same.
    """
    kind = type(error).__name__
    said = str(error).removeprefix(kind).removeprefix(":").strip()
    return (f"{kind}: {said}" if said else kind)[:most]
