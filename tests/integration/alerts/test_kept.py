"""An engine that begins anew while Postgres is away knows what the one before it has told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from gateway.alerts import engine as engines
from gateway.alerts import store
from gateway.alerts.alert import About, Alert
from gateway.alerts.engine import Engine
from gateway.alerts.kept import NAME, Kept
from gateway.alerts.memory_queue import MemoryQueue
from gateway.alerts.notifiers.webhook import Webhook
from gateway.alerts.patience import Hold, Patience
from gateway.alerts.queue import Why
from gateway.alerts.routes_file import usual
from gateway.alerts.routing import Notice
from gateway.alerts.settings import Settings
from gateway.alerts.store import Stored
from gateway.verdict.kinds import Kind
from gateway.verdict.reading import Verdicts, as_gateways_say
from schemas.process.settings import SettingsError
from tests.integration.alerts.driving import PAGES
from tests.support.patience import until
from tests.unit.gateway.alerts.looks import alert

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
ELSEWHERE = "postgresql://nobody@127.0.0.1:1/another"


_keeps: list[Kept] = []


def queue(folder: Path, database_url: str = NOWHERE) -> MemoryQueue:
    """Return that of an engine that begins once all others have ended."""
    for kept in _keeps:
        kept.let_go()
    _keeps[:] = [Kept(folder, database_url)]
    return MemoryQueue(PAGES, kept=_keeps[0])


def beside(folder: Path) -> MemoryQueue:
    """Return that of an engine that begins while the others run."""
    kept = Kept(folder, NOWHERE)
    _keeps.append(kept)
    return MemoryQueue(PAGES, kept=kept)


@pytest.fixture(autouse=True)
def _ends() -> Iterator[None]:
    yield
    for kept in _keeps:
        kept.let_go()
    _keeps.clear()


def of_the_database() -> tuple[Alert, list[Notice]]:
    one = replace(alert(key="database"), opened_at=datetime.now(UTC))
    made = [
        Notice(one.alert_id, one.alert_id, About.OPENED, 1, "slack", datetime.now(UTC), ("email",)),
    ]
    return one, made


async def test_what_is_on_its_way_goes_again_with_its_id_and_what_has_arrived_does_not(tmp_path: Path) -> None:
    first, (one, made) = queue(tmp_path), of_the_database()
    first.put(one, made)
    await first.remember()
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0, "nobody else reads it"
    claimed = await first.claim("slack", gathers=True)
    assert claimed is not None

    second = queue(tmp_path)
    assert second.alerts == [one]
    again = await second.claim("slack", gathers=True)
    assert again is not None
    assert again.message == replace(claimed.message, may_repeat=True), "it may have arrived: nobody knows"
    assert (again.fallback, again.created_at) == (("email",), claimed.created_at)
    await second.again(again, 0.1, Why("HTTP 500"), 0.0)
    third = queue(tmp_path)
    retried = await third.claim("slack", gathers=True)
    assert retried is not None
    assert (retried.attempt, retried.message.may_repeat) == (3, True)
    await third.sent(retried, 0.1, "HTTP 200")

    last = queue(tmp_path)
    assert await last.claim("slack", gathers=True) is None
    assert (last.told, set(last.told_of(one.alert_id)), last.in_flight) == (True, {"slack"}, False)
    last.clear()
    await last.remember()
    assert list(tmp_path.iterdir()) == [], "what Postgres has is not kept here"


async def test_what_was_passed_on_is_kept_too(tmp_path: Path) -> None:
    first, (one, made) = queue(tmp_path), of_the_database()
    first.put(one, made)
    claimed = await first.claim("slack", gathers=True)
    assert claimed is not None
    await first.ended(claimed, 0.1, Why("HTTP 404"), pass_on=True)
    second = queue(tmp_path)
    assert await second.claim("slack", gathers=True) is None
    assert await second.claim("email", gathers=True) is not None


async def test_what_was_kept_is_written_down_once_postgres_is_back(tmp_path: Path, pool: asyncpg.Pool) -> None:
    first, (one, made) = queue(tmp_path), of_the_database()
    first.put(one, made)
    claimed = await first.claim("slack", gathers=True)
    assert claimed is not None
    await first.sent(claimed, 0.1, "HTTP 200")
    second = queue(tmp_path)
    async with pool.acquire() as connection, connection.transaction():
        (kept,) = await second.write_down(connection)
    assert kept.alert_id == one.alert_id
    rows = await pool.fetch("select notifier, state, attempts from flow.alert_message")
    assert [tuple(row) for row in rows] == [("slack", "sent", 1)]


async def test_what_postgres_had_told_when_it_went_away_is_known(tmp_path: Path, pool: asyncpg.Pool) -> None:
    made, _ = of_the_database()
    async with pool.acquire() as connection:
        await store.open_alert(connection, made)
        (one,) = (await store.load(connection)).alerts
    await queue(tmp_path).remember(Stored(one, told=True))
    found = queue(tmp_path)
    assert (found.stored, found.empty) == (Stored(one, told=True), True)
    await found.remember(Stored())
    assert not (tmp_path / NAME).exists()


def written(text: str) -> Callable[[Path], object]:
    return lambda file: file.write_text(text)


def changed(before: str, after: str) -> Callable[[Path], object]:
    return lambda file: file.write_text(file.read_text().replace(before, after))


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    "spoil",
    [
        written(""),
        written("{}"),
        written("[1]"),
        written('{"form": 99}'),
        changed('"alerts":[{', '"alerts":[{"x":1},{'),
        changed('"about":"opened"', '"about":"shouted"'),
        a_folder,
    ],
    ids=["empty", "nothing", "list", "another form", "another alert", "another word", "folder"],
)
async def test_what_cannot_be_read_is_nothing(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    first, (one, made) = queue(tmp_path), of_the_database()
    first.put(one, made)
    await first.remember()
    spoil(tmp_path / NAME)
    found = queue(tmp_path)
    assert (found.alerts, found.stored, await found.claim("slack", gathers=True)) == ([], Stored(), None)


async def test_of_another_database_nothing_is_known(tmp_path: Path) -> None:
    first, (one, made) = queue(tmp_path), of_the_database()
    first.put(one, made)
    await first.remember()
    assert queue(tmp_path, ELSEWHERE).empty
    assert not queue(tmp_path, "postgresql://somebody:else@127.0.0.1:1/none").empty, "whoever asks it"


async def test_where_nothing_can_be_written_it_is_said_once_and_told_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    memory, (one, made) = queue(tmp_path / "file" / "folder"), of_the_database()
    memory.put(one, made)
    for _ in range(3):
        await memory.remember()
    assert await memory.claim("slack", gathers=True) is not None
    said = caplog.text + capsys.readouterr().out
    assert said.count("known in memory alone") == 1


@pytest.mark.parametrize("keeps", [True, False])
async def test_an_engine_that_begins_anew_tells_an_outage_again_only_where_nothing_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keeps: bool
) -> None:
    monkeypatch.setattr(engines, "STANDBY_TELLS_S", 0.0)
    monkeypatch.setattr(engines, "TICK_S", 0.05)
    at_once = replace(usual(["slack"]), patience=Patience({Kind.DATABASE_AWAY: Hold(0.0, 0.0)}))
    settings = Settings(NOWHERE, PAGES, {"slack": Webhook("http://127.0.0.1:1/")}, at_once)

    async def lives(memory: MemoryQueue, looks: int) -> None:
        seen = [0]

        class Counting(Verdicts):
            async def now(self) -> Any:
                seen[0] += 1
                return await super().now()

        async with asyncpg.create_pool(NOWHERE, min_size=0, max_size=1, timeout=1) as nowhere:
            engine = Engine(settings, Counting(nowhere, as_gateways_say), memory, lambda: None)
            running = asyncio.create_task(engine.run())
            await until(lambda: seen[0] > looks)
            engine.stop()
            await running

    def begun() -> MemoryQueue:
        return queue(tmp_path) if keeps else MemoryQueue(PAGES)

    first = begun()
    await lives(first, 3)
    claimed = await first.claim("slack", gathers=True)
    assert claimed is not None
    await first.sent(claimed, 0.1, "HTTP 200")

    second = begun()
    await lives(second, 3)
    again = await second.claim("slack", gathers=True)
    assert (again is None) is keeps
    assert ([one.alert_id for one in second.alerts] == [one.alert_id for one in first.alerts]) is keeps


def test_the_folder_is_given_as_a_whole_path() -> None:
    env = {"MARKETPLACE_DATABASE_URL": NOWHERE}
    assert Settings.from_env(env).memory_folder is None
    assert Settings.from_env({**env, "MARKETPLACE_ALERT_MEMORY": "/var/lib/it"}).memory_folder == Path("/var/lib/it")
    with pytest.raises(SettingsError, match="MARKETPLACE_ALERT_MEMORY"):
        Settings.from_env({**env, "MARKETPLACE_ALERT_MEMORY": "var/lib/it"})


async def test_two_engines_with_one_folder_do_not_write_over_one_another(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    first, (one, made) = queue(tmp_path), of_the_database()
    first.put(one, made)
    await first.remember()
    kept = (tmp_path / NAME).read_bytes()

    second = beside(tmp_path)
    assert (second.empty, second.take_up()) == (True, False), "the other one's is not its own"
    second.put(*of_the_database())
    for _ in range(3):
        await second.remember()
    assert (tmp_path / NAME).read_bytes() == kept
    said = caplog.text + capsys.readouterr().out
    assert said.count("another alert engine has this folder (MARKETPLACE_ALERT_MEMORY)") == 1


async def test_an_engine_that_stands_by_knows_what_was_told_once_the_other_one_is_gone(tmp_path: Path) -> None:
    first, (one, made) = queue(tmp_path), of_the_database()
    second = beside(tmp_path)
    first.put(one, made)
    claimed = await first.claim("slack", gathers=True)
    assert claimed is not None
    await first.sent(claimed, 0.1, "HTTP 200")
    await second.remember()
    assert second.empty

    _keeps[0].let_go()  # as the machine does, however the process ends
    assert second.take_up()
    assert (second.alerts, second.told, set(second.told_of(one.alert_id))) == ([one], True, {"slack"})
    assert not second.take_up(), "it has it"


async def test_what_an_engine_has_told_itself_stands_above_what_another_one_has_kept(tmp_path: Path) -> None:
    first, (one, made) = queue(tmp_path), of_the_database()
    second = beside(tmp_path)
    first.put(one, made)
    await first.remember()
    own, of_own = of_the_database()
    second.put(own, of_own)
    _keeps[0].let_go()
    await second.remember()
    assert second.alerts == [own]
    assert queue(tmp_path).alerts == [own]
