"""What runs, as a file: `state.json` in the data folder, written by the supervisor, read by everybody else."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from schemas.process.data_folder import data_folder

ROOT = Path(__file__).parent.parent
FILE = "state.json"


def default_data_dir() -> Path:
    """Return the folder of this machine's system."""
    return data_folder(os.environ)


@dataclass
class ProcessState:
    """One process. `born` identifies it beside its pid, which the system gives to others later.

    `status`: waiting, preparing, starting, ready, backoff, stopping, stopped, paused, done, skipped or failed.
    """

    status: str
    pid: int | None = None
    born: float | None = None
    restarts: int = 0
    last_exit: int | None = None
    log: str = ""

    @property
    def alive(self) -> bool:
        return self.pid is not None and is_same_process(self.pid, self.born)


@dataclass
class State:
    """The stack as its supervisor last saw it. `env` is what a client or another process needs to join it."""

    pid: int
    born: float
    started_at: str  # ISO 8601, UTC
    ready: bool = False
    urls: dict[str, str] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    processes: dict[str, ProcessState] = field(default_factory=dict)

    @classmethod
    def load(cls, data_dir: Path | None = None) -> State | None:
        """Return the state of the last supervisor on this folder, running or not; None if there was none."""
        try:
            text = ((data_dir or default_data_dir()) / FILE).read_text(encoding="utf-8")
            found = json.loads(text)
            processes = {name: ProcessState(**one) for name, one in found.pop("processes").items()}
            return cls(**found, processes=processes)
        except (FileNotFoundError, ValueError, TypeError, KeyError):  # none, or of another version
            return None

    def save(self, data_dir: Path) -> None:
        """Replace the file; readable by its owner only, for it has the database's password."""
        part = data_dir / f".{FILE}.part"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=1)
        part.replace(data_dir / FILE)

    @property
    def running(self) -> bool:
        """Tell whether the supervisor is there."""
        return is_same_process(self.pid, self.born)

    def pid_of(self, name: str) -> int:
        """Return the process id of a running process; raises LookupError, with the names that run."""
        process = self.processes.get(name)
        if process is None or not process.alive or process.pid is None:
            running = ", ".join(name for name, one in self.processes.items() if one.alive)
            raise LookupError(f"{name} does not run; running: {running or 'nothing'}")
        return process.pid

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to a process by its name and return its pid; the supervisor starts it again if it ends."""
        pid = self.pid_of(name)
        os.kill(pid, number)
        return pid


def born(pid: int) -> float | None:
    """Return when a process was created (seconds since the epoch), None if it is not there."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.Error:
        return None


def is_same_process(pid: int, created: float | None) -> bool:
    """Tell whether that very process still runs, and not another one under the same number."""
    now = born(pid)
    return now is not None and created is not None and abs(now - created) < 1.0
