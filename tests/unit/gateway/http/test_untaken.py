"""What was written and nobody takes is given up; whoever takes some of it, however slowly, gets all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from gateway.http.untaken import LEAST, Watched


class Line:
    """A transport, and the loop's clock: what was written waits until the test takes it."""

    def __init__(self) -> None:
        self.waiting = 0
        self.ended = ""
        self.looks: list[Callable[[], None]] = []
        self.given_up = 0

    def write(self, data: bytes) -> None:
        self.waiting += len(data)

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def close(self) -> None:
        self.ended = "closed"

    def call_later(self, _seconds: float, look: Callable[[], None]) -> Any:
        self.looks.append(look)

        class Handle:
            @staticmethod
            def cancel() -> None:
                self.looks.remove(look)

        return Handle

    def untaken(self) -> None:
        self.given_up += 1

    def pass_time(self) -> None:
        (look,) = self.looks
        self.looks.clear()
        look()


@pytest.fixture
def line() -> Line:
    return Line()


def watched(line: Line) -> Watched:
    return Watched(cast("Any", line), cast("Any", line), 30.0, line.untaken)


def test_what_waits_when_the_connection_is_closed_is_given_up(line: Line) -> None:
    one = watched(line)
    one.write(b"a" * 100)
    assert line.looks == []
    one.close()
    assert line.ended == "closed"
    line.pass_time()
    assert (line.given_up, line.looks) == (1, [])


def test_who_takes_all_or_the_least_at_each_look_is_waited_for(line: Line) -> None:
    one = watched(line)
    one.write(b"a" * 10 * LEAST)
    one.watch()
    for _ in range(9):
        line.waiting -= LEAST
        line.pass_time()
    line.waiting -= LEAST
    line.pass_time()
    assert (line.given_up, line.looks) == (0, [])


def test_what_is_added_meanwhile_hides_nothing_that_was_taken(line: Line) -> None:
    """A stream of news to a slow reader: as much waits at each look, and none of it is what waited before."""
    one = watched(line)
    one.write(b"a" * 50)
    one.watch()
    for _ in range(5):
        line.waiting -= 50
        one.write(b"b" * 50)
        line.pass_time()
    assert (line.given_up, len(line.looks)) == (0, 1)
    one.write(b"b" * 50)
    line.pass_time()
    assert line.given_up == 1


def test_less_than_the_least_holds_no_connection(line: Line) -> None:
    one = watched(line)
    one.write(b"a" * 10 * LEAST)
    one.watch()
    line.waiting -= LEAST - 1
    line.pass_time()
    assert line.given_up == 1


def test_it_is_looked_at_once_at_a_time_and_not_after_its_end(line: Line) -> None:
    one = watched(line)
    one.watch()
    assert line.looks == []
    one.write(b"a")
    one.watch()
    one.close()
    assert len(line.looks) == 1
    one.unwatch()
    assert line.looks == []
