"""A whole system whose worker is killed: a message by itself, and another one when it is over."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import asyncpg

from projections.reads.processes import ROLES
from tests.support.patience import PATIENCE_S, until
from tests.support.receivers import HttpReceiver, http_receiver
from tests.support.systems import Systems


def of_worker(slack: HttpReceiver) -> list[str]:
    """What Slack was told of the worker, in order."""
    return [request.json["text"] for request in slack.got if "No worker runs" in request.body.decode()]


async def all_seen(url: str) -> None:
    """Return once every process says that it lives, and the alert engine has looked at all of them."""
    connection = await asyncpg.connect(url)
    enough = None
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                rows = await connection.fetch(
                    "select role, (progress ->> 'looks')::int as looks from flow.running where connected"
                )
                looks = {row["role"]: row["looks"] for row in rows}
                if looks.keys() >= set(ROLES):
                    enough = (looks["alerts"] or 0) + 2 if enough is None else enough
                    if (looks["alerts"] or 0) >= enough:
                        return
                await asyncio.sleep(0.1)
    finally:
        await connection.close()


async def test_a_killed_worker_is_told_and_so_is_its_recovery(tmp_path: Path, systems: Systems) -> None:
    with http_receiver() as slack:
        env = {"SLACK_WEBHOOK_URL": f"{slack.url}/services/x"}
        async with systems.system(tmp_path / "data", env) as stack:
            await all_seen(stack.env["MARKETPLACE_DATABASE_URL"])
            stack.kill("worker")
            began = time.monotonic()
            stack.pause("worker")  # as a supervisor that cannot start it again
            await until(lambda: of_worker(slack))
            took_s = time.monotonic() - began
            opened = next(request for request in slack.got if "No worker runs" in request.body.decode())
            said = opened.body.decode()
            assert "uploads are not handed out" in said, "the cause"
            assert "Its supervisor starts it again within seconds" in said, "what to do"

            stack.resume("worker")
            await until(lambda: len(of_worker(slack)) > 1)
            assert of_worker(slack)[1].startswith("Resolved after ")
            print(f"told {took_s:.1f} s after the kill: {of_worker(slack)[1]}")
            assert len(of_worker(slack)) == 2
