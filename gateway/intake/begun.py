"""Starts reading processes: asks the nursery for a fork, and exchanges messages with it until it has ended."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

#: The folder that holds the package, so that a process finds it from anywhere.
ROOT: Final = Path(__file__).resolve().parents[2]
_MODULE: Final = "gateway.intake.nursery"
#: Where polars' allocator reads its settings.
ALLOCATOR: Final = "_RJEM_MALLOC_CONF"
#: Seconds to start Python and import everything on a busy machine. A nursery without an answer by then is ended.
ANSWER_S: Final = 60.0


class NotBegunError(OSError):
    """No reading process could be begun: the machine has no memory or no process left."""


class Born(NamedTuple):
    """A started process: its id, a handle that no later process can take over, and its nursery."""

    pid: int
    handle: int
    of: subprocess.Popen[bytes] | None


class Ended(NamedTuple):
    """The end of a process: its exit status, negative for a signal, and its peak memory in bytes."""

    code: int
    peak_bytes: int = 0


class Nursery:
    """The gateway's side of the nursery: started with the first document, and again if it died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # who asks waits in a thread
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None

    def begin(self, environment: Mapping[str, str], ends: Sequence[socket.socket]) -> Born:
        """Start a process with two sockets, one for messages and one for its errors. Raises NotBegunError."""
        request, files = {"environment": dict(environment)}, [end.fileno() for end in ends]
        with self._lock:
            try:
                try:
                    pid, _ = self._ask(request, files)
                except OSError:  # there is none yet, or it has died, or hangs
                    self._open(environment)
                    pid, _ = self._ask(request, files)
            except OSError as error:
                self._drop()
                raise NotBegunError(*error.args) from error
            if pid < 0:
                raise NotBegunError("the machine has no memory or no process left")
            try:  # no other process has the id before this one's end is asked for
                return Born(pid, os.pidfd_open(pid), self._process)
            except OSError as error:
                os.kill(pid, signal.SIGKILL)
                self._ask({"ended": pid})
                raise NotBegunError(*error.args) from error

    def ended(self, born: Born) -> Ended:
        """Return how an ended process ended."""
        with self._lock:
            if born.of is not self._process:  # it has died with an earlier nursery
                return Ended(-signal.SIGKILL)
            try:
                return Ended(*self._ask({"ended": born.pid}))
            except OSError:
                self._drop()
                return Ended(-signal.SIGKILL)

    def stop(self) -> None:
        """End the nursery and every process that it has started."""
        with self._lock:
            self._drop()

    def _ask(self, request: Mapping[str, Any], files: Sequence[int] = ()) -> tuple[int, int]:
        if self._channel is None:
            raise ConnectionResetError("there is no nursery")
        socket.send_fds(self._channel, [json.dumps(request).encode()], list(files))
        if answer := self._channel.recv(64):
            first, second = answer.split()
            return int(first), int(second)
        raise ConnectionResetError("the nursery has died")

    def _open(self, environment: Mapping[str, str]) -> None:
        self._drop()
        self._channel, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel.settimeout(ANSWER_S)
        with its:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", _MODULE, str(its.fileno())],
                cwd=ROOT,
                env=dict(environment),
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # a Ctrl-C in the terminal is for the gateway, which then stops its readers
            )

    def _drop(self) -> None:
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._channel = self._process = None


class Nurseries:
    """A nursery for each setting of the allocator, which is read once, when polars is imported; most need one alone."""

    def __init__(self) -> None:
        self._made: dict[str, Nursery] = {}

    def of(self, environment: Mapping[str, str]) -> Nursery:
        """Return the nursery that starts processes with this environment."""
        return self._made.setdefault(environment.get(ALLOCATOR, ""), Nursery())

    def stop(self) -> None:
        """End all nurseries and the processes that they have started."""
        for nursery in self._made.values():
            nursery.stop()


NURSERIES: Final = Nurseries()
atexit.register(NURSERIES.stop)


class Begun:
    """A reading process: its input, its output and its end."""

    def __init__(
        self,
        born: Born,
        talk: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        errors: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        nursery: Nursery,
    ) -> None:
        self.pid = born.pid
        self._stdout, self.stdin = talk
        self._stderr, self._errors = errors
        self.returncode: int | None = None
        self.peak_bytes = 0
        self._born = born
        self._nursery = nursery
        self._ending = asyncio.create_task(self._end())

    async def said(self, most: int) -> bytes:
        """Return the next bytes of its output, b"" at its end."""
        return await _read(self._stdout, most)

    async def complained(self, most: int) -> bytes:
        """Return the next bytes of its error output, b"" at its end."""
        return await _read(self._stderr, most)

    async def wait(self) -> int:
        """Wait for its end; return its exit status, as `subprocess` has it. A caller may be cancelled."""
        return await asyncio.shield(self._ending)

    def kill(self) -> None:
        """Kill the process, if it still runs."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._born.handle, signal.SIGKILL)

    async def close(self) -> None:
        """Close its input and its outputs."""
        for end in (self.stdin, self._errors):
            end.close()
            with suppress(ConnectionError):  # it had ended before it was told all
                await end.wait_closed()

    async def _end(self) -> int:
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._born.handle, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(self._born.handle)
        ended = await asyncio.to_thread(self._nursery.ended, self._born)
        self.returncode, self.peak_bytes = ended
        os.close(self._born.handle)
        return ended.code


async def _read(stream: asyncio.StreamReader, most: int) -> bytes:
    try:
        return await stream.read(most)
    except ConnectionResetError:  # it has ended before it had read all that it was told
        return b""


async def begin(environment: Mapping[str, str], nursery: Nursery | None = None) -> Begun:
    """Start a reading process with this environment only. Raises NotBegunError."""
    beginning = asyncio.create_task(_begin(environment, nursery or NURSERIES.of(environment)))
    try:
        return await asyncio.shield(beginning)
    except asyncio.CancelledError:  # a thread that has asked for it cannot be stopped
        begun = await beginning
        begun.kill()
        await begun.wait()
        await begun.close()
        raise


async def _begin(environment: Mapping[str, str], nursery: Nursery) -> Begun:
    with ExitStack() as theirs, ExitStack() as ours:
        try:
            ends = [socket.socketpair() for _ in range(2)]
            for own, other in ends:
                ours.enter_context(own)
                theirs.enter_context(other)
            born = await asyncio.to_thread(nursery.begin, environment, [other for _, other in ends])
        except OSError as error:  # no descriptor left, too
            raise NotBegunError(*error.args) from error
        talk, errors = [await asyncio.open_unix_connection(sock=own) for own, _ in ends]
        ours.pop_all()  # they belong to the streams now
    return Begun(born, talk, errors, nursery)
