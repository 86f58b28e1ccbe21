"""A work item that comes again, or for nothing: what has its result is not analysed once more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import asyncpg
import pytest

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands
from schemas import headers
from schemas.wire import Codec
from streams.analysis.agents.errors import AgentUnavailable
from streams.analysis.analyst import EmbeddedAnalyst
from streams.analysis.results import Results
from streams.analysis.work import Work
from streams.retries.index import Ending
from streams.retries.order import Parked
from tests.integration.pipeline.test_analysis_work import NOBODY, Sent, item, raising, stored, waiting
from tests.support.parking import MemoryParking


class Resolved:
    """An index of waiting records that knows of none, and remembers what ended."""

    def __init__(self) -> None:
        self.endings: list[Ending] = []

    async def look(self, *_: object) -> list[Parked]:
        return []

    async def save(self, rows: Sequence[Parked]) -> list[Parked]:
        raise AssertionError(f"nothing is to wait, but {rows}")

    async def current(self, ids: Collection[str]) -> list[Parked]:
        return []

    async def resolve(self, endings: Sequence[Ending]) -> None:
        self.endings += endings


async def cancel(pool: asyncpg.Pool, plan_id: str) -> None:
    answer = await Commands(pool, NoRelay()).run(Command("plan.cancel", plan_id, "ana", "ana", {"reason": "r"}))
    assert answer.outcome == "accepted"


@pytest.mark.parametrize("comes", ["again", "from a retry"])
async def test_a_channel_that_has_its_result_is_not_analysed_again(
    pool: asyncpg.Pool, codec: Codec, comes: str
) -> None:
    plan, document = await waiting(pool, ["shopee", "amazon"])
    sent, index = Sent(), Resolved()
    await Work(codec, EmbeddedAnalyst(), Results(pool), sent).see_through(item(codec, plan, document, "shopee"))  # type: ignore[arg-type] # a stand-in
    before = await stored(pool, plan)
    carried = [] if comes == "again" else [(headers.ORIG_TOPIC, b"analysis.work.normal"), (headers.ORIG_OFFSET, b"7")]
    record = item(codec, plan, document, "shopee", *carried)

    await Work(codec, NOBODY, Results(pool), sent, parking=index).see_through(record)  # type: ignore[arg-type] # a stand-in

    assert await stored(pool, plan) == before
    assert sent.records == []
    assert index.endings == [("analysis|analysis.work.normal|0|7", 0, "done")]


async def test_a_cancelled_plan_is_not_analysed(pool: asyncpg.Pool, codec: Codec) -> None:
    plan, document = await waiting(pool, ["shopee"])
    await cancel(pool, plan)
    before = await stored(pool, plan)
    sent, index = Sent(), Resolved()

    await Work(codec, NOBODY, Results(pool), sent, parking=index).see_through(  # type: ignore[arg-type] # a stand-in
        item(codec, plan, document, "shopee")
    )

    assert await stored(pool, plan) == before
    assert sent.records == []
    assert index.endings == [("analysis|analysis.work.normal|0|7", 0, "done")]


async def test_the_plan_is_finished_where_a_crash_came_before_that(pool: asyncpg.Pool, codec: Codec) -> None:
    plan, document = await waiting(pool, ["shopee"])
    record = item(codec, plan, document, "shopee")
    await Work(codec, EmbeddedAnalyst(), Results(pool), Sent()).see_through(record)  # type: ignore[arg-type] # a stand-in
    whole = await stored(pool, plan)
    await pool.execute("delete from decide.outbox where key = $1 and type = 'plan.analyzed'", plan)
    await pool.execute("update decide.head set analyzed = false where stream = $1", f"plan-{plan}")

    await Work(codec, NOBODY, Results(pool), Sent()).see_through(record)  # type: ignore[arg-type] # a stand-in

    assert await stored(pool, plan) == whole


@pytest.mark.parametrize("ended", ["kept back", "given up"])
async def test_what_a_dead_runner_had_left_behind_is_not_analysed_when_it_is_read_again(
    pool: asyncpg.Pool, codec: Codec, ended: str
) -> None:
    plan, document = await waiting(pool, ["shopee"])
    index, sent = MemoryParking(), Sent()
    record = item(codec, plan, document, "shopee")
    away = raising(AgentUnavailable("away", kind="connection"))
    await Work(codec, away, Results(pool), sent, parking=index).see_through(record)  # type: ignore[arg-type] # a stand-in
    [kept] = sent.records
    [(id_, row)] = index.rows.items()
    if ended == "given up":
        index.rows[id_] = replace(row, state="given_up")
    sent.records.clear()

    # it died before it could acknowledge: its successor reads the same record, without any header of a retry
    await Work(codec, NOBODY, Results(pool), sent, parking=index).see_through(record)  # type: ignore[arg-type] # a stand-in

    assert sent.records == ([kept] if ended == "kept back" else [])


async def test_a_row_of_a_log_that_was_made_anew_hides_no_request(pool: asyncpg.Pool, codec: Codec) -> None:
    plan, document = await waiting(pool, ["shopee"])
    record = item(codec, plan, document, "shopee")
    index = MemoryParking()
    id_ = f"analysis|{record.topic}|0|7"
    index.rows[id_] = Parked(id_, "analysis", "another plan", record.topic, 0, 7, "agents.retry.1s", state="done")

    await Work(codec, EmbeddedAnalyst(), Results(pool), Sent(), parking=index).see_through(record)  # type: ignore[arg-type] # a stand-in

    assert "plan.analyzed" in await stored(pool, plan)
