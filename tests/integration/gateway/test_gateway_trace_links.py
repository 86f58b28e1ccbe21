"""Where the gateway knows the page of a trace, every trace id leads to it; elsewhere it is text."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest

from gateway.settings import Settings
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import OFF, Running, serving
from tests.integration.gateway.test_gateway_alerts_api import add
from tests.support.letters import add_letter, upload_of

TRACE = "ab" * 16
OTHER = "cd" * 16
GRAFANA = "https://grafana.example/d?a=1&b=2"
TRACES = "https://traces.example/?view=flat&id={trace}"


@dataclass(frozen=True)
class Traced:
    """A plan with an event, a task, a dead letter and an alert, each with a trace id."""

    plan: UUID
    task: UUID
    letter: str
    alert: UUID

    def pages(self) -> dict[str, tuple[str, set[str]]]:
        """Return address and trace ids of each page that shows any."""
        return {
            "alert": (f"/alerts/{self.alert}", {TRACE}),
            "letter": (f"/letters/{self.letter}", {TRACE}),
            "plan": (f"/plans/{self.plan}", {TRACE, OTHER}),
            "task": (f"/tasks/{self.task}", {OTHER}),
        }


@pytest.fixture(scope="module")
async def traced(gateway: Running) -> Traced:
    plan = await seed.add_plan(gateway.pool)
    task = await seed.add_task(gateway.pool, plan)
    await gateway.pool.execute("update rm.plan set trace_id = $2 where plan_id = $1", plan, TRACE)
    for version, stream in enumerate((f"plan-{plan}", f"task-{task}"), start=1):
        event = await seed.add_event(gateway.pool, plan, version, "plan.uploaded" if version == 1 else "task.created")
        await gateway.pool.execute(
            "update rm.timeline set trace_id = $2, stream = $3 where event_id = $1", event, OTHER, stream
        )
    alert = await add(gateway.pool)
    carried = f"00-{TRACE}-{'ef' * 8}-01"
    await gateway.pool.execute("update flow.alert set traceparent = $2 where alert_id = $1", alert, carried)
    return Traced(plan, task, await add_letter(gateway.pool, event=upload_of(str(plan))), alert)


@pytest.fixture
async def linked(gateway: Running, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway that knows where traces are."""
    headers = {"authorization": f"Bearer {gateway.keys['admin']}"}
    async with (
        serving(Settings(database_url=database_url, limits=OFF, trace_url=TRACES, grafana_url=GRAFANA)) as (url, _),
        httpx.AsyncClient(base_url=url, headers=headers) as client,
    ):
        yield client


@pytest.mark.parametrize("name", ["alert", "letter", "plan", "task"])
async def test_a_page_leads_to_its_traces(
    traced: Traced, api: httpx.AsyncClient, linked: httpx.AsyncClient, name: str
) -> None:
    path, ids = traced.pages()[name]
    plain = await api.get(path)
    page = await linked.get(path)
    assert (plain.status_code, page.status_code) == (200, 200)

    for one in ids:
        address = TRACES.replace("{trace}", one).replace("&", "&amp;")
        link = f'<a href="{address}" rel="noopener" target="_blank" title="{one}">'
        assert re.search(re.escape(link) + f"{one[:8]}(?:{one[8:]})?</a>", page.text)
        assert f'<span title="{one}">' in plain.text
    assert 'target="_blank"' not in plain.text
    assert page.headers["content-security-policy"] == plain.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/system", "/slo"])
async def test_a_page_leads_to_grafana_where_it_is_known(
    api: httpx.AsyncClient, linked: httpx.AsyncClient, path: str
) -> None:
    plain, page = await api.get(path), await linked.get(path)
    assert (plain.status_code, page.status_code) == (200, 200)
    address = GRAFANA.replace("&", "&amp;")
    assert page.text.count(f'<a class="button" href="{address}" rel="noopener" target="_blank">Grafana</a>') == 1
    assert "Grafana" not in plain.text


async def test_a_letter_says_where_its_trace_is(
    gateway: Running, traced: Traced, api: httpx.AsyncClient, linked: httpx.AsyncClient
) -> None:
    path = f"/api/dead-letters/{traced.letter}"
    told, untold = (await linked.get(path)).json(), (await api.get(path)).json()
    assert told["traceUrl"] == f"https://traces.example/?view=flat&id={TRACE}"
    assert untold == {**told, "traceUrl": None}

    without = await add_letter(gateway.pool, plan=str(traced.plan))
    await gateway.pool.execute("update rm.dead_letter set trace_id = null where record_id = $1", without)
    letter = (await linked.get(f"/api/dead-letters/{without}")).json()
    assert (letter["traceId"], letter["traceUrl"]) == (None, None)
    assert 'target="_blank"' not in (await linked.get(f"/letters/{without}")).text


async def test_the_field_is_in_the_openapi_document(api: httpx.AsyncClient) -> None:
    schema = (await api.get("/openapi.json")).json()["components"]["schemas"]["LetterDetailShape"]
    assert "traceUrl" in schema["required"]
    assert schema["properties"]["traceUrl"]["anyOf"] == [{"type": "string"}, {"type": "null"}]
