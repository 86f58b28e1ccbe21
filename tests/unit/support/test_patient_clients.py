"""A client of HTTP in a test waits as long as the test; those of the system say themselves how long they wait."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

import httpx
import pytest

from tests.support.patience import PATIENCE_S
from tests.support.patient_clients import ASKING
from tests.support.sources import python

CLIENTS = {"httpx", "httpx2"}
ASKS = {"AsyncClient", "Client", "delete", "get", "head", "options", "patch", "post", "put", "request", "stream"}


def silent(source: str) -> Iterator[int]:
    """Yield the lines in which a client is made, or asks, without a word on how long it waits."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name), keywords=keywords):
                if module in CLIENTS and name in ASKS and "timeout" not in {keyword.arg for keyword in keywords}:
                    yield node.lineno


@pytest.mark.parametrize("asking", ASKING)
def test_who_says_nothing_waits_as_long_as_a_test(asking: object) -> None:
    assert callable(asking)
    assert inspect.signature(asking).parameters["timeout"].default == httpx.Timeout(PATIENCE_S)


async def test_who_says_how_long_waits_as_long() -> None:
    async with httpx.AsyncClient() as silent_one, httpx.AsyncClient(timeout=3) as other:
        assert (silent_one.timeout, other.timeout) == (httpx.Timeout(PATIENCE_S), httpx.Timeout(3))


def test_every_client_of_the_system_says_how_long_it_waits() -> None:
    found = {file: list(silent(text)) for file, text in python().items() if "httpx" in text}
    assert len(found) > 5
    assert {file: lines for file, lines in found.items() if lines} == {}


@pytest.mark.parametrize("asked", ["httpx.AsyncClient(base_url=url)", "httpx2.Client()", "httpx.get(url)"])
def test_one_that_says_nothing_is_found(asked: str) -> None:
    assert list(silent(f"made = {asked}")) == [1]
    assert list(silent(f"made = {asked[:-1]}, timeout=5)".replace("(,", "("))) == []
