"""What was tried with a dead letter: each attempt with its cause, and what people did, who and when."""

from __future__ import annotations

import httpx
import pytest

from projections.reads import letter_steps
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_retries import new_plan
from tests.support.letters import add_letter, project_actions, upload_of

_ATTEMPT = """
    insert into flow.job_attempt (record_id, replay, attempt, grp, key, type, code, error_class, message, at)
    select $1, 0, n, 'agents', '', 'plan.uploaded', 'agent-timeout', 'E', 'took 5 s',
           now() - make_interval(mins => 60 - n)
      from generate_series(1, $2::int) n"""


@pytest.mark.parametrize("of_plan", [True, False])
async def test_attempts_and_what_people_did_stand_in_their_order(
    gateway: Running, api: httpx.AsyncClient, of_plan: bool
) -> None:
    """An edit, a replay that comes back, one that is refused and a discard, of a letter that nobody can read too."""
    if of_plan:
        record = await add_letter(gateway.pool, event=upload_of(new_plan()))
    else:
        record = await add_letter(gateway.pool, plan="no-plan", value=b"\0\xff")
    await gateway.pool.execute(_ATTEMPT, record, 3)

    assert (await api.post(f"/api/dead-letters/{record}/replay", json={})).status_code == 200
    await project_actions(gateway.pool)
    assert (await api.post(f"/api/dead-letters/{record}/replay", json={})).status_code == 409
    discarded = {"recordIds": [record], "reason": "não serve mais"}
    assert (await api.post("/api/dead-letters/discard", json=discarded)).status_code == 200
    found = (await api.get(f"/api/dead-letters/{record}")).json()

    assert (found["planId"] is not None) is of_plan
    said = [(one["what"], one["number"], one["code"], one["reason"]) for one in found["tried"]]
    assert said[:3] == [
        ("discarded", None, "", "não serve mais"),
        ("replayed", None, "replayed", ""),
        ("replayed", None, "", ""),
    ]
    assert all(one["by"] for one in found["tried"][:3])
    assert {one[0] for one in said[3:]} == {"dead", "failed"}
    failed = [one for one in said if one[0] == "failed"]
    assert failed == [("failed", n, "agent-timeout", "took 5 s") for n in (3, 2, 1)]
    assert [one["at"] for one in found["tried"]] == sorted((one["at"] for one in found["tried"]), reverse=True)
    assert found["triedBefore"] == 0


async def test_the_latest_are_shown_and_the_others_counted(gateway: Running, api: httpx.AsyncClient) -> None:
    record = await add_letter(gateway.pool, event=upload_of(new_plan()))
    await gateway.pool.execute(_ATTEMPT, record, 57)
    found = (await api.get(f"/api/dead-letters/{record}")).json()

    assert len(found["tried"]) == letter_steps.MOST
    assert found["triedBefore"] == 57 + 1 - letter_steps.MOST


async def test_a_letter_that_came_back_before_has_not_while_it_waits_for_its_turn(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    """The API refused to tell of such a replay while it went on."""
    record = await add_letter(gateway.pool, event=upload_of(new_plan()), replay=1)
    await gateway.pool.execute("insert into flow.dead_head (record_id, replays) values ($1, 1)", record)
    job = (await api.post("/api/dead-letters/replay", json={"recordIds": [record], "rate": 100})).json()["jobId"]
    waits = await api.get(f"/api/dead-letters/jobs/{job}")
    assert waits.status_code == 200
    assert [(one["outcome"], one["cameBack"]) for one in waits.json()["items"]] == [(None, False)]

    await gateway.pool.execute("update flow.replay_item set outcome = 'accepted', at = now() where job_id = $1", job)
    sent = (await api.get(f"/api/dead-letters/jobs/{job}")).json()
    assert [(one["outcome"], one["cameBack"]) for one in sent["items"]] == [("accepted", True)]
    assert sent["cameBack"] == 1


async def test_a_replay_of_many_is_told_for_each_of_its_letters(gateway: Running, api: httpx.AsyncClient) -> None:
    records = [await add_letter(gateway.pool, event=upload_of(new_plan())) for _ in range(2)]
    job = (await api.post("/api/dead-letters/replay", json={"recordIds": records, "rate": 100})).json()["jobId"]
    await gateway.pool.execute(
        "update flow.replay_item set outcome = 'accepted', at = clock_timestamp() where job_id = $1", job
    )
    for record in records:
        tried = (await api.get(f"/api/dead-letters/{record}")).json()["tried"]
        assert [(one["what"], one["code"]) for one in tried if one["what"] == "replayed"] == [("replayed", "")]
        assert tried[0]["by"]
