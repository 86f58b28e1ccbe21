"""Log where every task and thread stands, before a deaf process is ended.

A process that is started again works again, and with the old one goes the reason. Places in the code are told, and no
value: nothing of a document or a key gets into a log this way.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType
from typing import Any, Final

import structlog

#: Frames told of each, the innermost ones, and how many different stacks are told at most.
DEPTH: Final = 6
MOST: Final = 80
#: Steps inwards at most.
LONGEST: Final = 200
#: What has a frame while it waits.
_FRAMED: Final = (CoroutineType, GeneratorType, AsyncGeneratorType)

log = structlog.get_logger("standing")


def tell() -> None:
    """Log where the tasks and the threads stand."""
    log.error("where this process stands", tasks=tasks(), threads=threads())


def tasks() -> list[str]:
    """Return `name: file:line function < its caller < ...` for the tasks of every event loop, alike ones once."""
    return _counted(f"{_kind(task)}: {_told(_of_coroutine(task.get_coro()))}" for task in _everybody())


def threads() -> list[str]:
    """Return the same for the threads, each at what it does now."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    now = sys._current_frames()  # noqa: SLF001 - the documented way to what other threads do
    return _counted(f"{names.get(ident, 'unknown')}: {_told(_of_thread(frame))}" for ident, frame in now.items())


def _everybody() -> list[asyncio.Task[Any]]:
    """Return all tasks: a library's thread with a loop of its own is where a process can be deaf, too."""
    known: Any = getattr(asyncio.tasks, "_scheduled_tasks", None) or getattr(asyncio.tasks, "_all_tasks", ())
    for _ in range(3):  # other threads change the set while it is read
        try:
            return [task for task in list(known) if not task.done()]
        except RuntimeError:
            continue
    return []


def _kind(task: asyncio.Task[Any]) -> str:
    """Return a task's name; those that asyncio numbered itself are one kind."""
    name = task.get_name()
    return "task" if name.startswith("Task-") else name


def _of_coroutine(waiting: Any) -> Iterator[tuple[str, int, str]]:
    """Yield the places from a coroutine inwards, along what each of them awaits."""
    for _ in range(LONGEST):
        if waiting is None:
            return
        frame = _first(waiting, "cr_frame", "gi_frame", "ag_frame")
        if frame is None:
            waiting = _within(waiting)
            continue
        yield _place(frame)
        waiting = _first(waiting, "cr_await", "gi_yieldfrom", "ag_await")


def _first(waiting: Any, *names: str) -> Any:
    return next((found for name in names if (found := getattr(waiting, name, None)) is not None), None)


def _within(wrapper: Any) -> Any:
    """Return what an awaitable without a frame stands for, as that of an asynchronous generator's next item."""
    return next((one for one in gc.get_referents(wrapper) if isinstance(one, _FRAMED)), None)


def _of_thread(frame: FrameType | None) -> Iterator[tuple[str, int, str]]:
    inwards = []
    while frame is not None:
        inwards.append(_place(frame))
        frame = frame.f_back
    return reversed(inwards)


def _place(frame: FrameType) -> tuple[str, int, str]:
    return frame.f_code.co_filename, frame.f_lineno or 0, frame.f_code.co_name


def _told(inwards: Iterable[tuple[str, int, str]]) -> str:
    """Return the innermost places, innermost first."""
    places = [f"{_short(file)}:{line} {function}" for file, line, function in inwards][-DEPTH:]
    return " < ".join(reversed(places)) or "nowhere that Python tells"


def _short(file: str) -> str:
    """Return the file with the two folders around it: enough to find it, whatever it was installed under."""
    return "/".join(Path(file).parts[-3:])


def _counted(stacks: Iterable[str]) -> list[str]:
    """Return each stack once, with how many are alike, the most frequent first; MOST of them."""
    alike = Counter(stacks).most_common()
    told = [stack if number == 1 else f"{number} x {stack}" for stack, number in alike[:MOST]]
    return told if len(alike) <= MOST else [*told, f"and {len(alike) - MOST} others"]
