"""The charts of the overview go back an hour, a day or a week, as the address says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
from playwright.async_api import expect

from tests.browser.accessibility import violations_in_light_and_dark
from tests.browser.conftest import Opener

_HOUR = """
    insert into flow.marketplace_metrics (step, at, seen_s, down_s, plans_in, approvals, phase1_made, tasks_failed,
                                          queue_delay, retries, dead_letters, oldest_s)
    values ('hour', $1, 3600, 0, $2, 0, 0, 0, '{}', 1, 0, '{}')
    on conflict (step, at) do update set plans_in = excluded.plans_in, retries = excluded.retries"""


async def test_a_day_and_a_week_are_one_click_away(opened: Opener, db: asyncpg.Connection) -> None:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    await db.execute("delete from flow.marketplace_metrics where step = 'hour'")
    for ago, plans in ((2, 7), (3, 5), (100, 11)):
        await db.execute(_HOUR, now - timedelta(hours=ago), plans)
    page = await opened("/", news=False, reduced_motion="reduce")
    part = page.locator("section[aria-labelledby=last-hour]")
    await expect(part.get_by_role("heading")).to_have_text("The last hour")

    await part.get_by_role("link", name="The last 24 hours").click()
    await expect(part.get_by_role("heading")).to_have_text("The last 24 hours")
    flow = part.locator('figure[data-key="mini-flow"]')
    await expect(flow).to_contain_text("plans: at least 12")
    assert "/?hours=24" in page.url

    await part.get_by_role("link", name="The last 7 days").click()
    await expect(flow).to_contain_text("plans: at least 23")
    assert await flow.locator("polyline.chart-line:not(.second)").count() == 2, "what nobody saw is a gap"
    await expect(part.locator('figure[data-key="mini-ended"]')).to_contain_text("unknown")
    assert await violations_in_light_and_dark(page) == []
