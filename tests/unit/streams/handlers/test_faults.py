"""Faults on purpose: which events fail, and how often."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.events import Event
from streams.handlers.faults import Fault, InjectedFault, failing, parse
from tests.support.events import approved, uploaded


def handler(event: Event) -> list[Event]:
    return [event]


def test_none_changes_nothing() -> None:
    assert failing(handler, parse("")) is handler


def test_what_is_written_is_meant() -> None:
    assert parse(" fail plan.approved ; fail plan.uploaded where title=a b times 2;") == (
        Fault("plan.approved"),
        Fault("plan.uploaded", "title", "a b", 2),
    )


@pytest.mark.parametrize(
    "text", ["plan.approved", "fail", "fail plan.approved times many", "fail x where y", "deaf after x times 2"]
)
def test_nonsense_is_refused_with_its_words(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        parse(text)


def test_only_what_is_meant_fails_and_only_so_often() -> None:
    handle = failing(handler, parse("fail plan.uploaded where title=Vendas de fevereiro times 2"))
    one, two = uploaded(), replace(uploaded(), event_id="other")
    for event in (one, two):
        for _ in range(2):
            with pytest.raises(InjectedFault):
                handle(event)
        assert handle(event) == [event]
    other = replace(one, data={**one.data, "title": "x"})
    assert handle(other) == [other]
    assert handle(approved()) == [approved()]


def test_a_process_is_deafened_by_what_is_meant_and_handles_that_still() -> None:
    deafened: list[bool] = []
    handle = failing(handler, parse("deaf after plan.approved where reason=drill"), lambda: deafened.append(True))
    one = approved()
    assert handle(one) == [one]
    assert not deafened
    last = replace(one, data={**one.data, "reason": "drill"})
    assert handle(last) == [last]
    assert deafened == [True]
