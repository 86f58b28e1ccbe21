"""Schemas as people read them: every field in words, and examples that the schema itself takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # comes without types

from gateway.ui.schema_examples import examples
from gateway.ui.schema_fields import Field, fields, type_of
from tests.support.api_document import api_document

DOCUMENT = api_document()
SHAPES = DOCUMENT["components"]["schemas"]
OPERATIONS = [(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods]


def schemas(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every schema of an operation: of parameters, bodies and answers."""
    yield from (one["schema"] for one in said["parameters"])
    for part in (said.get("requestBody", {}), *said["responses"].values()):
        yield from (media["schema"] for media in part.get("content", {}).values())


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_example_of_an_operation_fits_its_schema(path: str, method: str) -> None:
    for schema in schemas(DOCUMENT["paths"][path][method]):
        validator = Draft202012Validator({**schema, "components": DOCUMENT["components"]})
        for one in (*examples(schema, SHAPES), *examples(schema, SHAPES, least=True)):
            validator.validate(one)


def test_a_body_that_goes_together_in_several_ways_has_an_example_of_each_the_shortest_first() -> None:
    said = DOCUMENT["paths"]["/api/tasks/bulk"]["post"]["requestBody"]
    given = examples(said["content"]["application/json"]["schema"], SHAPES)

    assert {one["action"] for one in given} == set(SHAPES["TaskAction"]["enum"])
    assert "assignee" in next(one for one in given if one["action"] == "assign")
    assert given[0].keys() == {"action", "ids"}


def test_fields_within_fields_are_told_by_their_path_and_a_shape_within_itself_ends() -> None:
    shapes = {
        "Tree": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string", "description": "What it is called."},
                "kind": {"anyOf": [{"enum": ["leaf", ""]}, {"type": "null"}]},
                "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
                "at": {"allOf": [{"$ref": "#/components/schemas/Place"}], "description": "Where."},
            },
        },
        "Place": {"type": "object", "properties": {"day": {"type": "string", "format": "date"}}},
    }
    tree = {"$ref": "#/components/schemas/Tree"}

    assert fields(tree, shapes) == [
        Field("name", "text", True, "What it is called."),
        Field("kind", 'one of: leaf, "" or nothing', False, ""),
        Field("children", "list of object", False, ""),
        Field("at", "object", False, "Where."),
        Field("at.day", "date", False, ""),
    ]
    assert examples(tree, shapes) == [{"name": "text", "kind": "leaf", "children": [], "at": {"day": "2026-03-02"}}]


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "integer"}, "whole number"),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, "object of true or false"),
        ({"const": 3}, "3"),
        ({}, "anything"),
        ({"oneOf": [{"type": "number"}, {"type": "number"}]}, "number"),
    ],
)
def test_a_type_is_said_in_words(schema: dict[str, Any], said: str) -> None:
    assert type_of(schema, {}) == said


@pytest.mark.parametrize(
    ("schema", "one"),
    [
        ({"allOf": [{"type": "string", "pattern": "^[0-9]"}, {"pattern": "-02$"}]}, "2026-03-02"),
        ({"type": "string", "pattern": "^nothing fits$", "default": "x"}, "x"),
        ({"type": "integer", "default": 20}, 20),
        ({"type": "number", "exclusiveMinimum": 7}, 8),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 0}, []),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, {"name": True}),
        (
            {"type": "array", "items": {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Either"}]}},
            [{"a": 1}],
        ),
        ({"$ref": "#/components/schemas/Maybe"}, "text"),
        ({"type": "object", "properties": {"anything": {}}}, {}),
        ({}, None),
    ],
)
def test_an_example_is_of_its_schema(schema: dict[str, Any], one: Any) -> None:
    either = {
        "type": "object",
        "properties": {"a": {"const": 1}, "b": {"const": 2}},
        "oneOf": [{"properties": {"b": {"type": "null"}}}, {"properties": {"a": {"type": "null"}}}],
    }
    maybe = {"anyOf": [{"type": "null"}, {"type": "string"}]}
    assert examples(schema, {"Either": either, "Maybe": maybe}) == [one]
