"""A stack whose supervisor is a process of its own, so that a drill can freeze it as a person's machine does."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from local.server import NotReadyError
from local.stack import Stack, State
from local.state import ROOT

#: It stops all of its processes within this, in seconds.
STOPS_S: Final = 60.0
_LOOK_S: Final = 0.1
#: Fills a pipe that nobody reads, line by line.
_LINE: Final = b"a line that nobody reads\n"


class Apart(Stack):
    """Starts `python -m local up` on a folder, and finds what it started by its state file."""

    def __init__(self, data_dir: Path, *, env: Mapping[str, str]) -> None:
        super().__init__(data_dir, env=env)
        self._told = dict(env)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def state(self) -> State:
        """Return what the supervisor wrote last; while it is frozen that is of before."""
        found = State.load(self.data_dir)
        if found is None:
            raise RuntimeError("the stack has not been started")
        return found

    @property
    def supervisor(self) -> int:
        """Return the process id of the supervisor."""
        assert self._process is not None
        return self._process.pid

    def start(self, timeout: float = 180.0) -> None:
        """Start the supervisor, and return when everything is ready. Raises NotReadyError."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with (self.data_dir / "supervisor.log").open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local", "--data", str(self.data_dir), "up"],
                cwd=ROOT,
                env={**os.environ, **self._told},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + timeout
        while (found := State.load(self.data_dir)) is None or not found.ready:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise NotReadyError(f"the supervisor has not come up: see {self.data_dir / 'supervisor.log'}")
            time.sleep(_LOOK_S)

    def stop(self) -> None:
        """End the supervisor, frozen or not, and with it all that it started."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
        try:
            self._process.wait(STOPS_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def fill_output(pid: int) -> int:
    """Fill the pipe that a process writes its log to, as hours of lines would; return the bytes.

    Nobody reads it while its supervisor is frozen. A process whose output is no pipe is left alone: 0.
    """
    try:
        descriptor = os.open(f"/proc/{pid}/fd/1", os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return 0
    written = 0
    try:
        fcntl.fcntl(descriptor, fcntl.F_GETPIPE_SZ)  # raises where it is no pipe
        while True:
            written += os.write(descriptor, _LINE)
    except OSError:  # full, or no pipe
        return written
    finally:
        os.close(descriptor)
