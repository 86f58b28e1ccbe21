"""A whole system with a mail server: an overdue task reaches whom it is assigned to, once, and not after it is done."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from pathlib import Path

import asyncpg

from gateway.cli.client import PLANS
from local.load import Load
from local.stack import Stack
from tests.scenarios.conftest import KEY
from tests.scenarios.test_erasure import logged
from tests.scenarios.test_erasure_of_a_person import client, done, upload
from tests.support.patience import PATIENCE_S, until
from tests.support.process_logs import lines_with
from tests.support.receivers import SmtpReceiver, body_of, smtp_receiver
from tests.support.systems import Systems

HANDLE, ADDRESS = "ana.lima", "ana.lima@example.com"


def told(mail: SmtpReceiver) -> list[str]:
    """Return the subjects of what went to her."""
    return [str(make_header(decode_header(one["Subject"]))) for to, one in mail.whole() if to == [ADDRESS]]


async def looked_anew(stack: Stack) -> None:
    """Replace the alert engine, and return once the new one has looked: it looks for what is due at once."""
    db = await asyncpg.connect(stack.env["MARKETPLACE_DATABASE_URL"])
    looks = "select coalesce(max((progress ->> 'looks')::int), 0) from flow.running where role = 'alerts' and pid <> $1"
    try:
        pid = await db.fetchval("select pid from flow.running where role = 'alerts' and connected")
        stack.kill("alerts")
        async with asyncio.timeout(PATIENCE_S):
            while await db.fetchval(looks, pid) < 2:
                await asyncio.sleep(0.1)
    finally:
        await db.close()


async def test_an_overdue_task_reaches_its_assignee_once_and_not_after_it_is_done(
    tmp_path: Path, systems: Systems
) -> None:
    with smtp_receiver() as mail:
        env = {
            "MARKETPLACE_BOOTSTRAP_KEY": KEY,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(mail.port),
            "SMTP_SECURITY": "none",
            "SMTP_FROM": "alerts@example.com",
            "SMTP_TO": "ops@example.com",
        }
        async with (
            systems.system(tmp_path / "data", env) as stack,
            client(stack, KEY) as admin,
            Load(stack.env, KEY) as load,
        ):
            person = {"handle": HANDLE, "name": "Ana Lima", "role": "analyst", "email": ADDRESS}
            await done(admin.post("/api/people", json=person))
            plan = await upload(admin, "Vendas")
            assert await load.wait([plan], ["awaiting_approval"], within_s=PATIENCE_S) == 1
            await done(admin.patch(f"{PLANS}/{plan}", json={"action": "approve"}))
            await load.wait_for_tasks([plan], within_s=PATIENCE_S)
            (task, *_) = (await done(admin.get(f"{PLANS}/{plan}/tasks")))["items"]
            at = f"/api/tasks/{task['taskId']}"
            day = (datetime.now(UTC).date() - timedelta(days=3)).isoformat()
            await done(admin.patch(at, json={"action": "assign", "assignee": HANDLE}))
            await done(admin.patch(at, json={"action": "reschedule", "dueOn": day}))

            await until(lambda: told(mail))
            assert told(mail) == [f"Overdue: {task['title']}"]
            mine = next(one for to, one in mail.whole() if to == [ADDRESS])
            assert f"{stack.env['MARKETPLACE_URL']}/tasks/{task['taskId']}" in body_of(mine)
            await looked_anew(stack)
            assert len(told(mail)) == 1, "not twice"

            await done(admin.patch(at, json={"action": "complete"}))
            await looked_anew(stack)
            assert len(told(mail)) == 1, "nothing after it is done"
            assert not lines_with(stack, ADDRESS)
            assert not [value for value in await logged(stack) if ADDRESS.encode() in value]
