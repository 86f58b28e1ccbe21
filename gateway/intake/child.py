"""The reading process: `python -m gateway.intake.child`, one JSON request on stdin, one answer on stdout.

Before the answer stand lines that say how far it is: `{"progress": ...}`, a few a second.

It limits itself before it opens the document: memory, CPU time, no files written, no core dump, and it dies
with its parent. Its answer is `{"facts": ..., "goods": ...}` or `{"refused": ...}`; a crash is an exit status.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any, Final

from gateway.intake.limits import Limits
from gateway.intake.progress import Progress, seldom
from gateway.intake.refused import Refused, size

_PR_SET_PDEATHSIG: Final = 1
#: Address space is cheap and allocators reserve it in advance; only what is written counts (RLIMIT_DATA).
_RESERVED_BYTES: Final = 4 * 1024**3
#: The first limit of CPU time ends the process with a signal that tells of it, the second one without.
_CPU_GRACE_S: Final = 5


def main() -> None:
    """Read one request, answer it."""
    request = json.load(sys.stdin)
    limits = Limits(**request["limits"])
    _confine(limits, request["parent"])
    sys.stdout.write(json.dumps(_answer(request, limits)))
    sys.stdout.flush()
    os._exit(0)  # nothing to clean up: no need to wait for thread pools and finalizers


def _answer(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    try:
        from gateway.intake.document import contents  # noqa: PLC0415 - after the limits are set
        from gateway.intake.kept import Kept  # noqa: PLC0415

        path, filename = Path(request["path"]), str(request["filename"])
        kept, mappings = Kept.from_dict(request["kept"]), request.get("mappings")
        found = contents(path, filename, list(request["channels"]), limits, mappings, kept, seldom(_tell))
        return {"facts": found.facts.to_dict(), "goods": found.goods.to_dict()}
    except Refused as refused:
        return {"refused": refused.to_dict()}
    except MemoryError:
        return {"refused": _out_of_memory(limits).to_dict()}
    except ImportError as error:  # what reads this type is not installed: no fault of the document
        return {"refused": Refused.because("interrupted", cause=_place(error)).to_dict()}
    except BaseException as error:  # also what polars raises when its own code panics
        if "alloc" in str(error).lower():
            return {"refused": _out_of_memory(limits).to_dict()}
        return {"refused": Refused.because("unreadable", cause=_place(error)).to_dict()}


def _tell(progress: Progress) -> None:
    sys.stdout.write(json.dumps({"progress": progress.to_dict()}) + "\n")
    sys.stdout.flush()


def _out_of_memory(limits: Limits) -> Refused:
    return Refused.because("too-much-memory", limit=size(limits.memory_bytes))


def _place(error: BaseException) -> str:
    """Name the exception's type and where it was raised; its message could quote the document."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    return f"{type(error).__name__} at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


def _confine(limits: Limits, parent: int) -> None:
    """Set the limits of this process. They cannot be raised again."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)  # the parent died in the meantime
    cpu = math.ceil(limits.cpu_seconds)
    _limit(resource.RLIMIT_CPU, cpu, cpu + _CPU_GRACE_S)
    _limit(resource.RLIMIT_DATA, limits.memory_bytes)
    _limit(resource.RLIMIT_AS, limits.memory_bytes + _RESERVED_BYTES)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(kind: int, value: int, last: int | None = None) -> None:
    """Lower a limit, and its last one; a lower hard limit of the machine stays."""
    _, hard = resource.getrlimit(kind)
    top = value if last is None else last
    top = top if hard == resource.RLIM_INFINITY else min(top, hard)
    resource.setrlimit(kind, (min(value, top), top))


if __name__ == "__main__":
    main()
