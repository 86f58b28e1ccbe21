"""Retries and dead letters over HTTP: what is shown, what is done, and what the outbox carries then."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from projections.dead_letters.burial import DEAD_LETTERS
from projections.run.topics import TOPICS
from schemas import headers as h
from schemas import wire
from schemas.events import Event
from schemas.topics import WORK, declared
from tests.integration.gateway.gateway_running import Running, one_row
from tests.support.letters import CODEC, FAILED, NOW, add_letter, add_waiting, project_actions, upload_of

OFFSETS = iter(range(1_000, 100_000))


def new_plan() -> str:
    return str(uuid.uuid4())


async def raw_of(pool: asyncpg.Pool, plan: str) -> list[dict[str, Any]]:
    """What was put into the outbox as it is, with headers as text."""
    rows = await pool.fetch(
        "select topic, raw, raw_headers from decide.outbox where key = $1 and raw_headers is not null order by seq",
        plan,
    )
    return [
        {"topic": r["topic"], "raw": r["raw"], "headers": dict(h.from_json(orjson.loads(r["raw_headers"])))}
        for r in rows
    ]


async def test_what_waits_is_listed_the_next_one_first(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = new_plan()
    later = await add_waiting(gateway.pool, plan=plan, offset=next(OFFSETS))
    sooner = await add_waiting(gateway.pool, plan=plan, offset=next(OFFSETS), due=timedelta(seconds=30))
    await add_waiting(gateway.pool, plan=plan, offset=next(OFFSETS), state="done")

    page = (await api.get("/api/retries", params={"plan": plan, "total": "true"})).json()
    one = (await api.get(f"/api/retries/{sooner}")).json()
    first = (await api.get("/api/retries", params={"plan": plan, "limit": 1})).json()
    second = (await api.get("/api/retries", params={"plan": plan, "limit": 1, "cursor": first["nextCursor"]})).json()

    assert [i["recordId"] for i in page["items"]] == [sooner, later]
    assert page["total"] == 2
    assert one == page["items"][0]
    assert (one["attempt"], one["code"], one["state"]) == (1, "ValueError", "waiting")
    assert [first["items"][0]["recordId"], second["items"][0]["recordId"]] == [sooner, later]
    assert (await api.get("/api/retries/agents|plan.events|3|999999999")).status_code == 404


async def test_retry_now_sends_the_stored_bytes_once(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = new_plan()
    record = await add_waiting(gateway.pool, plan=plan, offset=next(OFFSETS))

    answers = [(await api.post("/api/retries/now", json={"recordIds": [record]})).json() for _ in range(2)]

    assert [a["results"][0]["outcome"] for a in answers] == ["accepted", "unchanged"]
    (sent,) = await raw_of(gateway.pool, plan)
    assert (sent["topic"], sent["raw"]) == ("agents.redeliver", b"bytes")
    assert sent["headers"][h.ATTEMPT] == b"1"
    audit = await one_row(
        gateway.pool,
        "select actor, data from decide.outbox where type = 'command.audited' and data ->> 'target' = $1",
        record,
    )
    assert audit["actor"] == "the admin"
    assert orjson.loads(audit["data"])["command"] == "retry.now"


async def test_what_waits_behind_another_is_refused_and_given_up_heads_let_it_go(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan = new_plan()
    head, behind = [await add_waiting(gateway.pool, plan=plan, offset=next(OFFSETS)) for _ in range(2)]

    refused = await api.post("/api/retries/now", json={"recordIds": [behind]})
    both = await api.post("/api/retries/now", json={"recordIds": [behind, "agents|x|0|0"]})
    given_up = await api.post("/api/retries/give-up", json={"recordIds": [head], "reason": "não serve"})
    after = await api.post("/api/retries/now", json={"recordIds": [behind]})

    assert (refused.status_code, refused.json()["behind"]) == (409, head)
    assert [r["outcome"] for r in both.json()["results"]] == ["behind", "not_found"]
    assert given_up.json()["results"][0]["outcome"] == "accepted"
    assert after.status_code == 200
    dead, redelivered = await raw_of(gateway.pool, plan)
    assert (dead["topic"], redelivered["topic"]) == ("agents.dlq", "agents.redeliver")
    assert dead["headers"][h.GIVEN_UP_REASON].decode() == "não serve"
    assert dead["headers"][h.GIVEN_UP_BY] == b"the admin"
    assert h.NEXT_ATTEMPT_AT not in dead["headers"]
    audit = await one_row(
        gateway.pool,
        "select actor, data from decide.outbox where type = 'command.audited' and data ->> 'target' = $1",
        head,
    )
    said = orjson.loads(audit["data"])
    assert (audit["actor"], said["command"], said["reason"]) == ("the admin", "retry.give-up", "não serve")
    again = await api.post("/api/retries/now", json={"recordIds": [head]})
    assert (again.status_code, again.json()["currentStatus"]) == (409, "given_up")


@pytest.mark.parametrize("how", ["now", "give-up"])
async def test_those_behind_a_record_go_with_it_in_their_order(
    gateway: Running, api: httpx.AsyncClient, how: str
) -> None:
    plan = new_plan()
    places = [next(OFFSETS) for _ in range(5)]
    head = await add_waiting(gateway.pool, plan=plan, offset=places[0])
    followers = [await add_waiting(gateway.pool, plan=plan, offset=at, behind=head, code="") for at in places[1:3]]
    failed = await add_waiting(gateway.pool, plan=plan, offset=places[3])
    stays = await add_waiting(gateway.pool, plan=plan, offset=places[4], behind=failed, code="")

    reason = {"reason": "não serve"} if how == "give-up" else {}
    await api.post(f"/api/retries/{how}", json={"recordIds": [head], **reason})

    sent = await raw_of(gateway.pool, plan)
    assert [s["topic"] for s in sent] == [
        "agents.redeliver" if how == "now" else "agents.dlq",
        "agents.redeliver",
        "agents.redeliver",
    ]
    left = await gateway.pool.fetch(
        "select record_id from flow.parked where key = $1 and state = 'waiting' and due_at > now()", plan
    )
    assert {r["record_id"] for r in left} == {failed, stays}
    due = "select record_id from flow.parked where record_id = any ($1) and due_at <= now() and behind = ''"
    assert {r["record_id"] for r in await gateway.pool.fetch(due, followers)} == set(followers)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/retries/now", {"recordIds": []}),
        ("/api/retries/give-up", {"recordIds": ["a"]}),
        ("/api/dead-letters/replay", {}),
        ("/api/dead-letters/replay", {"recordIds": ["a"], "selection": {}}),
        ("/api/dead-letters/replay", {"recordIds": ["a"], "rate": 0}),
        ("/api/dead-letters/discard", {"recordIds": ["a"], "reason": ""}),
    ],
)
async def test_what_makes_no_sense_is_refused(api: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    assert (await api.post(path, json=body)).status_code == 422


async def test_letters_are_grouped_by_cause(gateway: Running, api: httpx.AsyncClient) -> None:
    code = f"code-{uuid.uuid4().hex[:6]}"
    for n in range(3):
        await add_letter(gateway.pool, plan=new_plan(), code=code, message=f"order {n} of plan {new_plan()} failed")
    await add_letter(gateway.pool, plan=new_plan(), code=code, message="order 1 failed", at=NOW - timedelta(hours=5))

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


async def test_a_dry_run_says_what_would_happen_and_does_nothing(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = new_plan()
    head = await add_waiting(gateway.pool, plan=plan, offset=next(OFFSETS))
    record = await add_letter(gateway.pool, plan=plan, offset=int(head.rpartition("|")[2]) + 500_000)
    projections = await add_letter(gateway.pool, plan=plan, group="projections")

    answer = await api.post("/api/dead-letters/dry-run", json={"recordIds": [record, projections, "nobody|x|0|1"]})

    assert [(i["outcome"], i["topic"], i["behind"], i["readable"]) for i in answer.json()["items"]] == [
        ("accepted", "agents.redeliver", head, False),
        ("accepted", "plan.events", "", False),
        ("not_found", "", "", False),
    ]
    assert await raw_of(gateway.pool, plan) == []


async def test_replays_side_by_side_share_the_turns(gateway: Running) -> None:
    """A turn is one statement, however many replays run: whoever waited longest comes first in the next."""
    outcomes = """
        select count(outcome) from flow.replay_job j left join flow.replay_item i using (job_id)
         where j.actor = $1 group by j.job_id order by j.job_id"""
    async with gateway.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()  # nobody else takes a turn of them
        try:
            await connection.execute(
                "insert into flow.replay_job (job_id, actor, request_id, selection, force, rate, total, moved_at)"
                " select md5(n::text)::uuid, 'turns', 'r', '{}', false, 1000, 90, now() - interval '1 min'"
                "   from generate_series(1, 3) n;"
                "insert into flow.replay_item (job_id, position, record_id)"
                " select md5(n::text)::uuid, p, 'nobody' from generate_series(1, 3) n, generate_series(1, 90) p"
            )
            seen = []
            for _ in range(3):
                assert await connection.fetchval("select flow.replay_turn()") == 50
                await connection.execute("update flow.replay_job set moved_at = moved_at - interval '1 min'")
                seen.append(sorted(r["count"] for r in await connection.fetch(outcomes, "turns")))
        finally:
            await transaction.rollback()

    assert seen == [[0, 0, 50], [0, 50, 50], [50, 50, 50]]


async def test_a_letter_whose_key_no_index_takes_is_replayed(gateway: Running, api: httpx.AsyncClient) -> None:
    key = secrets.token_hex(h.KEY_LIMIT // 2)
    record = await add_letter(gateway.pool, plan=key)
    head = await add_waiting(gateway.pool, plan=key[: h.NAME_LIMIT], offset=int(record.rpartition("|")[2]) - 1)
    outlook = (await api.post("/api/dead-letters/dry-run", json={"recordIds": [record]})).json()["items"][0]
    assert outlook["behind"] == head
    await gateway.pool.execute("delete from flow.parked where record_id = $1", head)

    answer = await api.post(f"/api/dead-letters/{record}/replay", json={})

    assert answer.status_code == 200, answer.text
    assert len(await raw_of(gateway.pool, key)) == 1
    waiting = await gateway.pool.fetchval("select key from flow.parked where record_id = $1", record)
    assert waiting == key[: h.NAME_LIMIT]


async def test_a_letter_that_cannot_be_sent_again_stops_no_replay_but_its_own(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    """A header says that it was replayed as often as a number can say: there is no next one."""
    odd = await add_letter(gateway.pool, replay=2**31 - 1)
    good = [await add_letter(gateway.pool) for _ in range(2)]

    alone = await api.post(f"/api/dead-letters/{odd}/replay", json={"force": True})
    started = [
        (await api.post("/api/dead-letters/replay", json={"recordIds": ids, "force": True, "rate": 500})).json()[
            "jobId"
        ]
        for ids in ([odd, good[0]], [good[1]])
    ]

    assert (alone.status_code, alone.json()["currentStatus"]) == (409, "failed")
    outcomes = []
    for job in started:
        async with asyncio.timeout(20):
            while (seen := (await api.get(f"/api/dead-letters/jobs/{job}")).json())["state"] != "done":
                await asyncio.sleep(0.05)
        outcomes.append(seen["outcomes"])
    assert outcomes == [{"failed": 1, "accepted": 1}, {"accepted": 1}]


@pytest.mark.parametrize(
    ("group", "topic"),
    [
        ("analysis", "of.nobody"),
        ("analysis", "plan.events"),
        ("projections", "of.nobody"),
        ("somebody", "plan.events"),
        ("", "plan.events"),
    ],
)
async def test_a_letter_that_nobody_would_read_is_not_replayed(
    gateway: Running, api: httpx.AsyncClient, group: str, topic: str
) -> None:
    record = await add_letter(gateway.pool, plan=new_plan(), group=group, topic=topic)
    before = await gateway.pool.fetchval("select count(*) from decide.outbox")

    asked = {"recordIds": [record], "force": True}
    outlook = (await api.post("/api/dead-letters/dry-run", json=asked)).json()["items"][0]
    answer = await api.post(f"/api/dead-letters/{record}/replay", json={"force": True})

    assert (outlook["outcome"], outlook["topic"]) == ("unread", "")
    assert (answer.status_code, answer.json()["currentStatus"]) == (409, "unread")
    assert f"'{topic}'" in answer.json()["detail"]
    assert await gateway.pool.fetchval("select count(*) from decide.outbox") == before
    discarded = await api.post("/api/dead-letters/discard", json={"recordIds": [record], "reason": "não serve"})
    assert discarded.json()["results"][0]["outcome"] == "accepted"


async def test_replays_go_to_declared_topics_and_to_all_that_a_group_reads(gateway: Running) -> None:
    read = {
        (group, topic)
        for group in ("agents", "analysis", "projections")
        for topic in declared()
        if await gateway.pool.fetchval("select flow.is_read($1, $2)", group, topic)
    }
    assert read == {
        *(("agents", topic) for topic in declared()),
        *(("analysis", topic) for topic in WORK.values()),
        *(("projections", topic) for topic in TOPICS if topic not in DEAD_LETTERS),
    }
    sent_to = {await gateway.pool.fetchval("select flow.replay_topic($1, $2)", *one) for one in read}
    assert sent_to <= declared().keys()


async def test_many_are_replayed_at_a_capped_rate_and_each_has_its_result(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    code = f"code-{uuid.uuid4().hex[:6]}"
    records = [await add_letter(gateway.pool, event=upload_of(new_plan()), code=code) for _ in range(12)]
    await api.post("/api/dead-letters/discard", json={"recordIds": [records[3]], "reason": "não"})
    body = {"selection": {"code": [code]}, "rate": 10}

    started = asyncio.get_running_loop().time()
    made = await api.post("/api/dead-letters/replay", json=body, headers={"Idempotency-Key": code})
    twice = await api.post("/api/dead-letters/replay", json=body, headers={"Idempotency-Key": code})
    location = made.headers["location"]
    while (job := (await api.get(location)).json())["state"] == "running":
        assert asyncio.get_running_loop().time() - started < 20
        await asyncio.sleep(0.1)
    took = asyncio.get_running_loop().time() - started

    assert (made.status_code, made.json()["total"], twice.headers["location"]) == (202, 12, location)
    assert took >= 1.0
    assert job["outcomes"] == {"accepted": 11, "discarded": 1}
    assert job["done"] == 12
    assert {i["recordId"]: i["outcome"] for i in job["items"]} == {
        r: "discarded" if r == records[3] else "accepted" for r in records
    }
    assert {i["retry"] for i in job["items"] if i["outcome"] == "accepted"} == {"waiting"}
    assert location.rpartition("/")[2] in [
        j["jobId"] for j in (await api.get("/api/dead-letters/jobs")).json()["items"]
    ]


async def test_a_job_can_be_ended(gateway: Running, api: httpx.AsyncClient) -> None:
    code = f"code-{uuid.uuid4().hex[:6]}"
    for _ in range(5):
        await add_letter(gateway.pool, event=upload_of(new_plan()), code=code)
    made = await api.post("/api/dead-letters/replay", json={"selection": {"code": [code]}, "rate": 0.1})

    assert (await api.delete(made.headers["location"])).status_code == 204
    await asyncio.sleep(0.3)

    job = (await api.get(made.headers["location"])).json()
    assert job["state"] == "cancelled"
    assert job["done"] < 5
    assert (await api.delete(f"/api/dead-letters/jobs/{uuid.uuid4()}")).status_code == 404
    empty = await api.post("/api/dead-letters/replay", json={"selection": {"code": ["nobody"]}})
    assert empty.status_code == 404


async def many_letters(pool: asyncpg.Pool, code: str, count: int) -> list[str]:
    """So many open letters of one code, oldest first."""
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
    monkeypatch.setattr("gateway.operations.letters.MOST_DISCARDED", 1_100)
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
    monkeypatch.setattr("gateway.operations.letters.DISCARDING_S", 0.0)

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
