"""The reference is made of the documents: each call and event, with what it takes, answers and holds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.http.asyncapi import document as log_document
from gateway.http.openapi import TAGS
from gateway.ui.reference import calls, events
from gateway.ui.schema_fields import Field
from tests.support.api_document import api_document

CALLS = calls(api_document())
EVENTS = events(log_document("0"))


def test_calls_come_group_by_group_in_the_order_of_the_tags() -> None:
    assert list(dict.fromkeys(call.group for call in CALLS.values())) == list(TAGS)


def test_a_call_sends_a_key_its_body_and_a_key_of_its_own_where_it_is_repeated() -> None:
    call = CALLS["plans_decide"]
    assert (call.method, call.path, call.role) == ("PATCH", "/api/marketplace/analysis/{plan_id}", "analyst")
    assert call.curl.splitlines() == [
        'curl -X PATCH "$MARKETPLACE_URL/api/marketplace/analysis/0b9f6a52-6a3e-4a0d-8d0b-5a2a4c1e7f10" \\',
        '  -H "Authorization: Bearer $KEY" \\',
        '  -H "Idempotency-Key: $(uuidgen)" \\',
        "  -H 'Content-Type: application/json' \\",
        '  -d \'{"action": "approve"}\'',
    ]
    assert json.loads(call.bodies[0]) == {"action": "approve"}
    assert [one.path for one in call.parameters] == ["plan_id", "Idempotency-Key", "If-Match"]
    (taken, *refused) = call.answers
    assert (taken.status, json.loads(taken.example)["outcome"]) == ("202", "accepted")
    assert {one.status for one in refused} >= {"404", "409", "412"}
    assert not any(one.example or one.fields for one in refused)


def test_a_call_for_anybody_sends_no_key_and_an_upload_sends_a_file() -> None:
    assert CALLS["health_live"].curl == 'curl "$MARKETPLACE_URL/health/live"'
    assert "-F file=@sales.csv -F channels=shopee" in CALLS["uploads_upload"].curl
    assert CALLS["uploads_upload"].bodies == []
    assert CALLS["health_metrics"].answers[0].example == "text"


def test_an_event_tells_where_it_stands_and_all_that_it_holds() -> None:
    approved = EVENTS["plan.approved"]
    assert (approved.topics, approved.readers) == (["plan.events"], ["agents", "projections"])
    assert "gateway" in approved.writers
    assert approved.fields[0] == Field("event_id", "text", True, approved.fields[0].says)
    assert "opportunities[].evidence[].metric" in [one.path for one in approved.fields]
    assert json.loads(approved.example)["plan_id"]


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("long", "long"),
        (["null", "string"], "nothing or text"),
        ({"type": "long", "logicalType": "timestamp-micros"}, "timestamp-micros"),
        ({"type": "map", "values": "double"}, "map of double"),
        ({"type": "enum", "name": "E", "symbols": ["a", "b"]}, "one of: a, b"),
        ({"type": "array", "items": ["null", "int"]}, "list of nothing or int"),
        ({"type": "string", "avro.java.string": "String"}, "text"),
        (["null", {"type": "record", "name": "R", "fields": []}], "nothing or record"),
    ],
)
def test_a_type_of_avro_is_said_in_words(type_: Any, said: str) -> None:
    message = {
        "name": "a.b",
        "summary": "",
        "payload": {"schema": {"type": "record", "fields": [{"name": "one", "type": type_, "default": None}]}},
        "examples": [{"payload": {}}],
    }
    log = {"components": {"messages": {"a_b": message}}, "channels": {}, "operations": {}}

    assert events(log)["a.b"].fields == [Field("one", said, False, "")]
