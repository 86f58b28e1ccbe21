"""The whole system on this machine, or any part of it, as one object: `Stack` starts it, `State` finds it.

    with Stack(tmp_path, ["postgres", "broker"]) as stack:
        stack.env["MARKETPLACE_BROKERS"]

What dies is started again. Everything ends with the process that made the Stack, however that ends.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import psutil

from local.blueprint import NAMES, Blueprint, draw
from local.console import NOTHING, Console
from local.lock import AlreadyRunningError, FolderLock
from local.server import NotReadyError
from local.state import ProcessState, State, born, default_data_dir
from local.supervisor import Supervisor

__all__ = ["NAMES", "AlreadyRunningError", "NotReadyError", "Stack", "State", "default_data_dir", "pause", "resume"]


class Stack:
    """Starts and supervises `processes` (names of NAMES; all by default) with their data in `data_dir`.

    `env` is added to what the processes are told, `own` to what one of them is, by its name. The names in `show` (None:
    all) are printed, `stack` for what the supervisor itself has to say; the log files are always written.
    `gateway_port` is asked for, not remembered.
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        processes: Sequence[str] = NAMES,
        *,
        env: Mapping[str, str] | None = None,
        own: Mapping[str, Mapping[str, str]] | None = None,
        show: frozenset[str] | None = NOTHING,
        gateway_port: int | None = None,
    ) -> None:
        self.data_dir = (data_dir or default_data_dir()).absolute()
        self._names = [name for name in NAMES if name in processes] + [n for n in processes if n not in NAMES]
        self._extra = dict(env or {})
        self._own = own
        self._gateway_port = gateway_port
        self._console = Console(self._names, only=show)
        self._own_lines = self._console.sink("stack", self.data_dir / "logs" / "stack.log")
        self._lock = FolderLock(self.data_dir)
        self._blueprint: Blueprint | None = None
        self._supervisor: Supervisor | None = None
        self._thread: threading.Thread | None = None
        self._state: State | None = None

    def start(self, timeout: float = 180.0) -> None:
        """Return when everything is ready.

        Raises AlreadyRunningError when this folder's stack runs already, NotReadyError (with the reason; all is
        stopped again) when something cannot start or `timeout` seconds have passed.
        """
        self.launch()
        deadline = time.monotonic() + timeout
        while not self.ready:
            problem = self.failure or (f"not ready in {timeout:.0f} s" if time.monotonic() > deadline else None)
            if problem:
                waiting = ", ".join(f"{name} is {one.status}" for name, one in self.state.processes.items())
                self.stop()
                raise NotReadyError(f"{problem} ({waiting})")
            time.sleep(0.05)

    def launch(self) -> None:
        """Begin to start everything and return at once; see `ready` and `failure`.

        Raises AlreadyRunningError, and PortError where the gateway's port cannot be had.
        """
        self._lock.acquire()
        try:
            self._sweep()
            self._blueprint = draw(
                self.data_dir,
                self._names,
                self._extra,
                lambda text: self.say("stack", text),
                self._gateway_port,
                own=self._own,
            )
            for name, module in self._blueprint.skipped.items():
                self.say("stack", f"{name} is left out: there is no module {module} yet")
            for unit in self._blueprint.units:
                unit.server.sink = self._console.sink(unit.name, unit.server.log)
            supervisor = Supervisor(self._blueprint.units, self.data_dir / "paused", self.say, self._save)
            self._supervisor = supervisor
            self._state = self._first_state(self._blueprint)
            self._save(supervisor)
        except BaseException:
            self._lock.release()
            raise
        # One thread starts every child: a child is leashed to the thread that started it.
        self._thread = threading.Thread(target=self._run, args=(supervisor,), name="supervisor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop everything in reverse order and return when it is gone. Does nothing when nothing runs."""
        self.request_stop()
        self.join()

    def request_stop(self) -> None:
        """Begin to stop; asked for a second time it kills."""
        if self._supervisor is not None:
            self._supervisor.request_stop()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until everything has stopped; return False when `timeout` seconds were not enough."""
        if self._thread is None:
            return True
        self._thread.join(timeout)
        if self._thread.is_alive():
            return False
        self._thread = None
        if self._supervisor is not None:
            self._save(self._supervisor)
        self._console.close()
        self._lock.release()
        return True

    @property
    def ready(self) -> bool:
        """Tell whether everything is up now."""
        alive = self._thread is not None and self._thread.is_alive()
        return alive and self._supervisor is not None and self._supervisor.ready

    @property
    def failure(self) -> str | None:
        """Return why the stack cannot come up; None where it can."""
        return None if self._supervisor is None else self._supervisor.failure

    @property
    def env(self) -> dict[str, str]:
        """Return the MARKETPLACE_* variables of its processes, for a client that wants to join."""
        return dict(self.state.env)

    @property
    def state(self) -> State:
        """Return the current state, as in `state.json`."""
        if self._state is None:
            raise RuntimeError("the stack has not been started")
        return self._state

    def pid(self, name: str) -> int:
        """Return the process id of a running process; raises LookupError."""
        return self.state.pid_of(name)

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to a process and return its pid; when it ends it is started again."""
        return self.state.kill(name, number)

    def pause(self, name: str) -> None:
        """Stop a process and keep it stopped until `resume`."""
        pause(self.data_dir, name)

    def resume(self, name: str) -> None:
        """Let a paused process start again."""
        resume(self.data_dir, name)

    def wait_for(
        self, name: str, status: str = "ready", timeout: float = 300.0, not_pid: int | None = None
    ) -> int | None:
        """Return the pid once the process has this status (and, if given, a pid other than `not_pid`).

        One that has just ended is ready without a pid for a moment: that is not another one.
        """
        deadline = time.monotonic() + timeout
        while True:
            process = self.state.processes[name]
            if process.status == status and (not_pid is None or process.pid not in (None, not_pid)):
                return process.pid
            if time.monotonic() > deadline:
                raise NotReadyError(f"{name} is {process.status} after {timeout:.0f} s, not {status}")
            time.sleep(0.02)

    def say(self, name: str, text: str) -> None:
        """Put a line of the supervisor's own into the stream."""
        self._own_lines(text if name == "stack" else f"{name}: {text}")

    def _run(self, supervisor: Supervisor) -> None:
        try:
            supervisor.run()
        except Exception as error:  # its children end with its thread; whoever waits must learn why
            supervisor.failure = f"the supervisor itself failed: {error!r}"
            self.say("stack", supervisor.failure)

    def _first_state(self, blueprint: Blueprint) -> State:
        pid = os.getpid()
        return State(
            pid=pid,
            born=born(pid) or 0.0,
            started_at=datetime.now(UTC).isoformat(timespec="seconds"),
            urls=blueprint.urls,
            ports=blueprint.ports,
            env=blueprint.env,
        )

    def _save(self, supervisor: Supervisor) -> None:
        assert self._state is not None
        assert self._blueprint is not None
        processes = {name: ProcessState("skipped") for name in self._blueprint.skipped}
        for name, one in supervisor.processes.items():
            server = one.unit.server
            pid = server.pid
            processes[name] = ProcessState(
                status=one.status,
                pid=pid,
                born=born(pid) if pid is not None else None,
                restarts=max(0, one.restarts),
                last_exit=one.last_exit,
                log=str(server.log),
            )
        self._state.processes = processes
        self._state.ready = supervisor.ready
        try:
            self._state.save(self.data_dir)
        except OSError as error:  # a full disk must not stop what runs
            self.say("stack", f"cannot write the state file: {error}")

    def _sweep(self) -> None:
        """End what an earlier supervisor left behind where the system does not do it (see leash.py)."""
        for name in NAMES:
            (self.data_dir / "paused" / name).unlink(missing_ok=True)
        left = State.load(self.data_dir)
        for process in left.processes.values() if left else ():
            if process.alive and process.pid is not None:
                orphan = psutil.Process(process.pid)
                orphan.kill()
                orphan.wait(10)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()


def pause(data_dir: Path, name: str) -> None:
    """Tell the supervisor of this folder, in whatever process, to stop `name` and keep it stopped."""
    if name not in NAMES:
        raise LookupError(f"no such process: {name}; there are {', '.join(NAMES)}")
    (data_dir / "paused").mkdir(parents=True, exist_ok=True)
    (data_dir / "paused" / name).touch()


def resume(data_dir: Path, name: str) -> None:
    """Take back a `pause`."""
    (data_dir / "paused" / name).unlink(missing_ok=True)
