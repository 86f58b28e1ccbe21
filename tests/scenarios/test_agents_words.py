"""An agent's server that puts secrets into its errors: who reads finds them nowhere, and everywhere why it failed."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from typing import Any, Final
from uuid import uuid4

import asyncpg
import httpx
import pytest

from gateway.access.roles import Role
from gateway.app import all_routes
from local.load import Load
from local.stack import Stack
from tests.integration.gateway.test_gateway_door import declared
from tests.support.command import within
from tests.support.otlp import Receiver
from tests.support.otlp import receiver as receiving
from tests.support.patience import PATIENCE_S
from tests.support.systems import Systems

KEY = "mrs_words_" + secrets.token_urlsafe(32)
#: In every text of the server that it may choose.
MARK: Final = "leak" + secrets.token_hex(6)
_SAID: Final = {"message": f"bad {MARK}", "type": f"type-{MARK}", "param": f"param-{MARK}", "code": f"code-{MARK}"}
#: Answers: status, phrase, body.
_ERRORS: Final = [
    (status, f"no {MARK}", json.dumps({"error": _SAID})) for status in (400, 401, 403, 404, 422, 429, 503)
]
_OTHERS: Final = [
    (429, MARK, json.dumps({"error": {**_SAID, "code": "insufficient_quota"}})),
    (400, MARK, json.dumps({"error": {**_SAID, "code": "context_length_exceeded"}})),
    (500, MARK, f"<html>{MARK}</html>"),
    (200, MARK, f"<html>{MARK}</html>"),
    (200, MARK, json.dumps({"error": _SAID, "model": f"model-{MARK}"})),
]


def _completion(message: dict[str, Any], finish: str = "stop") -> tuple[int, str, str]:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    return 200, MARK, json.dumps({"id": MARK, "model": f"model-{MARK}", "choices": [choice]})


_ANSWERS: Final = [
    _completion({"content": None, "refusal": f"I will not: {MARK}"}),
    _completion({"content": f"Desculpe, não posso ajudar com {MARK}."}),
    _completion({"content": f"Prose about {MARK} without a plan."}, f"end-{MARK}"),
    _completion({"content": json.dumps(f"only text: {MARK}")}),
]
ALL: Final = (*_ERRORS, *_OTHERS, *_ANSWERS)
#: The kinds that have to be told for those: what an operator acts by.
CODES: Final = {
    *("agent-key", "agent-forbidden", "agent-not-found", "agent-bad-request", "agent-no-credit", "agent-too-long"),
    *("answer-refusal", "answer-no-json"),
}
CHANNELS = ("mercado_livre", "shopee", "amazon", "magalu", "tiktok_shop", "shein")


class _Talkative(BaseHTTPRequestHandler):
    """Each request gets the next answer."""

    answers = cycle(ALL)
    served = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        status, phrase, body = next(self.answers)
        type(self).served += 1
        raw = body.encode()
        self.send_response(status, phrase)
        for name, value in (("content-type", "application/json"), ("x-request-id", MARK), ("x-more", MARK)):
            self.send_header(name, value)
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@pytest.fixture(scope="module")
def agent() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Talkative)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    server.server_close()
    thread.join(PATIENCE_S)


class Told:
    """A system whose agent has said all that, its plans, and what was seen of it live."""

    def __init__(self, stack: Stack, plans: list[str], viewer: str, live: list[str], receiver: Receiver) -> None:
        self.stack, self.plans, self.viewer, self.live, self.receiver = stack, plans, viewer, live, receiver


@pytest.fixture(scope="module")
async def told(agent: str, tmp_path_factory: pytest.TempPathFactory, systems: Systems) -> AsyncIterator[Told]:
    with receiving() as receiver:
        env = {
            "MARKETPLACE_BOOTSTRAP_KEY": KEY,
            "OPENAI_BASE_URL": agent,
            "MARKETPLACE_AGENT_ATTEMPTS": "1",
            "MARKETPLACE_BREAKER_FAILURES": "4",
            "MARKETPLACE_BREAKER_RESET": "1",
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint,
        }
        async with systems.system(tmp_path_factory.mktemp("words"), env) as stack, Load(stack.env, KEY) as load:
            url = stack.env["MARKETPLACE_URL"]
            async with httpx.AsyncClient(
                base_url=url, headers={"Authorization": f"Bearer {KEY}"}, timeout=PATIENCE_S
            ) as admin:
                made = await admin.post("/api/keys", json={"name": "reads", "role": "viewer"})
            viewer = made.json()["key"]
            live: list[str] = []
            listening = asyncio.create_task(_listen(url, viewer, live))
            plans: list[str] = []
            deadline = asyncio.get_running_loop().time() + PATIENCE_S
            while _Talkative.served < len(ALL) or not await _codes(load.pool) >= CODES:
                missing = CODES - await _codes(load.pool)
                assert asyncio.get_running_loop().time() < deadline, f"never told: {missing}"
                new = await load.upload(2, channels=CHANNELS)
                plans += new
                assert await load.wait(new, ["awaiting_approval"], within_s=PATIENCE_S) == len(new)
            yield Told(stack, plans, viewer, live, receiver)
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening


async def _listen(url: str, key: str, heard: list[str]) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, timeout=None) as client,
        client.stream("GET", "/api/events?details=true") as answer,
    ):
        async for line in answer.aiter_lines():
            heard.append(line)  # noqa: PERF401 - what was heard so far is looked at while it goes on


async def _codes(pool: asyncpg.Pool) -> set[str]:
    rows = await pool.fetch(
        "select distinct f ->> 'code' as code from rm.plan_channel, jsonb_array_elements(fallback) f"
    )
    return {row["code"] for row in rows}


READS: Final = sorted(
    {
        path
        for path, method, operation in declared(all_routes())
        if method == "GET" and operation.role is not None and Role.VIEWER.includes(operation.role)
    }
    - {"/api/events"}
)
_FILLED: Final = {"channel": "shopee", "metric": "revenue", "key": "none", "header_id": "ab" * 16, "name": "alerts"}


async def test_no_read_of_a_viewer_has_a_word_of_it(told: Told) -> None:
    """Every route that a viewer may read, as program and as page, of each plan."""
    seen = 0
    headers = {"Authorization": f"Bearer {told.viewer}", "Accept-Language": "en"}
    url = told.stack.env["MARKETPLACE_URL"]
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE_S) as viewer:
        for path in READS:
            ids = {"plan_id": told.plans[0], "task_id": uuid4(), "record_id": "x", "alert_id": uuid4()}
            ids |= {"job_id": uuid4(), "message_id": uuid4(), "action": "approve", "sign_in_id": uuid4(), **_FILLED}
            answer = await viewer.get(path.format(**ids))
            assert MARK not in answer.text, path
            assert MARK not in str(answer.headers), path
            seen += answer.status_code == 200
        for plan in told.plans:
            for one in (f"/plans/{plan}", f"/api/marketplace/analysis/{plan}", f"/plans/{plan}/history"):
                assert MARK not in (await viewer.get(one)).text, one
        for export in ("plans", "tasks"):
            answer = await viewer.get(f"/api/exports/{export}?form=csv")
            assert answer.status_code == 200
            assert MARK not in answer.text
    assert seen > 20


async def test_an_operator_finds_the_kind_the_status_and_what_to_do(told: Told) -> None:
    headers = {"Authorization": f"Bearer {told.viewer}"}
    url = told.stack.env["MARKETPLACE_URL"]
    reasons: set[str] = set()
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE_S) as viewer:
        for plan in told.plans:
            shown = (await viewer.get(f"/api/marketplace/analysis/{plan}")).json()
            reasons |= {one["reason"] for result in shown["channelResults"] for one in result["fallback"]}
    assert "the agent refused the request with 401: it does not take the key; check the key of this agent" in reasons
    assert "the account has no credit left" in reasons
    assert any(reason.startswith("the agent refused the request with 404: ") for reason in reasons)


async def test_nothing_that_is_kept_or_heard_has_a_word_of_it(told: Told) -> None:
    """All tables, what came live, the command line, the logs and the spans."""
    assert any("plan." in line for line in told.live)
    assert MARK not in "\n".join(told.live)
    for command in (["show", told.plans[0]], ["attempts", told.plans[0]], ["history", told.plans[0]]):
        env = {**told.stack.env, "MARKETPLACE_API_KEY": told.viewer}
        done = await asyncio.to_thread(within, tuple(command), env)
        assert done.returncode == 0, done
        assert MARK not in f"{done}"
    logs = list((told.stack.data_dir / "logs").glob("*.log"))
    assert logs
    assert [log.name for log in logs if MARK.encode() in log.read_bytes()] == []
    assert await _tables_with(told.stack.env["MARKETPLACE_DATABASE_URL"]) == []
    assert any(span.name.startswith("chat ") for span in told.receiver.spans)
    assert not any(MARK.encode() in body for body in told.receiver.bodies)


async def _tables_with(url: str) -> list[str]:
    """Return the tables of which a row has the mark."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch(
            "select format('%I.%I', schemaname, tablename) as name from pg_tables"
            " where schemaname not in ('pg_catalog', 'information_schema')"
        )
        assert len(tables) > 30
        found = []
        for table in tables:
            query = f"select count(*) from {table['name']} t where t::text like $1"
            if await connection.fetchval(query, f"%{MARK}%"):
                found.append(str(table["name"]))
        return found
    finally:
        await connection.close()
