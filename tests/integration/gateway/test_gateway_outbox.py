"""Events that are set aside, over HTTP: what is shown of them, and what of them can be changed by whom."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from projections.reads.written import Shown
from tests.integration.gateway.gateway_running import Running, one_row
from tests.support.api_document import api_document
from tests.support.letters import CODEC
from tests.support.outbox import put_rejection, rejection

SET_ASIDE = "/api/outbox/set-aside"
WHY = "Invalid: plan.rejected.reason: 7 is no string"


@pytest.fixture(autouse=True)
def codec(gateway: Running) -> Iterator[None]:
    """The gateway knows the schemas' ids."""
    publishing = gateway.app.state.services.publishing
    publishing.codec = CODEC
    yield
    publishing.codec = None


@pytest.fixture
def plan() -> str:
    return str(uuid.uuid4())


async def test_events_are_listed_with_what_is_wrong_and_what_waits_behind(
    gateway: Running, api: httpx.AsyncClient, plan: str
) -> None:
    seq = await put_rejection(gateway.pool, plan, 3, set_aside=True, why=WHY, reason=7)
    behind = await put_rejection(gateway.pool, plan, 4, set_aside=True)
    await put_rejection(gateway.pool, plan, 5)  # the relay has not seen it yet: it will wait, too
    other = await put_rejection(gateway.pool, str(uuid.uuid4()), 1, set_aside=True, why=WHY, reason=7)

    mine = (await api.get(SET_ASIDE, params={"plan": plan})).json()
    first = (await api.get(SET_ASIDE, params={"limit": 1})).json()
    second = (await api.get(SET_ASIDE, params={"limit": 1, "cursor": first["nextCursor"]})).json()
    waiting = await api.get(f"{SET_ASIDE}/{behind}")

    (item,) = mine["items"]
    assert (item["seq"], item["state"], item["stream"], item["version"]) == (seq, "set_aside", f"plan-{plan}", 3)
    assert (item["planId"], item["type"], item["reason"]) == (plan, "plan.rejected", WHY)
    assert (item["behind"], item["edits"], item["raw"]) == (2, 0, False)
    assert [first["items"][0]["seq"], second["items"][0]["seq"]] == [seq, other]
    assert (waiting.json()["state"], waiting.json()["reason"]) == ("behind", "")
    await gateway.pool.execute("delete from decide.outbox where held_at is not null")


async def test_health_names_the_command_and_the_oldest_event_and_the_first_page_leads_to_them(
    gateway: Running, api: httpx.AsyncClient, plan: str
) -> None:
    await gateway.pool.execute("delete from decide.outbox")
    seq = await put_rejection(gateway.pool, plan, 1, set_aside=True, why=WHY, reason=7)
    await put_rejection(gateway.pool, plan, 2, set_aside=True)

    health = (await api.get("/api/system/health")).json()
    pages = {
        words: (await api.get("/", headers={"accept-language": language, "accept": "text/html"})).text
        for language, words in (("en", "Mend them"), ("pt-BR", "Corrigi-los"))
    }

    assert any(f"`marketplace outbox edit {seq}`" in advice for advice in health["recommendations"])
    for words, page in pages.items():
        assert f'<a href="/set-aside">{words}</a>' in page
    await gateway.pool.execute("delete from decide.outbox")


async def test_the_data_is_checked_and_changed_and_nothing_else(
    gateway: Running, api: httpx.AsyncClient, plan: str
) -> None:
    seq = await put_rejection(gateway.pool, plan, 3, set_aside=True, why=WHY, reason=7)
    select = "select to_jsonb(o) - 'data' from decide.outbox o where seq = $1"
    before = await gateway.pool.fetchval(select, seq)
    read = await api.get(f"{SET_ASIDE}/{seq}")

    async def patch(data: dict[str, Any], expect: str = '"0"', **more: Any) -> httpx.Response:
        body = {"data": data, "reason": "um número", **more}
        return await api.patch(f"{SET_ASIDE}/{seq}", json=body, headers={"If-Match": expect})

    refused = {
        "still wrong": await patch(rejection(plan, reason=7)),
        "a stranger": await patch(rejection(str(uuid.uuid4()))),
        "missing": await patch({"plan_id": plan}),
        "more": await patch(rejection(plan, surprise=1)),
        "the envelope": await patch(rejection(plan, stream="plan-of-another")),
        "what cannot be stored": await patch(rejection(plan, reason="a\0b")),
        "another type": await patch(rejection(plan), type="plan.approved"),
        "no reason": await patch(rejection(plan), reason=""),
    }
    edited = await patch(rejection(plan))
    repeated = await patch(rejection(plan))
    stale = await patch(rejection(plan, reason="another's"))
    again = (await api.get(f"{SET_ASIDE}/{seq}")).json()

    assert read.headers["etag"] == '"0"'
    assert (read.json()["data"], read.json()["original"]) == (rejection(plan, reason=7), None)
    assert {name: answer.status_code for name, answer in refused.items()} == dict.fromkeys(refused, 422)
    assert refused["a stranger"].json()["errors"][0]["path"] == "data.plan_id"
    assert (edited.status_code, edited.headers["etag"]) == (200, '"1"')
    assert edited.json()["differences"] == [{"path": "/reason", "kind": "changed", "before": 7, "after": "r"}]
    assert (repeated.status_code, repeated.json()["edits"]) == (200, 1)
    assert (stale.status_code, stale.json()["version"]) == (412, 1)
    assert (again["data"], again["original"]) == (rejection(plan), rejection(plan, reason=7))
    assert [(one["edit"], one["actor"], one["reason"]) for one in again["history"]] == [(1, "the admin", "um número")]
    assert again["differences"] == edited.json()["differences"]
    assert await gateway.pool.fetchval(select, seq) == before
    audits = await Shown(gateway.pool).fetch(
        "select actor, data from decide.outbox where type = 'command.audited' and data ->> 'target' = $1", str(seq)
    )
    told = [(a["actor"], orjson.loads(a["data"])) for a in audits]
    assert [(actor, data["command"], data["reason"]) for actor, data in told] == [
        ("the admin", "outbox.edit", "um número")
    ]


async def test_a_number_that_only_looks_the_same_is_another(
    gateway: Running, api: httpx.AsyncClient, plan: str
) -> None:
    """Postgres takes 1.0 and 1 for equal, but for the schema 1.0 is no whole number."""
    seq = await put_rejection(gateway.pool, plan, 1, set_aside=True, why=WHY)
    await gateway.pool.execute("update decide.outbox set data = data || '{\"n\": 1.0}' where seq = $1", seq)
    mend = (
        "select decide.mend_outbox(seq, data || '{\"n\": 1}', null, 'r', 'q', 'a') from decide.outbox o where seq = $1"
    )
    for _ in range(2):
        await gateway.pool.fetchval(mend, seq)

    row = await one_row(gateway.pool, "select data ->> 'n' as n from decide.outbox where seq = $1", seq)
    assert row["n"] == "1"
    assert (await api.get(f"{SET_ASIDE}/{seq}")).json()["edits"] == 1


async def test_of_two_people_who_edit_at_once_one_is_told(gateway: Running, api: httpx.AsyncClient, plan: str) -> None:
    seq = await put_rejection(gateway.pool, plan, 1, set_aside=True, why=WHY, reason=7)

    answers = await asyncio.gather(
        *(
            api.patch(
                f"{SET_ASIDE}/{seq}",
                json={"data": rejection(plan, reason=f"of {who}"), "reason": "a"},
                headers={"If-Match": '"0"'},
            )
            for who in range(4)
        )
    )

    assert sorted(a.status_code for a in answers) == [200, 412, 412, 412]
    row = await one_row(gateway.pool, "select data ->> 'reason' as said from decide.outbox where seq = $1", seq)
    won = next(n for n, a in enumerate(answers) if a.status_code == 200)
    assert row["said"] == f"of {won}"


async def test_what_is_not_set_aside_takes_no_edit(gateway: Running, api: httpx.AsyncClient, plan: str) -> None:
    body = {"data": rejection(plan), "reason": "a"}
    mended = await put_rejection(gateway.pool, plan, 1, set_aside=True, why=WHY, reason=7)
    behind = await put_rejection(gateway.pool, plan, 2, set_aside=True)
    on_its_way = await put_rejection(gateway.pool, str(uuid.uuid4()), 1)
    raw = await put_rejection(gateway.pool, str(uuid.uuid4()), 1, set_aside=True, why=WHY)
    await gateway.pool.execute("update decide.outbox set raw_headers = '[]' where seq = $1", raw)

    answers = {
        "behind": await api.patch(f"{SET_ASIDE}/{behind}", json=body),
        "raw": await api.patch(f"{SET_ASIDE}/{raw}", json=body),
    }
    assert (await api.patch(f"{SET_ASIDE}/{mended}", json=body)).status_code == 200
    await gateway.pool.execute("update decide.outbox set held_at = null, held_why = null where seq = $1", mended)
    other = {**body, "data": rejection(plan, reason="s")}
    answers["on_its_way"] = await api.patch(f"{SET_ASIDE}/{mended}", json=other)
    await gateway.pool.execute("update decide.outbox set published_at = now() where seq = $1", mended)
    answers["published"] = await api.patch(f"{SET_ASIDE}/{mended}", json=other)

    assert {name: a.status_code for name, a in answers.items()} == dict.fromkeys(answers, 409)
    assert {name: a.json()["currentStatus"] for name, a in answers.items()} == {name: name for name in answers}
    shown = (await api.get(f"{SET_ASIDE}/{mended}")).json()
    assert (shown["state"], shown["original"]) == ("published", rejection(plan, reason=7))
    for nobody in (on_its_way, 0, 2**63, "x", "9" * 30):
        assert (await api.get(f"{SET_ASIDE}/{nobody}")).status_code == 404
        assert (await api.patch(f"{SET_ASIDE}/{nobody}", json=body)).status_code == 404


async def test_only_operators_and_only_with_the_schemas(gateway: Running, api: httpx.AsyncClient, plan: str) -> None:
    seq = await put_rejection(gateway.pool, plan, 1, set_aside=True, why=WHY, reason=7)
    body = {"data": rejection(plan), "reason": "a"}
    async with gateway.client("analyst") as analyst:
        assert (await analyst.get(SET_ASIDE)).status_code == 403
        assert (await analyst.get(f"{SET_ASIDE}/{seq}")).status_code == 403
        assert (await analyst.patch(f"{SET_ASIDE}/{seq}", json=body)).status_code == 403
    gateway.app.state.services.publishing.codec = None
    assert (await api.patch(f"{SET_ASIDE}/{seq}", json=body)).status_code == 503
    gateway.app.state.services.publishing.codec = CODEC
    async with gateway.client("operator") as operator:
        assert (await operator.patch(f"{SET_ASIDE}/{seq}", json=body)).status_code == 200


def test_the_edit_and_its_guard_are_described() -> None:
    described = api_document()["paths"][SET_ASIDE + "/{seq}"]
    assert {p["name"] for p in described["patch"]["parameters"]} == {"seq", "If-Match"}
    assert described["patch"]["x-role"] == "operator"
    assert {"404", "409", "412", "422", "503"} <= set(described["patch"]["responses"])
    assert set(described) == {"get", "patch"}  # what was decided is never dropped


async def test_the_page_lists_them_and_takes_an_edit_back_that_does_not_fit(
    gateway: Running, api: httpx.AsyncClient, plan: str
) -> None:
    seq = await put_rejection(gateway.pool, plan, 1, set_aside=True, why=WHY, reason=7)
    await put_rejection(gateway.pool, plan, 2, set_aside=True)
    html = {"accept": "text/html"}

    listed = (await api.get("/set-aside", headers=html)).text
    one = await api.get(f"/set-aside/{seq}", headers=html)
    none = [await api.get(f"/set-aside/{what}", headers=html) for what in ("0", "x", "9" * 30)]
    form = {"payload": orjson.dumps(rejection(plan, reason=7)).decode(), "reason": "why", "version": "0"}
    wrong = await api.post(f"/set-aside/{seq}/edit", data=form)
    empty = await api.post(f"/set-aside/{seq}/edit", data={**form, "reason": ""})
    no_json = await api.post(f"/set-aside/{seq}/edit", data={**form, "payload": "{"})
    good = {**form, "payload": orjson.dumps(rejection(plan)).decode()}
    stale = await api.post(f"/set-aside/{seq}/edit", data={**good, "version": "3"})
    done = await api.post(f"/set-aside/{seq}/edit", data=good)

    assert f'href="/set-aside/{seq}"' in listed
    assert (one.status_code, [answer.status_code for answer in none]) == (200, [404, 404, 404])
    assert "Mend and publish" in one.text
    assert [answer.status_code for answer in (wrong, empty, no_json, stale)] == [422, 422, 422, 412]
    assert "does not fit the schema of plan.rejected" in wrong.text
    assert "why" in wrong.text, "what was written stays"
    assert (done.status_code, done.headers["location"]) == (303, f"/set-aside/{seq}")
    assert (await api.get(f"{SET_ASIDE}/{seq}")).json()["edits"] == 1
    await gateway.pool.execute("delete from decide.outbox where key = $1", plan)
