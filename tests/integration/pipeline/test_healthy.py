"""The containers' health check finds a process by the name of its machine, whatever address servers see."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType

import asyncpg
import pytest

from schemas.process import kafka, sign_of_life
from schemas.process.liveness import LOCK, born
from schemas.topics import PLAN_EVENTS, group_of
from streams.settings import Settings
from tests.integration.pipeline.conftest import Bare
from tests.support.patience import PATIENCE_S

ROOT = Path(__file__).parents[3]
#: As a process tells of itself when it starts.
_BEAT = """
    with told as (insert into flow.worker (source, role, host, pid, born, version)
                  values ($1, 'projections', $1, 1, 0, '1') returning worker_id)
    select pg_advisory_lock($2, worker_id) from told"""


def test_who_touches_its_file_goes_on(tmp_path: Path) -> None:
    """Neither broker nor database is asked: they are nowhere."""
    sign = tmp_path / "sign"

    def ask() -> subprocess.CompletedProcess[str]:
        env = {**os.environ, sign_of_life.FILE: str(sign)}
        command = [sys.executable, "deploy/healthy.py", "sign", "nobody"]
        return subprocess.run(
            command, cwd=ROOT, env=env, timeout=PATIENCE_S, capture_output=True, text=True, check=False
        )

    sign_of_life.give({sign_of_life.FILE: str(sign)})
    assert (ask().returncode, ask().stderr) == (0, "")
    long_ago = time.time() - sign_of_life.SILENT_S - 60
    os.utime(sign, (long_ago, long_ago))
    assert "no sign of life for" in ask().stderr or born(1) > long_ago, "what is older than its container says nothing"


@pytest.fixture
def healthy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The health check of a container that is older than its file, whose waits take no time."""
    spec = importlib.util.spec_from_file_location("healthy", ROOT / "deploy" / "healthy.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "born", lambda _: 1.0)
    monkeypatch.setattr(module.time, "sleep", lambda _: None)
    monkeypatch.setenv(sign_of_life.FILE, str(tmp_path / "sign"))
    return module


def test_a_sign_of_later_than_now_counts_from_now(healthy: ModuleType, tmp_path: Path) -> None:
    """The clock went back by an hour: a process that hangs since is seen as soon as any other."""
    sign, later = tmp_path / "sign", time.time() + 3600
    sign.touch()
    os.utime(sign, (later, later))
    assert healthy.sign() is None
    assert sign.stat().st_mtime <= time.time()
    long_ago = time.time() - sign_of_life.SILENT_S - 1
    os.utime(sign, (long_ago, long_ago))
    assert "no sign of life for 18" in healthy.sign()


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_sign_whose_time_nobody_sets_has_to_move(
    healthy: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, goes_on: bool
) -> None:
    sign, later = tmp_path / "sign", time.time() + 3600
    sign.touch()
    os.utime(sign, (later, later))
    utime = os.utime

    def refused(_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(healthy.os, "utime", refused)
    monkeypatch.setattr(healthy.time, "sleep", lambda _: utime(sign, (later + 1, later + 1)) if goes_on else None)
    assert (healthy.sign() is None) == goes_on


def test_without_a_file_it_counts_from_the_beginning(healthy: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no sign of life" in healthy.sign()
    monkeypatch.setattr(healthy, "born", lambda _: time.time() + 0.9)  # the kernel tells it by whole seconds
    assert healthy.sign() is None


@asynccontextmanager
async def member(settings: Settings) -> AsyncIterator[None]:
    group = group_of("pump")
    assert group is not None
    made = kafka.member(settings.brokers, group, [PLAN_EVENTS], session_timeout_s=10, heartbeats=3)
    await made.start()
    while not made.assignment():
        await asyncio.sleep(0.05)
    try:
        yield
    finally:
        await made.stop()


@asynccontextmanager
async def beating(bare: Bare, host: str) -> AsyncIterator[None]:
    """Have projections on a machine, which have just beaten."""
    connection = await asyncpg.connect(bare.env["MARKETPLACE_DATABASE_URL"])
    await connection.execute(_BEAT, host, LOCK)
    try:
        yield
    finally:
        await connection.close()


async def health(bare: Bare, *what: str) -> tuple[int, str]:
    """Ask as a container does."""

    def ask(command: Iterable[str]) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "deploy/healthy.py", *command],
            cwd=ROOT,
            env={**os.environ, **bare.env},
            timeout=PATIENCE_S,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr

    return await asyncio.to_thread(ask, what)


async def test_a_member_elsewhere_is_none_of_here(bare: Bare, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the same address as one that is here."""
    settings = Settings.from_env(bare.env)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(socket, "gethostname", lambda: "elsewhere")
        async with member(settings):
            status, said = await health(bare, "group", "pump")
    assert status == 1
    assert "there is retry-pump@elsewhere" in said
    async with member(settings):
        assert await health(bare, "group", "pump") == (0, "")


async def test_a_process_is_at_work_where_it_beats(bare: Bare, pool: asyncpg.Pool) -> None:
    """By the name that it tells: sessions of the database may all come from a proxy."""
    assert (await health(bare, "database", "projections"))[0] == 1
    async with beating(bare, "elsewhere"):
        assert (await health(bare, "database", "projections"))[0] == 1
    async with beating(bare, socket.gethostname()):
        assert await health(bare, "database", "projections") == (0, "")
        await pool.execute("update flow.worker set beat_at = now() - interval '1 minute'")
        assert "has no heartbeat: silent for" in (await health(bare, "database", "projections"))[1]
        await pool.execute("update flow.worker set beat_at = now() + interval '1 minute'")
    status, said = await health(bare, "database", "projections")  # it has died
    assert (status, "is connected to the database" in said) == (1, True)
