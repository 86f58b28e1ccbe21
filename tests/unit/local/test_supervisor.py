"""The supervisor on small real processes: order, restarts, holding, stopping."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.blueprint import Unit
from local.child import Command
from local.server import Server
from local.supervisor import Supervised, Supervisor
from tests.support.patience import PATIENCE_S

# Writes when it starts and when it is asked to stop.
SERVE = """
import signal, sys, time
name, diary = sys.argv[1:]
def write(what):
    with open(diary, 'a') as file:
        file.write(f'{what} {name}\\n')
def stop(*_):
    write('stop')
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
write('start')
time.sleep(60)
"""

SLOW_TO_STOP = SERVE.replace("def stop(*_):\n", "def stop(*_):\n    time.sleep(0.5)\n")


class Program(Server):
    """Return a unit that runs a Python program, and is ready once `ready` says so."""

    def __init__(self, name: str, folder: Path, code: str = SERVE, ready: Callable[[], bool] | None = None) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self.code = code
        self.prepared = 0
        self.ready = ready or (lambda: f"start {name}" in (folder / "diary").read_text())
        self.diary = folder / "diary"
        self.diary.touch()

    def prepare(self) -> None:
        self.prepared += 1

    def command(self) -> Command:
        return Command((sys.executable, "-c", self.code, self.name, str(self.diary)))

    def probe(self) -> bool:
        return self.ready()


class Running:
    """A supervisor in its thread, and all that it reported."""

    def __init__(self, folder: Path, *units: Unit) -> None:
        self.said: list[str] = []
        self.changes = 0
        self.turns = 0
        self.paused = folder / "paused"
        self.paused.mkdir()
        self.supervisor = Supervisor(
            units, self.paused, lambda name, text: self.said.append(f"{name}: {text}"), self.count
        )
        self.supervisor._rest = self.rested  # type: ignore[method-assign] # it comes after each turn
        self.thread = threading.Thread(target=self.supervisor.run)

    def rested(self) -> None:
        self.turns += 1
        Supervisor._rest(self.supervisor)

    def count(self, _supervisor: Supervisor) -> None:
        self.changes += 1

    def __getitem__(self, name: str) -> Supervised:
        return self.supervisor.processes[name]

    def until(self, condition: Callable[[], object], timeout: float = PATIENCE_S) -> None:
        deadline = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < deadline, (self.said, self.supervisor.processes)
            time.sleep(0.01)

    def stop(self) -> None:
        self.supervisor.request_stop()
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()


Run = Callable[..., Running]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    started: list[Running] = []

    def start(*units: Unit) -> Running:
        running = Running(tmp_path, *units)
        started.append(running)
        running.thread.start()
        return running

    yield start
    for running in started:
        running.stop()


def diary(folder: Path) -> list[str]:
    return (folder / "diary").read_text().splitlines()


def test_what_fails_for_one_unit_ends_no_other(run: Run, tmp_path: Path) -> None:
    """Its children end with its thread: an error that gets out of it would end everything."""
    broken = Program("broken", tmp_path)
    asked = []

    def never() -> bool:
        asked.append(1)
        raise OSError("no space left")

    broken.ready = never
    running = run(Unit(broken), Unit(Program("well", tmp_path)))

    running.until(lambda: len(asked) > 5 and running["well"].status == "ready")

    assert [said for said in running.said if "OSError" in said] == [
        "broken: cannot be seen to, trying again: OSError: no space left"
    ]
    broken.ready = lambda: True
    running.until(lambda: running["broken"].status == "ready")


def test_what_is_needed_starts_first_and_stops_last(run: Run, tmp_path: Path) -> None:
    running = run(
        Unit(Program("cache", tmp_path), needs=("database",)),
        Unit(Program("database", tmp_path)),
        Unit(Program("app", tmp_path), needs=("cache", "database")),
    )
    running.until(lambda: running.supervisor.ready)
    running.stop()

    order = ["database", "cache", "app"]
    assert diary(tmp_path) == [f"start {name}" for name in order] + [f"stop {name}" for name in reversed(order)]
    assert {one.status for one in running.supervisor.processes.values()} == {"stopped"}


def test_what_is_needed_for_a_step_that_is_done_stops_last_too(run: Run, tmp_path: Path) -> None:
    """An app that needs a migrated database needs the database."""
    once = "import sys; open(sys.argv[2], 'a').write('done migrate\\n')"
    running = run(
        Unit(Program("app", tmp_path, SLOW_TO_STOP), needs=("migrate",)),
        Unit(Program("database", tmp_path)),
        Unit(Program("migrate", tmp_path, once), needs=("database",), once=True),
    )
    running.until(lambda: running.supervisor.ready)
    running.stop()

    assert diary(tmp_path) == ["start database", "done migrate", "start app", "stop app", "stop database"]


def test_nothing_starts_before_what_it_needs_serves(run: Run, tmp_path: Path) -> None:
    """Running is not enough: the probe decides."""
    serves = threading.Event()
    asked: list[bool] = []

    def probed() -> bool:
        asked.append(serves.is_set())
        return asked[-1]

    running = run(
        Unit(Program("database", tmp_path, ready=probed)),
        Unit(Program("app", tmp_path), needs=("database",)),
    )
    running.until(lambda: diary(tmp_path) == ["start database"])
    running.until(lambda: len(asked) > 5)  # the other one had its turn as often
    assert running["app"].status == "waiting"
    serves.set()
    running.until(lambda: running.supervisor.ready)


def test_a_need_that_is_not_part_of_the_stack_is_no_need(run: Run, tmp_path: Path) -> None:
    running = run(Unit(Program("app", tmp_path), needs=("elsewhere",)))
    running.until(lambda: running.supervisor.ready)


def test_what_dies_is_started_again_in_a_moment(run: Run, tmp_path: Path) -> None:
    running = run(Unit(Program("app", tmp_path)))
    running.until(lambda: running.supervisor.ready)
    before = running["app"].unit.server.pid

    running["app"].unit.server.kill()
    running.until(lambda: running["app"].unit.server.pid not in {None, before})
    running.until(lambda: running.supervisor.ready)
    assert running["app"].restarts == 1
    assert running["app"].last_exit == -signal.SIGKILL
    assert "app: ended with signal 9; starts again in 0.2 s" in running.said


def test_a_process_that_keeps_dying_is_told_about_and_waits_longer(run: Run, tmp_path: Path) -> None:
    running = run(Unit(Program("app", tmp_path, code="import sys; sys.exit(7)")))
    running.until(lambda: any("KEEPS DYING" in line for line in running.said))

    assert running.said[0] == "app: ended with status 7; starts again in 0.2 s"
    assert running.said[1] == "app: ended with status 7; starts again in 0.4 s"
    assert "KEEPS DYING, 3 times in a row (ended with status 7); next start in 0.8 s" in running.said[2]
    assert str(tmp_path / "app.log") in running.said[2]


def test_others_wait_for_what_must_succeed_once(run: Run, tmp_path: Path) -> None:
    once = Program("migrate", tmp_path, code="open(__import__('sys').argv[2], 'a').write('start migrate\\n')")
    running = run(Unit(once, once=True), Unit(Program("app", tmp_path), needs=("migrate",)))
    running.until(lambda: running.supervisor.ready)

    assert diary(tmp_path) == ["start migrate", "start app"]
    assert running["migrate"].status == "done"


def test_what_must_succeed_and_does_not_is_a_failure_with_its_last_words(run: Run, tmp_path: Path) -> None:
    code = "import sys; print('the reason'); sys.exit(3)"
    running = run(Unit(Program("migrate", tmp_path, code=code), once=True))
    running.until(lambda: running.supervisor.failure)

    failure = running.supervisor.failure or ""
    assert failure.startswith("migrate: ended with status 3, 4 times\n")
    assert "the reason" in failure
    assert not running.supervisor.ready


def test_a_preparation_that_fails_is_a_failure(run: Run, tmp_path: Path) -> None:
    class Unprepared(Program):
        def prepare(self) -> None:
            raise RuntimeError("no space left")

    running = run(Unit(Unprepared("app", tmp_path)))
    running.until(lambda: running.supervisor.failure)

    assert running.supervisor.failure == "app: cannot start: no space left"


def test_a_restart_that_fails_is_tried_again(run: Run, tmp_path: Path) -> None:
    """A full disk passes: what has run before is not given up."""

    class Unlucky(Program):
        def prepare(self) -> None:
            super().prepare()
            if self.prepared == 3:  # one for the decision to start, one by the start itself
                raise OSError("no space left on device")

    running = run(Unit(Unlucky("app", tmp_path)))
    running.until(lambda: running.supervisor.ready)
    running["app"].unit.server.kill()
    running.until(lambda: running["app"].restarts == 1 and running.supervisor.ready)

    assert "app: cannot start: no space left on device; starts again in 0.4 s" in running.said
    assert running.supervisor.failure is None


def test_a_process_that_is_resumed_before_it_has_ended_starts_again(run: Run, tmp_path: Path) -> None:
    running = run(Unit(Program("app", tmp_path, SLOW_TO_STOP)))
    running.until(lambda: running.supervisor.ready)
    (running.paused / "app").touch()
    running.until(lambda: running["app"].status == "stopping")
    (running.paused / "app").unlink()

    running.until(lambda: diary(tmp_path) == ["start app", "stop app", "start app"])
    running.until(lambda: running.supervisor.ready)
    assert running["app"].restarts == 1


def test_a_paused_process_stays_down_until_it_is_resumed(run: Run, tmp_path: Path) -> None:
    running = run(Unit(Program("app", tmp_path)), Unit(Program("other", tmp_path)))
    running.until(lambda: running.supervisor.ready)

    (running.paused / "app").touch()
    running.until(lambda: running["app"].status == "paused")
    before = running.turns
    running.until(lambda: running.turns > before + 5)
    assert running["app"].unit.server.pid is None
    assert running["other"].status == "ready"
    (running.paused / "app").unlink()
    running.until(lambda: running["app"].status == "ready")


def test_what_does_not_stop_is_killed_after_its_grace(run: Run, tmp_path: Path) -> None:
    deaf = Program("deaf", tmp_path, code=SERVE.replace("signal.SIGTERM, stop", "signal.SIGTERM, signal.SIG_IGN"))
    deaf.grace = 0.3
    running = run(Unit(deaf))
    running.until(lambda: running.supervisor.ready)
    running.stop()

    assert running["deaf"].last_exit in {None, -signal.SIGKILL}
    assert deaf.returncode == -signal.SIGKILL
    assert "deaf: does not stop: killed" in running.said


def test_asked_twice_everything_is_killed_at_once(run: Run, tmp_path: Path) -> None:
    deaf = Program("deaf", tmp_path, code=SERVE.replace("signal.SIGTERM, stop", "signal.SIGTERM, signal.SIG_IGN"))
    deaf.grace = 3600.0
    running = run(Unit(deaf), Unit(Program("app", tmp_path), needs=("deaf",)))
    running.until(lambda: running.supervisor.ready)
    running.supervisor.request_stop()
    running.stop()

    assert deaf.returncode == -signal.SIGKILL


def test_a_stop_while_it_starts_leaves_nothing(run: Run, tmp_path: Path) -> None:
    server = Program("database", tmp_path, ready=lambda: False)
    running = run(Unit(server), Unit(Program("app", tmp_path), needs=("database",)))
    running.until(lambda: server.running)
    running.stop()

    assert not server.running
    assert {one.status for one in running.supervisor.processes.values()} == {"stopped"}


def test_a_stop_ends_a_preparation_that_takes_long(run: Run, tmp_path: Path) -> None:
    """As the first download of the broker does: Ctrl-C does not wait for it."""

    class Downloading(Program):
        def __init__(self, name: str, folder: Path) -> None:
            super().__init__(name, folder)
            self.given_up = threading.Event()

        def prepare(self) -> None:
            super().prepare()
            if self.given_up.wait(3600):
                raise RuntimeError("the download was stopped")

        def give_up(self) -> None:
            self.given_up.set()

    server = Downloading("broker", tmp_path)
    running = run(Unit(server), Unit(Program("app", tmp_path), needs=("broker",)))
    running.until(lambda: server.prepared)
    running.stop()

    assert server.given_up.is_set()
    assert diary(tmp_path) == []
    assert {one.status for one in running.supervisor.processes.values()} == {"stopped"}
    assert running.supervisor.failure is None


def test_every_change_is_told(run: Run, tmp_path: Path) -> None:
    running = run(Unit(Program("app", tmp_path)))
    running.until(lambda: running.supervisor.ready)
    before = running.changes
    running["app"].unit.server.kill()
    running.until(lambda: running["app"].restarts == 1 and running.supervisor.ready)
    assert running.changes >= before + 3  # died, prepared, started, ready
