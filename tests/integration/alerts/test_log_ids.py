"""Log lines of senders name their own plan and trace, and not the look that started the sender."""

from __future__ import annotations

from typing import Self
from uuid import uuid4

import asyncpg
import httpx
import pytest

from gateway.alerts import dead_mans_switch
from gateway.alerts.breaker import Breaker
from gateway.alerts.dead_mans_switch import DeadMansSwitch
from gateway.alerts.notifiers.webhook import Webhook
from gateway.alerts.routes_file import usual
from gateway.alerts.sender import Sender
from gateway.alerts.settings import Settings
from gateway.alerts.webhooks.telling import Webhooks
from schemas.process.log_context import job
from tests.integration.alerts.driving import PAGES, Driver
from tests.support.log_lines import ids_of, log_lines, the_line
from tests.support.patience import until
from tests.support.receivers import HttpReceiver
from tests.support.webhooks import HERE, SOURCE, History, registered
from tests.unit.gateway.alerts.looks import stalled

TRACE = "a" * 32


async def test_a_webhooks_lines_are_of_its_event_and_not_of_the_look_that_began_its_sender(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    await registered(pool, hook.url)
    plan = uuid4()
    event = await history.event("plan.approved", plan)
    await pool.execute("update rm.timeline set trace_id = $2 where event_id = $1", event, TRACE)
    hook.answers = [(500, "not now")] * 9
    webhooks = Webhooks(pool, SOURCE, HERE)
    with log_lines() as lines:
        with job("webhooks") as look:
            await webhooks.look()
        await until(lambda: any(line["event"] == "a message did not arrive" for line in lines))
        webhooks.stop()
        await webhooks.run()
    line = the_line(lines, "a message did not arrive")
    assert (line["job"], *ids_of(line)[1:]) == ("webhooks", str(plan), TRACE)
    assert line["request_id"].startswith("webhooks-")
    assert line["request_id"] != look.fields()["request_id"]


class Broken:
    """A queue whose database is away."""

    async def claim(self, _notifier: str, **_: bool) -> None:
        raise OSError("no route")


async def test_a_queue_that_cannot_be_asked_is_told_in_a_round_of_the_job() -> None:
    class Mute:
        gathers = False

    made: list[Sender] = []

    def sources() -> list[Broken]:
        made[0].stop()
        return [Broken()]

    made.append(Sender("slack", Mute(), Breaker(None, "slack"), sources))  # type: ignore[arg-type] # none is reached
    with log_lines() as lines:
        await made[0].run()
    line = the_line(lines, "the queue cannot be asked")
    assert (line["job"], line["request_id"][:7], len(line["trace_id"])) == ("alerts", "alerts-", 32)


async def test_the_proof_of_life_has_rounds_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def __init__(self, **_: object) -> None:
            pass

        async def __aenter__(self) -> Self:
            switch.stop()
            raise httpx.ConnectError("refused")

        async def __aexit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(dead_mans_switch.httpx, "AsyncClient", Refusing)  # type: ignore[attr-defined] # as imported there
    switch = DeadMansSwitch("https://alive.example.com/key", 60.0, lambda: True)
    with log_lines() as lines:
        await switch.run()
    line = the_line(lines, "the proof of life was not taken")
    assert (line["job"], line["request_id"][:6]) == ("proof", "proof-")


async def test_an_alerts_line_has_the_trace_of_its_plan(url: str, pool: asyncpg.Pool, hook: HttpReceiver) -> None:
    driver = Driver(pool, Settings(url, PAGES, {"webhook": Webhook(hook.url, "h00k")}, usual(("webhook",))))
    await driver.look(stalled(1))
    await pool.execute("update flow.alert set traceparent = $1", f"00-{TRACE}-{'1' * 16}-01")
    hook.answers = [(500, "not now")]
    with log_lines() as lines, job("alerts"):
        await driver.send("webhook")
    line = the_line(lines, "a message did not arrive")
    assert (line["job"], line["trace_id"]) == ("alerts", TRACE)
