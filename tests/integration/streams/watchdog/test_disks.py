"""The disks of Postgres and of the broker, as the watchdog sees them."""

from __future__ import annotations

import asyncio
import os
import threading
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest
from aiokafka.errors import KafkaConnectionError

from local.broker import Broker
from schemas.process.disks import look
from schemas.process.kafka import Brokers
from streams.broker.protocol import LogDirs, LogDirsQuestion
from streams.watchdog import disks
from streams.watchdog.disks import ServerDisks, located
from tests.support.patience import PATIENCE_S


async def test_both_servers_of_this_machine_are_seen(pool: asyncpg.Pool, broker: Broker) -> None:
    server = ServerDisks(Brokers(broker.bootstrap), pool)
    folder = await pool.fetchval("select current_setting('data_directory')")
    try:
        found = {of: await looking for of, looking in (("database", server._database()), ("broker", server._broker()))}
    finally:
        await server._clients.drop()

    (database,), (log,) = found["database"], found["broker"]
    assert (database["path"], database["device"]) == (folder, Path(folder).stat().st_dev)
    assert Path(log["path"]).is_dir()
    assert log["size"] == os.statvfs(log["path"]).f_blocks * os.statvfs(log["path"]).f_frsize
    assert 0 < log["free"] <= log["size"]


@pytest.mark.parametrize(("part", "value"), [("API_KEY", 9_999), ("API_VERSION", 99)])
async def test_a_broker_that_does_not_know_the_question_leaves_its_disks_unseen(
    pool: asyncpg.Pool, broker: Broker, monkeypatch: pytest.MonkeyPatch, part: str, value: int
) -> None:
    monkeypatch.setattr(LogDirs if part == "API_KEY" else LogDirsQuestion, part, value)
    server = ServerDisks(Brokers(broker.bootstrap), pool)
    try:
        await server._take("broker", server._broker())
        assert (server.seen, server.unseen) == ([], ["broker"])
        first = await server._clients.admin()
        await server._take("broker", server._broker())
        assert await server._clients.admin() is first, "it is asked again over the same connection"
    finally:
        await server._clients.drop()


async def test_who_may_not_read_where_postgres_keeps_its_data_says_that_it_is_unseen(pool: asyncpg.Pool) -> None:
    server = ServerDisks(Brokers("127.0.0.1:1"), pool)
    async with pool.acquire() as connection:
        await connection.execute("create role blind_one; grant blind_one to current_user")
        try:
            await connection.execute("set role blind_one")
            assert await connection.fetchval(disks._FOLDER) is None
        finally:
            await connection.execute("reset role; drop role blind_one")
    server._folder = ""
    await server._take("database", server._database())
    assert (server.seen, server.unseen) == ([], ["database"])


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ({"error_code": 0, "total_bytes": 100, "usable_bytes": 7}, True),
        ({"error_code": 0, "total_bytes": -1, "usable_bytes": -1}, False),
        ({"error_code": 56, "total_bytes": 100, "usable_bytes": 7}, False),
    ],
)
def test_a_broker_that_does_not_say_how_large_its_disk_is_leaves_it_unknown(said: dict[str, int], known: bool) -> None:
    assert (located("k1", {**said, "log_dir": "/nowhere"}) is not None) is known


def test_a_folder_of_the_same_name_on_another_machine_is_another_disk(tmp_path: Path) -> None:
    here = look("broker", str(tmp_path))
    assert here is not None
    told = {"error_code": 0, "log_dir": str(tmp_path), "usable_bytes": 7}
    same = located("k1", {**told, "total_bytes": here["size"]})
    other = located("k1", {**told, "total_bytes": here["size"] + 1})
    assert same is not None
    assert other is not None
    assert (same["device"], same["free"]) == (here["device"], 7)
    assert (other["device"], other["host"]) == (None, "k1")


async def test_that_a_disk_is_full_and_is_no_more_is_told_at_once(pool: asyncpg.Pool) -> None:
    server, turns = ServerDisks(Brokers("127.0.0.1:1"), pool), []
    server.turned = lambda: turns.append(len(server.seen))

    async def sees(free: int) -> list[dict[str, Any]]:
        await asyncio.sleep(0)
        return [{"of": "database", "path": "/d", "device": 1, "size": 1000, "free": free}]

    for free in (500, 9, 0, 500):
        await server._take("database", sees(free))
    assert len(turns) == 2


async def test_a_disk_of_this_machine_is_looked_at_while_its_server_is_away(
    pool: asyncpg.Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = look("broker", str(tmp_path))
    assert here is not None
    server, turns = ServerDisks(Brokers("127.0.0.1:1"), pool), []
    server.turned = lambda: turns.append(len(server.seen))
    now = [100.0]
    monkeypatch.setattr("streams.watchdog.disks.time", SimpleNamespace(monotonic=lambda: now[0]))

    async def told(free: int) -> list[dict[str, Any]]:
        await asyncio.sleep(0)
        return [{**here, "free": free}]

    await server._take("broker", told(0))
    with pytest.raises(KafkaConnectionError):
        await server._take("broker", server._broker())
    now[0] = 160.0
    assert [(disk["free"], disk["seen_s"]) for disk in server.seen] == [(0, 60.0)], "it is kept while nobody has looked"
    server.look_here()
    (seen,) = server.seen
    assert seen["free"] > 0
    assert (seen["seen_s"], len(turns)) == (0.0, 2), "that it has room again is told at once"


async def test_of_another_machine_the_last_answer_is_kept_with_its_age(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, now = ServerDisks(Brokers("127.0.0.1:1"), pool), [100.0]
    monkeypatch.setattr("streams.watchdog.disks.time", SimpleNamespace(monotonic=lambda: now[0]))
    server._keep(
        "broker", [({"of": "broker", "path": "/d", "host": "k1", "device": None, "size": 9, "free": 0}, 100.0)]
    )
    now[0] = 161.5
    server.look_here()
    assert [(disk["free"], disk["seen_s"]) for disk in server.seen] == [(0, 61.5)]


async def test_a_folder_that_became_another_disk_says_nothing_of_the_one_before(pool: asyncpg.Pool) -> None:
    server = ServerDisks(Brokers("127.0.0.1:1"), pool)
    here = look("database", "/")
    assert here is not None
    server._keep("database", [({**here, "size": here["size"] + 1, "free": 7}, 0.0)])
    server.look_here()
    assert [disk["free"] for disk in server.seen] == [7]


async def test_a_server_that_tells_nothing_any_more_leaves_what_was_seen(pool: asyncpg.Pool) -> None:
    """As a broker that has just begun, or whose disk has failed: it answers, and its folders have no size."""
    server = ServerDisks(Brokers("127.0.0.1:1"), pool)
    full = {"of": "broker", "path": "/d", "host": "k1", "device": None, "size": 9, "free": 0}

    async def tells(*disks: dict[str, Any]) -> list[dict[str, Any]]:
        await asyncio.sleep(0)
        return list(disks)

    await server._take("broker", tells())
    assert (server.seen, server.unseen) == ([], ["broker"])
    await server._take("broker", tells(full))
    await server._take("broker", tells())
    assert ([disk["free"] for disk in server.seen], server.unseen) == ([0], [])
    await server._take("broker", tells({**full, "free": 5}))
    assert [disk["free"] for disk in server.seen] == [5]


HERE = {"of": "database", "path": "/d", "device": 1, "size": 9, "free": 7}
THERE = {"of": "broker", "path": "/k", "host": "k1", "device": None, "size": 9, "free": 7}


@pytest.mark.parametrize(
    ("database", "broker_disks", "pause_s"),
    [
        ([HERE], [HERE, HERE], disks.KNOWN_S),
        ([HERE], [HERE, THERE], disks.EVERY_S),
        ([HERE], [], disks.EVERY_S),
        ([], [HERE], disks.EVERY_S),
    ],
)
async def test_servers_are_asked_seldom_while_all_of_their_disks_are_looked_at_here(
    pool: asyncpg.Pool,
    monkeypatch: pytest.MonkeyPatch,
    database: list[dict[str, Any]],
    broker_disks: list[dict[str, Any]],
    pause_s: float,
) -> None:
    server, pauses = ServerDisks(Brokers("127.0.0.1:1"), pool), []

    async def told(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return found

    async def rest(seconds: float) -> None:
        pauses.append(seconds)
        raise asyncio.CancelledError

    monkeypatch.setattr(server, "_database", lambda: told(database))
    monkeypatch.setattr(server, "_broker", lambda: told(broker_disks))
    monkeypatch.setattr("streams.watchdog.disks.asyncio.sleep", rest)
    with pytest.raises(asyncio.CancelledError):
        await server.run()
    assert pauses == [pause_s]


async def test_a_disk_that_is_full_is_told_at_once_and_one_that_is_not_wakes_nobody(
    pool: asyncpg.Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = look("broker", str(tmp_path))
    assert here is not None
    server, told, looks, free = ServerDisks(Brokers("127.0.0.1:1"), pool), asyncio.Event(), Counter[str](), [500]
    server.turned = told.set
    enough = asyncio.Event()
    loop = asyncio.get_running_loop()

    def seen(of: str, path: str) -> dict[str, Any]:
        looks[of] += 1
        if looks[of] == 5:
            loop.call_soon_threadsafe(enough.set)
        return {**here, "of": of, "path": path, "size": 1000, "free": free[0]}

    monkeypatch.setattr(disks, "HERE_S", 0.01)
    monkeypatch.setattr(disks, "look", seen)
    for of in ("broker", "database"):
        server._keep(of, [({**here, "of": of, "size": 1000, "free": 500}, 0.0)])
    takes: list[int] = []
    take = server._take_again

    def counted() -> None:
        takes.append(free[0])
        take()

    monkeypatch.setattr(server, "_take_again", counted)
    ended = threading.Event()
    thread = threading.Thread(target=server._keep_looking_here, args=(loop, ended))
    thread.start()
    try:
        async with asyncio.timeout(PATIENCE_S):
            await enough.wait()
            assert not takes
            free[0] = 1
            await told.wait()
    finally:
        ended.set()
        await asyncio.to_thread(thread.join)
    assert [disk["free"] for disk in server.seen] == [1, 1]
    assert looks["broker"] - looks["database"] in (0, 1)
