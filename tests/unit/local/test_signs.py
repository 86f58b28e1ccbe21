"""Who started a process sees by its file that it goes on, and ends it where it does not, with no database to ask."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from local.blueprint import MEASURED, Unit, draw
from local.service import LOOKS, Service
from local.supervisor import Supervised, Supervisor
from schemas.process import sign_of_life
from tests.support.patience import PATIENCE_S

#: Where nobody is: the process waits for its broker and its database for as long as it takes.
NOWHERE = {
    "MARKETPLACE_BROKERS": "127.0.0.1:9",
    "MARKETPLACE_REGISTRY_URL": "http://127.0.0.1:9",
    "MARKETPLACE_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
    "MARKETPLACE_SIGNING": "off",
}


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Clock:
    """A clock that a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("local.service.time", SimpleNamespace(monotonic=lambda: self.now))

    def goes(self, seconds: float, service: Service) -> float:
        """Let it go on, with looks in between; return for how long the service is silent then."""
        end = self.now + seconds
        while self.now < end:
            self.now = min(end, self.now + LOOKS / 2)
            silent_s = service.silent_s()
        return silent_s


def test_a_sign_counts_by_our_own_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign = tmp_path / "signs" / "x"
    service = Service("x", "this", env={}, log=tmp_path / "x.log", sign=sign)
    assert service.command().env[sign_of_life.FILE] == str(sign)
    clock = Clock(monkeypatch)
    service.start()
    try:
        service.silent_s()
        assert clock.goes(20, service) == 20
        sign_of_life.give({sign_of_life.FILE: str(sign)})
        assert clock.goes(10, service) < 10
        assert clock.goes(10, service) > 10
        os.utime(sign, (1, 1))  # a clock that was set back is no silence: the file has changed
        assert clock.goes(2, service) == 0
        clock.now += 2 * LOOKS  # nobody looked: the machine slept
        assert service.silent_s() == 0
    finally:
        service.kill()


def test_a_start_keeps_the_file_of_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full may have no place for another one, and its process would look silent for ever."""
    sign = tmp_path / "x"
    sign.touch()
    os.utime(sign, (1, 1))
    kept = os.open(sign, os.O_RDONLY)
    service = Service("x", "this", env={}, log=tmp_path / "x.log", sign=sign)
    clock = Clock(monkeypatch)
    service.start()
    try:
        assert os.fstat(kept).st_ino == sign.stat().st_ino
        assert sign.stat().st_mtime > 1
        service.silent_s()
        assert clock.goes(20, service) == 20
    finally:
        os.close(kept)
        service.kill()


def test_nobody_is_judged_by_a_file_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "no folder").touch()
    service = Service("x", "this", env={}, log=tmp_path / "x.log", sign=tmp_path / "no folder" / "x")
    clock = Clock(monkeypatch)
    service.start()
    try:
        assert clock.goes(1000, service) == 0
    finally:
        service.kill()


def test_who_gives_no_signs_is_never_silent(tmp_path: Path) -> None:
    assert Service("x", "this", env={}, log=tmp_path / "x.log").silent_s() == 0
    sign_of_life.give({})
    sign_of_life.give({sign_of_life.FILE: str(tmp_path / "no such folder" / "x")})


def test_each_process_of_ours_gives_signs(tmp_path: Path) -> None:
    units = draw(tmp_path, [*MEASURED, "gateway", "registry"], {}, lambda _: None).units
    told = {unit.name: unit.server.command().env.get(sign_of_life.FILE) for unit in units}
    assert {name for name, file in told.items() if file} == {*MEASURED, "gateway"}
    assert len(set(told.values())) == len(told)


@pytest.mark.parametrize("module", ["streams.pump", "streams.runner", "streams.watchdog", "streams.worker"])
def test_a_process_that_is_frozen_before_it_has_a_heartbeat_is_started_again(tmp_path: Path, module: str) -> None:
    """Its database is away, so no watchdog knows of it."""
    sign = tmp_path / "sign"
    service = Service("one", module, env=NOWHERE, log=tmp_path / "one.log", sign=sign)
    service.silent_after = PATIENCE_S  # to begin
    said: list[str] = []
    (tmp_path / "paused").mkdir()
    supervisor = Supervisor([Unit(service)], tmp_path / "paused", lambda _, text: said.append(text), lambda _: None)
    one: Supervised = supervisor.processes["one"]
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    try:
        until(lambda: sign.exists() and service.pid is not None)
        first = service.pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)
        service.silent_after = 2 * sign_of_life.EVERY_S
        until(lambda: any("no sign of life" in text for text in said))
        service.silent_after = PATIENCE_S
        until(lambda: one.restarts == 1 and service.pid not in {None, first} and sign.exists())
        assert any(text.startswith("ended with signal 9; starts again") for text in said)
        begun = sign.stat().st_mtime_ns
        until(lambda: sign.stat().st_mtime_ns > begun)  # it goes on: an outage is no silence
    finally:
        supervisor.request_stop()
        thread.join(PATIENCE_S)
        supervisor.request_stop()
        thread.join(PATIENCE_S)
    assert not thread.is_alive()
