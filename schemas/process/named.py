"""Formats an exception as "Kind: message", with each kind once."""

from __future__ import annotations

import re
from typing import Final

#: How aiokafka says where it looked for a broker: `[('127.0.0.1', 9092, <AddressFamily.AF_INET: 2>), ...]`.
_PLACES: Final = re.compile(r"\[((?:\('[^']+', \d+, <[^>]+>\)(?:, )?)+)\]")
_PLACE: Final = re.compile(r"\('([^']+)', (\d+), <[^>]+>\)")


def named(error: BaseException, most: int = 500) -> str:
    """Return `Kind: message`, cut at `most` characters; the kind alone where it says nothing.

    Some libraries, aiokafka among them, begin the message with the kind: it stands there once all the same. Where
    a broker was looked for is said as an address.
    """
    kind = type(error).__name__
    said = str(error).removeprefix(kind).removeprefix(":").strip()
    said = _PLACES.sub(lambda found: ", ".join(":".join(place) for place in _PLACE.findall(found[1])), said)
    return (f"{kind}: {said}" if said else kind)[:most]
