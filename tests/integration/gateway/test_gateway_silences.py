"""A silence outlasts its alert: it is seen wherever alerts are, and a person ends it."""

from __future__ import annotations

import json
from uuid import UUID

import httpx

from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_alerts_api import add, flat, marketplace

TITLE = "Over, and still silenced"


async def over(gateway: Running, alert: UUID) -> None:
    await gateway.pool.execute(
        "update flow.alert set state = 'resolved', resolved_at = now() where alert_id = $1", alert
    )


async def silenced(gateway: Running, api: httpx.AsyncClient) -> UUID:
    """Return an alert that was silenced and is over."""
    await gateway.pool.execute("truncate flow.alert, flow.alert_silenced cascade")
    made = await add(gateway.pool)
    body = {"forSeconds": 86_400, "reason": "a move"}
    (await api.post(f"/api/alerts/{made}/silence", json=body)).raise_for_status()
    await over(gateway, made)
    return made


async def test_a_silence_is_listed_until_it_is_over_or_ended(gateway: Running, api: httpx.AsyncClient) -> None:
    made = await silenced(gateway, api)
    (one,) = (await api.get("/api/alerts/silences")).json()["items"]
    assert (one["alertId"], one["over"], one["reason"]) == (str(made), True, "a move")
    assert (one["silencedBy"], one["kind"]) == ("the admin", "role-missing")
    assert (await api.get(f"/api/alerts/{made}")).json()["silencedUntil"] == one["until"]
    assert (await api.delete(f"/api/alerts/{made}/silence")).json()["outcome"] == "accepted"
    assert (await api.get("/api/alerts/silences")).json()["items"] == []
    assert (await api.get(f"/api/alerts/{made}")).json()["silencedUntil"] is None


async def test_it_is_of_the_latest_alert_of_its_key_alone(gateway: Running, api: httpx.AsyncClient) -> None:
    before = await silenced(gateway, api)
    key = await gateway.pool.fetchval("select key from flow.alert where alert_id = $1", before)
    later = await add(gateway.pool)
    await gateway.pool.execute("update flow.alert set key = $2, opened_at = now() where alert_id = $1", later, key)
    (one,) = (await api.get("/api/alerts/silences")).json()["items"]
    assert (one["alertId"], one["over"]) == (str(later), False)
    assert (await api.get(f"/api/alerts/{before}")).json()["silencedUntil"] is None
    async with gateway.client(accept="text/html") as client:
        assert TITLE not in flat((await client.get("/alerts")).text), "the list has it"
    await gateway.pool.execute("update flow.alert_silenced set until = now() - interval '1 s'")
    assert (await api.get("/api/alerts/silences")).json()["items"] == []


async def test_the_page_and_the_command_line_show_it(gateway: Running, api: httpx.AsyncClient) -> None:
    made = await silenced(gateway, api)
    for role, ends in (("viewer", False), ("operator", True)):
        async with gateway.client(role, accept="text/html") as client:
            for path in ("/alerts", "/alerts?status=resolved", f"/alerts/{made}"):
                shown = (await client.get(path)).text
                assert "a move" in flat(shown)
                assert (f"/alerts/{made}/unsilence" in shown) is ends
            assert TITLE in flat((await client.get("/alerts")).text)
    code, said = await marketplace(gateway, "silences")
    assert (code, str(made)[:8] in said, "over" in said, "a move" in said) == (0, True, True, True)
    assert (await marketplace(gateway, "unsilence", str(made)))[0] == 0
    assert "Nothing is silenced." in (await marketplace(gateway, "silences"))[1]


async def many(gateway: Running, over: int, going: int) -> None:
    """Silence so many alerts, half of them until the same moment."""
    await gateway.pool.execute("truncate flow.alert, flow.alert_silenced cascade")
    made = await add(gateway.pool)
    names = await gateway.pool.fetchval(
        "select string_agg(format('%I', attname), ', ') from pg_attribute where attrelid = 'flow.alert'::regclass"
        " and attnum > 0 and not attisdropped and attgenerated = '' and attname not in ('alert_id', 'key', 'state')"
    )
    await gateway.pool.execute(
        f"insert into flow.alert (alert_id, key, state, {names})"
        f" select gen_random_uuid(), 'many-' || n, case when n <= $2 then 'resolved' else 'silenced' end, {names}"
        "   from flow.alert, generate_series(1, $3) n where alert_id = $1",
        made,
        over,
        over + going,
    )
    await gateway.pool.execute("delete from flow.alert where alert_id = $1", made)
    await gateway.pool.execute(
        "insert into flow.alert_silenced (key, until, reason, silenced_by, silenced_at)"
        " select key, date_trunc('hour', now()) + interval '2 h' * (1 + right(key, 1)::int % 2), 'a move', 'Ana', now()"
        "   from flow.alert"
    )


async def test_no_silence_is_left_out_without_a_word(gateway: Running, api: httpx.AsyncClient) -> None:
    await many(gateway, over=53, going=4)
    seen: list[str] = []
    cursor: str | None = None
    for size in (20, 20, 17):
        asked = {"limit": "20", **({"cursor": cursor} if cursor else {})}
        page = (await api.get("/api/alerts/silences", params=asked)).json()
        assert (len(page["items"]), page["total"]) == (size, 57)
        seen += [one["key"] for one in page["items"]]
        cursor = page["nextCursor"]
    assert (len(set(seen)), cursor) == (57, None)
    assert (await api.get("/api/alerts/silences", params={"cursor": "lost"})).status_code == 422
    assert len((await api.get("/api/alerts/silences")).json()["items"]) == 50
    code, said = await marketplace(gateway, "silences", "--json")
    assert (code, {one["key"] for one in json.loads(said)["items"]}) == (0, set(seen))
    async with gateway.client(accept="text/html") as client:
        shown = flat((await client.get("/alerts")).text)
    assert "and 3 more: marketplace alerts silences" in shown
