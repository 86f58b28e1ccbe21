"""A flood of bytes is read at its pace, and what is small is read at once."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from gateway.access.upload_bytes import Budget
from gateway.http import bodies
from gateway.http.pace import Pace
from gateway.uploads import multipart

HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
PIECES = (HEAD, *(b"x" * 1000 for _ in range(5)), b"\r\n--b--\r\n")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_comes_at_once_waits_for_nothing_and_the_rest_as_long_as_it_takes() -> None:
    clock = Clock()
    pace = Pace(rate=10, burst=20, clock=clock)
    assert [pace.took(15), pace.took(5), pace.took(5), pace.took(10)] == [0, 0, 0.5, 1.5]
    clock.now += 1.5
    assert pace.took(0) == 0
    clock.now += 1000  # a pause earns no more than what may come at once
    assert [pace.took(20), pace.took(1)] == [0, 0.1]


@given(
    sizes=st.lists(st.integers(0, 1000), min_size=1, max_size=40),
    rate=st.integers(1, 500),
    burst=st.integers(1, 2000),
)
def test_who_waits_as_told_never_takes_more_than_the_pace(sizes: list[int], rate: int, burst: int) -> None:
    clock = Clock()
    pace = Pace(rate, burst, clock)
    for size, taken in zip(sizes, itertools.accumulate(sizes), strict=True):
        clock.now += pace.took(size)
        assert taken <= burst + rate * clock.now + 1e-6


def receiver(given: list[bytes]) -> Any:
    left = iter(PIECES)

    async def receive() -> Message:
        given.append(next(left))
        return {"type": "http.request", "body": given[-1], "more_body": len(given) < len(PIECES)}

    return receive


async def test_a_refused_body_is_read_no_faster_than_its_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_refused", Pace(rate=0.001, burst=1))
    monkeypatch.setattr(bodies, "LINGER_S", 0.01)
    sent: list[Message] = []
    given: list[bytes] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await bodies.answer_and_linger(Response("no", 413), {"type": "http"}, receiver(given), send)
    assert given == [HEAD]  # what follows would be read in a day
    assert (sent[0]["status"], sent[1]["body"], sent[-1].get("more_body", False)) == (413, b"no", False)


async def test_each_byte_of_an_upload_counts_for_the_pace_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []

    def took(size: int) -> float:
        taken.append(size)
        return 0.0

    monkeypatch.setattr(bodies, "_taken", SimpleNamespace(took=took))
    scope: dict[str, Any] = {"type": "http", "headers": [(b"content-type", b"multipart/form-data; boundary=b")]}
    request = Request(scope, receiver([]))
    request.state.services = SimpleNamespace(uploads=Budget())
    request.state.principal = SimpleNamespace(caller="ana")
    async with multipart.received(request, 10**6, 60.0, lambda _: None) as form:
        assert form.size == 5000
    assert taken == [len(piece) for piece in PIECES]


async def test_an_upload_above_its_pace_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(bodies, "_taken", Pace(rate=100, burst=1000, clock=Clock()))
    monkeypatch.setattr(bodies, "_wait", sleep)
    async with bodies.piece_in_turn(1000):
        pass
    async with bodies.piece_in_turn(300):
        pass
    assert waits == [0, 3]
