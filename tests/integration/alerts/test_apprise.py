"""Apprise for real: its own plugin talks to a server on this machine, which answers, refuses, or says nothing."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from logging.handlers import MemoryHandler

import asyncpg
import pytest

from gateway.alerts import sender as sending
from gateway.alerts import words
from gateway.alerts.notifiers.apprise_url import AppriseUrl
from gateway.alerts.notifiers.base import Failed
from gateway.alerts.routes_file import usual
from gateway.alerts.settings import Settings
from tests.integration.alerts.driving import PAGES, Driver, states
from tests.support.patience import until
from tests.support.receivers import HttpReceiver, http_receiver
from tests.unit.gateway.alerts.looks import missing
from tests.unit.gateway.alerts.test_notifiers import ONE, OVER


def apprise(hook: HttpReceiver, more: str = "") -> AppriseUrl:
    return AppriseUrl(f"{hook.url.replace('http://', 'json://')}/s3cret{more}")


@pytest.fixture
def driver(url: str, pool: asyncpg.Pool, hook: HttpReceiver) -> Driver:
    return Driver(pool, Settings(url, PAGES, {"apprise-1": apprise(hook, "?rto=60")}, usual(("apprise-1",))))


async def test_a_message_arrives_with_its_title_its_kind_and_all_that_a_mail_says(hook: HttpReceiver) -> None:
    assert await apprise(hook).send(ONE) == "taken"
    assert await apprise(hook).send(replace(OVER, language="pt_BR", may_repeat=True)) == "taken"
    first, second = [request.json for request in hook.got]
    assert [request.path for request in hook.got] == ["/s3cret", "/s3cret"]
    assert (first["title"], first["type"], second["type"]) == ("40 <letters> & more.", "failure", "success")
    assert "What to do: Mend it." in first["message"]
    assert second["title"].startswith("Pode ser uma repetição: ")
    assert second["message"].startswith(words.speech("pt_BR").text(words.NOT_KNOWN))


@pytest.mark.parametrize("status", [400, 429, 500, 503])
async def test_what_the_service_refuses_has_not_arrived(hook: HttpReceiver, status: int) -> None:
    """The next try is no repeat, whatever the refused message itself says."""
    hook.answers = [(status, "s3cret broken")]
    with pytest.raises(Failed, match="could not deliver") as failed:
        await apprise(hook).send(replace(ONE, text="error=500"))
    assert (failed.value.final, failed.value.unsure) == (False, False)
    assert "s3cret" not in failed.value.why
    assert len(hook.got) == 1


async def test_a_message_that_was_refused_goes_again_as_it_is(
    driver: Driver, hook: HttpReceiver, pool: asyncpg.Pool
) -> None:
    hook.answers = [(503, ""), (200, "ok")]
    await driver.look(missing())
    assert await driver.send("apprise-1") == 1
    await driver.due()
    assert await driver.send("apprise-1") == 1
    assert [request.json["title"].startswith("May be a repeat: ") for request in hook.got] == [False, False]
    assert await states(pool) == [("apprise-1", "sent")]


@pytest.mark.parametrize("address", ["json://127.0.0.1:1/s3cret", "json://nobody.invalid/s3cret"])
async def test_a_service_that_took_no_connection_has_nothing(address: str) -> None:
    """The next try is no repeat."""
    with pytest.raises(Failed, match="could not deliver") as failed:
        await AppriseUrl(address).send(ONE)
    assert (failed.value.final, failed.value.unsure) == (False, False)


async def test_what_the_library_logs_reaches_no_log_of_ours() -> None:
    """Its lines quote addresses, which are keys."""
    logged = MemoryHandler(1000)
    logging.getLogger().addHandler(logged)
    try:
        with pytest.raises(Failed):
            await AppriseUrl("json://127.0.0.1:1/s3cret").send(ONE)
    finally:
        logging.getLogger().removeHandler(logged)
    assert [record.getMessage() for record in logged.buffer if record.name.startswith("apprise")] == []


async def test_of_several_receivers_that_all_refuse_none_has_the_message(hook: HttpReceiver) -> None:
    hook.answers = [(500, ""), (404, "")]
    place = hook.url.replace("http://", "json://")
    with pytest.raises(Failed, match="could not deliver") as failed:
        await AppriseUrl(f"{place}/a, {place}/b").send(ONE)
    assert sorted(request.path for request in hook.got) == ["/a", "/b"]
    assert not failed.value.unsure


async def test_a_refusal_does_not_hide_that_another_receiver_gave_no_answer(hook: HttpReceiver) -> None:
    hook.hold.clear()
    place = hook.url.replace("http://", "json://")
    with http_receiver() as other:
        other.answers = [(500, "")]
        addresses = f"{place}/a?rto=0.5, {other.url.replace('http://', 'json://')}/b"
        with pytest.raises(Failed, match="could not deliver") as failed:
            await AppriseUrl(addresses).send(ONE)
    hook.hold.set()
    assert failed.value.unsure


async def test_of_several_receivers_one_may_have_the_message(hook: HttpReceiver) -> None:
    """The library tries one after the other, and says of all of them that they failed."""
    there, gone = f"{hook.url.replace('http://', 'json://')}/a", "json://127.0.0.1:1/b"
    for addresses in (f"{there}, {gone}", f"{gone}, {there}"):
        with pytest.raises(Failed, match="could not deliver") as failed:
            await AppriseUrl(addresses).send(ONE)
        assert failed.value.unsure
    assert [request.path for request in hook.got] == ["/a", "/a"]


async def test_a_connection_that_ends_without_an_answer_may_have_had_the_message(hook: HttpReceiver) -> None:
    hook.hold.clear()
    with pytest.raises(Failed, match="could not deliver") as failed:
        await apprise(hook, "?rto=0.5").send(ONE)
    hook.hold.set()
    assert failed.value.unsure


async def test_a_service_that_says_nothing_costs_one_try_and_no_other_message_waits_for_it(hook: HttpReceiver) -> None:
    hook.hold.clear()
    notifier = apprise(hook, "?rto=60")
    hanging = asyncio.create_task(notifier.send(ONE))
    await until(lambda: hook.got)
    with pytest.raises(Failed, match="an earlier call has not come back yet"):
        await notifier.send(OVER)
    assert len(hook.got) == 1
    hook.hold.set()
    assert await hanging == "taken"
    assert await notifier.send(OVER) == "taken"


async def test_a_service_that_hangs_is_given_up_in_time_and_the_next_try_says_that_it_may_be_a_repeat(
    driver: Driver, hook: HttpReceiver, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "DEADLINE_S", 0.5)
    hook.hold.clear()
    await driver.look(missing())
    assert await driver.send("apprise-1") == 1
    assert await states(pool) == [("apprise-1", "waiting")]
    assert await pool.fetchval("select detail from flow.alert_attempt") == "no answer within 0 s"
    hook.hold.set()
    monkeypatch.undo()
    notifier = driver.settings.notifiers["apprise-1"]
    assert isinstance(notifier, AppriseUrl)
    await until(lambda: notifier.thread._thread is None)
    await driver.due()
    assert await driver.send("apprise-1") == 1
    assert [request.json["title"].startswith("May be a repeat: ") for request in hook.got] == [False, True]
    assert await states(pool) == [("apprise-1", "sent")]
