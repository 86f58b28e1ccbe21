"""The schema registry is away once it has given no answer for a while that a process could start with."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from schemas.registry import RegistryError, placements, subject_of
from streams.watchdog.registry import SILENT_S, RegistryView, asked

OURS = [subject_of(topic, type_) for topic, type_ in placements()]


class Answering:
    """A registry with these subjects, or one that raises."""

    def __init__(self, *subjects: str, error: Exception | None = None) -> None:
        self._subjects, self._error = list(subjects), error

    def subjects(self) -> list[str]:
        if self._error is not None:
            raise self._error
        return self._subjects


def wrong_with(registry: Answering) -> str:
    return asked(cast("Any", registry))


def test_a_registry_with_all_subjects_is_well() -> None:
    assert wrong_with(Answering(*OURS, "another")) == ""


def test_a_subject_that_is_missing_is_named_with_what_to_do() -> None:
    assert wrong_with(Answering(*sorted(OURS)[1:])) == f"{min(OURS)} is not registered: run `provision apply`"


@pytest.mark.parametrize("error", [RegistryError(500, 50001, "store\0"), OSError("refused"), ValueError("no JSON")])
def test_a_registry_that_fails_says_why_in_text_that_can_be_stored(error: Exception) -> None:
    said = wrong_with(Answering(error=error))
    assert said.startswith(type(error).__name__)
    assert "\0" not in said


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("streams.watchdog.registry.time", SimpleNamespace(monotonic=lambda: self.now))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_one_failure_is_no_outage_and_a_long_one_turns_once_each_way(clock: Clock) -> None:
    view = RegistryView("http://registry")
    turned: list[float] = []
    view.turned = lambda: turned.append(view.away_s)

    for _ in range(4):
        view._take("it is refused", clock.now)
        assert (view.away_s, view.error) == (0.0, "")
        clock.now += SILENT_S / 4
    view._take("it is refused", clock.now)
    assert (view.away_s, view.error, turned) == (SILENT_S, "it is refused", [SILENT_S])

    clock.now += 1
    view._take("it is refused", clock.now)
    view._take("", clock.now)
    assert (view.away_s, view.error, turned) == (0.0, "", [SILENT_S, 0.0])


def test_an_answer_counts_from_when_it_was_asked_for(clock: Clock) -> None:
    view = RegistryView("http://registry")
    began = clock.now
    clock.now += 4
    view._take("", began)  # it took four seconds
    clock.now = began + SILENT_S
    view._take("it is refused", clock.now)

    assert view.away_s == SILENT_S


async def test_without_a_registry_nobody_is_asked(clock: Clock) -> None:
    view = RegistryView("")
    clock.now += 1000

    await view.run()
    assert (view.away_s, view.error) == (0.0, "")
