"""The gateway's side of reading: starts a process, gives it one document, and takes its answer or stops it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import weakref
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from gateway.intake.begun import ALLOCATOR, ROOT, Begun, NotBegunError, begin
from gateway.intake.fields import Mappings
from gateway.intake.goods import Goods
from gateway.intake.kept import NOTHING_KEPT, Kept
from gateway.intake.limits import CONCURRENT_READERS, DEFAULT_LIMITS, MAX_ANSWER_BYTES, MIB, Limits
from gateway.intake.progress import Progress, Tell, tell_nobody
from gateway.intake.refused import Refused, size
from gateway.intake.stalling import until_stalled
from gateway.intake.stock_limits import SETTINGS as STOCK_SETTINGS
from gateway.intake.tariffs import SETTING
from gateway.intake.turns import Turns
from schemas.facts import DocumentFacts

T = TypeVar("T")
_CONFINE: Final = "gateway.intake.confine"
#: Seconds to start Python on a busy machine.
CONFINE_S: Final = 60.0
_STDERR_TAIL: Final = 4096
#: Error output of libraries that get no memory: Rust, polars' allocator (it writes nothing else), Python, C++, C.
_OUT_OF_MEMORY: Final = (
    b"memory allocation of",
    b"<jemalloc>: ",
    b"failed to allocate",
    b"failed to spawn thread",
    b"MemoryError",
    b"bad_alloc",
    b"out of memory",
    b"annot allocate memory",
)
#: The signals of a process that uses memory which it did not get, or that gives up without a message.
_CRASHES: Final = (-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT, -signal.SIGILL, -signal.SIGTRAP)

#: The share of the memory limit from which a stop or crash is blamed on memory.
_NEARLY_ALL: Final = 0.8
#: What counts against the limit and is not seen in a crashed process's own pages: what the nursery had written before,
#: stacks of threads, what an allocator holds and has not touched. Measured with limits of 98 to 110 MiB: 45 to 70 MiB.
UNSEEN_BYTES: Final = 64 * MIB

#: What polars' allocator does with what is free. Of a large document it gives it back at once: what it keeps for later
#: counts against the limit, 200 MiB of the largest. To ask for it again costs a smaller one a fifth of its time.
_FREED: Final = "dirty_decay_ms:{milliseconds},muzzy_decay_ms:0,retain:false,narenas:1"
_KEPT_MS: Final = 1000
KEEPING_BYTES: Final = 48 * MIB
#: From this size on the C library gives memory back at once: pieces of a workbook would leave gaps between each other.
_GIVEN_BACK: Final = "MALLOC_MMAP_THRESHOLD_"
#: For a smaller document a second thread costs more than it saves, as its some 550 small steps are passed between
#: threads.
SMALL_BYTES: Final = 256 * 1024

#: One queue of turns for each event loop: tests and tools have several in a process.
_turns: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Turns] = weakref.WeakKeyDictionary()


#: The caller, for fair turns; it is optional.
_asking: ContextVar[str] = ContextVar("asking", default="")


@dataclass(slots=True)
class Confinement:
    """The confinements of a reading process that this machine refuses, by commas; "" for none, or if unknown."""

    missing: str = ""

    async def find(self) -> None:
        """Find them by trying each in a process of its own."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            _CONFINE,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd=ROOT,
            env=_environment(),
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(CONFINE_S):
                told, _ = await process.communicate()
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        self.missing = ", ".join(told.decode("ascii", "replace").split(",")) if process.returncode == 0 else "unknown"


@contextmanager
def asked_by(who: str) -> Iterator[None]:
    """Name the caller for all that is read within the block."""
    said = _asking.set(who)
    try:
        yield
    finally:
        _asking.reset(said)


async def read_document(
    path: Path,
    filename: str,
    channels: list[str],
    *,
    limits: Limits = DEFAULT_LIMITS,
    mappings: Mappings | None = None,
    kept: Kept = NOTHING_KEPT,
    tell: Tell = tell_nobody,
) -> DocumentFacts:
    """Return the figures of the document, as `read_contents` does."""
    return (await read_contents(path, filename, channels, limits=limits, mappings=mappings, kept=kept, tell=tell))[0]


async def read_contents(
    path: Path,
    filename: str,
    channels: list[str],
    *,
    limits: Limits = DEFAULT_LIMITS,
    mappings: Mappings | None = None,
    kept: Kept = NOTHING_KEPT,
    tell: Tell = tell_nobody,
) -> tuple[DocumentFacts, Goods]:
    """Return the figures, and the costs and stock, of the document at `path`, which the caller may delete afterwards.

    `filename` is the uploader's name for it; its ending has to agree with the content. `channels` are the
    channels that the upload asks about: they say whose sales a table without a channel column holds.
    `mappings` (`TableRead.header_id` -> column -> field) is what a person says of columns; it stands above guesses.
    `kept` are the costs and the stock that its sales are joined with, beside its own.
    `tell` hears how far it is, a few times a second. Readers are shared fairly by who asks
    (`asked_by`).
    Raises `Refused`, and only that, whatever the document does; the reading process is gone by then.
    """
    length = os.stat(path).st_size  # noqa: PTH116 - one look at a local file needs no thread
    if length == 0:
        raise Refused.because("empty-file")
    if length > limits.max_bytes:
        raise Refused.because("file-too-large", limit=size(limits.max_bytes))
    request = {
        "path": os.path.abspath(path),  # noqa: ASYNC240, PTH100 - text only, no look at the disk
        "filename": filename,
        "channels": channels,
        "mappings": mappings,
        "limits": limits.to_dict(),
    }
    turns = _turns_here()
    if turns.locked():
        tell(Progress("waiting"))
    async with turns.of(_asking.get()):
        # in a thread: the stored costs may be large, and the loop has to go on
        text = await asyncio.to_thread(lambda: json.dumps({**request, "kept": kept.to_dict()}).encode())
        answer = await _ask(text, limits, tell, _environment(length))
    if "refused" in answer:
        raise Refused(**answer["refused"])
    return DocumentFacts.from_dict(answer["facts"]), Goods.from_dict(answer["goods"])


def _turns_here() -> Turns:
    return _turns.setdefault(asyncio.get_running_loop(), Turns(CONCURRENT_READERS))


async def _ask(request: bytes, limits: Limits, tell: Tell, environment: dict[str, str]) -> dict[str, Any]:
    try:
        process = await begin(environment)
    except NotBegunError as error:
        raise Refused.because("interrupted", cause=f"not begun: {error}") from None
    try:
        async with asyncio.timeout(limits.seconds):
            answer, errors = await _unless_stalled(process, _talk(process, request, tell), limits)
            await process.wait()
    except TimeoutError:
        # a document that is too much work would have used up its CPU time before: other processes had the machine
        raise Refused.because("busy", cause="wall clock", limit=f"{limits.seconds:g} seconds") from None
    finally:
        await _end(process)
    return _judge(process.returncode, answer, errors, limits, process.peak_bytes)


async def _unless_stalled(process: Begun, talk: Coroutine[Any, Any, T], limits: Limits) -> T:
    """Return the result of the talk with a process. Raises Refused if the process hangs for good."""
    talking, watching = asyncio.ensure_future(talk), asyncio.create_task(until_stalled(process.pid))
    try:
        await asyncio.wait((talking, watching), return_when=asyncio.FIRST_COMPLETED)
        if talking.done():
            return talking.result()
        if watching.result() > _NEARLY_ALL * limits.memory_bytes:
            raise Refused.because("too-much-memory", cause="stalled", limit=size(limits.memory_bytes))
        raise Refused.because("interrupted", cause="stalled")
    finally:
        watching.cancel()
        talking.cancel()


def _environment(length: int = SMALL_BYTES) -> dict[str, str]:
    """Return the environment of a process for a document of a size: without keys, database or addresses."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ}
    if os.environ.get(SETTING):
        kept[SETTING] = os.path.abspath(os.environ[SETTING])  # noqa: PTH100 - text only; the child's folder is another
    kept |= {name: os.environ[name] for name in STOCK_SETTINGS if name in os.environ}
    threads = "1" if length < SMALL_BYTES else "2"
    freed = _FREED.format(milliseconds=_KEPT_MS if length < KEEPING_BYTES else 0)
    kept |= {"LANG": "C.UTF-8", "PYTHONUTF8": "1", "POLARS_MAX_THREADS": threads, ALLOCATOR: freed}
    return kept | {_GIVEN_BACK: str(MIB)}


async def _talk(process: Begun, request: bytes, tell: Tell) -> tuple[bytes, bytes]:
    try:
        process.stdin.write(request)
        await process.stdin.drain()
        process.stdin.write_eof()
    except (BrokenPipeError, ConnectionResetError):
        pass  # it died at once; its exit status says why
    errors = asyncio.create_task(_tail(process))
    try:
        answer = bytearray()
        length = 0
        while chunk := await process.said(64 * 1024):
            length += len(chunk)
            if length > MAX_ANSWER_BYTES:
                raise Refused.because("unreadable", cause="answer too large")
            *lines, rest = chunk.split(b"\n")
            for line in lines:
                tell(_progress(bytes(answer) + line))
                answer.clear()
            answer += rest
        return bytes(answer), await errors
    finally:
        errors.cancel()


def _progress(line: bytes) -> Progress:
    """Return the progress in a line before the answer. A process that read a hostile file may send anything."""
    try:
        return Progress.from_dict(json.loads(line)["progress"])
    except (ValueError, TypeError, KeyError):
        raise Refused.because("unreadable", cause="no progress") from None


async def _tail(process: Begun) -> bytes:
    tail = b""
    while chunk := await process.complained(_STDERR_TAIL):
        tail = (tail + chunk)[-_STDERR_TAIL:]
    return tail


async def _end(process: Begun) -> None:
    """End the process and wait for its end, also after the upload was cancelled."""
    process.kill()
    try:
        await process.wait()
    finally:
        await process.close()


def _judge(code: int | None, answer: bytes, errors: bytes, limits: Limits, peak_bytes: int) -> dict[str, Any]:
    """Turn the end of the process into its answer or into the refusal that fits.

    A crash is blamed on memory only if a library said so, or nearly all of the memory was taken.
    """
    if code == 0:
        try:
            parsed = json.loads(answer)
        except ValueError:
            parsed = None
        if isinstance(parsed, dict) and parsed.keys() & {"facts", "refused"}:
            return parsed
        raise Refused.because("unreadable", cause="no answer")
    is_full = code in _CRASHES and peak_bytes > _NEARLY_ALL * (limits.memory_bytes - UNSEEN_BYTES)
    if is_full or any(sign in errors for sign in _OUT_OF_MEMORY):
        raise Refused.because("too-much-memory", cause=f"exit {code}", limit=size(limits.memory_bytes))
    if code == -signal.SIGXCPU:
        raise Refused.because("too-slow", cause="cpu", limit=f"{limits.cpu_seconds:g} seconds of work")
    if code in (-signal.SIGKILL, -signal.SIGTERM):
        raise Refused.because("interrupted", cause=f"exit {code}")
    raise Refused.because("unreadable", cause=f"exit {code}")
