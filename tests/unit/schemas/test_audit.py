"""The chain of who did what: every field of an entry, its place and its time are under its hash."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from gateway.ui.words.audit_words import ACTIONS as WORDS
from schemas import audit
from schemas.audit import Told
from schemas.lifecycle import RULES

AT = datetime(2026, 11, 30, 12, 0, 0, 123456, UTC)
ENTRY = Told(
    7, AT, "ana", "k1", "10.0.0.1", "plan.approve", "plan", "p", UUID(int=1), "accepted", '{"a": 1}', None, "why", "r1"
)
#: Another value for each field.
OTHER: dict[str, Any] = {
    "entry_id": 8,
    "at": AT + timedelta(microseconds=1),
    "plan_id": None,
    "before": None,
    "after": "{}",
}


def test_the_chain_goes_on_where_it_ended() -> None:
    """In one go or in two, the links are the same; each holds the hash of the one before."""
    entries = [replace(ENTRY, entry_id=n) for n in (3, 1, 2)]
    links = audit.chain((0, audit.START), entries, AT)
    first = audit.chain((0, audit.START), entries[:2], AT)
    assert links == [*first, *audit.chain((2, first[-1].hash), entries[2:], AT)]
    assert [(one.position, one.entry_id) for one in links] == [(1, 3), (2, 1), (3, 2)]
    assert [one.previous for one in links] == [audit.START, links[0].hash, links[1].hash]


@pytest.mark.parametrize("name", [field.name for field in fields(Told)])
def test_no_field_can_be_changed_unseen(name: str) -> None:
    changed = replace(ENTRY, **{name: OTHER.get(name, "another")})
    assert audit.hash_of(1, audit.START, AT, changed) != audit.hash_of(1, audit.START, AT, ENTRY)


@pytest.mark.parametrize(
    ("position", "previous", "at"),
    [(2, audit.START, AT), (1, bytes([1] * 32), AT), (1, audit.START, AT + timedelta(microseconds=1))],
    ids=["place", "hash before", "time"],
)
def test_neither_can_its_place(position: int, previous: bytes, at: datetime) -> None:
    assert audit.hash_of(position, previous, at, ENTRY) != audit.hash_of(1, audit.START, AT, ENTRY)


def test_text_does_not_slide_from_one_field_into_the_next() -> None:
    one, other = replace(ENTRY, actor="ab", key_id="c"), replace(ENTRY, actor="a", key_id="bc")
    assert audit.hash_of(1, audit.START, AT, one) != audit.hash_of(1, audit.START, AT, other)


def test_only_what_was_settled_was_there() -> None:
    assert audit.was_there(AT, AT + timedelta(seconds=audit.SETTLED_S + 1))
    assert not audit.was_there(AT, AT + timedelta(seconds=audit.SETTLED_S))


def test_every_action_is_known_and_has_its_words() -> None:
    assert set(RULES) <= set(audit.ACTIONS)
    assert len(set(audit.ACTIONS)) == len(audit.ACTIONS)
    assert set(WORDS) == set(audit.ACTIONS)
