"""Ports of each worker of a test session."""

from __future__ import annotations

from local.ports import RANGE


def part(worker: str, count: int) -> str:
    """Return the ports of one of so many workers, `gw0` and so on, as MARKETPLACE_PORT_RANGE has them."""
    number = int(worker.removeprefix("gw")) % count  # one that stands in for a dead one counts on
    size = len(RANGE) // count
    first = RANGE.start + number * size
    return f"{first}-{first + size - 1}"
