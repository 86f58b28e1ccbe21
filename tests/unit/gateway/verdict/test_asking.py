"""A database that answers slowly many times is one that answers; one that keeps one question waiting hangs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from gateway.alerts.words import speech
from gateway.verdict import reading
from gateway.verdict.finding import Finding, Verdict
from gateway.verdict.kinds import Kind
from gateway.verdict.reading import Here, Verdicts
from gateway.verdict.words import terms
from gateway.verdict.words.findings import say
from projections.reads import operations, overview
from projections.reads.operations import Operations
from projections.reads.overview import Outbox, Overview, ProjectionLag, Waiting
from projections.reads.rows import Reader

QUESTIONS = 8
WELL = Overview({}, {}, Waiting(0, 0.0), 0, Outbox(0, 0.0), ProjectionLag(0, 0.0, None))


class Database:
    """A pool and its connection. Each answer takes `slow_s`; the question `hangs_at`, from 1, is never answered."""

    def __init__(self, slow_s: float = 0.0, hangs_at: int = 0, *, connects: bool = True) -> None:
        self.slow_s = slow_s
        self.hangs_at = hangs_at
        self.connects = connects
        self.asked = 0
        self.given_back = 0

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Database]:
        if not self.connects:
            await asyncio.Event().wait()
        try:
            yield self
        finally:
            self.given_back += 1

    @asynccontextmanager
    async def transaction(self, **_: object) -> AsyncIterator[None]:
        yield

    async def fetchval(self, query: str, *_: object) -> int:
        if query == "select 1":  # the probe
            return 1
        self.asked += 1
        if self.asked == self.hangs_at:
            await asyncio.Event().wait()
        await asyncio.sleep(self.slow_s)
        return 0

    async def fetch(self, query: str) -> list[object]:
        await self.fetchval(query)
        return []

    async def fetchrow(self, query: str) -> None:
        await self.fetchval(query)


@pytest.fixture(autouse=True)
def questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a look ask `QUESTIONS` questions, each told from the others."""

    async def figures(db: Reader, *_: object) -> Overview:
        await db.fetchrow("select  1 of\n the figures")
        return WELL

    async def processes(db: Reader) -> Operations:
        for number in range(2, QUESTIONS + 1):
            await (db.fetch if number % 2 else db.fetchval)(f"select {number} of the processes")
        return Operations()

    monkeypatch.setattr(overview, "read", figures)
    monkeypatch.setattr(operations, "read", processes)


def patient_for(monkeypatch: pytest.MonkeyPatch, each_s: float, all_s: float) -> None:
    monkeypatch.setattr(reading, "READ_S", each_s)
    monkeypatch.setattr(reading, "LOOK_S", all_s)


async def look(database: Database, *, shown: bool = False) -> tuple[Verdict, list[Any]]:
    pool: Any = database
    with capture_logs() as logs:
        found = await Verdicts(pool, lambda _: Here(), shown=shown).now()
    return found, [line for line in logs if line["event"] == "the database does not answer a look"]


@pytest.mark.parametrize("shown", [False, True])
async def test_many_slow_answers_are_answers(monkeypatch: pytest.MonkeyPatch, shown: bool) -> None:
    slow_s = 0.05
    patient_for(monkeypatch, each_s=QUESTIONS * slow_s * 0.75, all_s=60.0)
    database = Database(slow_s)
    found, told = await look(database, shown=shown)
    assert found.snapshot.database_s > reading.READ_S, "all together they took longer than one may"
    assert (found.snapshot.database, found.snapshot.overview, told) == ("answers", WELL, [])
    assert (database.asked, database.given_back) == (QUESTIONS, 1)


@pytest.mark.parametrize(
    ("database", "asked", "answered"),
    [
        (Database(connects=False), "a connection", 0),
        (Database(hangs_at=1), "select 1 of the figures", 2),
        (Database(hangs_at=5), "select 5 of the processes", 6),
    ],
    ids=["no connection", "the first", "the fifth"],
)
async def test_one_that_is_not_answered_hangs_and_is_named(
    monkeypatch: pytest.MonkeyPatch, database: Database, asked: str, answered: int
) -> None:
    patient_for(monkeypatch, each_s=0.05, all_s=60.0)
    found, (told,) = await look(database)
    assert (found.snapshot.database, [one.kind for one in found.findings]) == ("hangs", [Kind.DATABASE_HANGS])
    assert (told["asked"], told["answered"]) == (asked, answered)
    assert found.findings[0].values == {"asked": asked}
    assert database.given_back == database.connects, "what was taken is given back"


async def test_a_look_that_takes_too_long_in_all_hangs_and_names_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    patient_for(monkeypatch, each_s=60.0, all_s=0.05)
    found, (told,) = await look(Database(slow_s=0.02))
    assert (found.snapshot.database, told["each_within_s"], told["all_within_s"]) == ("hangs", 60.0, 0.05)
    assert told["asked"].startswith("select ")


async def test_what_was_not_answered_in_an_earlier_look_is_not_said_of_a_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A look that fails by an error, and not by a deadline, has asked nothing that was left unanswered."""
    patient_for(monkeypatch, each_s=0.02, all_s=60.0)
    pool: Any = Database(hangs_at=2)
    verdicts = Verdicts(pool, lambda _: Here())
    said = [(await verdicts.now()).findings[0].values["asked"]]

    async def breaks(*_: object) -> None:
        raise asyncpg.PostgresConnectionError("connection was closed")

    monkeypatch.setattr(overview, "read", breaks)
    said.append((await verdicts.now()).findings[0].values["asked"])
    assert said == ["select 2 of the processes", ""]


@pytest.mark.parametrize(
    ("asked", "english", "portuguese"),
    [
        ("select * from rm.plan", "Not answered: `select * from rm.plan`.", "Sem resposta: `select * from rm.plan`."),
        (terms.A_CONNECTION, "Not answered: the request for a connection.", "Sem resposta: o pedido de uma conexão."),
        ("", "Which question was not answered is not known.", "Não se sabe que pergunta ficou sem resposta."),
    ],
)
def test_what_was_not_answered_is_said_in_the_readers_language(asked: str, english: str, portuguese: str) -> None:
    found = Finding(Kind.DATABASE_HANGS, {"asked": asked})
    assert say(found).evidence.endswith(f"Nothing is lost. {english}")
    assert say(found, speech("pt_BR")).evidence.endswith(f"Nada se perde. {portuguese}")


async def test_the_same_question_is_named_once_until_a_look_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    patient_for(monkeypatch, each_s=0.02, all_s=60.0)
    pool: Any = Database()
    verdicts = Verdicts(pool, lambda _: Here())
    named: list[str] = []
    for hangs_at in (2, 2, 0, 2, 3):
        pool.asked, pool.hangs_at = 0, hangs_at
        with capture_logs() as logs:
            await verdicts.now()
        named += [line["asked"] for line in logs]
    assert named == [f"select {number} of the processes" for number in (2, 2, 3)]


def test_a_look_may_take_longer_than_a_question_and_less_than_an_engine_may_be_silent() -> None:
    assert reading.READ_S < reading.LOOK_S < operations.IDLE_S
