"""An agent proposes columns over real HTTP: held against the cells, shown, confirmed by a person; or told why not."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from gateway.uploads import proposing
from streams.analysis.agents.client import AgentClient
from streams.analysis.agents.prices import Price
from streams.analysis.proposals import Proposals
from streams.analysis.spending import Spending
from streams.breakers.breakers import Breakers
from streams.breakers.settings import Limits
from tests.integration.gateway.gateway_running import Running, contents
from tests.integration.gateway.test_gateway_mapping import UPLOAD, Store
from tests.support.log_lines import ids_of, log_lines, the_line
from tests.support.misbehaving_agent import MisbehavingAgent
from tests.support.patience import PATIENCE_S

GOOD = {"dt": "at", "qtd": "units", "vlr": "price", "prod": "title"}


def says(**columns: str) -> str:
    return "says:" + json.dumps({"columns": [{"column": name, "field": one} for name, one in columns.items()]})


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingAgent]:
    with MisbehavingAgent() as running:
        yield running


@pytest.fixture
async def runner(gateway: Running, server: MisbehavingAgent, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """A running runner that answers the gateway's questions about columns."""
    monkeypatch.setattr(proposing, "WAIT_S", PATIENCE_S)
    breakers = Breakers(gateway.pool, "system:runner", Limits(), probe_s=30.0)
    settings = server.settings(attempts=1, deadline_s=PATIENCE_S, price=Price(1.0, 1.0))
    async with AgentClient(settings, meter=Spending(gateway.pool)) as client:
        task = asyncio.create_task(Proposals(gateway.pool, [("agent:test", client)], breakers, look_s=0.02).run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await gateway.pool.execute("delete from flow.breaker where name = 'agent:test'")


async def look(api: httpx.AsyncClient, store: Store, **data: Any) -> dict[str, Any]:
    answer = await store.send(api, f"{UPLOAD}/preview", propose="true", **data)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def store() -> Store:
    return Store()


async def test_a_proposal_is_shown_and_nothing_is_read_by_it_until_it_is_sent(
    gateway: Running, api: httpx.AsyncClient, store: Store, server: MisbehavingAgent, runner: None
) -> None:
    server.behave(says(**GOOD))
    before = await contents(gateway.pool)
    seen = await look(api, store)

    said = seen["proposal"]
    (header,) = said["columns"]
    assert (said["agent"], said["code"], said["dropped"]) == ("agent:test", "", [])
    assert said["columns"][header] == GOOD
    assert (seen["sure"], seen["channels"]) == (False, [])
    assert await contents(gateway.pool) == before, "nothing is kept, a mapping neither"
    sent = await store.send(api, mapping=json.dumps(said["columns"]))
    assert sent.status_code == 202, sent.text


async def test_only_names_of_columns_and_masked_cells_leave(
    api: httpx.AsyncClient, store: Store, server: MisbehavingAgent, runner: None
) -> None:
    server.behave(says(**GOOD))
    await look(api, store)

    (asked,) = server.served
    text = json.dumps(asked.body, ensure_ascii=False)
    assert "vlr" in text
    assert not re.search("Zuleica|Ana Lima|Rui Melo|loja.csv", text)


async def test_what_the_cells_contradict_is_dropped_and_said(
    api: httpx.AsyncClient, store: Store, server: MisbehavingAgent, runner: None
) -> None:
    server.behave(says(vlr="price", qtd="at", prod="units", cliente_nome="title", dt="lucro"))
    said = (await look(api, store))["proposal"]

    ((_, kept),) = said["columns"].items()
    assert kept == {"vlr": "price"}
    assert {(one["column"], one["why"]) for one in said["dropped"]} == {
        ("dt", "unknown_field"), ("qtd", "cells"), ("prod", "cells"), ("cliente_nome", "cells"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("says:O canal vai bem.", "answer-no-json"),
        ("html", "agent-envelope"),
        ("status:500", "agent-server-error"),
        ('says:{"columns": [{"column": "dt", "field": "at"}, {"column": "vl', "answer-truncated"),
        (says(dt="x", y="price"), "answer-empty"),
        (says(dt="price", vlr="price"), "answer-empty"),
        (says(prod="units"), "nothing-holds"),
        ("refusal", "answer-refusal"),
        ("bad-key", "agent-key"),
    ],
)
async def test_whatever_an_agent_does_the_page_is_as_it_was_with_a_sentence(
    gateway: Running,
    api: httpx.AsyncClient,
    store: Store,
    server: MisbehavingAgent,
    runner: None,
    behaviour: str,
    code: str,
) -> None:
    server.behave(behaviour)
    plain, page = await shown(api, store), await shown(api, store, propose="true")

    assert page.status_code == 200, page.text
    assert picked(page.text) == picked(plain.text)
    assert "The agent proposes nothing" in html.unescape(page.text)
    outcome = await gateway.pool.fetchval(
        "select outcome from audit.entry where action = 'mapping.propose' order by at desc limit 1"
    )
    assert outcome == ("accepted" if code == "nothing-holds" else code)


async def test_an_agent_that_says_nothing_keeps_no_person_waiting(
    api: httpx.AsyncClient, store: Store, server: MisbehavingAgent, runner: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the runner or the gateway first notices that the agent does not answer, the person is told the same."""
    monkeypatch.setattr(proposing, "WAIT_S", 2.0)
    server.behave("hang")
    said = (await look(api, store))["proposal"]

    assert (said["columns"], said["code"].removeprefix("agent-")) in [({}, "timeout"), ({}, "deadline")]


async def test_the_page_shows_a_proposal_with_who_made_it_and_keeps_what_the_person_chose(
    api: httpx.AsyncClient, store: Store, server: MisbehavingAgent, runner: None
) -> None:
    server.behave(says(**{**GOOD, "vlr": "revenue"}))
    first = await shown(api, store, propose="true")
    chosen = [one.replace('"revenue"', '"refund"') for one in picked(first.text)]
    again = await shown(api, store, propose="true", pick=chosen)

    text = html.unescape(first.text)
    assert "as agent:test proposes" in text
    assert text.count("proposed by an agent") == 4
    assert field_of("vlr", first) == "revenue"
    assert field_of("vlr", again) == "refund", "what the person chose stays"


async def shown(api: httpx.AsyncClient, store: Store, **data: Any) -> httpx.Response:
    """Return the page of the columns."""
    return await api.post(
        "/plans/upload/mapping",
        files={"file": ("loja.csv", store.body)},
        data={"channels": "own_store", **data},
        headers={"accept-language": "en"},
    )


def field_of(column: str, page: httpx.Response) -> str:
    """Return what the column's dropdown shows."""
    (found,) = [one[2] for one in map(json.loads, picked(page.text)) if one[1] == column]
    return str(found)


def picked(page: str) -> list[str]:
    return sorted(html.unescape(one) for one in re.findall(r'<option value="([^"]*)" selected', page))


async def test_what_the_runner_logs_of_a_question_is_of_the_request_that_asked(
    gateway: Running, api: httpx.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> dict[str, Any]:
        raise ValueError("a bug")

    monkeypatch.setattr(Proposals, "answer", broken)
    monkeypatch.setitem(api.headers, "x-request-id", "request-7")
    monkeypatch.setitem(api.headers, "traceparent", f"00-{'a' * 32}-{'1' * 16}-01")
    breakers = Breakers(gateway.pool, "system:runner", Limits())
    running = asyncio.create_task(Proposals(gateway.pool, [], breakers, look_s=0.02).run())
    try:
        with log_lines() as lines:
            said = (await look(api, store))["proposal"]
    finally:
        running.cancel()
    assert said["code"] == "unexpected"
    line = the_line(lines, "a proposal cannot be made")
    assert (line["job"], *ids_of(line)) == ("proposals", "request-7", None, "a" * 32)


async def test_its_cost_counts_and_a_budget_stops_it(
    gateway: Running, api: httpx.AsyncClient, store: Store, server: MisbehavingAgent, runner: None
) -> None:
    server.behave(says(**GOOD))
    before = await gateway.pool.fetchval("select coalesce(sum(calls), 0) from flow.agent_spend")
    await look(api, store)

    assert await gateway.pool.fetchval("select sum(calls) from flow.agent_spend") == before + 1


async def test_where_nobody_answers_a_person_is_told_and_the_question_is_taken_back(
    gateway: Running, api: httpx.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposing, "WAIT_S", 0.3)
    said = (await look(api, store))["proposal"]

    assert (said["code"], said["columns"]) == ("agent-timeout", {})
    waiting = await gateway.pool.fetchval(
        "select count(*) from flow.column_proposal where taken_at is null and until > now()"
    )
    assert waiting == 0
