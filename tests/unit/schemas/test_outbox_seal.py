"""A row of the outbox is believed by the seal of who decided it, and by no other."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.outbox_seal import SETTING, Forged, check, session
from schemas.signing import NO_KEYS, parse

KEYS = parse("k1 " + "a1" * 32)
#: As Postgres seals it (tests/integration/pipeline/test_relay_seals.py compares both on drawn rows).
ROW: dict[str, Any] = {
    "event_id": "0b0e1c6e-1111-4222-8333-444455556666",
    "topic": "plan.events",
    "key": "0b0e1c6e-7777-4222-8333-444455556666",
    "type": "plan.rejected",
    "stream": "plan-0b0e1c6e-7777-4222-8333-444455556666",
    "version": 3,
    "occurred_at": 1_700_000_000_000_000,
    "causation_id": "c",
    "correlation_id": "0b0e1c6e-7777-4222-8333-444455556666",
    "actor": "ána",
    "data": '{"reason": "não"}',
    "raw": None,
    "raw_headers": None,
    "seal": "k1.b2be4e06604d999780a17ce4fe0f1ae4f2d14cb441a0bad3da62d81e2a04c793",
}


def test_a_session_seals_by_a_key_that_is_made_from_the_producers() -> None:
    """Postgres sees it: it must not be the one that signs records."""
    told = session(KEYS)[SETTING]

    assert told.startswith("k1:")
    assert len(told.split(":")[1]) == len(told.split(":")[2]) == 128
    assert "a1" * 32 not in told
    assert bytes(byte ^ 0x36 for byte in bytes.fromhex(told.split(":")[1])) != bytes.fromhex("a1" * 32).ljust(64, b"\0")


def test_without_a_key_nothing_is_sealed() -> None:
    assert session(NO_KEYS) == {}


def test_the_seal_is_of_the_row_as_it_is() -> None:
    check(KEYS, ROW)


@pytest.mark.parametrize("name", sorted(set(ROW) - {"seal"}))
def test_a_row_of_which_anything_was_changed_is_forged(name: str) -> None:
    changed = {"version": 4, "occurred_at": 1, "raw": b"bytes"}.get(name, "another")

    with pytest.raises(Forged, match="changed since"):
        check(KEYS, {**ROW, name: changed})


def test_what_stands_in_one_column_is_nothing_like_the_same_over_two() -> None:
    with pytest.raises(Forged):
        check(KEYS, {**ROW, "type": ROW["type"] + "p", "stream": ROW["stream"][1:]})


@pytest.mark.parametrize(
    ("seal", "said"),
    [(None, "nobody"), ("k9.00", "not known here: k9"), ("", "not known"), ("k1.", "changed"), ("k1.é", "changed")],
)
def test_what_is_no_seal_of_ours_is_forged(seal: str | None, said: str) -> None:
    with pytest.raises(Forged, match=said):
        check(KEYS, {**ROW, "seal": seal})
