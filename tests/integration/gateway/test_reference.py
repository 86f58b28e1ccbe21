"""The pages of the reference: every call and every event has one, and its example is taken as it stands."""

from __future__ import annotations

import re
import shlex
import uuid
from html import unescape

import httpx
import pytest

from gateway.http.asyncapi import document as log_document
from gateway.ui.reference import Call, calls, events
from tests.support.api_document import api_document

CALLS = calls(api_document())
EVENTS = events(log_document("0"))
#: They answer for as long as somebody listens.
ENDLESS = {"events_changes"}
SALES = b"Data,Pedido,SKU,Quantidade,Valor\n2026-03-02,1,A,1,10\n"


def request_of(curl: str) -> tuple[str, str, dict[str, str], bytes | None]:
    """Return method, path, headers and body of a command line of curl."""
    words = iter(shlex.split(curl.replace("\\\n", "").replace("$(uuidgen)", uuid.uuid4().hex)))
    assert next(words) == "curl"
    method, path, headers, body = "GET", "", {}, None
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-d":
                body = next(words).encode()
            case "-F":
                next(words)
            case _:
                path = word.removeprefix("$MARKETPLACE_URL")
    return method, path, headers, body


@pytest.mark.parametrize(
    "call", [call for name, call in CALLS.items() if name not in ENDLESS], ids=lambda call: call.id
)
async def test_the_example_of_a_call_is_taken_as_it_stands(api: httpx.AsyncClient, call: Call) -> None:
    """Whatever it asks for may be missing here; nothing of the request itself is refused."""
    method, path, headers, body = request_of(call.curl)
    if "Authorization" in headers:
        assert headers.pop("Authorization") == "Bearer $KEY"
    if "-F" in call.curl:
        answer = await api.request(
            method, path, headers=headers, files={"file": ("sales.csv", SALES)}, data={"channels": "shopee"}
        )
    else:
        # names of keys and people are given once: each call gets its own
        own = body and body.replace(b'"text"', f'"{call.id.replace("_", "-")}"'.encode())
        answer = await api.request(method, path, headers=headers, content=own)

    assert str(answer.status_code) in {one.status for one in call.answers}
    assert answer.status_code not in (400, 405, 415), answer.text
    assert not (answer.status_code == 422 and answer.json()["type"] == "/docs#invalid"), answer.text


async def test_each_call_and_each_event_has_a_page_that_the_first_one_leads_to(api: httpx.AsyncClient) -> None:
    first = (await api.get("/docs")).text
    for path in (*(f"/docs/calls/{name}" for name in CALLS), *(f"/docs/events/{name}" for name in EVENTS)):
        assert f'href="{path}"' in first
        assert (await api.get(path)).status_code == 200, path

    assert (await api.get("/docs/calls/nothing")).status_code == 404
    assert (await api.get("/docs/events/nothing")).status_code == 404


async def test_a_call_tells_its_fields_its_answers_and_an_example_of_each(api: httpx.AsyncClient) -> None:
    page = (await api.get("/docs/calls/plans_decide")).text
    shown = [unescape(one) for one in re.findall(r'<pre class="json" tabindex="0">(.*?)</pre>', page, re.DOTALL)]

    assert "PATCH /api/marketplace/analysis/{plan_id}" in page
    assert shown[0] == CALLS["plans_decide"].curl
    assert [one for one in shown if one in CALLS["plans_decide"].bodies] == list(CALLS["plans_decide"].bodies)
    for path in ("If-Match", "action", "phase1.tasks[].title"):
        assert f"<code>{path}</code>" in page
    assert re.search(r"<h3>412 ", page)


async def test_an_event_tells_where_it_stands_who_reads_it_and_its_fields(api: httpx.AsyncClient) -> None:
    page = (await api.get("/docs/events/plan.approved")).text

    for told in ("<code>plan.events</code>", "agents, projections", "<code>opportunities[].evidence[].metric</code>"):
        assert told in page
    assert EVENTS["plan.approved"].fields[0].path == "event_id"


async def test_in_portuguese_only_what_fields_hold_is_in_english(api: httpx.AsyncClient) -> None:
    portuguese = {"Accept-Language": "pt-BR"}
    first, call, event = [
        (await api.get(path, headers=portuguese)).text
        for path in ("/docs", "/docs/calls/plans_decide", "/docs/events/plan.approved")
    ]
    for told in ("Custos, estoque e colunas", "Decidir sobre um plano, como aprová-lo", "Mudou nesse meio-tempo"):
        assert told in first
    assert 'lang="en"' not in first
    assert "<h1>Decidir sobre um plano, como aprová-lo</h1>" in call
    assert '<span class="quiet">Feito.</span>' in call or "Aceito; acompanhe em <code>links</code>." in call
    assert "Valores inválidos; Chave de idempotência já usada." in call
    assert '<td lang="en">' in call
    assert "Uma pessoa aprovou o plano." in event
