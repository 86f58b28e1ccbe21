"""That an alert is over is told with what was late or failed meanwhile, and a count that is not known is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from gateway.alerts import harmed
from gateway.alerts.notifiers.base import Notifier
from gateway.alerts.notifiers.webhook import Webhook
from gateway.alerts.routes_file import usual
from gateway.alerts.settings import Settings
from gateway.verdict.kinds import Kind
from projections.reads import harm
from projections.reads.harm import Harm
from tests.integration.alerts.driving import PAGES, Driver
from tests.support.receivers import HttpReceiver
from tests.unit.gateway.alerts.looks import missing
from tests.unit.gateway.verdict.examples import finding

NOW = datetime.now(UTC)
BEGAN, ENDED = NOW - timedelta(minutes=10), NOW - timedelta(minutes=5)


@pytest.fixture
def driver(url: str, pool: asyncpg.Pool, hook: HttpReceiver) -> Driver:
    notifiers: dict[str, Notifier] = {"webhook": Webhook(hook.url)}
    return Driver(pool, Settings(url, PAGES, notifiers, usual(tuple(notifiers))), NOW - timedelta(minutes=30))


async def late(pool: asyncpg.Pool, at: datetime, took_s: float, tasks: int = 0) -> UUID:
    """An approval whose tasks came at a time, after so long."""
    plan = uuid4()
    await pool.execute(
        "insert into rm.slo_missed (hour, measure, plan_id, version, took_ms, at)"
        " values (date_trunc('hour', $1::timestamptz - make_interval(secs => $3)), 'phase1', $2, 4, $3 * 1000, $1)",
        at,
        plan,
        took_s,
    )
    for _ in range(tasks):
        await pool.execute(
            "insert into rm.task (task_id, plan_id, version, status, changed_at)"
            " values (gen_random_uuid(), $1, 1, 'created', $2)",
            plan,
            at,
        )
    return plan


async def stalled(pool: asyncpg.Pool, at: datetime, plan: UUID | None = None, version: int = 1) -> UUID:
    plan = plan or uuid4()
    await pool.execute(
        "insert into rm.recovery (plan_id, version, event_id, type, at)"
        " values ($1, $2, gen_random_uuid(), 'plan.stalled', $3)",
        plan,
        version,
        at,
    )
    return plan


async def waiting(pool: asyncpg.Pool, since: datetime) -> None:
    """An approval whose tasks have not come."""
    await pool.execute(
        "insert into flow.deadline (plan_id, kind, since) values (gen_random_uuid(), 'phase1', $1)", since
    )


async def unsent(pool: asyncpg.Pool, stored_at: datetime, *, aside: datetime | None = None) -> None:
    """An event that is in the outbox still, or was set aside."""
    await pool.execute(
        "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
        " correlation_id, actor, data, stored_at, held_at, held_why, seal)"
        " select gen_random_uuid(), 'plan.events', p::text, 'plan.approved', 'plan-' || p, 3, 0, 'r', p::text, 'ana',"
        " '{}', $1, $2, case when $2::timestamptz is null then null else 'it has no date' end, 'a seal'"
        "   from gen_random_uuid() p",
        stored_at,
        aside,
    )


def minutes(count: float) -> datetime:
    """Return a moment of the time that is looked at, so long after it began."""
    return BEGAN + timedelta(minutes=count)


async def test_what_was_late_or_failed_in_the_time_is_counted_and_nothing_else(pool: asyncpg.Pool) -> None:
    assert await harm.during(pool, BEGAN, ENDED) == Harm()
    for at, took_s, tasks in ((minutes(1), 30.0, 2), (minutes(5.5), 60.0, 3), (minutes(-1), 60.0, 5), (NOW, 60.0, 5)):
        await late(pool, at, took_s, tasks)
    again = await stalled(pool, minutes(1))
    await stalled(pool, minutes(2), again, 2)
    for at in (minutes(3), minutes(-1), minutes(6)):
        await stalled(pool, at)
    for since in (minutes(4), minutes(-2), minutes(6)):
        await waiting(pool, since)
    for aside in (minutes(2), minutes(-2), minutes(7)):
        await unsent(pool, minutes(-3), aside=aside)
    for at in (minutes(1), minutes(8)):
        await pool.execute(
            "insert into rm.dead_letter (record_id, orig_topic, orig_offset, dead_at) values ($1::text, $1, 1, $2)",
            str(uuid4()),
            at,
        )
        await pool.execute(
            """insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor,
                                        causation_id, topic, partition, "offset", data)
               values (gen_random_uuid(), gen_random_uuid(), 'plan.channel.failed', 's', 1, $1, $1, 'ana', 'r',
                       'plan.events', 0, 1, '{}')""",
            at,
        )
    assert await harm.during(pool, BEGAN, ENDED) == Harm(
        plans_stalled=2,
        approvals_late=2,
        approvals_waiting=2,
        waited_s=90.0,
        longest_wait_s=60.0,
        tasks_late=5,
        analyses_failed=1,
        dead_letters=1,
        events_aside=1,
    )


async def test_what_is_not_shown_yet_makes_it_unknown(pool: asyncpg.Pool) -> None:
    await unsent(pool, NOW)
    assert await harm.during(pool, BEGAN, ENDED) == Harm(), "it came later"
    await unsent(pool, minutes(1))
    assert await harm.during(pool, BEGAN, ENDED) is None
    await pool.execute("update decide.outbox set published_at = now() - interval '1 min'")
    assert await harm.during(pool, BEGAN, ENDED) is None, "it is sent, and not shown"
    await pool.execute("truncate decide.outbox cascade")
    assert await harm.during(pool, BEGAN, ENDED) == Harm()


async def test_the_message_that_it_is_over_says_what_was_late(
    driver: Driver, hook: HttpReceiver, pool: asyncpg.Pool
) -> None:
    await driver.look(missing(), finding(Kind.TASKS_FAILED), seconds=60)
    await driver.send("webhook")
    began = driver.now
    await late(pool, began, 38.0, tasks=4)
    await driver.look(seconds=60)
    await driver.send("webhook")
    over = {one["kind"]: one["evidence"] for one in hook.got[-1].json["alerts"] if one["about"] == "resolved"}
    said = "While it lasted, in the whole system: 1 approval waited 38 s for its tasks; 4 tasks came late."
    assert over == {"role-missing": said, "tasks-failed": ""}
    assert not any("While it lasted" in one["evidence"] for one in hook.got[0].json["alerts"])


async def test_a_count_that_takes_too_long_holds_up_no_message(
    driver: Driver, hook: HttpReceiver, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harmed, "COUNTS", "set local statement_timeout = '50ms'")
    await driver.look(missing(), seconds=60)
    await driver.look(seconds=60)
    async with pool.acquire() as blocks, blocks.transaction():
        await blocks.execute("lock table rm.slo_missed in access exclusive mode")
        assert await driver.send("webhook") == 1
    (over,) = [one for one in hook.got[-1].json["alerts"] if one["about"] == "resolved"]
    assert over["evidence"] == "What was late or failed is not known yet."
