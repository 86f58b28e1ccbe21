"""One child process: started on a leash, with its output going to one place, stopped without remains."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, ClassVar, Final, Protocol

LEASH = Path(__file__).with_name("leash.py")

#: Of the output that waits to be read: the most that anybody may have without more rights.
PIPE_BYTES: Final = 1024 * 1024

Sink = Callable[[str], None]


@dataclass(frozen=True)
class Command:
    """A command to run. `drop_root` is for programs that refuse root.

    `env` is added to the caller's environment; of a command that is `apart` it is the whole environment.
    """

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    drop_root: bool = False
    apart: bool = False

    def leashed(self) -> list[str]:
        """Return the argument list that runs it so that it dies with the calling process."""
        identity = "drop" if self.drop_root else "keep"
        leash = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), str(int(self.death_signal)), identity]
        return [*leash, "--", *self.argv]


class Running(Protocol):
    """What a process that was started can be asked and told, as `subprocess.Popen` has it."""

    @property
    def pid(self) -> int: ...

    @property
    def stdout(self) -> IO[bytes] | None: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int) -> None: ...

    def kill(self) -> None: ...


def popen(command: Command, environment: Mapping[str, str], output: IO[bytes] | int) -> Running:
    """Start the command on its leash, in a session of its own; what it writes goes to `output`, a file or PIPE."""
    return subprocess.Popen(
        command.leashed(),
        env=environment,
        cwd=command.cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


class Child:
    """A running command. Start it from a thread that outlives it: the leash is tied to that thread.

    Output goes line by line to `sink` if given, else it is appended to `log`.
    """

    #: How processes begin. Tests, which begin hundreds, have a quicker way for some.
    start: ClassVar[Callable[[Command, Mapping[str, str], IO[bytes] | int], Running]] = staticmethod(popen)

    def __init__(self, command: Command, log: Path, sink: Sink | None = None) -> None:
        self.command = command
        log.parent.mkdir(parents=True, exist_ok=True)
        environment = {**({} if command.apart else os.environ), **command.env}
        self._asked_to_stop = False
        # A session of its own: Ctrl-C in a terminal reaches the supervisor only, which then stops in order.
        if sink is None:
            with log.open("ab") as output:
                self._process = Child.start(command, environment, output)
            self._reader = None
        else:
            self._process = Child.start(command, environment, subprocess.PIPE)
            assert self._process.stdout is not None
            with suppress(OSError):  # more than this user may have: it stays as it is
                # what cannot leave out a line, a broker or a database, goes on for longer while this one is frozen
                fcntl.fcntl(self._process.stdout, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
            self._reader = threading.Thread(target=_pump, args=(self._process.stdout, sink), daemon=True)
            self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def returncode(self) -> int | None:
        """Return its exit status: None while it runs; negative is the number of the signal that ended it."""
        return self._process.poll()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens when it has already ended."""
        self._process.send_signal(number)

    def wait(self, timeout: float) -> bool:
        """Return True when it ended within `timeout` seconds."""
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        if self._reader is not None:
            self._reader.join(timeout=1)
        return True

    def pause(self, timeout: float = 10.0) -> None:
        """Stop it by SIGSTOP; return when all its threads stand still, or when it has ended. Raises TimeoutError."""
        self.signal(signal.SIGSTOP)
        deadline = time.monotonic() + timeout
        while self.returncode is None and not _stands_still(self.pid):
            # on a busy machine a thread goes on for a while: a signal counts when its turn comes
            if time.monotonic() > deadline:
                raise TimeoutError(f"process {self.pid} does not stand still after {timeout:.0f} s")
            time.sleep(0.005)

    def request_stop(self) -> None:
        """Ask it to end and return at once; it is asked only once."""
        self.signal(signal.SIGCONT)  # a paused process cannot hear the request
        if not self._asked_to_stop:  # at its very end it has no handler any more, and a signal would kill it
            self._asked_to_stop = True
            self.signal(self.command.stop_signal)

    def stop(self, grace: float) -> None:
        """Ask it to end, and kill it after `grace` seconds. Returns when it is gone."""
        self.request_stop()
        if not self.wait(grace):
            self.kill()

    def kill(self) -> None:
        """SIGKILL, at once. Returns when it is gone."""
        self._process.kill()
        self.wait(10)


def until_one_ends(pids: Iterable[int], seconds: float) -> bool:
    """Return when one of our children has ended, or after so many seconds. False, at once: this system cannot tell."""
    if not hasattr(os, "pidfd_open"):
        return False
    with ExitStack() as opened:
        ending = select.poll()
        for pid in pids:
            try:
                number = os.pidfd_open(pid)
            except OSError:  # it is gone, or the system has none to give
                return False
            opened.callback(os.close, number)
            ending.register(number, select.POLLIN)
        ending.poll(seconds * 1000)
    return True


def _stands_still(pid: int) -> bool:
    """Tell whether every thread of a process is stopped, or it has none any more."""
    try:
        threads = [(thread / "stat").read_text("ascii", "replace") for thread in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:  # a thread, or all of it, has just ended: the next look tells
        return False
    return all(line.rpartition(")")[2].split()[0] == "T" for line in threads)


def _pump(stream: IO[bytes], sink: Sink) -> None:
    with stream:
        for line in stream:
            sink(line.decode("utf-8", "replace").rstrip())
