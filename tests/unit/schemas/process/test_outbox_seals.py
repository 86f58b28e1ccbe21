"""A row of the outbox becomes an event only if its seal fits, where events are signed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from schemas.belief import Mode
from schemas.events import Event
from schemas.outbox_seal import Forged
from schemas.process.outbox_seals import COLUMNS, Seals, event_of
from schemas.process.signing import Signing
from tests.unit.schemas.test_outbox_seal import KEYS, ROW

EVENT = Event(
    "plan.rejected",
    ROW["event_id"],
    ROW["stream"],
    3,
    1_700_000_000_000_000,
    "c",
    ROW["correlation_id"],
    "ána",
    {"reason": "não"},
)
KEPT: dict[str, Any] = {**ROW, "seq": 7}
FORGED = {**KEPT, "data": '{"reason": "sim"}'}


def test_a_row_gives_every_field_of_its_event() -> None:
    assert event_of(ROW) == EVENT
    assert Seals(Signing(KEYS, Mode.REQUIRE)).event_of(KEPT) == EVENT


def test_no_event_is_made_of_a_row_that_was_changed() -> None:
    with pytest.raises(Forged):
        Seals(Signing(KEYS, Mode.REQUIRE)).event_of(FORGED)


@pytest.mark.parametrize("signing", [Signing(KEYS, Mode.WARN), Signing(KEYS, Mode.OFF), Signing()])
def test_where_no_seal_is_asked_for_the_event_is_made_of_the_row_as_it_is(signing: Signing) -> None:
    assert Seals(signing).event_of(FORGED).data == {"reason": "sim"}


def test_the_columns_are_those_that_a_seal_and_an_event_need() -> None:
    named = set(re.findall(r"o\.(\w+)", COLUMNS))
    assert named == {*KEPT}


class Before:
    """A database that says up to which row a seal may be missing."""

    def __init__(self, seq: int | None) -> None:
        self.seq = seq

    async def fetchval(self, _query: str, *_args: object) -> int | None:
        return self.seq


@pytest.mark.parametrize(("until", "believed"), [(None, True), (7, True), (6, False), (0, False)])
async def test_a_row_without_a_seal_is_believed_if_it_is_from_before_the_upgrade(
    until: int | None, believed: bool
) -> None:
    seals = Seals(Signing(KEYS, Mode.REQUIRE))
    unsealed = {**KEPT, "seal": None}
    await seals.learn(Before(until), [unsealed])  # type: ignore[arg-type] # asks for one value

    if believed:
        assert seals.event_of(unsealed) == EVENT
    else:
        with pytest.raises(Forged, match="nobody has sealed it"):
            seals.event_of(unsealed)
