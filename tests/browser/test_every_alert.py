"""Of every kind of alert: to the cause in two keys that do something, to the fix in three, or nothing here mends it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import asyncpg
import orjson
import pytest
from playwright.async_api import expect

from gateway.ui.words.finding_looks import FINDINGS
from gateway.ui.words.fixes import OUTSIDE
from gateway.verdict.kinds import TRAITS, Kind
from gateway.verdict.runbooks import address
from gateway.verdict.stored import to_json
from gateway.verdict.traits import Effect
from schemas.process.liveness import LOCK
from tests.browser import rows
from tests.browser.accessibility import violations_in_light_and_dark
from tests.browser.conftest import Opener, Site, looked_at
from tests.browser.keyboard import Keyboard, alert
from tests.browser.test_system import AGENT, seed_morning
from tests.browser.test_widths import measured
from tests.integration.gateway import gateway_seed as seed
from tests.support.letters import CODEC, add_letter, add_waiting, upload_of
from tests.support.outbox import put_rejection
from tests.unit.gateway.verdict.examples import finding

#: Looked at one by one in test_from_alert.py.
ONE_BY_ONE = {Kind.FLAG_OFF, Kind.BREAKER_OPEN, Kind.PLANS_STALLED, Kind.PLANS_ESCALATED, Kind.DEAD_LETTERS}
#: A plan that nothing else in this module is about.
PLAN = rows.uid("a plan that is looked for")
TITLE = "O plano do alerta"
SECOND = {**seed.PHASE, "number": 2}

Plant = Callable[[Site, asyncpg.Connection], Awaitable[None]]


@dataclass(frozen=True)
class Way:
    """What a person does, in order: `press` leads to another page, `open` unfolds something on this one.

    `plant` makes what the alert is about, `over` is true in the database once it is mended.
    """

    plant: Plant
    does: tuple[tuple[str, ...], ...]
    over: str
    role: str = "operator"
    values: Mapping[str, object] = field(default_factory=dict)
    subject: str = ""


async def _set_aside(site: Site, db: asyncpg.Connection) -> None:
    site.services.publishing.codec = CODEC
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        await put_rejection(pool, str(PLAN), 3, set_aside=True, why="Invalid: .reason is not text but int", reason=7)


async def _forged(site: Site, db: asyncpg.Connection) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        await add_letter(pool, plan=str(PLAN), code="unsigned", message="no signature", offset=1)
        await add_letter(pool, event=upload_of(str(PLAN)), code="unknown-key", message="key k9", offset=2)
        await add_letter(pool, plan=str(PLAN), code="KeyError", message="another matter", offset=3)


async def _letters(site: Site, db: asyncpg.Connection) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        await add_letter(pool, event=upload_of(str(PLAN)), message="order 17 cannot be found", offset=4)


async def _waits(site: Site, db: asyncpg.Connection) -> None:
    await db.execute("delete from flow.parked")
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        await add_waiting(pool, plan=str(PLAN), offset=5)


def _breaker(state: str) -> Plant:
    async def plant(site: Site, db: asyncpg.Connection) -> None:
        await db.execute(
            "update flow.breaker set state = $2, forced = $3, retry_at = null,"
            " probe_until = now() + interval '1 minute' where name = $1",
            AGENT,
            state,
            state == "open",
        )

    return plant


def _plan(status: str, changes: str = "") -> Plant:
    async def plant(site: Site, db: asyncpg.Connection) -> None:
        await db.execute("delete from rm.plan where plan_id = $1", PLAN)
        await db.execute("delete from rm.timeline where plan_id = $1", PLAN)
        await db.execute("delete from decide.head where plan_id = $1", PLAN)
        seed = rows.Seed(db)
        await seed.plan(PLAN, status, title=TITLE, uploaded_at=seed.at(days=9), analyzed_at=seed.at(days=8))
        await db.execute("insert into flow.deadline (plan_id, kind, since) values ($1, 'phase1', now())", PLAN)
        if changes:
            await db.execute(f"update rm.plan set {changes} where plan_id = $1", PLAN)

    return plant


def _task(changes: str) -> Plant:
    async def plant(site: Site, db: asyncpg.Connection) -> None:
        await _plan("executing")(site, db)
        await db.execute("delete from rm.task where plan_id = $1", PLAN)
        task = await rows.Seed(db).task(PLAN, 1, "open", "A tarefa do alerta")
        await db.execute("delete from decide.head where stream = $1", f"task-{task}")
        await db.execute(f"update rm.task set {changes} where task_id = $1", task)
        await db.execute(
            "insert into decide.head (stream, kind, plan_id, status, version)"
            " select 'task-' || task_id, 'task', plan_id, status, 1 from rm.task where task_id = $1",
            task,
        )
        await db.execute("update rm.task set status = 'completed' where task_id <> $1", task)

    return plant


async def _frozen(site: Site, db: asyncpg.Connection) -> None:
    """The morning has it: a worker that is frozen, and so still connected."""
    await db.execute("truncate flow.worker_asked")
    worker = await db.fetchval("select worker_id from flow.worker where pid = 4711")
    await db.execute("select pg_advisory_lock($1, $2)", LOCK, worker)  # until the connection ends


async def _notifier(site: Site, db: asyncpg.Connection) -> None:
    worker = await db.fetchval("select flow.worker_start('alerts-y', 'alerts', 'a-host', 4713, 0, '1')")
    await db.execute(
        "update flow.worker set progress = $2, beat_at = now() + interval '1 hour' where worker_id = $1",
        worker,
        json.dumps({"notifiers": ["slack"]}),
    )
    await db.execute("select pg_advisory_lock($1, $2)", LOCK, worker)  # until the connection ends


async def _webhook(site: Site, db: asyncpg.Connection) -> None:
    await db.execute("update flow.webhook_delivery set state = 'failed', again = 0 where webhook_id = $1", rows.WEBHOOK)


HELD_BACK = {"name": AGENT, "reason": "HTTP 503, five times", "until": None}
WAITS = {"count": 1, "age": 60.0}
SHARE = {"count": 1, "all": 9, "share": "11%", "within": 3600.0}
PLAN_IS = "select count(*) = 1 from decide.head where plan_id = $1 and kind = 'plan' and status = "
TRIED_NOW = (("press", "Show retries"), ("choose", "Select all records"), ("press", "Try now"))
REPLAYED = (("press", "Show dead letters"), ("open", "that can be read"), ("press", "Replay them"))
APPROVED = (("press", "Show them"), ("press", TITLE), ("press", "Approve"))
RECOVERED = (("press", "Show them"), ("press", TITLE), ("press", "Recover now"))
RETRIED = (("press", "Show failed tasks"), ("press", "Retry"))
CLOSED = (("press", "Show the system"), ("press", "Try now"))
ENDED = (
    ("press", "Show the system"),
    ("open", "4711"),
    ("write", "Why?", "it stands still"),
    ("press", "End it"),
)
END_ASKED = "select count(*) = 1 from flow.worker_asked join flow.worker using (worker_id) where pid = 4711"
PROCESS = {"role": "worker", "pid": 4711, "host": "a-host"}
ASKED = "select requested = 'recover' from flow.deadline where plan_id = $1"
TASK_IS = "select count(*) = 1 from decide.head where plan_id = $1 and kind = 'task' and status = "
MENDED = """{"plan_id": "%s", "reason": "Os preços não batem"}""" % PLAN  # noqa: UP031 - braces

WAYS: dict[Kind, Way] = {
    Kind.EVENTS_SET_ASIDE: Way(
        _set_aside,
        (
            ("press", "Show what is set aside"),
            ("press", "plan.rejected"),
            ("write", "Data as JSON", MENDED),
            ("write", "Why?", "um texto"),
            ("press", "Mend and publish"),
        ),
        "select data ->> 'reason' = 'Os preços não batem' from decide.outbox where held_at is not null",
        values={"count": 1, "first": 3},
    ),
    Kind.RECORDS_FORGED: Way(
        _forged,
        (
            ("press", "Show dead letters"),
            ("open", "Discard all 2 that fit"),
            ("write", "Why?", "nobody of ours"),
            ("press", "Discard them"),
        ),
        "select count(*) = 2 from decide.outbox where type = 'deadletter.discarded'",
        values=WAITS,
    ),
    Kind.BREAKER_TRIPPED: Way(
        _breaker("open"),
        CLOSED,
        "select count(*) = 0 from flow.breaker where state = 'open'",
        values=HELD_BACK,
        subject=AGENT,
    ),
    Kind.BREAKER_PROBING: Way(
        _breaker("half_open"),
        CLOSED,
        "select count(*) = 0 from flow.breaker where state = 'half_open'",
        values={"name": AGENT, "reason": "HTTP 503, five times"},
        subject=AGENT,
    ),
    Kind.RETRIES_OVERDUE: Way(
        _waits, TRIED_NOW, "select due_at <= now() from flow.parked where key = $1::uuid::text", values=WAITS
    ),
    Kind.RETRIES_WAITING: Way(
        _waits, TRIED_NOW, "select due_at <= now() from flow.parked where key = $1::uuid::text", values={"count": 1}
    ),
    Kind.PHASE1_FAILING: Way(
        _waits, TRIED_NOW, "select due_at <= now() from flow.parked where key = $1::uuid::text", values=SHARE
    ),
    Kind.DEAD_LETTERS_GROWING: Way(
        _letters,
        REPLAYED,
        "select count(*) > 0 from flow.replay_job",
        values={"count": 20, "blocked": 0, "age": 60.0, "recent": 20, "within": 3600.0, "latest": 60.0},
    ),
    Kind.TASKS_FAILED: Way(_task("status = 'failed'"), RETRIED, TASK_IS + "'open'", "analyst", WAITS),
    Kind.TASKS_FAILING: Way(_task("status = 'failed'"), RETRIED, TASK_IS + "'open'", "analyst", SHARE),
    Kind.TASKS_OVERDUE: Way(
        _task("due_on = current_date - 3"),
        (("press", "Show them"), ("press", "Start")),
        TASK_IS + "'started'",
        "analyst",
        WAITS,
    ),
    Kind.DECISIONS_LATE: Way(
        _plan("awaiting_approval"),
        APPROVED,
        PLAN_IS + "'approved'",
        "analyst",
        {**WAITS, "limit": 86_400.0, "role": "analyst"},
    ),
    Kind.PLANS_EMPTY: Way(_plan("awaiting_approval"), APPROVED, PLAN_IS + "'approved'", "analyst", {"count": 1}),
    Kind.PLANS_PARTIAL: Way(
        _plan("awaiting_approval", "partial = true"), APPROVED, PLAN_IS + "'approved'", "analyst", {"count": 1}
    ),
    Kind.NEXT_PHASES: Way(
        _plan("completed", f"phases_left = '{{2}}', phases = '{orjson.dumps([SECOND]).decode()}', ended_at = now()"),
        (("press", "Show them"), ("press", TITLE), ("press", "Start phase 2")),
        PLAN_IS + "'executing'",
        "analyst",
        WAITS,
    ),
    Kind.PHASE1_LATE: Way(_plan("approved", "decided_at = now()"), RECOVERED, ASKED, values=WAITS),
    Kind.ANALYSIS_LATE: Way(_plan("analyzing"), RECOVERED, ASKED, values=WAITS),
    Kind.NOTIFIER_FAILING: Way(
        _notifier,
        (("press", "Show alerts"), ("press", "Send a test by slack")),
        "select count(*) = 1 from flow.alert_message",
        values={"name": "slack", "reason": "HTTP 404: no_service", "until": None},
        subject="notify:slack",
    ),
    Kind.PROCESS_SILENT: Way(_frozen, ENDED, END_ASKED, values={**PROCESS, "age": 60.0}),
    Kind.PROCESS_DEAF: Way(_frozen, ENDED, END_ASKED, values={**PROCESS, "reason": "no record for 10 s"}),
    Kind.WEBHOOK_FAILING: Way(
        _webhook,
        (("press", "Show the webhooks"), ("press", "erp"), ("press", "Send again what was given up")),
        "select count(*) = 0 from flow.webhook_delivery where state = 'failed'",
        "admin",
        {"name": "erp", "reason": "HTTP 503", "how": "takes nothing"},
        "webhook:erp",
    ),
}


def test_each_kind_has_a_way_or_is_named_as_one_that_nothing_here_mends() -> None:
    assert {*WAYS, *ONE_BY_ONE} | OUTSIDE == set(Kind)
    assert not {*WAYS, *ONE_BY_ONE} & OUTSIDE
    assert not set(WAYS) & ONE_BY_ONE
    assert set(FINDINGS) == set(Kind)


def _other_than(before: str) -> Callable[[str], bool]:
    return lambda url: url != before


@pytest.mark.parametrize("kind", WAYS)
async def test_from_the_alert_to_the_fix(opened: Opener, site: Site, db: asyncpg.Connection, kind: Kind) -> None:
    way = WAYS[kind]
    await db.execute("truncate flow.alert, flow.alert_message, flow.alert_silenced cascade")
    await db.execute("truncate decide.outbox, flow.replay_job cascade")
    await db.execute("delete from rm.dead_letter")
    await seed_morning(db)
    await way.plant(site, db)
    await looked_at(site)
    made = await alert(db, kind, way.subject, **way.values)
    page = await opened(f"/alerts/{made}", role=way.role)
    keys = Keyboard(page)

    for action, *said in way.does[:-1]:
        where = page.url
        await getattr(keys, "press" if action == "open" else action)(*said)
        if action == "press":
            await page.wait_for_url(_other_than(where))
    await keys.press(way.does[-1][1])
    await expect(page.locator("#flash")).to_be_visible()

    assert keys.done <= 3
    takes = [PLAN] if "$1" in way.over else []
    assert await db.fetchval(way.over, *takes) is True
    site.services.publishing.codec = None


@pytest.mark.parametrize("kind", sorted(OUTSIDE))
async def test_what_nothing_here_mends_leads_to_its_part_of_the_runbook(
    opened: Opener, site: Site, db: asyncpg.Connection, kind: Kind
) -> None:
    """By one key to where it stands, by another to what to do; a note opens no alert and needs none."""
    made = await alert(db, kind, **to_json(finding(kind))["values"])
    page = await opened(f"/alerts/{made}", role="admin")
    keys = Keyboard(page)
    _, way = FINDINGS[kind]
    if way.path and not way.path.startswith("#"):
        await keys.press(way.word)
        await page.wait_for_url(f"**{way.path}")
        anchor = way.path.partition("#")[2]
        await expect(page.locator(f"[id='{anchor}']" if anchor else "main")).to_be_visible()
        await page.go_back()
    if TRAITS[kind].effect is Effect.NOTE:
        return
    await keys.press("Runbook")
    anchor = TRAITS[kind].runbook.partition("#")[2]
    await page.wait_for_url(f"**{address(TRAITS[kind].runbook)}")
    await expect(page.locator(f"[id='{anchor}']" if anchor else "main h1")).to_be_visible()
    assert keys.done <= 2


async def test_who_may_not_open_what_mends_is_not_led_there(opened: Opener, db: asyncpg.Connection) -> None:
    made = await alert(db, Kind.EVENTS_SET_ASIDE, count=1, first=3)
    page = await opened(f"/alerts/{made}", role="viewer")
    await expect(page.get_by_role("link", name="Runbook")).to_be_visible()
    assert await page.get_by_role("link", name="Show what is set aside").count() == 0


async def test_the_page_of_an_event_is_read_by_everybody_and_fits(
    opened: Opener, site: Site, db: asyncpg.Connection
) -> None:
    await db.execute("truncate decide.outbox")
    await _set_aside(site, db)
    site.services.publishing.codec = None
    seq = await db.fetchval("select seq from decide.outbox where held_why is not null")
    for path in ("/set-aside", f"/set-aside/{seq}"):
        page = await opened(path, role="operator", locale="pt-BR", reduced_motion="reduce")
        await expect(page.locator("main")).to_contain_text("não é texto, e sim int")
        assert await violations_in_light_and_dark(page) == []
        assert await measured(page) == {}


async def test_the_page_of_an_event_that_nobody_sealed_is_read_by_everybody_and_fits(
    opened: Opener, site: Site, db: asyncpg.Connection
) -> None:
    await db.execute("truncate decide.outbox")
    await _set_aside(site, db)
    await db.execute("update decide.outbox set held_why = 'Forged: nobody has sealed it' where held_why is not null")
    seq = await db.fetchval("select seq from decide.outbox where held_why is not null")
    page = await opened(f"/set-aside/{seq}", role="operator", locale="pt-BR", reduced_motion="reduce")
    await expect(page.get_by_role("button", name="Retirar")).to_be_visible()
    assert await violations_in_light_and_dark(page) == []
    assert await measured(page) == {}


async def test_the_menu_leads_to_the_reference_of_the_api(opened: Opener) -> None:
    page = await opened("/", role="viewer")
    await page.click(".side .prefs summary")
    await page.click(".side .prefs a[href='/docs']")
    await page.wait_for_url("**/docs")
