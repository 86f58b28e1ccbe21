"""The reading process, a fork of gateway/intake/nursery.py: one JSON request on stdin, one answer on stdout.

Lines of progress come before the answer: `{"progress": ...}`, a few a second.

It confines itself before it reads the document (gateway/intake/confine.py): memory, CPU time, no network, no other
process, no other files, no core dump, and it dies with its parent. Its answer is `{"facts": ..., "goods": ...}` or
`{"refused": ...}`; a crash is an exit status.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Final

import polars as pl  # noqa: F401 - before the limits are set: they are for what is done with it

from gateway.intake.confine import confine, lock
from gateway.intake.limits import Limits
from gateway.intake.progress import Progress, seldom
from gateway.intake.refused import Refused, is_the_machines, size
from gateway.intake.tariffs import SETTING

#: Words in polars' errors when it gets no memory for cells, or no thread.
_OUT_OF_MEMORY: Final = ("alloc", "could not spawn threads")


def main(parent: int) -> None:
    """Read one request, answer it, and end; it ends with the process `parent`, too."""
    request = json.load(sys.stdin)
    limits = Limits(**request["limits"])
    confine(limits, parent)
    sys.stdout.write(json.dumps(_answer(request, limits)))
    sys.stdout.flush()
    os._exit(0)  # nothing to clean up: no need to wait for thread pools and finalizers


def _tariffs() -> list[Path]:
    """Return the file of tariffs, if it is not our own."""
    return [Path(os.environ[SETTING])] if os.environ.get(SETTING) else []


def _answer(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    try:
        from gateway.intake.document import contents_of, opened  # noqa: PLC0415 - after the limits are set
        from gateway.intake.kept import Kept  # noqa: PLC0415

        path, filename = Path(request["path"]), str(request["filename"])
        kept, mappings = Kept.from_dict(request["kept"]), request.get("mappings")
        tell = seldom(_tell)
        document = opened(path, filename, limits, tell)
        lock([path, *_tariffs()])  # its reader is imported; from here on nothing but reading is granted
        found = contents_of(document, filename, list(request["channels"]), limits, mappings, kept, tell)
        return {"facts": found.facts.to_dict(), "goods": found.goods.to_dict()}
    except Refused as refused:
        return {"refused": refused.to_dict()}
    except MemoryError:
        return {"refused": _out_of_memory(limits).to_dict()}
    except ImportError as error:  # what reads this type is not installed: no fault of the document
        return {"refused": Refused.because("interrupted", cause=_place(error)).to_dict()}
    except BaseException as error:  # also what polars raises when its own code panics
        if any(sign in str(error).lower() for sign in _OUT_OF_MEMORY):
            return {"refused": _out_of_memory(limits).to_dict()}
        code = "interrupted" if is_the_machines(error) else "unreadable"
        return {"refused": Refused.because(code, cause=_place(error)).to_dict()}


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
