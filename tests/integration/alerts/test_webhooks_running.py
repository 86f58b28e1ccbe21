"""The process calls webhooks at once, and after a crash at any point it leaves nothing out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import asyncpg

from local.service import Service
from schemas.process.crashpoints import EXIT_STATUS
from tests.scenarios.crash_rounds import POINTS
from tests.support.patience import until
from tests.support.receivers import HttpReceiver
from tests.support.webhooks import History, registered


async def test_a_crash_at_each_point_leaves_nothing_out_and_repeats_with_the_same_id(
    url: str, pool: asyncpg.Pool, hook: HttpReceiver, tmp_path: Path
) -> None:
    env = {
        "MARKETPLACE_DATABASE_URL": url,
        "MARKETPLACE_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "MARKETPLACE_CRASH_POINTS": str(tmp_path),
    }
    history, told = History(pool), await registered(pool, hook.url)
    plan, events = uuid4(), list[str]()

    async def all_sent() -> bool:
        sent = "select count(*) = $1 and bool_and(state = 'sent') from flow.webhook_delivery"
        return bool(await pool.fetchval(sent, len(events)))

    service = Service("alerts", "gateway.alerts", env=env, log=tmp_path / "alerts.log")
    try:
        service.start()
        for point in POINTS["alerts"]:
            if point.startswith("webhooks."):  # else it dies while another lane sends, at times, and that comes again
                await until(all_sent)
            (tmp_path / point).touch()
            events.append(str(await history.event("plan.uploaded", plan)))
            await until(_ended(service))
            assert service.returncode == EXIT_STATUS, point
            await told.due()  # a claim lasts longer than a test
            service.start()

        await until(all_sent)
        assert service.running
    finally:
        service.kill()
    ids = [request.json["id"] for request in hook.got]
    assert list(dict.fromkeys(ids)) == events, "each, in the order of the plan"
    assert len(ids) == len(events) + 1, "what was sent and not marked comes once more"
    assert len({(one.json["id"], one.headers["X-Marketplace-Message"], one.body) for one in hook.got}) == len(events)


def _ended(service: Service) -> Callable[[], Awaitable[bool]]:
    async def ended() -> bool:
        return not service.running

    return ended
