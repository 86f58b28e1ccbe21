"""How what runs out, or fails more often than it should, is planted in a system in which all is well."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from gateway.verdict.kinds import Kind
from tests.integration.gateway import gateway_seed as seed

if TYPE_CHECKING:
    from tests.integration.gateway.planting import Site


async def filling(site: Site) -> None:
    used = await site.pool.fetchval("select sum(relpages::bigint) * 8192 from pg_class")
    site.services.verdicts._database_limit = int(used)
    site.undo.callback(setattr, site.services.verdicts, "_database_limit", None)


async def failing(site: Site) -> None:
    for _ in range(12):
        plan = await seed.add_plan(site.pool, status="awaiting_approval")
        await site.pool.execute("update rm.plan set uploaded_at = now() where plan_id = $1", plan)
        await site.pool.execute(
            "insert into rm.plan_channel (plan_id, channel, version, status, changed_at, fallback)"
            " values ($1, 'shopee', 1, 'analyzed', now(), '[{\"agent\": \"agent:x/m\"}]')"
            " on conflict (plan_id, channel) do update set fallback = excluded.fallback",
            plan,
        )


async def unusable(site: Site) -> None:
    for _ in range(6):
        plan = await seed.add_plan(site.pool, status="awaiting_approval")
        await site.pool.execute("update rm.plan set analyzed_at = now(), changed_at = now() where plan_id = $1", plan)
        await site.pool.execute(
            "insert into rm.plan_channel (plan_id, channel, version, status, source, changed_at, fallback)"
            " values ($1, 'shopee', 1, 'analyzed', 'rules', now(), $2::jsonb)"
            " on conflict (plan_id, channel) do update set source = excluded.source, fallback = excluded.fallback,"
            " changed_at = excluded.changed_at",
            plan,
            '[{"agent": "agent:x/m", "code": "answer-no-json", "reason": "the agent\'s answer held no JSON"}]',
        )


async def budget(site: Site) -> None:
    await site.set(site.workers["runner"], "progress = '{\"budget\": 100}'")
    await site.pool.execute(
        "insert into flow.agent_spend (month, agent, cost)"
        " values (date_trunc('month', now() at time zone 'UTC')::date, 'agent:x/m', 85)"
    )


async def disk(site: Site, free: int) -> None:
    told = (
        f'{{"of": "broker", "path": "/log", "host": "kafka-1", "device": null, "size": 1000000000, "free": {free},'
        ' "seen_s": 90}'  # so that every part of the evidence has something to say
    )
    await site.set(site.workers["watchdog"], f"progress = '{{\"server_disks\": [{told}]}}'")


async def disk_unseen(site: Site) -> None:
    await site.set(site.workers["watchdog"], 'progress = \'{"disks_unseen": ["database"]}\'')


async def phase1_failing(site: Site) -> None:
    for number in range(12):
        plan = await seed.add_plan(site.pool, status="executing")
        await site.pool.execute(
            "update rm.plan set phase1_at = now(), changed_at = now(), uploaded_at = now() where plan_id = $1", plan
        )
        if number < 4:
            await site.pool.execute(
                "insert into flow.job_attempt (record_id, replay, attempt, grp, key, type, code, error_class, message)"
                " values ($1, 0, 1, 'agents', $1, 'plan.approved', 'failed', 'OSError', 'no route')",
                str(plan),
            )


async def tasks_failing(site: Site) -> None:
    plan = await seed.add_plan(site.pool, status="executing")
    for number in range(12):
        await seed.add_task(site.pool, plan, position=number, status="failed" if number < 7 else "completed")
    await site.pool.execute("update rm.task set ended_at = now() - interval '9 s'")


async def requests_failing(site: Site) -> None:
    worker = await site.enrol("gateway")
    site.undo.push_async_callback(site.pool.execute, "delete from flow.worker where worker_id = $1", worker)
    await site.set(worker, "progress = '{\"answers\": [1000, 90]}'")


async def records_late(site: Site) -> None:
    told = '{"groups": {"analysis": {"behind": 1500, "waited_s": 75.5, "partitions": [], "unread": {}}}}'
    await site.set(site.workers["watchdog"], f"progress = '{told}'")


RUNNING_OUT: Final[Mapping[Kind, Callable[[Site], Awaitable[Any]]]] = {
    Kind.DATABASE_FILLING: filling,
    Kind.DISK_FULL: lambda site: disk(site, 1000),
    Kind.DISK_FILLING: lambda site: disk(site, 50_000_000),
    Kind.DISK_UNSEEN: disk_unseen,
    Kind.AGENT_UNUSABLE: unusable,
    Kind.FAILING_OFTEN: failing,
    Kind.PHASE1_FAILING: phase1_failing,
    Kind.REQUESTS_FAILING: requests_failing,
    Kind.RECORDS_LATE: records_late,
    Kind.TASKS_FAILING: tasks_failing,
    Kind.AGENT_BUDGET: budget,
}
