"""An upload for several channels whose sales name none is asked whose they are; the answer is kept for the header."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import orjson

from tests.integration.gateway.gateway_running import Running, contents, one_row
from tests.integration.gateway.test_gateway_mapping import facts_of
from tests.integration.gateway.test_gateway_teams import person, team
from tests.integration.gateway.test_gateway_unnamed import PATH, sales, say, send, uploaded


def later(body: bytes) -> bytes:
    """Another document with the same header."""
    return body.replace(b"59,80", b"61,80")


async def kept_of(api: httpx.AsyncClient, gateway: Running, answer: httpx.Response) -> list[dict[str, Any]]:
    """Return what is kept of the document's header."""
    assert answer.status_code == 202, answer.text
    [table] = (await facts_of(gateway, answer.json()["planId"]))["tables"]
    items = (await api.get("/api/mappings")).json()["items"]
    return [one for one in items if one["headerId"] == table["header_id"]]


async def told(gateway: Running, answer: httpx.Response) -> list[tuple[str, str]]:
    """Return the channels of the document's figures, and what its tables were told to be of."""
    assert answer.status_code == 202, answer.text
    facts = await facts_of(gateway, answer.json()["planId"])
    return [(own["channel"], table["told_channel"]) for own in facts["channels"] for table in facts["tables"]]


async def test_it_is_asked_and_nothing_is_kept(gateway: Running, api: httpx.AsyncClient) -> None:
    before = await contents(gateway.pool)
    answer = await send(api)
    said = answer.json()

    assert (answer.status_code, said["type"]) == (422, "/docs#channel-not-told")
    assert said["unnamed"] == {"rows": 3, "revenue": 109.6, "currency": "BRL", "channels": ["shopee", "amazon"]}
    assert "3 rows of sales name no channel" in said["detail"]
    assert await contents(gateway.pool) == before


async def test_the_answer_makes_the_plan_and_is_used_the_next_time(gateway: Running, api: httpx.AsyncClient) -> None:
    body = sales()
    first = await send(api, body, unnamed="shopee", narrow="true")
    next_one = await send(api, later(body))

    assert await told(gateway, first) == await told(gateway, next_one) == [("shopee", "shopee")]
    assert (first.json()["channels"], next_one.json()["found"]) == (["shopee"], ["shopee"])
    [kept] = await kept_of(api, gateway, first)
    assert (kept["channel"], kept["columns"], kept["currency"], kept["madeBy"]) == ("shopee", {}, "", "the admin")
    said = await one_row(
        gateway.pool,
        "select after from audit.entry where plan_id = $1 and action = 'plan.upload'",
        UUID(first.json()["planId"]),
    )
    assert orjson.loads(said["after"])["unnamed"] == "shopee"


async def test_it_holds_for_channels_that_are_asked_for_alone(gateway: Running, api: httpx.AsyncClient) -> None:
    body = sales()
    await send(api, body, unnamed="shopee")
    others = await send(api, later(body), channels="amazon,magalu")
    alone = await send(api, later(body), channels="magalu")

    assert (others.status_code, others.json()["unnamed"]["channels"]) == (422, ["amazon", "magalu"])
    assert await told(gateway, alone) == [("magalu", "")]
    wrong = await send(api, sales(), unnamed="magalu")
    assert [one["path"] for one in wrong.json()["errors"]] == ["unnamed"]


async def test_the_file_for_its_channel_alone_is_the_same_reading(gateway: Running, api: httpx.AsyncClient) -> None:
    """However the channel came to be known: nothing is analysed twice."""
    body, other = sales(), sales()
    said = (await send(api, body, unnamed="shopee", narrow="true")).json()["planId"]
    again = await send(api, body, channels="shopee")
    answered = (await say(api, await uploaded(gateway, api, other), "shopee")).json()["planId"]
    once_more = await send(api, other, channels="shopee")
    wide = await send(api, other, unnamed="amazon")

    assert (again.status_code, again.json()["planId"]) == (409, said)
    assert (once_more.status_code, once_more.json()["planId"]) == (409, answered)
    assert wide.status_code == 202  # another reading, for both channels


async def test_what_is_said_on_a_plan_is_used_the_next_time(gateway: Running, api: httpx.AsyncClient) -> None:
    body = sales()
    assert (await say(api, await uploaded(gateway, api, body), "amazon")).status_code == 202

    assert await told(gateway, await send(api, later(body))) == [("amazon", "amazon")]


async def test_it_is_changed_and_taken_back(gateway: Running, api: httpx.AsyncClient) -> None:
    body = sales()
    [kept] = await kept_of(api, gateway, await send(api, body, unnamed="shopee"))
    path = f"/api/mappings/{kept['headerId']}"
    wrong = await api.put(path, json={"channel": "ebay"})
    changed = await api.put(path, json={"channel": "amazon"})
    used = await send(api, later(body))
    entry = await one_row(
        gateway.pool,
        "select before, after from audit.entry where action = 'mapping.change' and target = $1",
        kept["headerId"],
    )
    await api.put(path, json={"channel": ""})
    asked = await send(api, later(body).replace(b"61,80", b"62,80"))

    assert wrong.status_code == 422
    assert (changed.json()["channel"], changed.json()["columns"]) == ("amazon", {})
    assert await told(gateway, used) == [("amazon", "amazon")]
    assert [orjson.loads(entry[name]) for name in ("before", "after")] == [
        {"(channel)": "shopee"},
        {"(channel)": "amazon"},
    ]
    assert asked.status_code == 422


async def test_a_teams_answer_is_the_teams(gateway: Running, api: httpx.AsyncClient) -> None:
    body = sales()
    async with await person(gateway, "oto") as oto, await person(gateway, "ole") as ole:
        await team(api, "Team of Oto", "oto")
        await team(api, "Team of Ole", "ole")
        first = await send(oto, body, unnamed="shopee")
        own, other = await send(oto, later(body)), await send(ole, later(body))
        seen = [len(await kept_of(one, gateway, first)) for one in (oto, ole)]

    assert await told(gateway, own) == [("shopee", "shopee")]
    assert other.status_code == 422
    assert seen == [1, 0]


async def test_a_look_tells_that_an_upload_would_ask(gateway: Running, api: httpx.AsyncClient) -> None:
    async def look(**data: str) -> Any:
        fields = {"channels": "shopee,amazon", **data}
        return (await api.post(f"{PATH}/upload/preview", files={"file": ("erp.csv", sales())}, data=fields)).json()

    asked, said, alone = await look(), await look(unnamed="amazon"), await look(channels="shopee")

    assert (asked["sure"], asked["unnamed"]["rows"], asked["channels"]) == (False, 3, [])
    assert (said["sure"], said["unnamed"], said["channels"][0]["channel"]) == (True, None, "amazon")
    assert (alone["sure"], alone["unnamed"]) == (True, None)
