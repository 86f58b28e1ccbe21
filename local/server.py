"""What every server of the local stack can do: start, wait, stop, be killed, paused and restarted."""

from __future__ import annotations

import signal
import time
from abc import abstractmethod
from pathlib import Path

from local.child import Child, Command, Sink
from local.entering import Entered
from schemas.process.sign_of_life import SILENT_S

POLL = 0.05


class NotReadyError(RuntimeError):
    """Raised where a server ended, or did not answer in time. The message ends with the last lines that it wrote."""


class Server(Entered):
    """A supervised server on this machine.

    A subclass says how to `prepare` its data once, which `command` to run and how to `probe` it. Every start after
    the first uses the same data and the same ports.
    """

    name: str
    log: Path
    grace: float = 20.0  # seconds between the request to stop and SIGKILL
    settle: float = 0.0  # seconds of running before the probe counts
    silent_after: float = SILENT_S  # seconds without a sign of life after which its supervisor kills it
    sink: Sink | None = None
    _child: Child | None = None

    @abstractmethod
    def command(self) -> Command:
        """Return the command of the next start."""

    @abstractmethod
    def probe(self) -> bool:
        """Tell whether it serves requests now. Quick (a second at most), never raises for a server that is down."""

    def prepare(self) -> None:
        """Make whatever must be there before a start. Done again it changes nothing."""

    def give_up(self) -> None:
        """Make a `prepare` that runs in another thread end soon. May be called again and again, and when none runs."""

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None and self._child.running else None

    @property
    def running(self) -> bool:
        return self.pid is not None

    @property
    def returncode(self) -> int | None:
        return None if self._child is None else self._child.returncode

    def start(self) -> None:
        """Start the process and return at once; `wait_ready` tells when it serves."""
        if self.running:
            return
        self.prepare()
        self._child = Child(self.command(), self.log, self.sink)

    def wait_ready(self, timeout: float = 180.0) -> None:
        """Return when it serves requests; raise NotReadyError when it ended or `timeout` seconds passed."""
        deadline = time.monotonic() + timeout
        while True:
            if not self.running:
                raise NotReadyError(f"{self.name} ended with status {self.returncode}\n{self.tail()}")
            if self.probe():
                return
            if time.monotonic() > deadline:
                raise NotReadyError(f"{self.name} did not become ready in {timeout:.0f} s\n{self.tail()}")
            time.sleep(POLL)

    def stop(self) -> None:
        """Ask it to end, kill it after `grace` seconds; returns when it is gone."""
        if self._child is not None:
            self._child.stop(self.grace)
            self.finish()

    def request_stop(self) -> None:
        """Ask it to end and return at once."""
        if self._child is not None:
            self._child.request_stop()

    def finish(self) -> None:
        """Do what is left to do after a stop."""

    def kill(self) -> None:
        """Kill it by SIGKILL, as in a crash: it cleans nothing up and flushes nothing."""
        if self._child is not None:
            self._child.kill()

    def silent_s(self) -> float:
        """Return for how many seconds it has given no sign of life; 0 for a server that gives none."""
        return 0.0

    def restart(self, timeout: float = 180.0) -> None:
        """Stop if it runs, start on the same data and port, and wait until it serves."""
        self.stop()
        self.start()
        self.wait_ready(timeout)

    def pause(self) -> None:
        """Freeze it by SIGSTOP: it keeps its connections and answers nothing from then on, as a frozen machine."""
        if self._child is not None:
            self._child.pause()

    def resume(self) -> None:
        if self._child is not None:
            self._child.signal(signal.SIGCONT)

    def tail(self, lines: int = 20) -> str:
        """Return the last lines that it wrote to its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
