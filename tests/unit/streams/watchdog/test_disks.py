"""The disks of servers: here they are looked at without the server, of others the last answer stays with its age."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.process.kafka import NO_BROKERS
from streams.watchdog import disks as module
from streams.watchdog.disks import BROKER, DATABASE, ServerDisks, located

HERE = {"of": BROKER, "path": "/data", "host": "me", "device": 7, "size": 1000, "free": 400}
THERE = {"of": BROKER, "path": "/there", "host": "other", "device": None, "size": 1000, "free": 400}


class Machine:
    """This machine: path -> device, size, free. What is not in it cannot be seen here."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **folders: tuple[int, int, int]) -> None:
        self.folders = {f"/{name}": of for name, of in folders.items()}
        monkeypatch.setattr(module, "look", self.look)

    def look(self, of: str, path: str) -> dict[str, Any] | None:
        if path not in self.folders:
            return None
        device, size, free = self.folders[path]
        return {"of": of, "path": path, "host": "me", "device": device, "size": size, "free": free}


def told(path: str, size: int = 1000, free: int = 300, error: int = 0) -> dict[str, Any]:
    return {"log_dir": path, "total_bytes": size, "usable_bytes": free, "error_code": error}


def test_a_brokers_folder_of_this_size_here_is_the_disk_that_others_see(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch, data=(7, 1000, 400))
    assert located("broker-1", told("/data")) == {**HERE, "free": 300}


@pytest.mark.parametrize("path", ["/data", "/elsewhere"])
def test_a_folder_that_is_here_only_by_its_name_is_one_of_the_brokers_host(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    Machine(monkeypatch, data=(7, 2000, 400))
    found = located("broker-1", told(path))
    assert found == {"of": BROKER, "path": path, "host": "broker-1", "device": None, "size": 1000, "free": 300}


@pytest.mark.parametrize("answer", [told("/data", size=-1), told("/data", free=-1), told("/data", error=56)])
def test_a_broker_that_does_not_say_how_large_its_disk_is_has_none(
    monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]
) -> None:
    Machine(monkeypatch, data=(7, 1000, 400))
    assert located("broker-1", answer) is None


class Disks(ServerDisks):
    """Disks without servers: what they tell is given; `turns` counts how often one was full, or no more."""

    def __init__(self) -> None:
        super().__init__(NO_BROKERS, None)  # type: ignore[arg-type] # no database is asked
        self.turns = 0
        self.turned = self._count

    def _count(self) -> None:
        self.turns += 1

    async def tell(self, of: str, *found: dict[str, Any]) -> None:
        async def looking() -> list[dict[str, Any]]:
            return list(found)

        await self._take(of, looking())

    @property
    def free(self) -> dict[str, int]:
        return {disk["path"]: disk["free"] for disk in self.seen}


async def test_a_disk_of_this_machine_is_seen_without_its_server(monkeypatch: pytest.MonkeyPatch) -> None:
    machine, disks = Machine(monkeypatch, data=(7, 1000, 400)), Disks()
    await disks.tell(BROKER, HERE, THERE)

    machine.folders["/data"] = (7, 1000, 9)
    assert disks.look_here() is True
    assert disks.free == {"/data": 9, "/there": 400}
    assert disks.turns == 1

    assert disks.look_here() is False
    machine.folders["/data"] = (7, 1000, 500)
    assert disks.look_here() is True
    assert (disks.free["/data"], disks.turns) == (500, 2)


@pytest.mark.parametrize("now", [(8, 1000, 9), (7, 2000, 9)])
async def test_another_disk_at_the_same_place_is_not_taken_for_it(
    monkeypatch: pytest.MonkeyPatch, now: tuple[int, int, int]
) -> None:
    machine, disks = Machine(monkeypatch, data=(7, 1000, 400)), Disks()
    await disks.tell(BROKER, HERE)

    machine.folders["/data"] = now
    assert disks.look_here() is False
    assert disks.free == {"/data": 400}


async def test_what_the_server_tells_meanwhile_goes_before_what_was_seen_here(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch, data=(7, 1000, 9))
    disks = Disks()
    await disks.tell(BROKER, HERE)
    disks.look_here()

    await disks.tell(BROKER, {**HERE, "free": 350})
    assert (disks.free, disks.turns) == ({"/data": 350}, 0)


async def test_a_server_that_begins_and_tells_nothing_keeps_the_disks_that_it_had() -> None:
    disks = Disks()
    await disks.tell(BROKER, THERE)
    await disks.tell(BROKER)
    assert (disks.free, disks.unseen) == ({"/there": 400}, [])


async def test_whose_disks_cannot_be_known_is_said() -> None:
    disks = Disks()
    await disks.tell(DATABASE)
    await disks.tell(BROKER, THERE)
    assert disks.unseen == [DATABASE]


async def test_all_are_here_once_every_server_has_told_of_one_of_this_machine() -> None:
    disks = Disks()
    await disks.tell(BROKER, HERE)
    assert disks.all_here is False

    await disks.tell(DATABASE, {**HERE, "of": DATABASE})
    assert disks.all_here is True

    await disks.tell(BROKER, HERE, THERE)
    assert disks.all_here is False


async def test_where_postgres_keeps_its_data_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pool:
        asked = 0

        async def fetchval(self, _statement: str) -> str:
            self.asked += 1
            return "/data"

    Machine(monkeypatch, data=(7, 1000, 400))
    disks, pool = Disks(), Pool()
    disks._pool = pool  # type: ignore[assignment] # a fake

    assert await disks._database() == await disks._database() == [{**HERE, "of": DATABASE}]
    assert pool.asked == 1


async def test_a_folder_of_postgres_that_nobody_tells_is_no_disk() -> None:
    class Pool:
        async def fetchval(self, _statement: str) -> None:
            return None

    disks = Disks()
    disks._pool = Pool()  # type: ignore[assignment] # a fake
    assert await disks._database() == []
