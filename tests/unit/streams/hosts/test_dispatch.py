"""Which handler reacts to which event."""

from __future__ import annotations

import pytest

from schemas.catalogue import versions
from schemas.wire import from_record
from streams.hosts.dispatch import HANDLED, dispatch
from tests.contract.golden import golden


@pytest.mark.parametrize("type_", versions())
def test_every_event_that_ever_was_can_be_dispatched(type_: str) -> None:
    outputs = dispatch(from_record(type_, dict(golden(type_, 1).record)))
    assert bool(outputs) == (type_ in HANDLED)


def test_the_agents_do_not_feed_themselves_in_a_circle() -> None:
    """No output of a handler leads to a handler again, however long one follows."""
    for type_ in HANDLED:
        for output in dispatch(from_record(type_, dict(golden(type_, 1).record))):
            assert output.type not in HANDLED
