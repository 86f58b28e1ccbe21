"""Alerts for people: the API, the command line and the page, by role, and what is kept of who did what."""

from __future__ import annotations

import asyncio
import html
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from typer.testing import CliRunner

from gateway.alerts import store
from gateway.alerts.alert import About
from gateway.alerts.core import Change
from gateway.alerts.message import Message, gathered, item
from gateway.alerts.routing import Notice
from gateway.cli.main import app
from gateway.cli.terminal import Terminal
from gateway.ui.pages import alerts as pages
from gateway.verdict.families import key_of
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from projections.reads.written import Shown
from schemas.process.liveness import LOCK
from tests.integration.gateway.gateway_running import Running
from tests.unit.gateway.alerts.looks import alert, letters, missing


async def add(pool: asyncpg.Pool, finding: Finding | None = None) -> UUID:
    """An alert that was told to Slack, as the engine keeps it."""
    finding = finding or missing()
    made = alert(key=f"{key_of(finding)}-{uuid4().hex[:6]}")
    made = type(made)(
        uuid4(),
        made.key,
        finding.kind,
        finding.subject,
        finding.traits.severity,
        made.state,
        None,
        datetime.now(UTC) - timedelta(seconds=90),
        finding,
        ("No worker runs: uploads wait.", "Evidence.", "Start one."),
        "docs/runbooks/something-is-stuck.md",
    )
    async with pool.acquire() as db:
        assert await store.write(db, Change("opened", made))
        notice = Notice(uuid4(), made.alert_id, About.OPENED, 1, "slack", datetime.now(UTC))
        await store.put(db, [notice])
        message_id = uuid4()
        body = gathered(str(message_id), [item(made, About.OPENED, "http://pages")], "http://pages")
        await db.execute(
            "insert into flow.alert_message (message_id, notifier, body, state, due_at, attempts, ended_at)"
            " values ($1, 'slack', $2, 'sent', now(), 2, now())",
            message_id,
            json.dumps(body.to_json()),
        )
        await db.execute(
            "update flow.alert_notice set message_id = $1 where notice_id = $2", message_id, notice.notice_id
        )
        await db.execute(
            "insert into flow.alert_attempt (message_id, attempt, outcome, seconds, detail)"
            " values ($1, 1, 'failed', 0.2, 'HTTP 500: broken'), ($1, 2, 'sent', 0.1, 'HTTP 200: ok')",
            message_id,
        )
    return made.alert_id


@pytest.fixture
async def engine(gateway: Running, database_url: str) -> Any:
    """The row of an engine that has two ways out, and its lock."""
    worker = await gateway.pool.fetchval(
        "select flow.worker_start($1, 'alerts', 'host', 7, 0, '0.1.0')", f"alerts-{uuid4().hex[:6]}"
    )
    await gateway.pool.execute(
        'update flow.worker set progress = \'{"notifiers": ["slack", "email"]}\' where worker_id = $1', worker
    )
    held = await asyncpg.connect(database_url)
    await held.execute("select pg_advisory_lock($1, $2)", LOCK, worker)
    yield worker
    await held.close()
    await gateway.pool.execute("delete from flow.worker where worker_id = $1", worker)


async def test_an_alert_is_read_with_where_it_went_and_whether_it_arrived(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    made = await add(gateway.pool)
    listed = next(a for a in (await api.get("/api/alerts")).json()["items"] if a["alertId"] == str(made))
    assert (listed["kind"], listed["severity"], listed["state"]) == ("role-missing", "critical", "open")
    assert listed["lastedSeconds"] >= 90
    assert [(s["notifier"], s["about"], s["state"], s["tries"]) for s in listed["sent"]] == [
        ("slack", "opened", "sent", [])
    ]
    one = (await api.get(f"/api/alerts/{made}")).json()
    assert [(t["outcome"], t["detail"]) for t in one["sent"][0]["tries"]] == [
        ("failed", "HTTP 500: broken"),
        ("sent", "HTTP 200: ok"),
    ]
    assert (await api.get("/api/alerts", params={"state": "resolved"})).json()["items"] == []
    assert (await api.get(f"/api/alerts/{uuid4()}")).status_code == 404


async def test_pages_of_the_list_follow_one_another(gateway: Running, api: httpx.AsyncClient) -> None:
    for _ in range(3):
        await add(gateway.pool)
    seen: list[str] = []
    cursor = None
    while True:
        page = (await api.get("/api/alerts", params={"limit": 2, **({"cursor": cursor} if cursor else {})})).json()
        seen += [one["alertId"] for one in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) >= 3


async def test_who_sees_to_it_is_kept_announced_and_audited(gateway: Running, api: httpx.AsyncClient) -> None:
    made = await add(gateway.pool)
    path = f"/api/alerts/{made}/acknowledge"
    outcomes = [(await api.post(path, json={"note": "restarting"})).json()["outcome"] for _ in range(2)]
    assert outcomes == ["accepted", "unchanged"]
    one = (await api.get(f"/api/alerts/{made}")).json()
    assert (one["state"], one["acknowledgedBy"], one["note"]) == ("acknowledged", "the admin", "restarting")
    rows = await Shown(gateway.pool).fetch(
        "select type, version, data ->> 'note' as note, actor from decide.outbox where stream = $1 order by version",
        f"alert-{made}",
    )
    assert [tuple(row.values()) for row in rows] == [
        ("alert.opened", 1, None, "system:alerts"),
        ("alert.acknowledged", 2, "restarting", "the admin"),
    ]
    audited = await gateway.pool.fetchval(
        "select count(*) from decide.outbox where type = 'command.audited' and data ->> 'target' = $1", str(made)
    )
    assert audited == 1


async def test_a_silence_has_an_end_and_a_reason(gateway: Running, api: httpx.AsyncClient) -> None:
    made = await add(gateway.pool)
    path = f"/api/alerts/{made}/silence"
    for body in (
        {"forSeconds": 60},
        {"reason": "x"},
        {"forSeconds": 60, "until": "2099-01-01T00:00:00Z", "reason": "x"},
        {"until": "2020-01-01T00:00:00Z", "reason": "x"},
        {"until": "2099-01-01T00:00:00Z", "reason": "x"},
        {"forSeconds": 99_999_999, "reason": "x"},
    ):
        assert (await api.post(path, json=body)).status_code == 422, body
    assert (await api.post(path, json={"forSeconds": 3600, "reason": "a move"})).json()["outcome"] == "accepted"
    one = (await api.get(f"/api/alerts/{made}")).json()
    assert (one["state"], one["silenceReason"], one["silencedBy"]) == ("silenced", "a move", "the admin")
    since = await gateway.pool.fetchval("select now() - interval '1 hour'")
    await gateway.pool.execute("update flow.alert_silenced set silenced_at = $1", since)
    silenced_at = (await api.get(f"/api/alerts/{made}")).json()["silencedAt"]
    assert datetime.fromisoformat(silenced_at) == since, "of the silence, not of the alert"
    assert [(await api.delete(path)).json()["outcome"] for _ in range(2)] == ["accepted", "unchanged"]
    one = (await api.get(f"/api/alerts/{made}")).json()
    assert (one["silencedUntil"], one["silencedAt"]) == (None, None)


async def test_what_is_over_can_neither_be_seen_to_nor_silenced(gateway: Running, api: httpx.AsyncClient) -> None:
    made = await add(gateway.pool)
    await gateway.pool.execute(
        "update flow.alert set state = 'resolved', resolved_at = now() where alert_id = $1", made
    )
    assert (await api.post(f"/api/alerts/{made}/acknowledge", json={})).status_code == 409
    assert (await api.post(f"/api/alerts/{made}/silence", json={"forSeconds": 9, "reason": "x"})).status_code == 409
    assert (await api.post(f"/api/alerts/{uuid4()}/acknowledge", json={})).status_code == 404


@pytest.mark.parametrize("role", ["viewer", "analyst"])
async def test_an_operator_acts_and_a_viewer_sees(gateway: Running, role: str) -> None:
    made = await add(gateway.pool)
    async with gateway.client(role) as client:
        assert (await client.get(f"/api/alerts/{made}")).status_code == 200
        assert (await client.post(f"/api/alerts/{made}/acknowledge", json={})).status_code == 403
        assert (await client.post("/api/alerts/test", json={"notifier": "slack"})).status_code == 403
    async with gateway.client("operator") as client:
        assert (await client.post(f"/api/alerts/{made}/acknowledge", json={})).status_code == 200


async def test_a_test_goes_into_the_queue_of_a_notifier_that_there_is(
    gateway: Running, api: httpx.AsyncClient, engine: int
) -> None:
    refused = await api.post("/api/alerts/test", json={"notifier": "fax"})
    assert (refused.status_code, "email, slack" in refused.json()["detail"]) == (404, True)
    made = (await api.post("/api/alerts/test", json={"notifier": "slack"})).json()
    found = (await api.get(f"/api/alerts/messages/{made['messageId']}")).json()
    assert (found["notifier"], found["state"], found["about"]) == ("slack", "waiting", "test")
    assert made["escalates"] is True
    await gateway.pool.execute(
        'update flow.worker set progress = progress || \'{"alone": "slack"}\' where worker_id = $1', engine
    )
    alone = (await api.post("/api/alerts/test", json={"notifier": "slack"})).json()
    assert alone["escalates"] is False, "nobody else is told when no one acknowledges"
    assert (await api.get(f"/api/alerts/messages/{uuid4()}")).status_code == 404


@pytest.mark.parametrize(
    ("told", "language", "title", "by"),
    [
        ("{}", "en", "Test of alerts", "the admin asked for it."),
        ('{"language": "pt_BR"}', "pt_BR", "Teste de alertas", "Pedido por the admin."),
    ],
)
async def test_a_test_is_in_the_language_of_the_engines_messages(
    gateway: Running, api: httpx.AsyncClient, engine: int, told: str, language: str, title: str, by: str
) -> None:
    await gateway.pool.execute("update flow.worker set progress = progress || $2 where worker_id = $1", engine, told)
    made = UUID((await api.post("/api/alerts/test", json={"notifier": "slack"})).json()["messageId"])
    sent = await gateway.pool.fetchval("select body from flow.alert_message where message_id = $1", made)
    message = Message.from_json(json.loads(sent))
    assert (message.title, message.language, message.text.endswith(by)) == (title, language, True)


async def marketplace(gateway: Running, *arguments: str) -> tuple[int, str]:
    terminal = Terminal({"MARKETPLACE_URL": gateway.url, "MARKETPLACE_API_KEY": gateway.keys["admin"]})
    done = await asyncio.to_thread(CliRunner().invoke, app, ["alerts", *arguments], obj=terminal)
    terminal.client.__exit__(None, None, None)
    return done.exit_code, " ".join(done.output.split())


async def test_the_command_line_does_all_of_it(gateway: Running, engine: int) -> None:
    made = await add(gateway.pool)
    short = str(made)[:13]
    assert str(made)[:8] in (await marketplace(gateway, "list"))[1]
    code, text = await marketplace(gateway, "show", short)
    assert (code, "HTTP 500: broken" in text, "Start one." in text) == (0, True, True)
    assert (await marketplace(gateway, "ack", short, "--note", "on it")) == (0, "You see to it.")
    assert (await marketplace(gateway, "ack", short))[1] == "It was so before: nothing changed."
    assert (await marketplace(gateway, "silence", short, "--for", "4h", "--reason", "x"))[0] == 0
    assert "silenced by the admin" in (await marketplace(gateway, "show", short))[1]
    assert (await marketplace(gateway, "unsilence", short)) == (0, "It is told again.")
    assert (await marketplace(gateway, "silence", short, "--for", "soon", "--reason", "x"))[0] == 2
    assert (await marketplace(gateway, "show", "ffffffff"))[0] == 2
    assert (await marketplace(gateway, "test", "fax"))[0] == 1


async def test_the_command_line_says_whether_a_test_arrived(gateway: Running, engine: int) -> None:
    async def answer() -> None:
        while not (
            rows := await gateway.pool.fetch("select message_id from flow.alert_message where state = 'waiting'")
        ):
            await asyncio.sleep(0.02)
        for row in rows:
            await gateway.pool.execute(
                "insert into flow.alert_attempt (message_id, attempt, outcome, detail)"
                " values ($1, 1, 'sent', 'HTTP 200: ok') on conflict do nothing",
                row["message_id"],
            )
        await gateway.pool.execute("update flow.alert_message set state = 'sent', ended_at = now()")

    await gateway.pool.execute("delete from flow.alert_message where state = 'waiting'")
    answering = asyncio.create_task(answer())
    assert (await marketplace(gateway, "test", "slack")) == (0, "The test by slack arrived: HTTP 200: ok")
    await answering


@pytest.mark.parametrize(
    ("outcome", "detail", "language", "said"),
    [
        ("sent", "HTTP 200: ok", "en", "The test by slack arrived: HTTP 200: ok"),
        (
            "failed",
            "HTTP 404: no_service",
            "en",
            "The test by slack did not arrive: HTTP 404: no_service. See SLACK_WEBHOOK_URL of the alert engine",
        ),
        ("failed", "no answer within 15 s", "pt-BR", "O teste por slack não chegou: sem resposta em 15 s."),
        ("begun", "", "en", "A test is on its way by slack."),
    ],
)
async def test_the_page_says_whether_a_test_arrived_and_what_to_look_at(
    gateway: Running,
    engine: int,
    monkeypatch: pytest.MonkeyPatch,
    outcome: str,
    detail: str,
    language: str,
    said: str,
) -> None:
    monkeypatch.setattr(pages, "TEST_S", 0.5 if outcome == "begun" else 30.0)

    async def answer() -> None:
        while not await gateway.pool.fetchval(
            "with due as (update flow.alert_message set state = $1 where state = 'waiting' returning message_id)"
            " insert into flow.alert_attempt (message_id, attempt, outcome, detail)"
            " select message_id, 1, $2, $3 from due returning 1",
            {"sent": "sent", "failed": "failed", "begun": "waiting"}[outcome],
            outcome,
            detail,
        ):
            await asyncio.sleep(0.02)

    await gateway.pool.execute("delete from flow.alert_message where state = 'waiting'")
    answering = asyncio.create_task(answer())
    async with gateway.browser("operator", language) as browser:
        shown = (await browser.get("/alerts")).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
        assert token is not None
        form = {"csrf_token": token[1], "notifier": "slack"}
        answered = await browser.post("/alerts/test", data=form, follow_redirects=True)
    await answering
    assert said in flat(answered.text)


async def test_an_alert_says_what_was_late_while_it_lasted(gateway: Running, api: httpx.AsyncClient) -> None:
    """As everybody sees it: numbers of the whole system, as objectives have them."""
    made = await add(gateway.pool)
    business = await add(gateway.pool, Finding(Kind.TASKS_FAILED, {"count": 1, "age": 5.0}))
    await gateway.pool.execute(
        "update flow.alert set opened_at = '2026-02-01 12:00Z', since = null, state = 'resolved',"
        " resolved_at = '2026-02-01 12:10Z' where alert_id = $1",
        made,
    )
    await gateway.pool.execute(
        "insert into rm.slo_missed (hour, measure, plan_id, version, took_ms, at)"
        " select '2026-02-01 12:00Z', 'phase1', gen_random_uuid(), 4, ms, '2026-02-01 12:05Z'"
        "   from unnest(array[20000, 40000]) ms"
    )
    found = (await api.get(f"/api/alerts/{made}")).json()["harm"]
    said = "2 approvals waited 1 min in all for their tasks, 40 s at most"
    assert found["text"] == f"While it lasted, in the whole system: {said}."
    assert (found["approvalsLate"], found["waitedS"], found["longestWaitS"], found["plansStalled"]) == (
        2,
        60.0,
        40.0,
        0,
    )
    assert (await api.get(f"/api/alerts/{business}")).json()["harm"] is None, "the system is well with it"
    assert {one["harm"] for one in (await api.get("/api/alerts")).json()["items"]} == {None}
    assert found["text"] in (await marketplace(gateway, "show", str(made)))[1]
    for came, language, text, lasted in (
        (1, "en", found["text"], "over after 10 min"),
        (2, "en", found["text"], "wrong on and off for 10 min"),
        (2, "pt-BR", "Enquanto durou, em todo o sistema: 2 aprovações esperaram", "intermitente por 10 min"),
    ):
        await gateway.pool.execute("update flow.alert set came = $2 where alert_id = $1", made, came)
        async with gateway.client("viewer", **{"accept": "text/html", "accept-language": language}) as client:
            shown = [flat((await client.get(path)).text) for path in (f"/alerts/{made}", "/alerts?status=resolved")]
            assert (text in shown[0], [lasted in page for page in shown]) == (True, [True, True])
        assert ("on and off for" if came > 1 else "after 10 min") in (await marketplace(gateway, "show", str(made)))[1]


def flat(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("No worker runs", "Its supervisor starts it again", "Arrived", "It began", "Where alerts go")),
        ("pt-BR", ("Fora de execução: worker", "O supervisor", "Chegou", "Começou", "Para onde vão os alertas")),
    ],
)
async def test_the_page_says_it_in_the_readers_language(
    gateway: Running, engine: int, language: str, words: tuple[str, ...]
) -> None:
    made = await add(gateway.pool)
    async with gateway.client(**{"accept": "text/html", "accept-language": language}) as client:
        for path in ("/alerts", "/alerts?status=open", f"/alerts/{made}"):
            answer = await client.get(path)
            assert answer.status_code == 200
            shown = flat(answer.text)
            assert all(word in shown for word in words[:2])
        assert words[4] in flat((await client.get("/alerts")).text)
        assert "HTTP 500: broken" in flat((await client.get(f"/alerts/{made}")).text)
        assert (await client.get("/alerts?status=resolved&cursor=nonsense")).status_code == 303


async def test_an_alert_of_another_version_keeps_the_words_it_was_written_with(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    made = await add(gateway.pool, letters(3))
    await gateway.pool.execute(
        "update flow.alert set finding = '{\"kind\": \"of-tomorrow\"}', kind = 'of-tomorrow' where alert_id = $1", made
    )
    async with gateway.client(**{"accept": "text/html", "accept-language": "pt-BR"}) as client:
        assert "No worker runs: uploads wait." in flat((await client.get(f"/alerts/{made}")).text)
    assert (await api.get(f"/api/alerts/{made}")).json()["kind"] == "of-tomorrow"


async def test_the_page_says_of_which_critical_alerts_nobody_is_told(gateway: Running, engine: int) -> None:
    told = "Critical alerts of 2 kinds come to nobody"
    for progress, said in (('{"unheard": ["broker-away", "role-missing"]}', True), ('{"unheard": []}', False)):
        await gateway.pool.execute(
            "update flow.worker set progress = progress || $2::jsonb where worker_id = $1", engine, progress
        )
        gateway.app.state.services.verdicts.forget()
        async with gateway.client(accept="text/html") as client:
            shown = flat((await client.get("/alerts")).text)
        assert (told in shown, "They are: broker-away, role-missing." in shown) == (said, said)
