"""A line that comes again and again is told once in a while, with how often; no other line is lost."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator

import pytest

from schemas.process import repeats


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(repeats, "time", made)
    return made


@pytest.fixture
def library() -> Iterator[str]:
    name = f"lib{uuid.uuid4().hex}"
    made = [logging.getLogger(name), logging.getLogger(f"{name}.conn"), logging.getLogger(f"{name}x")]
    yield name
    for logger in made:
        logger.filters.clear()


def test_the_same_line_is_told_once_and_then_counted(
    library: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    repeats.collapse(library)
    log = logging.getLogger(f"{library}.conn")
    for _ in range(40):
        log.error("Unable connect to node with id %s: %s", 1, "refused")
        clock.now += 0.1
    log.error("Unable connect to node with id %s: %s", 2, "refused")
    clock.now += 2.0
    log.error("Unable connect to node with id %s: %s", 1, "refused")
    assert caplog.records[-1].args == ()  # formatters of other libraries count on a tuple
    assert caplog.messages == [
        "Unable connect to node with id 1: refused",
        "Unable connect to node with id 2: refused",
        "Unable connect to node with id 1: refused (39 more in the 6 s before)",
    ]


def test_after_a_pause_a_line_is_told_as_if_it_were_new(
    library: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    repeats.collapse(library)
    log = logging.getLogger(library)
    log.warning("away")
    clock.now += repeats.EVERY_S
    log.warning("away")
    assert caplog.messages == ["away", "away"]


def test_other_libraries_and_levels_are_left_alone(
    library: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    repeats.collapse(library)
    for _ in range(2):
        logging.getLogger(f"{library}x").warning("away")
    logging.getLogger(library).warning("away")
    logging.getLogger(library).error("away")
    assert len(caplog.messages) == 4


def test_what_is_remembered_is_bounded(clock: Clock) -> None:
    made = repeats.Repeats()
    for n in range(3 * repeats.REMEMBERED):
        clock.now += 0.001
        assert made.filter(logging.LogRecord("l", logging.ERROR, "", 0, "line %d", (n,), None))
    assert len(made._told) == repeats.REMEMBERED
    last = logging.LogRecord("l", logging.ERROR, "", 0, "line %d", (3 * repeats.REMEMBERED - 1,), None)
    assert not made.filter(last)
