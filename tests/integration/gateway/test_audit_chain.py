"""The audit is only added to, and chained: what somebody changes who may do everything is found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from gateway.audit import sealing
from gateway.audit.expiring import drop_expired
from projections.verify.audit import check_audit
from projections.verify.expected import Report
from schemas import audit
from schemas.process.connection import Db
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running

PLANS = "/api/marketplace/analysis"


@pytest.mark.parametrize("table", ["entry", "link", "checkpoint"])
async def test_it_is_only_added_to(gateway: Running, table: str) -> None:
    await sealed(gateway.pool)
    async with gateway.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await _past_triggers(
            connection,
            "insert into audit.checkpoint (position, hash, last_at, made_at)"
            " values (0, '\\x00', now() - interval '100 days', now())",
        )
        column = {"entry": "actor = 'x'", "link": "hash = '\\x01'", "checkpoint": "hash = '\\x01'"}[table]
        for change in (f"update audit.{table} set {column}", f"delete from audit.{table}", f"truncate audit.{table}"):
            with pytest.raises(asyncpg.RestrictViolationError, match="only added to"):
                async with connection.transaction():
                    await connection.execute(change)
        await transaction.rollback()


async def _past_triggers(connection: Db, statement: str) -> None:
    """Do what only the owner of the database may do."""
    await connection.execute("set local session_replication_role = replica")
    await connection.execute(statement)
    await connection.execute("set local session_replication_role = origin")


_PLANTED = """
    insert into audit.checkpoint (position, hash, last_at)
    select position, hash, now() - interval '400 days' from audit.link order by position desc limit 1"""


async def test_a_checkpoint_that_somebody_plants_lets_nothing_go(gateway: Running, api: httpx.AsyncClient) -> None:
    """Such as who has the password of the gateway's user: it says that all was old, and then all is deleted."""
    plan = await seed.add_plan(gateway.pool)
    assert (await api.patch(f"{PLANS}/{plan}", json={"action": "reject", "reason": "x"})).status_code == 202
    await sealed(gateway.pool)
    async with gateway.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        with pytest.raises(asyncpg.RestrictViolationError, match="is no place"):
            async with connection.transaction():
                await connection.execute(_PLANTED)
        await _past_triggers(connection, _PLANTED)
        for table in ("link", "entry"):
            with pytest.raises(asyncpg.RestrictViolationError, match="only added to"):
                async with connection.transaction():
                    await connection.execute(f"delete from audit.{table}")
        report = Report()
        await check_audit(connection, report)
        assert any("are there still" in problem for problem in report.problems), report.problems
        await transaction.rollback()


@pytest.mark.parametrize(("days", "over"), [(audit.LEAST_DAYS - 1, False), (audit.LEAST_DAYS + 1, True)])
async def test_the_database_keeps_it_as_long_as_is_said(gateway: Running, days: int, over: bool) -> None:
    asked = "select audit.is_over(now() - make_interval(days => $1))"
    assert await gateway.pool.fetchval(asked, days) is over


async def sealed(pool: asyncpg.Pool) -> None:
    """Every entry that there is has its link: by the gateway that runs, or here."""
    while await pool.fetchval(
        "select exists (select from audit.entry e"
        " where not exists (select from audit.link l where l.entry_id = e.entry_id))"
    ):
        await sealing.seal(pool)


async def found(pool: asyncpg.Pool) -> list[str]:
    report = Report()
    async with pool.acquire() as connection:
        await check_audit(connection, report)
    return report.problems


@pytest.fixture
async def rid_of_triggers(gateway: Running, api: httpx.AsyncClient) -> AsyncIterator[Db]:
    """A connection of somebody who may do everything, and whose changes are undone at the end; there are entries."""
    for _ in range(5):
        plan = await seed.add_plan(gateway.pool)
        assert (await api.patch(f"{PLANS}/{plan}", json={"action": "reject", "reason": "x"})).status_code == 202
    await sealed(gateway.pool)
    async with gateway.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("set local session_replication_role = replica")
        yield connection
        await transaction.rollback()


CHANGES = {
    "changed": ("update audit.entry set actor = 'somebody' where entry_id = $1", "was changed"),
    "removed": ("delete from audit.entry where entry_id = $1", "was removed"),
    "unlinked": ("delete from audit.link where entry_id = $1", "of the chain were removed"),
    "moved": ("update audit.entry set at = at - interval '1 day' where entry_id = $1", "was changed"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_what_was_changed_or_removed_is_found(rid_of_triggers: Db, change: str) -> None:
    connection = rid_of_triggers
    statement, words = CHANGES[change]
    middle = await connection.fetchval("select entry_id from audit.link order by position offset 2 limit 1")
    report = Report()
    await check_audit(connection, report)
    assert report.problems == []
    assert report.audited > 4
    await connection.execute(statement, middle)
    report = Report()
    await check_audit(connection, report)
    assert any(words in problem for problem in report.problems), report.problems


async def test_what_was_put_in_afterwards_is_found(rid_of_triggers: Db) -> None:
    connection = rid_of_triggers
    rows = await connection.fetch("select * from audit.link order by position desc limit 1")
    last = rows[0]
    entry = await connection.fetchval(
        "insert into audit.entry (at, actor, key_id, address, action, kind, target, outcome, reason, request_id)"
        " values ($1, 'a', '', '', 'plan.approve', 'plan', 'p', 'accepted', '', '') returning entry_id",
        last["linked_at"].replace(year=last["linked_at"].year - 1),
    )
    (told_,) = await connection.fetch("select * from audit.entry where entry_id = $1", entry)

    made = audit.Told(**{name: told_[name] for name in audit.Told.__dataclass_fields__})
    [link] = audit.chain((last["position"], last["hash"]), [made], last["linked_at"])
    await connection.execute(
        "insert into audit.link (position, entry_id, previous, hash, linked_at) values ($1, $2, $3, $4, $5)",
        link.position, link.entry_id, link.previous, link.hash, link.linked_at,
    )  # fmt: skip
    report = Report()
    await check_audit(connection, report)
    assert [problem for problem in report.problems if "put in afterwards" in problem]


async def test_a_chain_that_lost_its_end_is_found_by_the_head_that_somebody_kept(
    rid_of_triggers: Db,
) -> None:
    connection = rid_of_triggers
    report = Report()
    await check_audit(connection, report)
    head = report.audit_head
    await check_audit(connection, report, head)
    assert report.problems == []
    last = await connection.fetchval(
        "delete from audit.link where position = (select max(position) from audit.link) returning entry_id"
    )
    await connection.execute("delete from audit.entry where entry_id = $1", last)
    await check_audit(connection, report)
    assert report.problems == []
    await check_audit(connection, report, head)
    assert any("its end was removed" in problem for problem in report.problems)


async def test_links_that_are_made_at_once_and_while_commands_are_decided_make_one_chain(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plans = [await seed.add_plan(gateway.pool) for _ in range(20)]
    before = await linked(gateway.pool)
    answers, _ = await asyncio.gather(
        asyncio.gather(*(api.patch(f"{PLANS}/{plan}", json={"action": "reject", "reason": "x"}) for plan in plans)),
        asyncio.gather(*(sealing.seal(gateway.pool) for _ in range(20))),
    )
    assert [answer.status_code for answer in answers] == [202] * len(plans)
    await sealed(gateway.pool)
    of_plans = "select count(*) from audit.link join audit.entry using (entry_id) where plan_id = any($1::uuid[])"
    assert await gateway.pool.fetchval(of_plans, [str(plan) for plan in plans]) == len(plans)
    assert await linked(gateway.pool) >= before + len(plans)
    assert await found(gateway.pool) == []


async def linked(pool: asyncpg.Pool) -> int:
    count: int = await pool.fetchval("select count(*) from audit.link")
    return count


async def test_what_is_old_goes_behind_a_checkpoint(gateway: Running) -> None:
    """In a transaction that is undone, as entries that are gone would be missed by others."""
    await sealed(gateway.pool)
    async with gateway.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("set local session_replication_role = replica")
        await connection.execute("delete from audit.checkpoint")
        await connection.execute("delete from audit.link")
        await connection.execute("delete from audit.entry")
        await connection.execute("set local session_replication_role = origin")
        await connection.execute(
            "insert into audit.entry (at, actor, key_id, address, action, kind, target, outcome, reason, request_id)"
            " select now() - n * interval '1 day', 'a', '', '', 'plan.approve', 'plan', n::text, 'accepted', '', ''"
            " from unnest(array[500, 450, 401, 399, 1]) n"
        )

        after = (0, audit.START)
        for row in await connection.fetch("select * from audit.entry order by entry_id"):
            made = audit.Told(**{name: row[name] for name in audit.Told.__dataclass_fields__})
            [link] = audit.chain(after, [made], made.at)
            await connection.execute(
                "insert into audit.link (position, entry_id, previous, hash, linked_at) values ($1, $2, $3, $4, $5)",
                link.position, link.entry_id, link.previous, link.hash, link.linked_at,
            )  # fmt: skip
            after = (link.position, link.hash)
        assert await drop_expired(connection, 400) == 3
        assert await drop_expired(connection, 400) == 0
        left = await connection.fetch("select target from audit.entry order by entry_id")
        assert [row["target"] for row in left] == ["399", "1"]
        report = Report()
        await check_audit(connection, report)
        assert (report.problems, report.audited) == ([], 2)
        [(place, hash_)] = await connection.fetch("select position, hash from audit.checkpoint")
        await check_audit(connection, report, f"{place}:{hash_.hex()}")
        assert report.problems == []
        await check_audit(connection, report, f"{place - 1}:{hash_.hex()}")
        assert len(report.problems) == 1
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute("delete from audit.entry")
        await transaction.rollback()
