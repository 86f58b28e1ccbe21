"""Counts what this process asks of Kafka brokers, by kind. Only for the bench: see ../requests.py.

Every client of the system is aiokafka, and every request of it, also those of groups and of Faust, goes through
`AIOKafkaConnection.send`. What is counted stands in a file of this process that the bench reads whenever it likes.
"""

import importlib.abc
import importlib.machinery
import mmap
import os
import struct
import sys
from collections.abc import Sequence
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any

KINDS = 128
MODULE = "aiokafka.conn"


def count(connection: Any, file: Path) -> None:
    """Let every request of a class of connections be counted in the file: requests by kind."""
    file.write_bytes(bytes(8 * KINDS))
    with file.open("r+b") as opened:
        shared = mmap.mmap(opened.fileno(), 8 * KINDS)
    counts = [0] * KINDS
    send = connection.send

    @wraps(send)
    def counted(self: Any, request: Any, *args: Any, **options: Any) -> Any:
        kind = request.API_KEY
        counts[kind] += 1
        struct.pack_into("<Q", shared, 8 * kind, counts[kind])
        return send(self, request, *args, **options)

    connection.send = counted


class Finder(importlib.abc.MetaPathFinder):
    """Waits for the module, finds it as others would, and counts from then on. A process without it pays nothing."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != MODULE:
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return None
        run = spec.loader.exec_module

        def run_and_count(module: ModuleType) -> None:
            run(module)
            count(module.AIOKafkaConnection, Path(os.environ["BENCH_REQUESTS"]) / str(os.getpid()))

        spec.loader.exec_module = run_and_count  # type: ignore[method-assign]
        return spec


if "BENCH_REQUESTS" in os.environ:
    sys.meta_path.insert(0, Finder())
