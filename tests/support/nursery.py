"""Start processes of the system by a fork of one that has imported everything: a tenth of the processor time.

A run of the tests starts several hundred, and each takes most of a second of processor time for imports alone, always
the same. A worker of the session keeps a nursery, `python -m tests.support.nursery FD`: one thread, all modules
imported, no event loop, no connection. A process that begins as its fork has a process id, a session, an environment,
an output and an end of its own, is killed when the nursery dies, and runs `python -m module` from there on.

What depends on how Python itself starts, another path above all, starts as everywhere else.
"""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import io
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final

from local.blueprint import MODULES
from local.child import Command, Running, popen

ROOT: Final = Path(__file__).parents[2]
#: Commands that tests run to their end, some dozens of times.
COMMANDS: Final = frozenset(("projections.rebuild", "projections.verify", "streams.cluster"))
#: Where processes of the system begin: modules, as after `python -m`.
ENTRANCES: Final = COMMANDS | {module.module for module in MODULES}
#: What processes import only when they first need it: a client of HTTP, a server, Faust as it starts.
IMPORTED_LATE: Final = (
    "anyio._backends._asyncio",
    "certifi",
    "encodings.idna",
    "faust.app.router",
    "faust.assignor.leader_assignor",
    "faust.assignor.partition_assignor",
    "faust.tables.manager",
    "faust.topics",
    "faust.transport.utils",
    "httpcore",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)
#: What is executed anew in each fork: it reads the environment as it is imported.
READS_ENVIRONMENT: Final = ("schemas.process.crashpoints",)
#: The size of a request: a command with its environment.
REQUEST_BYTES: Final = 1024 * 1024
PR_SET_PDEATHSIG: Final = 1


class Nursery:
    """The nursery of this process: `start` is for `local.child.Child.start`. Begun with the first that it can start."""

    def __init__(self, imported: Iterable[str] = ENTRANCES) -> None:
        self._imported = sorted(imported)
        self._lock = threading.Lock()  # supervisors start and ask from threads of their own
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._over = False

    def start(self, command: Command, environment: Mapping[str, str], output: IO[bytes] | int) -> Running:
        """Start a command: as a fork where that is the same, else by `popen`."""
        if not forkable(command, environment):
            return popen(command, environment, output)
        read, write = os.pipe() if output == subprocess.PIPE else (None, None)
        given = write if write is not None else output if isinstance(output, int) else output.fileno()
        try:
            pid = self.ask(request_of(command, environment), [given])
        finally:
            if write is not None:
                os.close(write)
        return Forked(self, pid, None if read is None else os.fdopen(read, "rb"))

    def run(
        self, command: Command, environment: Mapping[str, str], said: str, seconds: float
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end as a fork that reads `said`. Raises subprocess.TimeoutExpired, once it is gone."""
        with TemporaryFile("w+") as output, TemporaryFile("w+") as errors, TemporaryFile("w+") as read:
            read.write(said)
            read.seek(0)
            files = [output.fileno(), errors.fileno(), read.fileno()]
            running = Forked(self, self.ask(request_of(command, environment), files), None)
            try:
                status = running.wait(seconds)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()
                raise
            output.seek(0)
            errors.seek(0)
            return subprocess.CompletedProcess(list(command.argv), status, output.read(), errors.read())

    def ask(self, request: Mapping[str, Any], files: Sequence[int] = ()) -> int:
        """Send a request and return the number that answers it."""
        with self._lock:
            if self._over:
                raise RuntimeError("the nursery has died")
            channel = self._channel or self._begin()
            socket.send_fds(channel, [json.dumps(request).encode()], list(files))
            answer = channel.recv(64)
        if not answer:
            raise RuntimeError("the nursery has died")
        return int(answer)

    def stop(self) -> None:
        """End the nursery for good, and with it what it has started."""
        self._over = True
        if self._process is not None and self._channel is not None:
            self._channel.close()
            self._process.wait(60)

    def _begin(self) -> socket.socket:
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with its:
            command = [sys.executable, "-m", "tests.support.nursery", str(its.fileno()), *self._imported]
            self._process = subprocess.Popen(
                command, cwd=ROOT, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
            )
        self._channel = ours
        return ours


class Forked:
    """A process that the nursery has started, with what `local.child.Child` asks of one."""

    def __init__(self, nursery: Nursery, pid: int, stdout: IO[bytes] | None) -> None:
        self.pid = pid
        self.stdout = stdout
        self.returncode: int | None = None
        self._nursery = nursery
        self._lock = threading.Lock()
        self._handle = os.pidfd_open(pid)  # it is there until its status is asked for, which only happens here

    def poll(self) -> int | None:
        """Return its exit status, None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit status. Raises subprocess.TimeoutExpired."""
        status = self._ended(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
        return status

    def send_signal(self, sig: int) -> None:
        """Send a signal; nothing happens when it has ended."""
        with self._lock:
            if self.returncode is None:
                signal.pidfd_send_signal(self._handle, sig)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self, seconds: float | None) -> int | None:
        if self.returncode is None and _readable(self._handle, seconds):
            with self._lock:
                if self.returncode is None:
                    self.returncode = self._nursery.ask({"ended": self.pid})
                    os.close(self._handle)
        return self.returncode


def forkable(command: Command, environment: Mapping[str, str]) -> bool:
    """Tell whether a fork does the same as a new Python: one of ours, and nothing changes how Python starts."""
    if command.argv[:2] != (sys.executable, "-m") or command.argv[2] not in ENTRANCES or command.drop_root:
        return False
    return _of_python(environment) == _of_python(os.environ)


def request_of(command: Command, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what the nursery is asked for."""
    return {
        "module": command.argv[2],
        "arguments": command.argv[3:],
        "environment": dict(environment),
        "folder": str(command.cwd or Path.cwd()),
        "death_signal": int(command.death_signal),
    }


def _of_python(environment: Mapping[str, str]) -> dict[str, str]:
    unlike = "PYTHONUNBUFFERED"  # a fork sees to it
    return {name: value for name, value in environment.items() if name.startswith(("PYTHON", "LD_")) and name != unlike}


def _readable(handle: int, seconds: float | None) -> bool:
    ready = select.poll()
    try:
        ready.register(handle, select.POLLIN)
        return bool(ready.poll(None if seconds is None else seconds * 1000))
    except OSError:  # another thread has asked meanwhile, and closed it
        return True


@dataclass(frozen=True, slots=True)
class Born:
    """What a fork is to run."""

    module: str
    arguments: Sequence[str]
    unbuffered: bool


def import_for(entrances: Iterable[str]) -> None:
    """Import what processes import, at their start or later, and leave their own modules to be run."""
    for late in IMPORTED_LATE:
        importlib.import_module(late)
    for name in entrances:
        package = importlib.util.find_spec(name)
        assert package is not None
        entrance = f"{name}.__main__" if package.submodule_search_locations else name
        importlib.import_module(entrance)
        del sys.modules[entrance]


def serve(channel: socket.socket) -> Born:
    """Fork for each request, and say how each ended. Returns in a fork; the nursery ends with its parent."""
    while True:
        message, files, _, _ = socket.recv_fds(channel, REQUEST_BYTES, 3)
        if not message:
            os._exit(0)
        request = json.loads(message)
        if "ended" in request:
            _, status = os.waitpid(request["ended"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            other, itself = os.pipe()
            if (answer := os.fork()) == 0:
                channel.close()
                os.close(other)
                become(request, files)
                os.close(itself)
                return Born(request["module"], request["arguments"], "PYTHONUNBUFFERED" in os.environ)
            os.close(itself)
            os.read(other, 1)  # nothing: until it is another one, or has ended
            os.close(other)
        for file in files:
            os.close(file)
        channel.send(str(answer).encode())


def become(request: Mapping[str, Any], files: Sequence[int]) -> None:
    """Take on what makes a process another one. `files`: its output, for its errors, too, if no other one follows."""
    nursery = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, request["death_signal"], 0, 0, 0)
    if nursery == 1 or os.getppid() != nursery:
        os._exit(1)
    os.setsid()
    output, errors, *read = files if len(files) > 1 else (*files, *files)
    os.dup2(output, 1)
    os.dup2(errors, 2)
    for file in read:
        os.dup2(file, 0)
    for file in files:
        os.close(file)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])


def live(born: Born) -> None:
    """Run the module, as `python -m` does."""
    sys.argv = [born.module, *born.arguments]
    for number, name, errors in ((1, "stdout", "strict"), (2, "stderr", "backslashreplace")):
        raw = open(number, "wb", 0, closefd=False)  # noqa: SIM115 - open as long as the process
        text = io.TextIOWrapper(raw, "utf-8", errors, write_through=born.unbuffered, line_buffering=number == 2)
        setattr(sys, name, text)
    for module in READS_ENVIRONMENT:
        if module in sys.modules:
            importlib.reload(sys.modules[module])
    runpy.run_module(born.module, run_name="__main__", alter_sys=True)


def main(file: int, imported: Sequence[str]) -> None:
    """Be a nursery; in a fork, be what it was asked for."""
    import_for(imported)
    if threading.active_count() > 1:
        raise SystemExit(f"a module started a thread as it was imported: {threading.enumerate()}")
    gc.collect()
    gc.freeze()
    live(serve(socket.socket(fileno=file)))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
