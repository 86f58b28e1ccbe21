"""The document of the log says what the declarations say: each topic, event, writer and reader, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from fastavro import parse_schema
from fastavro.validation import validate

from gateway.http.asyncapi import document, document_bytes
from schemas import headers as h
from schemas.belief import Belief, Mode, sign
from schemas.catalogue import versions
from schemas.signing import parse
from schemas.topics import declared, groups
from schemas.wire import from_record
from tests.contract.golden import golden

MADE = document("1.2.3")
MESSAGES = MADE["components"]["messages"]


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for one in part.values():
            yield from references(one)
    elif isinstance(part, list):
        for one in part:
            yield from references(one)


def test_every_topic_is_a_channel_and_every_event_a_message() -> None:
    assert {channel["address"] for channel in MADE["channels"].values()} == set(declared())
    assert {message["name"] for message in MESSAGES.values()} == set(versions())
    told = MADE["channels"]["plan_events"]
    assert told["bindings"]["kafka"]["partitions"] == declared()["plan.events"].partitions
    assert "plan_approved" in told["messages"]


def test_every_writer_and_reader_is_an_operation() -> None:
    made = MADE["operations"]
    sends = [name for name, one in made.items() if one["action"] == "send"]
    assert sends == [f"{p}_writes_{t.name.translate({46: 95})}" for t in declared().values() for p in t.producers]
    reads = {one["bindings"]["kafka"]["groupId"]["enum"][0] for one in made.values() if one["action"] == "receive"}
    assert reads == set(groups())
    assert made["agents_reads_agents_redeliver"]["channel"] == {"$ref": "#/channels/agents_redeliver"}


def test_every_reference_leads_somewhere() -> None:
    found = list(references(MADE))
    assert found
    for one in found:
        at: Any = MADE
        for name in one.removeprefix("#/").split("/"):
            at = at[name]
        assert at


def test_every_header_of_an_event_is_told_and_no_other() -> None:
    keys = Belief(parse(f"one {'01' * 32}"), Mode.REQUIRE, None).own
    events = [from_record(type_, dict(golden(type_, 1).record)) for type_ in versions()]
    carried = [sign(keys, "t", b"k", event.type, b"v", h.for_event(event, "00-a-b-01")) for event in events]
    told = MADE["components"]["messageTraits"]["event"]["headers"]
    assert {name for headers in carried for name, _ in headers} | {h.TAKEN_AT} == set(told["properties"])
    assert set(told["required"]) <= set.intersection(*[{name for name, _ in headers} for headers in carried])


@pytest.mark.parametrize("name", MESSAGES)
def test_the_example_of_an_event_fits_its_schema(name: str) -> None:
    (example,) = MESSAGES[name]["examples"]
    schema = parse_schema(MESSAGES[name]["payload"]["schema"], named_schemas={})
    assert validate(example["payload"], schema, raise_errors=False)


def test_it_is_json_and_says_its_version() -> None:
    assert orjson.loads(document_bytes("1.2.3")) == orjson.loads(orjson.dumps(MADE))
    assert (MADE["asyncapi"], MADE["info"]["version"]) == ("3.0.0", "1.2.3")
