"""A silence outlasts its alert: it is seen wherever alerts are, and a person ends it."""

from __future__ import annotations

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
