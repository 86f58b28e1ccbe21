"""Reads one document as the gateway does, and measures it: `python -m bench.evaluate.one`, JSON in, JSON out.

A process for each document: what its children used is then what this one reading used, also where it was stopped.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from gateway.intake import ANY_TABLE, Refused, read_document
from gateway.intake.begun import NURSERIES
from gateway.intake.elsewhere import Elsewhere
from gateway.intake.kept import Kept, today


def main() -> None:
    """Read one request from stdin, write one answer to stdout."""
    request = json.load(sys.stdin)
    began = time.perf_counter()
    try:
        elsewhere = [Elsewhere.from_dict(one) for one in request["elsewhere"]]
        kept = Kept(today=today(), elsewhere=elsewhere)
        path, said = Path(request["path"]), request["mapping"]
        mappings = {ANY_TABLE: said} if said else None
        reading = read_document(path, request["filename"], request["channels"], mappings=mappings, kept=kept)
        answer: dict[str, object] = {"facts": asyncio.run(reading).to_dict()}
    except Refused as refused:
        answer = {"refused": refused.to_dict()}
    wall = time.perf_counter() - began
    NURSERIES.stop()  # what it and its readers used is known when it has ended
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer |= {"wall_s": wall, "cpu_s": used.ru_utime + used.ru_stime, "peak_mib": used.ru_maxrss / 1024}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
