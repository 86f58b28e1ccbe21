"""What processes ask of the broker, counted where it is asked: see probe/sitecustomize.py.

At the broker it would be a log line for each request, or JMX: both cost it more than the requests. What the broker
asks of itself is not in it.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final

PROBE: Final = Path(__file__).with_name("probe")
#: Kinds of requests by their number in Kafka's protocol.
KINDS: Final[Mapping[int, str]] = {
    0: "Produce",
    1: "Fetch",
    2: "ListOffsets",
    3: "Metadata",
    8: "OffsetCommit",
    9: "OffsetFetch",
    10: "FindCoordinator",
    11: "JoinGroup",
    12: "Heartbeat",
    13: "LeaveGroup",
    14: "SyncGroup",
    15: "DescribeGroups",
    16: "ListGroups",
    18: "ApiVersions",
    22: "InitProducerId",
    32: "DescribeConfigs",
}


def environment(folder: Path) -> dict[str, str]:
    """Return the environment by which a process counts its broker requests into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = [str(PROBE), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(path), "BENCH_REQUESTS": str(folder)}


def counted(file: Path) -> dict[str, int]:
    """Return how often each kind of request was sent; empty for a process that sends none."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return {}
    numbers = struct.unpack(f"<{len(content) // 8}Q", content)
    return {KINDS.get(kind, f"kind {kind}"): number for kind, number in enumerate(numbers) if number}
