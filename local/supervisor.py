"""Start what is needed in order, start again what dies, stop all in reverse order. One thread, no surprises."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from local.backoff import CAP, Backoff
from local.blueprint import Unit
from local.child import until_one_ends

TICK = 0.05
#: How long it rests while all is up. What ends meanwhile is seen at once; what is paused or to stop, by the next look.
RESTS = 0.25
TRIES = 4  # of a process that has to succeed once

Report = Callable[[str, str], None]  # name of the process, text


@dataclass
class Supervised:
    """A unit and what has become of it. The meanings of `status` are in `ProcessState`."""

    unit: Unit
    status: str = "waiting"
    restarts: int = -1
    last_exit: int | None = None
    backoff: Backoff = field(default_factory=Backoff)
    started: float = 0.0
    next_start: float = 0.0
    kill_at: float = 0.0
    preparing: Future[None] | None = None
    mishap: str = ""

    @property
    def up(self) -> bool:
        """Tell whether those that need it may start."""
        return self.status in {"ready", "done"}

    @property
    def over(self) -> bool:
        """Tell whether nothing of it runs any more."""
        return not self.unit.server.running and self.preparing is None


class Supervisor:
    """Owns the units. `run` blocks until they are stopped; the other methods may be called from any thread."""

    def __init__(
        self, units: Iterable[Unit], paused: Path, report: Report, changed: Callable[[Supervisor], None]
    ) -> None:
        self.processes = {unit.name: Supervised(unit) for unit in units}
        self.failure: str | None = None  # why the stack cannot come up
        self._paused = paused
        self._report = report
        self._changed = changed
        self._stopping = False
        self._kill_all = False
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="prepare")

    @property
    def ready(self) -> bool:
        """Tell whether everything is up (what is paused on purpose does not count)."""
        return all(one.up or one.status == "paused" for one in self.processes.values())

    def request_stop(self) -> None:
        """Begin to stop everything, those that are needed by others last; the second call kills."""
        self._kill_all, self._stopping = self._stopping, True

    def run(self) -> None:
        """Supervise until everything has been stopped. All children belong to the calling thread."""
        with self._pool:
            while not (self._stopping and all(one.over for one in self.processes.values())):
                before = self._picture()
                for one in self.processes.values():
                    self._step_safely(one)
                if self._picture() != before:
                    self._changed(self)
                self._rest()
            for one in self.processes.values():
                self._step_cancelled(one)
                one.unit.server.finish()
            self._changed(self)

    def _rest(self) -> None:
        running = [pid for one in self.processes.values() if (pid := one.unit.server.pid) is not None]
        if self._stopping or not self.ready or not until_one_ends(running, RESTS):
            time.sleep(TICK)

    def _step_safely(self, one: Supervised) -> None:
        """Do it so that what fails for one unit keeps no other from care, and ends nobody."""
        try:
            self._step(one)
            one.mishap = ""
        except Exception as error:  # a full disk, a bug
            text = f"{type(error).__name__}: {error}"
            if text != one.mishap:
                self._report(one.unit.name, f"cannot be seen to, trying again: {text}")
            one.mishap, one.next_start = text, time.monotonic() + CAP
            if self._stopping:
                one.unit.server.kill()
            if not one.unit.server.running:
                one.status = "stopped" if self._stopping else "backoff"

    def _step(self, one: Supervised) -> None:
        server = one.unit.server
        if server.running and (self._stopping or self._is_paused(one) or one.status == "stopping"):
            self._step_stopping(one)
        elif one.status == "stopping" or (one.status in {"starting", "ready"} and not server.running):
            self._ended(one)
        elif self._stopping:
            self._step_cancelled(one)
        elif self._is_paused(one):
            one.status = "paused"
        elif self._may_start(one):
            self._prepare(one)
        elif one.status == "preparing":
            self._start_when_prepared(one)
        elif one.status in {"starting", "ready"} and (silent_s := server.silent_s()) > server.silent_after:
            # frozen, or it hangs: before it has a heartbeat nobody else ends it
            self._report(one.unit.name, f"gives no sign of life for {silent_s:.0f} s: killed")
            server.kill()
        elif one.status == "starting" and self._has_come_up(one):
            one.status = "ready"
            self._report(one.unit.name, f"ready ({time.monotonic() - one.started:.1f} s)")

    def _may_start(self, one: Supervised) -> bool:
        if one.status == "backoff":
            return time.monotonic() >= one.next_start
        needs = [self.processes[name] for name in one.unit.needs if name in self.processes]
        return one.status in {"waiting", "paused"} and all(need.up for need in needs)

    def _has_come_up(self, one: Supervised) -> bool:
        if one.unit.once:
            return False
        return time.monotonic() >= one.started + one.unit.server.settle and one.unit.server.probe()

    def _prepare(self, one: Supervised) -> None:
        one.status = "preparing"
        one.preparing = self._pool.submit(one.unit.server.prepare)

    def _start_when_prepared(self, one: Supervised) -> None:
        if one.preparing is None or not one.preparing.done():
            return
        preparing, one.preparing = one.preparing, None
        try:
            preparing.result()
            one.unit.server.start()
        except Exception as error:  # no download, no Java, a full disk
            if one.restarts < 0:
                self._fail(one, f"cannot start: {error}")
            else:  # it has run before, so this may pass
                self._try_again(one, 0.0, f"cannot start: {error}")
            return
        one.started = time.monotonic()
        one.restarts += 1
        one.status = "starting"

    def _step_cancelled(self, one: Supervised) -> None:
        """Forget what it waited for: everything stops, and it does not run."""
        if one.preparing is not None and one.preparing.done():
            one.preparing = None
        elif one.preparing is not None:
            one.unit.server.give_up()  # at each step: it may have begun after the first
        if one.status not in {"done", "failed", "paused"}:
            one.status = "stopped"

    def _step_stopping(self, one: Supervised) -> None:
        now = time.monotonic()
        if one.status != "stopping":
            if self._stopping and not self._kill_all and not all(other.over for other in self._on_top_of(one)):
                return
            one.status = "stopping"
            one.kill_at = now + one.unit.server.grace
            one.unit.server.request_stop()
        elif now >= one.kill_at or self._kill_all:
            self._report(one.unit.name, "does not stop: killed")
            one.unit.server.kill()

    def _on_top_of(self, one: Supervised) -> list[Supervised]:
        """Return those that need it, also through others: what is done (such as a migration) is needed for its work."""
        direct = [other for other in self.processes.values() if one.unit.name in other.unit.needs]
        return [*direct, *(above for other in direct for above in self._on_top_of(other))]

    def _ended(self, one: Supervised) -> None:
        status = one.unit.server.returncode
        one.last_exit = status
        if one.status == "stopping":
            # one that was resumed before it had ended starts again, as it would a moment later
            one.status = "stopped" if self._stopping else "paused"
        elif one.unit.once and status == 0:
            one.status = "done"
        elif self._stopping:
            one.status = "stopped"
        else:
            ran_for = time.monotonic() - one.started
            how = f"signal {-status}" if status is not None and status < 0 else f"status {status}"
            self._try_again(one, ran_for, f"ended with {how}")

    def _try_again(self, one: Supervised, ran_for: float, what: str) -> None:
        wait = one.backoff.died(ran_for)
        if one.unit.once and one.backoff.deaths >= TRIES:
            self._fail(one, f"{what}, {TRIES} times\n{one.unit.server.tail()}")
            return
        one.status, one.next_start = "backoff", time.monotonic() + wait
        if one.backoff.keeps_dying:
            text = f"KEEPS DYING, {one.backoff.deaths} times in a row ({what}); next start in {wait:.1f} s"
            self._report(one.unit.name, f"{text}; its last words are in {one.unit.server.log}")
        else:
            self._report(one.unit.name, f"{what}; starts again in {wait:.1f} s")

    def _fail(self, one: Supervised, why: str) -> None:
        one.status = "failed"
        self.failure = f"{one.unit.name}: {why}"
        self._report(one.unit.name, why)

    def _is_paused(self, one: Supervised) -> bool:
        return (self._paused / one.unit.name).exists()

    def _picture(self) -> list[object]:
        return [(one.status, one.unit.server.pid, one.restarts) for one in self.processes.values()]
