"""The client: retries, refusals, and requests that have one effect however often they are sent."""

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.cli.client import PLANS, Client
from gateway.cli.connection import Connection
from gateway.cli.failures import Exit, Failure, Refused, Unreachable

Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    return waits


@pytest.fixture
def talk() -> Iterator[Callable[[Handler], Client]]:
    made: list[Client] = []

    def make(handler: Handler) -> Client:
        made.append(Client(Connection("http://gateway", "mrs_k", "test"), httpx.MockTransport(handler)))
        return made[-1]

    yield make
    for one in made:
        one.__exit__(None, None, None)


def test_the_key_is_sent_and_empty_parameters_are_not(talk: Callable[[Handler], Client]) -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    talk(handle).get("/api/tasks", {"status": ["open", "failed"], "q": "", "cursor": None, "limit": 5})
    assert str(seen[0].url) == "http://gateway/api/tasks?status=open&status=failed&limit=5"
    assert seen[0].headers["authorization"] == "Bearer mrs_k"


def test_a_write_keeps_its_idempotency_key_through_retries(
    talk: Callable[[Handler], Client], no_waiting: list[float]
) -> None:
    keys: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["idempotency-key"])
        if len(keys) == 1:
            raise httpx.ReadError("the gateway was killed", request=request)
        if len(keys) == 2:
            return httpx.Response(503, json={"title": "Not available now"}, headers={"Retry-After": "2"})
        return httpx.Response(202, json={"planId": "p"})

    assert talk(handle).send("PATCH", "/x", {}) == {"planId": "p"}
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert no_waiting == [0.3, 2.0]


def test_two_writes_have_two_keys(talk: Callable[[Handler], Client]) -> None:
    keys: set[str] = set()

    def handle(request: httpx.Request) -> httpx.Response:
        keys.add(request.headers["idempotency-key"])
        return httpx.Response(202, json={})

    client = talk(handle)
    client.send("PATCH", "/x", {})
    client.send("PATCH", "/x", {})
    assert len(keys) == 2


def test_an_upload_is_sent_whole_again(talk: Callable[[Handler], Client]) -> None:
    bodies: list[bytes] = []

    def handle(request: httpx.Request) -> httpx.Response:
        bodies.append(request.read())
        return httpx.Response(503, json={"title": "x"}) if len(bodies) == 1 else httpx.Response(202, json={})

    talk(handle).upload(Path("a.csv"), io.BytesIO(b"sku;qtd\n1;2\n"), {"channels": "shopee", "title": ""})
    assert all(b"sku;qtd" in body and b'filename="a.csv"' in body for body in bodies)
    assert len(bodies) == 2
    assert b'name="title"' not in bodies[0]


def test_waiting_has_an_end_and_the_refusal_is_handed_on(
    talk: Callable[[Handler], Client], no_waiting: list[float]
) -> None:
    problem = {"title": "Too many requests", "detail": "Try again in 99 s.", "requestId": "r1"}
    client = talk(lambda _: httpx.Response(429, json=problem, headers={"Retry-After": "99"}))
    with pytest.raises(Refused) as caught:
        client.get("/x")
    assert caught.value.document == problem
    assert caught.value.exit_status is Exit.REFUSED
    assert no_waiting == [10.0, 10.0]


def test_nobody_there_says_how_to_start(talk: Callable[[Handler], Client]) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(Unreachable) as caught:
        talk(handle).get("/x")
    assert caught.value.exit_status is Exit.UNREACHABLE
    assert "marketplace up" in caught.value.hints[0]


def test_a_wrong_key_says_how_to_set_one(talk: Callable[[Handler], Client]) -> None:
    with pytest.raises(Refused) as caught:
        talk(lambda _: httpx.Response(401, json={"title": "Authentication is needed"})).get("/x")
    assert "MARKETPLACE_API_KEY" in caught.value.hints[0]


def test_a_role_that_is_too_low_names_the_one_needed(talk: Callable[[Handler], Client]) -> None:
    with pytest.raises(Refused) as caught:
        talk(lambda _: httpx.Response(403, json={"title": "Not allowed", "neededRole": "analyst"})).get("/x")
    assert "analyst" in caught.value.hints[0]


@pytest.mark.parametrize(
    "response", [httpx.Response(200, text="<html>"), httpx.Response(200, json=[1]), httpx.Response(404, text="nginx")]
)
def test_something_else_at_the_address_is_told(talk: Callable[[Handler], Client], response: httpx.Response) -> None:
    with pytest.raises(Failure, match="is not the gateway"):
        talk(lambda _: response).get("/x")


def test_pages_are_followed_up_to_the_limit(talk: Callable[[Handler], Client]) -> None:
    asked: list[tuple[str | None, str | None]] = []

    def handle(request: httpx.Request) -> httpx.Response:
        cursor, size = request.url.params.get("cursor"), int(request.url.params["limit"])
        asked.append((cursor, str(size)))
        start = int(cursor or 0)
        return httpx.Response(200, json={"items": list(range(start, start + size)), "nextCursor": str(start + size)})

    pages: list[Any] = list(talk(handle).pages(PLANS, {}, 250))
    assert pages == list(range(250))
    assert asked == [(None, "200"), ("200", "50")]


def test_an_address_that_is_none_is_told() -> None:
    client = Client(Connection("ftp://gateway", "", "test"))
    with client, pytest.raises(Unreachable):
        client.get("/x")
