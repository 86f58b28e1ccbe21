"""How many files leave at a time, and what frees a place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from gateway.exports import download_limit as module
from gateway.exports.download_limit import Download, Lasts, Place, Places
from gateway.problems.problem import Problem

SCOPE = {"type": "http", "asgi": {"spec_version": "2.3"}}


def refused(places: Places, caller: str) -> tuple[int, str, str]:
    with pytest.raises(Problem) as caught:
        places.take(caller)
    problem = caught.value
    return problem.status, problem.headers["Retry-After"], str(problem.extra["code"])


def test_of_one_and_of_all_no_more_leave_than_may() -> None:
    places = Places(most=3, most_of_one=2)
    first, _ = places.take("ana"), places.take("ana")
    assert refused(places, "ana") == (429, "5", "downloads-of-one")
    places.take("bia")
    assert refused(places, "caio") == (503, "5", "downloads")
    first.free()
    first.free()
    assert places.taken == 2, "a place is given back once"
    places.take("ana")
    assert refused(places, "ana") == (429, "5", "downloads-of-one")


closed: list[str] = []


async def pieces() -> AsyncGenerator[bytes]:
    try:
        yield b"one"
        yield b"two"
    finally:
        closed.append("way")


async def always() -> bool:
    return True


def download(place: Place, lasts: Lasts = always) -> Download:
    return Download(pieces(), place, lasts, headers={"X-Export-Rows": "2"}, media_type="text/csv")


async def stays(_message: Any = None) -> Any:
    await asyncio.Event().wait()


async def test_a_file_that_was_sent_has_no_place_any_more() -> None:
    places, sent = Places(), list[Any]()

    async def send(message: Any) -> None:
        assert places.taken == 1
        sent.append(message)

    await download(places.take("ana"))(SCOPE, stays, send)
    assert places.taken == 0
    assert b"".join(one.get("body", b"") for one in sent) == b"onetwo"
    assert [one.get("more_body") for one in sent] == [None, True, True, False]


async def test_a_file_that_nobody_takes_is_given_up() -> None:
    places, sent = Places(untaken_s=0.01), list[Any]()

    async def send(message: Any) -> None:
        sent.append(message)
        if message.get("body"):
            await stays()

    await download(places.take("ana"))(SCOPE, stays, send)
    assert places.taken == 0
    assert [one.get("more_body") for one in sent] == [None, True], "and is not told as whole"


async def test_who_has_left_before_it_began_leaves_no_place_behind() -> None:
    places = Places()

    async def left() -> Any:
        return {"type": "http.disconnect"}

    await download(places.take("ana"))(SCOPE, left, stays)
    assert places.taken == 0


async def test_a_file_that_breaks_off_by_a_mistake_leaves_no_place_behind() -> None:
    places = Places()

    async def send(message: Any) -> None:
        if message.get("body") == b"two":
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        await download(places.take("ana"))(SCOPE, stays, send)
    assert places.taken == 0


@pytest.mark.parametrize("away", [False, True])
async def test_a_file_breaks_off_when_its_caller_is_let_in_no_more(
    monkeypatch: pytest.MonkeyPatch, *, away: bool
) -> None:
    """And not where nobody can say so just now."""
    monkeypatch.setattr(module, "ASKED_S", 0.0)
    places, sent, answers = Places(), list[Any](), [True, False]

    async def lasts() -> bool:
        if away:
            raise OSError("the database is away")
        return answers.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    closed.clear()
    await download(places.take("ana"), lasts)(SCOPE, stays, send)
    assert places.taken == 0
    assert closed == ["way"]
    told = [(one.get("body"), one.get("more_body")) for one in sent[1:]]
    assert told == ([(b"one", True), (b"two", True), (b"", False)] if away else [(b"one", True)]), "not told as whole"
