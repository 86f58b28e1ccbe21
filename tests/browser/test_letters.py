"""Retries and dead letters in the browser: readable for everybody, and operators act on them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import asyncpg
import pytest

from tests.browser import rows
from tests.browser.accessibility import open_everything, violations, violations_in_light_and_dark
from tests.browser.conftest import TRACES, Opener, Site, notify
from tests.browser.letter_records import PLAN, Records
from tests.support.letters import add_letter, add_waiting, upload_of


@pytest.mark.parametrize("name", ["retries", "letters", "letter", "edit", "poison", "nothing", "dry run"])
async def test_is_accessible(leafed: Opener, records: Records, name: str) -> None:
    page = await leafed(records.pages()[name], role="operator", reduced_motion="reduce")
    assert await violations_in_light_and_dark(page) == []
    assert await page.locator("h1").count() == 1
    assert await page.locator(".empty").count() == (name == "nothing")


@pytest.mark.parametrize("name", ["retries", "letters", "letter", "poison", "dry run"])
async def test_fits_a_phone_in_portuguese(leafed: Opener, records: Records, name: str) -> None:
    page = await leafed(records.pages()[name], role="operator", phone=True, locale="pt-BR")
    await open_everything(page)

    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert "Parados" in await page.inner_text(".tabs")


async def test_who_may_not_act_sees_no_buttons(opened: Opener, records: Records) -> None:
    for path in records.pages().values():
        page = await opened(path, role="viewer")
        assert await page.locator("h1").count() == 1
        assert await page.locator('main form[method="post"]').count() == 0


async def test_what_is_in_a_letter_is_for_operators(opened: Opener, records: Records) -> None:
    for name in ("letter", "poison"):
        page = await opened(records.pages()[name], role="analyst", locale="pt-BR")
        section = page.locator('section[aria-labelledby="payload"]')
        assert "Operadores veem o conteúdo" in await section.inner_text()
        assert await section.locator("pre").count() == 0
        page = await opened(records.pages()[name], role="operator", locale="pt-BR")
        assert await page.locator('section[aria-labelledby="payload"] pre').count() == 1


async def test_a_waiting_record_is_tried_now_and_the_one_behind_it_is_refused(opened: Opener, records: Records) -> None:
    page = await opened("/retries", role="operator")
    assert await page.locator("[data-bulk]").is_hidden()
    await page.check(f'input[value="{records.behind}"]')
    await page.click('button[value="now"]')
    assert "waits behind another record" in await page.inner_text(".flash")

    await page.check(f'input[value="{records.head}"]')
    await page.click('button[value="now"]')

    await page.locator('.flash:has-text("On its way.")').wait_for()
    assert await page.locator(f'input[value="{records.head}"]').count() == 1


async def test_a_refresh_leaves_a_half_written_reason_alone(
    opened: Opener, records: Records, site: Site, db: asyncpg.Connection
) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        record = await add_waiting(pool, plan=str(rows.AWAITING), offset=78)
        page = await opened("/retries", role="operator")
        await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
        await page.check(f'input[value="{record}"]')
        await page.click("#bulk summary")
        await page.fill("#bulk-reason", "ainda escrev")
        await add_waiting(pool, plan=str(rows.AWAITING), offset=79)
    await notify(db, rows.AWAITING)
    await page.wait_for_selector("[data-new-rows]:not([hidden])")

    assert await page.input_value("#bulk-reason") == "ainda escrev"
    assert await page.locator('button[value="give-up"]').is_visible()
    assert await page.evaluate("document.activeElement.getAttribute('id')") == "bulk-reason"
    assert await page.inner_text("[data-selected]") == "1"


async def test_a_record_is_given_up_with_a_reason(opened: Opener, records: Records, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        record = await add_waiting(pool, plan=str(rows.AWAITING), offset=77)
    page = await opened("/retries", role="operator")
    await page.check(f'input[value="{record}"]')
    await page.click("#bulk summary")
    await page.fill("#bulk-reason", "não vale a pena")
    await page.click('button[value="give-up"]')
    assert "Given up" in await page.inner_text(".flash")

    await page.goto("/retries?status=given_up")

    assert record in await page.inner_text("table")


async def test_a_letter_is_replayed_and_discarded_without_scripts(opened: Opener, records: Records, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        one, two = [await add_letter(pool, event=upload_of(PLAN), code="by-hand") for _ in range(2)]
    page = await opened(f"/letters/{one}", role="operator", java_script_enabled=False)
    assert "agents.redeliver" in await page.inner_text("main")
    await page.click('form:has(input[value="replay"]) button')
    assert "Sent again" in await page.inner_text(".flash")
    assert "Replay all the same" in await page.inner_text("main")

    await page.goto(f"/letters/{two}")
    await page.click("#discard summary")
    await page.fill("#discard-reason", "obsoleto")
    await page.click("#discard button.danger")

    assert "Discarded" in await page.inner_text(".flash")


@pytest.mark.parametrize(("path", "trace"), [("", "ab" * 16), (f"/plans/{rows.EXECUTING}", rows.EXECUTING.hex)])
async def test_a_trace_opens_beside_the_page(opened: Opener, records: Records, path: str, trace: str) -> None:
    page = await opened(path or records.pages()["letter"])
    await page.context.route("http://traces.example/**", lambda route: route.fulfill(body="the trace"))
    async with page.expect_popup() as popup:
        await page.locator(f'a[title="{trace}"] >> visible=true').first.click()
    beside = await popup.value

    assert beside.url == TRACES.replace("{trace}", trace)
    assert await beside.evaluate("window.opener") is None
    assert await page.locator("h1").count() == 1


@pytest.mark.parametrize("scripts", [True, False])
async def test_an_edit_that_cannot_be_kept_loses_nothing(opened: Opener, records: Records, scripts: bool) -> None:
    """Type, payload and reason come back as they were written, with the place of the mistake."""
    page = await opened(f"/letters/{records.letter}", role="operator", java_script_enabled=scripts)
    assert "<script>alert(1)</script>" in await page.inner_text("main")
    await page.click("#edit summary")
    await page.fill("#event-type", "plan.rejected")
    await page.fill("#payload-text", '{\n  "a": 1\n  "b": 2\n}')
    await page.fill("#edit-reason", "teste de edição")
    await page.click("#edit button.primary")

    assert "line 3, column 3: a comma is missing" in await page.inner_text("#edit-wrong")
    assert await page.input_value("#payload-text") == '{\n  "a": 1\n  "b": 2\n}'
    assert await page.input_value("#event-type") == "plan.rejected"
    assert await page.input_value("#edit-reason") == "teste de edição"
    assert await violations(page) == [] if scripts else True

    await page.fill("#payload-text", '{"event_id": "x"}')
    await page.click("#edit button.primary")
    assert "Not kept: The schema registry does not answer" in await page.inner_text("#edit-wrong")
    assert await page.input_value("#payload-text") == '{"event_id": "x"}'
    await page.goto(page.url)
    assert page.url.endswith(f"/letters/{records.letter.replace('|', '%7C')}")


async def test_what_nobody_can_read_begins_with_the_fields_of_its_event(opened: Opener, records: Records) -> None:
    page = await opened(f"/letters/{records.poison}", role="operator")
    await page.click("#edit summary")
    assert '"filename": ""' in await page.input_value("#payload-text")
    assert f'"correlation_id": "{PLAN}"' in await page.input_value("#payload-text")
    await page.select_option("#skeleton-type", "plan.rejected")
    await page.click("#edit button:has-text('Begin')")
    await page.wait_for_url("**?type=plan.rejected")

    assert '"reason": ""' in await page.input_value("#payload-text")
    assert '"filename"' not in await page.input_value("#payload-text")
    assert await page.input_value("#event-type") == "plan.rejected"


async def test_one_record_that_two_groups_cannot_read_is_told_as_one(
    opened: Opener, records: Records, site: Site
) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        one, other = [
            await add_letter(pool, plan=PLAN, group=group, code="bad-magic", message="the first byte is 7", offset=991)
            for group in ("agents", "projections")
        ]
    page = await opened("/letters", role="viewer")
    await open_everything(page)
    cause = page.locator('section[aria-labelledby="causes"] li', has_text="the first byte is 7")
    assert "in 2 rows" in await cause.inner_text()
    assert "agents, projections" in await cause.inner_text()
    assert "1 in the last hour" in await cause.inner_text()
    assert (await cause.locator(".mark").inner_text()).split() == ["1", "Undecided"]
    options = await page.locator('select[name="group"] option').evaluate_all("all => all.map(o => o.value)")
    assert {"agents", "analysis", "projections"} < set(options)
    await page.goto(f"/letters/{one}")
    await page.click(f'a:has-text("{other}")')
    await page.wait_for_url("**/letters/projections*")


async def test_codes_are_words_and_said_once(opened: Opener, records: Records, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        await add_letter(
            pool,
            event=upload_of(PLAN),
            code="KafkaTimeoutError",
            message="KafkaTimeoutError: KafkaTimeoutError: Request timed out",
        )
        await add_letter(pool, plan=PLAN, code="does-not-fit", message="does-not-fit: version is no number")
        one = await add_letter(pool, plan=PLAN, code="unknown-schema", message="no schema with id 7 is known")
    page = await opened("/letters?status=open", role="viewer", locale="pt-BR")
    timed_out = page.locator("tbody tr", has_text="Request timed out").first
    assert (await timed_out.inner_text()).count("KafkaTimeoutError") == 1
    fit = page.locator("tbody tr", has_text="version is no number").first
    assert "o evento não cabe no esquema" in await fit.inner_text()
    assert "does-not-fit" not in await fit.inner_text()

    page = await opened(f"/letters/{quote(one, safe='')}", role="viewer", locale="pt-BR")
    cause = page.locator("section[aria-labelledby=cause]")
    assert await cause.locator("p").first.inner_text() == "o esquema do registro não é conhecido"
    assert await cause.locator("dt:has-text('Código da causa') + dd").inner_text() == "unknown-schema"


async def test_a_retry_says_in_how_long(opened: Opener, records: Records, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        record = await add_waiting(pool, plan=str(rows.AWAITING), offset=80, due=timedelta(minutes=30))
    page = await opened("/retries", role="viewer")
    due = page.locator(f'tr[data-key="{record}"] time[data-until]')

    assert re.fullmatch(r"in \d+ min", await due.inner_text())
    assert "20" in str(await due.get_attribute("title"))


async def test_letters_are_filtered_by_code_event_group_and_time(opened: Opener, records: Records, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        new = await add_letter(pool, event=upload_of(PLAN), code="filtered")
        old = await add_letter(pool, event=upload_of(PLAN), code="filtered", at=datetime.now(UTC) - timedelta(days=3))
        other = await add_letter(pool, plan=PLAN, group="projections", code="filtered")
    page = await opened("/letters", role="operator")

    async def shown() -> set[str]:
        boxes = page.locator("tbody tr[data-key]")
        return {str(await one.get_attribute("data-key")) for one in await boxes.all()}

    await page.select_option('select[name="code"]', "filtered")
    await page.wait_for_url("**code=filtered*")
    assert await shown() == {new, old, other}
    await page.select_option('select[name="since"]', "1d")
    await page.wait_for_url("**since=1d*")
    assert await shown() == {new, other}
    await page.select_option('select[name="group"]', "agents")
    await page.wait_for_url("**group=agents*")
    assert await shown() == {new}
    await page.click('summary:has-text("Replay 1 that can be read")')
    await page.click('button:has-text("Replay them")')
    await page.locator('.flash:has-text("Replaying 1 letter")').wait_for()
    await page.click('.filters a:has-text("Clear")')
    await page.wait_for_url("**/letters")
