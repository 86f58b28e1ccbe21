"""From a record of a dead-letter topic to its row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from projections.dead_letters.projection import Letter, fingerprint, project_letter
from projections.rows import Recorded, at, fold
from projections.run.writer import rows_of
from schemas import headers as h
from schemas.catalogue import versions
from schemas.events import Event
from schemas.typed.unions import SYSTEM_TYPES
from schemas.wire import Codec, Undecodable
from tests.support.events import PLAN, uploaded

AT = datetime(2026, 3, 10, 13, 4, 5, tzinfo=UTC)
HEADERS: h.Headers = [
    ("ce_type", b"plan.uploaded"), (h.GROUP, b"agents"), (h.ORIG_TOPIC, b"plan.events"), (h.ORIG_PARTITION, b"3"),
    (h.ORIG_OFFSET, b"17"), (h.ATTEMPT, b"4"), (h.ERROR_CODE, b"ValueError"), (h.ERROR_CLASS, b"ValueError"),
    (h.ERROR_MESSAGE, b"no order 17"), (h.FIRST_FAILED_AT, b"1773147845000"),
]  # fmt: skip
LETTER = Letter("agents.dlq", 1, 9, AT, PLAN.encode(), b"bytes", HEADERS, uploaded(), "ab" * 16)


def row(letter: Letter) -> dict[str, Any]:
    (made,) = project_letter(letter)
    assert made.statement == "dead_letter_came"
    return dict(made.values)


def action(type_: str, version: int, **data: Any) -> Recorded:
    event = Event(
        type_, "e", "deadletter-x", version, 1_000_000, "c", "s", "ana", {"source": "s", "record_id": "x", **data}
    )
    return Recorded(event, "system.events", 0, version, AT, None)


def test_a_letter_is_read_from_its_headers() -> None:
    made = row(LETTER)
    assert made["record_id"] == "agents|plan.events|3|17"
    assert (made["plan_id"], made["attempts"], made["replay"], made["code"]) == (PLAN, 4, 0, "ValueError")
    assert made["first_failed_at"] == datetime(2026, 3, 10, 13, 4, 5, tzinfo=UTC)
    assert made["last_failed_at"] == AT
    assert orjson.loads(made["data"])["title"] == "Vendas de fevereiro"
    assert h.from_json(orjson.loads(made["headers"])) == HEADERS


def test_what_nobody_can_read_is_kept_all_the_same() -> None:
    made = row(replace(LETTER, event=None, value=None, key=None, headers=[("x", b"\xff\0"), (h.ATTEMPT, b"\xff")]))
    assert (made["record_id"], made["plan_id"], made["data"], made["value"]) == ("|agents.dlq|1|9", None, None, None)
    assert h.from_json(orjson.loads(made["headers"])) == [("x", b"\xff\0"), (h.ATTEMPT, b"\xff")]


def test_no_text_holds_what_a_database_refuses() -> None:
    event = uploaded()
    bad = replace(event, data={**event.data, "title": "a\0b"})
    made = row(replace(LETTER, event=bad, key=b"k\0", headers=[(h.ERROR_MESSAGE, b"m\0"), (h.GROUP, b"g\0")]))
    assert not any("\0" in v or "\\u0000" in v for v in made.values() if isinstance(v, str))


def test_the_same_cause_has_the_same_fingerprint() -> None:
    base = fingerprint("code", "Class", "type", "order 17 of 3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a at 0x7ffe")
    assert base == fingerprint("code", "Class", "type", "order 4711 of 00000000-0000-4000-8000-000000000001 at 0x1")
    assert base != fingerprint("code", "Class", "type", "order 17 is unknown")
    assert base != fingerprint("other", "Class", "type", "order 17 of 3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a at 0x7ffe")


def test_records_that_are_no_events_are_one_cause_whatever_their_first_byte_is() -> None:
    codec, found = Codec({}, {}), set()
    for first in range(1, 256):
        with pytest.raises(Undecodable) as caught:
            codec.decode(bytes([first]) + b"12345")
        assert f"the first byte is {first}, not 0" in str(caught.value)
        found.add(fingerprint(caught.value.code, "Undecodable", "", str(caught.value)))
    assert len(found) == 1


def test_the_sign_of_a_number_makes_no_other_cause() -> None:
    base = fingerprint("code", "Class", "type", "a price of 5 on day 2026-11-30, not (7)")
    assert base == fingerprint("code", "Class", "type", "a price of -5 on day 2025-01-02, not (-8)")
    assert base != fingerprint("code", "Class", "type", "a price of - 5 on day 2026-11-30, not (7)")


def test_actions_in_one_batch_fill_their_own_columns() -> None:
    events = [
        action("deadletter.edited", 1, reason="título"),
        action("deadletter.replayed", 2, replay=1),
        action("deadletter.discarded", 3, reason="não"),
    ]
    folded = fold([r for e in events for r in rows_of(e)])
    assert folded == {
        "dead_letter_acted": [
            {
                "record_id": "x",
                "version": 3,
                "replays": 1,
                "replayed_version": 2,
                "discarded_version": 3,
                "edits": 1,
                "reason": "não",
                "acted_by": "ana",
                "acted_at": at(1_000_000),
            }
        ]
    }


def test_what_else_the_system_says_of_itself_changes_no_read_model() -> None:
    others = [type_ for type_ in versions() if type_ in SYSTEM_TYPES and not type_.startswith("deadletter.")]
    for type_ in [*others, "deadletter.imagined"]:
        assert rows_of(action(type_, 1)) == []
    assert len(others) > 5
