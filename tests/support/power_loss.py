"""What a loss of power leaves of a broker that has acknowledged from memory: logs without their last batches."""

from __future__ import annotations

import struct
from pathlib import Path

#: Kafka's sign that it was stopped in order; without it the log is looked through at the start.
IN_ORDER = ".kafka_cleanshutdown"
_HEAD = struct.Struct(">qi")


def batches(segment: bytes) -> list[tuple[int, int]]:
    """Return position and first offset of each batch."""
    found, at = [], 0
    while at + _HEAD.size <= len(segment):
        offset, length = _HEAD.unpack_from(segment, at)
        found.append((at, offset))
        at += _HEAD.size + length
    return found


def cut(data: Path, topics: list[str], share: float) -> dict[tuple[str, int], int]:
    """Cut off the last `share` of the batches of each partition, the first of them torn; return where logs end now.

    The broker has to be stopped. Partitions with one batch or none stay.
    """
    (data / IN_ORDER).unlink(missing_ok=True)
    ends: dict[tuple[str, int], int] = {}
    for folder in sorted(data.iterdir()):
        topic, _, partition = folder.name.rpartition("-")
        if topic not in topics:
            continue
        newest = max(folder.glob("*.log"))
        content = newest.read_bytes()
        found = batches(content)
        keep = max(1, int(len(found) * (1 - share)))
        if keep >= len(found):
            continue
        at, end = found[keep]
        newest.write_bytes(content[: at + 20])  # half a head of a batch
        for beside in (*folder.glob("*index"), *folder.glob("*.snapshot")):
            beside.unlink()
        ends[topic, int(partition)] = end
    return ends
