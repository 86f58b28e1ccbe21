"""The AsyncAPI 3.0 document of the log: topics, who writes and reads them, and their events.

Channels are the topics of schemas/topics.toml, payloads the newest Avro files, examples the golden files. Addresses are
the topics' names at the broker, with this system's prefix. An added event or topic appears here by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final

import orjson

from schemas import headers as h
from schemas.catalogue import newest
from schemas.prefix import outside
from schemas.topics import Group, Topic, declared, groups

_AVRO: Final = "application/vnd.apache.avro;version=1.9.0"
_CONTENT: Final = "application/avro"


@cache
def document_bytes(version: str) -> bytes:
    """Return the document as JSON."""
    return orjson.dumps(document(version))


def document(version: str) -> dict[str, Any]:
    """Return the document of this version of the system."""
    topics = declared()
    types = sorted({type_ for topic in topics.values() for type_ in topic.events})
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Marketplace Resilience System",
            "version": version,
            "description": "Every event on the log. Values are Avro in the framing of the schema registry: a zero"
            " byte, the schema's id in four, then the record. Headers are those of CloudEvents' Kafka binding. Webhooks"
            " carry the same data as CloudEvents in JSON; beside it stands `unmatched`, where an agent's texts of the"
            " tasks that an event tells have numbers without a source in the document.",
        },
        "defaultContentType": _CONTENT,
        "servers": {
            "broker": {"host": "{host}", "protocol": "kafka", "variables": {"host": {"default": "kafka:9092"}}}
        },
        "channels": {_id(topic.name): _channel(topic) for topic in topics.values()},
        "operations": dict(_operations(topics)),
        "components": {
            "messages": {_id(type_): _message(type_) for type_ in types},
            "messageTraits": {"event": {"headers": _headers()}},
        },
    }


def _id(name: str) -> str:
    """Return a name in the characters that keys of the document may have."""
    return name.replace(".", "_").replace("-", "_")


def _channel(topic: Topic) -> dict[str, Any]:
    kept = "for ever" if topic.retention_ms < 0 else f"for {topic.retention_ms / 86_400_000:g} days"
    return {
        "address": outside(topic.name),
        "title": topic.name,
        "description": f"{topic.doc} Key: {topic.key}. Kept {kept}.",
        "messages": {_id(type_): {"$ref": f"#/components/messages/{_id(type_)}"} for type_ in topic.events},
        "bindings": {
            "kafka": {
                "topic": outside(topic.name),
                "partitions": topic.partitions,
                "topicConfiguration": {"retention.ms": topic.retention_ms},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operations(topics: dict[str, Topic]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield an operation for each package that writes a topic, and for each consumer group that reads it."""
    for topic in topics.values():
        for package in topic.producers:
            name = f"{package}_writes_{_id(topic.name)}"
            yield name, {"action": "send", **_of(topic), "title": f"{package} writes {topic.name}"}
    for group in groups().values():
        for name in (*group.topics, *((group.redelivered,) if group.redelivered else ())):
            yield f"{_id(group.name)}_reads_{_id(name)}", {"action": "receive", **_of(topics[name]), **_reads(group)}


def _of(topic: Topic) -> dict[str, Any]:
    return {"channel": {"$ref": f"#/channels/{_id(topic.name)}"}}


def _reads(group: Group) -> dict[str, Any]:
    return {
        "title": f"The consumer group {group.name} reads it",
        "description": group.doc,
        "bindings": {
            "kafka": {"groupId": {"type": "string", "enum": [outside(group.name)]}, "bindingVersion": "0.5.0"},
        },
    }


def _message(type_: str) -> dict[str, Any]:
    latest = newest(type_)
    return {
        "name": type_,
        "title": type_,
        "summary": str(latest.raw.get("doc", "")),
        "contentType": _CONTENT,
        "traits": [{"$ref": "#/components/messageTraits/event"}],
        "payload": {"schemaFormat": _AVRO, "schema": latest.raw},
        "examples": [{"name": f"{type_}.v{latest.version}", "payload": _example(type_, latest.version)}],
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": "0.5.0"}},
    }


def _example(type_: str, version: int) -> Any:
    file = resources.files("schemas").joinpath("examples", f"{type_}.v{version}.json")
    return json.loads(file.read_text("utf-8"))


def _headers() -> dict[str, Any]:
    said = {name: {"type": "string", "description": text} for name, text in h.OF_EVENTS.items()}
    return {"type": "object", "properties": said, "required": ["ce_id", h.TYPE, "ce_subject", "ce_sequence"]}
