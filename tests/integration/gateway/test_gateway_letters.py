"""Dead letters over HTTP: by cause and one by one, edits, discards, and how many are taken at once."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from schemas import headers as h
from schemas import wire
from schemas.events import Event
from tests.integration.gateway.gateway_running import Running, one_row
from tests.integration.gateway.test_gateway_retries import new_plan, raw_of
from tests.support.letters import CODEC, FAILED, add_letter, project_actions, upload_of


async def test_letters_are_grouped_by_cause(gateway: Running, api: httpx.AsyncClient) -> None:
    code = f"code-{uuid.uuid4().hex[:6]}"
    for n in range(3):
        await add_letter(gateway.pool, plan=new_plan(), code=code, message=f"order {n} of plan {new_plan()} failed")
    long_ago = datetime.now(UTC) - timedelta(hours=5)
    await add_letter(gateway.pool, plan=new_plan(), code=code, message="order 1 failed", at=long_ago)

    groups = (await api.get("/api/dead-letters/groups", params={"code": code})).json()

    assert [(g["total"], g["states"]["open"]) for g in groups["items"]] == [(3, 3), (1, 1)]
    assert groups["items"][0]["trend"][-1] == 3
    assert (sum(groups["items"][1]["trend"]), len(groups["items"][1]["trend"])) == (1, 24)
    assert groups["items"][1]["trend"][18] == 1
    fingerprint = groups["items"][0]["fingerprint"]
    listed = (
        await api.get("/api/dead-letters", params={"fingerprint": fingerprint, "limit": 2, "total": "true"})
    ).json()
    assert (len(listed["items"]), listed["total"]) == (2, 3)
    rest = await api.get("/api/dead-letters", params={"fingerprint": fingerprint, "cursor": listed["nextCursor"]})
    assert len(rest.json()["items"]) == 1


async def test_a_letter_shows_its_payload_headers_and_cause(gateway: Running, api: httpx.AsyncClient) -> None:
    event = upload_of(new_plan())
    record = await add_letter(gateway.pool, event=event)
    poison = await add_letter(gateway.pool, plan=new_plan(), value=b"\0\xff")

    letter = (await api.get(f"/api/dead-letters/{record}")).json()
    unreadable = (await api.get(f"/api/dead-letters/{poison}")).json()

    assert letter["data"]["title"] == "Vendas"
    assert letter["data"]["event_id"] == event.event_id
    assert (letter["state"], letter["readable"], letter["attempts"], letter["traceId"]) == ("open", True, 4, "ab" * 16)
    assert [h.ERROR_CODE, "ValueError"] in letter["headers"]
    assert letter["stack"].startswith("Traceback")
    assert (unreadable["data"], unreadable["readable"], unreadable["valueBase64"]) == (None, False, "AP8=")


async def test_replay_discard_and_the_letter_that_comes_back_three_times(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    event = upload_of(new_plan())
    record = await add_letter(gateway.pool, event=event)

    async def state() -> str:
        await project_actions(gateway.pool)
        return str((await api.get(f"/api/dead-letters/{record}")).json()["state"])

    async def replay(**body: Any) -> httpx.Response:
        return await api.post(f"/api/dead-letters/{record}/replay", json=body)

    for n in range(1, 4):
        assert (await replay()).status_code == 200
        assert await state() == "replayed"
        out_already = await replay()
        assert (out_already.status_code, out_already.json()["currentStatus"]) == (409, "replayed")
        assert await add_letter(gateway.pool, event=event, replay=n, record_id=record) == record
    assert await state() == "blocked"
    refused = await replay()
    assert (refused.status_code, refused.json()["currentStatus"]) == (409, "blocked")
    assert (await replay(force=True)).status_code == 200

    sent = await raw_of(gateway.pool, event.correlation_id)
    assert [s["topic"] for s in sent] == ["agents.redeliver"] * 4
    assert [s["headers"][h.REPLAY] for s in sent] == [b"1", b"2", b"3", b"4"]
    assert h.ATTEMPT not in sent[0]["headers"]
    assert h.ERROR_CODE not in sent[0]["headers"]
    assert sent[0]["headers"][h.ORIG_OFFSET].decode() == record.rpartition("|")[2]
    assert sent[0]["raw"] == CODEC.encode("plan.events", event)
    row = await one_row(gateway.pool, "select state, replay, attempt from flow.parked where record_id = $1", record)
    assert tuple(row) == ("waiting", 4, 0)

    discarded = await api.post("/api/dead-letters/discard", json={"recordIds": [record], "reason": "obsoleto"})
    assert discarded.json()["results"][0]["outcome"] == "accepted"
    assert await state() == "discarded"
    assert (await replay()).json()["currentStatus"] == "discarded"
    assert (await replay(force=True)).status_code == 200
    assert await state() == "replayed"


async def test_an_edited_payload_is_checked_and_sent_and_the_original_kept(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    event = upload_of(new_plan())
    record = await add_letter(gateway.pool, event=event)
    letter = (await api.get(f"/api/dead-letters/{record}")).json()
    publishing = gateway.app.state.services.publishing
    body = {"payload": {**letter["data"], "title": "Corrigido"}, "reason": "título"}

    away = await api.patch(f"/api/dead-letters/{record}", json=body)
    publishing.codec = CODEC
    try:
        bad = {
            "missing": {k: v for k, v in letter["data"].items() if k != "title"},
            "type": {**letter["data"], "size_bytes": "big"},
            "envelope": {k: v for k, v in letter["data"].items() if k != "event_id"},
            "stranger": {**letter["data"], "correlation_id": new_plan()},
            "more": {**letter["data"], "surprise": 1},
        }
        refused = {
            name: (await api.patch(f"/api/dead-letters/{record}", json={**body, "payload": p})).status_code
            for name, p in bad.items()
        }
        foreign = await api.patch(f"/api/dead-letters/{record}", json={**body, "type": "plan.imagined"})
        edited = await api.patch(f"/api/dead-letters/{record}", json=body)
        stale = await api.patch(f"/api/dead-letters/{record}", json=body, headers={"If-Match": '"0"'})
    finally:
        publishing.codec = None

    assert away.status_code == 503
    assert set(refused.values()) == {422}, refused
    assert foreign.status_code == 422
    assert edited.status_code == 200
    assert edited.json()["differences"] == [
        {"path": "/title", "kind": "changed", "before": "Vendas", "after": "Corrigido"}
    ]
    assert stale.status_code == 412
    shown = (await api.get(f"/api/dead-letters/{record}")).json()
    assert (shown["data"]["title"], shown["edit"]["title"], shown["editedBy"]) == ("Vendas", "Corrigido", "the admin")
    outlook = (await api.post("/api/dead-letters/dry-run", json={"recordIds": [record]})).json()["items"][0]
    assert (outlook["outcome"], outlook["edited"], outlook["readable"]) == ("accepted", True, True)
    await api.post(f"/api/dead-letters/{record}/replay", json={})
    (sent,) = await raw_of(gateway.pool, event.correlation_id)
    assert CODEC.decode(sent["raw"]).data["title"] == "Corrigido"
    assert sent["headers"]["ce_type"] == b"plan.uploaded"
    assert sent["headers"][h.REPLAY] == b"1"
    assert sent["headers"][h.FAILED_SPAN] == FAILED.encode(), "the attempt to come is linked to the one that failed"


async def test_each_edit_says_which_fields_it_changed_and_no_value(gateway: Running, api: httpx.AsyncClient) -> None:
    record = await add_letter(gateway.pool, event=upload_of(new_plan()))
    original = (await api.get(f"/api/dead-letters/{record}")).json()["data"]
    first = {**original, "title": "Da Maria"}
    second = {**first, "title": "Da Ana", "channels": [*original["channels"], "magalu"]}
    added = f"/channels/{len(original['channels'])}"
    publishing = gateway.app.state.services.publishing
    publishing.codec = CODEC
    try:
        for payload in (first, second, second, original):
            body = {"payload": payload, "reason": "título"}
            assert (await api.patch(f"/api/dead-letters/{record}", json=body)).status_code == 200
    finally:
        publishing.codec = None

    events = await gateway.pool.fetch(
        "select data::text from decide.outbox where stream = $1 and type = 'deadletter.edited' order by version",
        f"deadletter-{record}",
    )
    said = [orjson.loads(e["data"]) for e in events]
    assert [sorted(e.get("changed", [])) for e in said] == [["/title"], [added, "/title"], [], [added, "/title"]]
    for data in said:
        assert "Maria" not in str(data)
        wire.check(Event("deadletter.edited", "e", "s", 1, 1, "c", data["source"], "ana", data))


async def many_letters(pool: asyncpg.Pool, code: str, count: int) -> list[str]:
    """Add so many open letters with one code; return them, oldest first."""
    rows = await pool.fetch(
        "insert into rm.dead_letter (record_id, grp, orig_topic, code, fingerprint, replay, dead_at)"
        " select 'agents|plan.events|9|' || nextval('many_letters'), 'agents', 'plan.events', $1, $1, 0,"
        " now() - interval '1 day' + (n / 3) * interval '1 s' from generate_series(1, $2) n"
        " returning record_id, dead_at",
        code,
        count,
    )
    return [r["record_id"] for r in sorted(rows, key=lambda r: (r["dead_at"], r["record_id"]))]


@pytest.fixture(scope="module")
async def numbered(gateway: Running) -> None:
    await gateway.pool.execute("create sequence many_letters")


@pytest.mark.usefixtures("numbered")
async def test_a_discard_of_many_says_what_is_left_and_goes_on_there(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"code-{uuid.uuid4().hex[:6]}"
    records = await many_letters(gateway.pool, code, 1_300)
    monkeypatch.setattr("gateway.operations.discarding.MOST_DISCARDED", 1_100)
    body: dict[str, Any] = {"selection": {"code": [code], "state": ["open"]}, "reason": "obsoleto"}

    dry = (await api.post("/api/dead-letters/dry-run", json={"selection": body["selection"]})).json()
    first = (await api.post("/api/dead-letters/discard", json=body)).json()
    second = (await api.post("/api/dead-letters/discard", json={**body, "after": first["nextAfter"]})).json()

    assert (dry["total"], len(dry["items"])) == (1_300, 200)
    assert (first["total"], first["left"], len(first["results"])) == (1_300, 200, 1_100)
    assert (second["total"], second["left"], second["nextAfter"]) == (200, 0, None)
    assert [r["recordId"] for r in first["results"] + second["results"]] == records
    assert {r["outcome"] for r in first["results"] + second["results"]} == {"accepted"}
    wrong = await api.post("/api/dead-letters/discard", json={**body, "after": "x"})
    alone = await api.post("/api/dead-letters/discard", json={"recordIds": records[:1], "reason": "x", "after": "x"})
    assert (wrong.status_code, alone.status_code) == (422, 422)


@pytest.mark.usefixtures("numbered")
async def test_a_discard_that_takes_long_ends_in_time_and_says_so(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"code-{uuid.uuid4().hex[:6]}"
    await many_letters(gateway.pool, code, 700)
    monkeypatch.setattr("gateway.operations.discarding.DISCARDING_S", 0.0)

    body = {"selection": {"code": [code]}, "reason": "obsoleto"}
    said = (await api.post("/api/dead-letters/discard", json=body)).json()

    assert (len(said["results"]), said["left"], said["total"]) == (500, 200, 700)
    assert said["nextAfter"]


@pytest.mark.usefixtures("numbered")
async def test_a_replay_of_too_many_is_refused_with_the_limit(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"code-{uuid.uuid4().hex[:6]}"
    await many_letters(gateway.pool, code, 4)
    monkeypatch.setattr("gateway.operations.letters.MOST_REPLAYED", 3)

    refused = await api.post("/api/dead-letters/replay", json={"selection": {"code": [code]}})
    named = await api.post("/api/dead-letters/replay", json={"recordIds": ["agents|x|0|1"] * 1_001})

    assert refused.status_code == 422
    assert "4 dead letters fit, and one replay takes 3 at most" in refused.json()["detail"]
    assert (named.status_code, "1000" in named.json()["detail"]) == (422, True)
