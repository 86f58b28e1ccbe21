"""The Avro files keep the house rules: documented, self-contained, one envelope, names that follow from the type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from schemas.catalogue import SchemaVersion, types_by_record, versions
from schemas.events import ENVELOPE, record_name
from schemas.fit import compile_fit
from schemas.typed.generator import records

ALL = [schema for of_type in versions().values() for schema in of_type]
FIRST = ALL[0]


def undocumented(schema: dict[str, Any]) -> list[str]:
    return [
        where
        for record in records(schema)
        for where, doc in [(record["name"], record.get("doc"))]
        + [(f"{record['name']}.{f['name']}", f.get("doc")) for f in record["fields"]]
        if not doc or not doc.strip().endswith((".", "'")) or len(doc) < 6
    ]


def ids(schema: SchemaVersion) -> str:
    return f"{schema.type}.v{schema.version}"


def test_there_are_schemas() -> None:
    assert len(versions()) >= 31


@pytest.mark.parametrize("schema", ALL, ids=ids)
def test_every_record_and_field_says_what_it_means(schema: SchemaVersion) -> None:
    assert undocumented(schema.raw) == []


def test_a_field_without_a_doc_is_seen() -> None:
    inner = {"type": "record", "name": "Inner", "doc": "Something.", "fields": [{"name": "a", "type": "string"}]}
    outer = {
        "type": "record",
        "name": "Outer",
        "doc": "Something.",
        "fields": [{"name": "b", "type": ["null", {"type": "array", "items": inner}], "doc": "Some inner ones."}],
    }
    assert undocumented(outer) == ["Inner.a"]


@pytest.mark.parametrize("schema", ALL, ids=ids)
def test_the_name_follows_from_the_type(schema: SchemaVersion) -> None:
    assert f"{schema.raw['namespace']}.{schema.raw['name']}" == record_name(schema.type)
    assert types_by_record()[record_name(schema.type)] == schema.type


@pytest.mark.parametrize("schema", ALL, ids=ids)
def test_the_envelope_is_the_same_everywhere(schema: SchemaVersion) -> None:
    envelope = schema.raw["fields"][: len(ENVELOPE)]
    assert tuple(field["name"] for field in envelope) == ENVELOPE
    assert envelope == FIRST.raw["fields"][: len(ENVELOPE)]


@pytest.mark.parametrize("schema", ALL, ids=ids)
def test_the_envelope_is_not_hidden_by_a_field(schema: SchemaVersion) -> None:
    own = [field["name"] for field in schema.raw["fields"][len(ENVELOPE) :]]
    assert not set(own) & set(ENVELOPE)
    assert len(own) == len(set(own))


@pytest.mark.parametrize("schema", ALL, ids=ids)
def test_a_schema_needs_no_other_file(schema: SchemaVersion) -> None:
    """A registry and a foreign reader get one text: a reference to another file would not resolve there."""
    assert compile_fit(schema.parsed)({}) == ".event_id is missing"


def test_a_nested_type_is_the_same_in_every_event() -> None:
    """Copies of a shared type (opportunity, phase) must not drift apart within the newest versions."""
    seen: dict[str, Mapping[str, Any]] = {}
    for newest in (of_type[-1] for of_type in versions().values()):
        for record in list(records(newest.raw))[1:]:
            name = f"{record['namespace']}.{record['name']}"
            assert seen.setdefault(name, record) == record, f"{name} differs in {newest.type}"
    assert {"marketplace.plan.Opportunity", "marketplace.plan.Phase", "marketplace.plan.Evidence"} <= set(seen)


@pytest.mark.parametrize("type_", versions())
def test_versions_have_no_gap(type_: str) -> None:
    numbers = [schema.version for schema in versions()[type_]]
    assert numbers == list(range(1, len(numbers) + 1))
